import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { MasterKey } from '#shared/messaging/ports.ts';

const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;
const fileName = 'master.key';

/** Wraps data keys with AES-256-GCM: 12 nonce, cipher text, 16 tag; the context is authenticated. */
const masterKeyOf = (key: Uint8Array): MasterKey => ({
  async wrap(dataKey, context) {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', key, nonce);
    cipher.setAAD(Buffer.from(context, 'utf8'));
    const text = cipher.update(dataKey);
    cipher.final();
    return new Uint8Array(Buffer.concat([nonce, text, cipher.getAuthTag()]));
  },
  async unwrap(wrapped, context) {
    if (wrapped.byteLength < nonceBytes + tagBytes) throw new TypeError('too short for a wrapped key');
    const decipher = createDecipheriv('aes-256-gcm', key, wrapped.subarray(0, nonceBytes));
    decipher.setAAD(Buffer.from(context, 'utf8'));
    decipher.setAuthTag(wrapped.subarray(wrapped.byteLength - tagBytes));
    const text = decipher.update(wrapped.subarray(nonceBytes, wrapped.byteLength - tagBytes));
    decipher.final();
    return new Uint8Array(text);
  },
});

/** A master key that lives as long as this process: for a system that keeps nothing. */
export const memoryMasterKey = (): MasterKey => masterKeyOf(randomBytes(keyBytes));

/**
 * The master key of a data folder: 32 random bytes in `master.key`, made on first use, readable by its owner alone. Throws where
 * the file has another size, or others may read it.
 */
export const openLocalMasterKey = async (folder: string): Promise<MasterKey> => {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, fileName);
  await createKeyFile(path);
  const { mode } = await stat(path);
  if (process.platform !== 'win32' && (mode & 0o077) !== 0)
    throw new Error(`others may read ${path}; take that from them with: chmod 600 ${path}`);
  const key = await readFile(path);
  if (key.byteLength !== keyBytes) throw new Error(`${path} does not hold ${keyBytes} bytes, so it is no master key`);
  return masterKeyOf(key);
};

/** Written whole under another name first, then linked, so that a key file is never half written nor replaced. */
const createKeyFile = async (path: string): Promise<void> => {
  if (await stat(path).then(isFile, isAbsent)) return;
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(randomBytes(keyBytes));
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    await link(draft, path);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  } finally {
    await rm(draft, { force: true });
  }
};

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);

const isFile = (): boolean => true;
const isAbsent = (error: unknown): boolean => {
  if (codeOf(error) !== 'ENOENT') throw error;
  return false;
};
