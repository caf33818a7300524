import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

const isAbsent = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** Removes the files of a folder, and of those in it, that were written before an instant (milliseconds). */
export const removeOlderFiles = async (folder: string, before: number): Promise<void> => {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (isAbsent(error)) return [];
    throw error;
  });
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await removeOlderFiles(path, before);
    else if ((await stat(path)).mtimeMs < before) await rm(path, { force: true });
  }
};
