import { chmod, rename, writeFile } from 'node:fs/promises';

/** Writes a file that is there whole or not at all, also when the process dies meanwhile; in place of an older one, if any. */
export const writeWhole = async (path: string, content: string | Uint8Array, mode: number): Promise<void> => {
  const draft = `${path}.new`;
  await writeFile(draft, content, { mode, flush: true });
  await chmod(draft, mode);
  await rename(draft, path);
};
