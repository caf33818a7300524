import { chmod, lstat, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isMainThread } from 'node:worker_threads';

const [folderMode, fileMode] = [0o700, 0o600];
/** What others have no right to, of everything this process makes. */
const nobodyElse = 0o077;

/** Refuses by itself to be used where others could read it: then it is known to too many, and its owner decides. */
const masterKey = 'master.key';

/** Takes from others what they may do with a folder and all in it; answers of how many they could do something. Links stay. */
const tighten = async (path: string): Promise<number> => {
  const found = await lstat(path);
  if (found.isSymbolicLink()) return 0;
  const isOpen = (found.mode & nobodyElse) !== 0;
  if (isOpen) await chmod(path, found.isDirectory() ? folderMode : fileMode);
  let opened = isOpen ? 1 : 0;
  if (!found.isDirectory()) return opened;
  for (const name of await readdir(path)) if (name !== masterKey) opened += await tighten(join(path, name));
  return opened;
};

/**
 * Makes the data folder its owner's alone, with all that lies in it and all that this process will write: folders 0700, files 0600.
 * Answers how many files and folders of before others could read or write.
 */
export const openPrivateFolder = async (folder: string): Promise<number> => {
  // The mask is the process's, and a thread beside the first may not set it.
  if (isMainThread) process.umask(process.umask() | nobodyElse);
  await mkdir(folder, { recursive: true, mode: folderMode });
  return process.platform === 'win32' ? 0 : tighten(folder);
};
