import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { InstallationKeys } from '#shared/messaging/ports.ts';
import { writeWhole } from './write-whole.ts';

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** The key of a folder, made at the first start. Throws where the file is no key: what was made with it would be lost. */
const keptRoot = async (folder: string): Promise<Uint8Array> => {
  const path = join(folder, 'installation.key');
  try {
    const kept = await readFile(path);
    if (kept.byteLength === 32) return kept;
  } catch (error) {
    if (!isMissing(error)) throw error;
    const made = randomBytes(32);
    await writeWhole(path, made, 0o600);
    return made;
  }
  throw new Error(`${path} does not hold 32 bytes, so it is no key of an installation`);
};

/**
 * Keys of this installation by use: derived from 32 bytes in the folder, made at the first start; without a folder they live as
 * long as this process.
 */
export const installationKeys = async (folder: string | undefined): Promise<InstallationKeys> => {
  const root = folder === undefined ? randomBytes(32) : await keptRoot(folder);
  return (use) => new Uint8Array(createHash('sha256').update(root).update(`\u0000${use}`).digest());
};
