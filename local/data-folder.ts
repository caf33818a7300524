import { constants } from 'node:fs';
import { access, mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { MasterKey } from '#shared/messaging/ports.ts';
import { ownerOfDataKey } from '#shared/table/keys.ts';
import type { LevelStore } from '#shared/table/level/level-store.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';

/** What lies in a data folder of this system: names, or beginnings of those that are written under another name first. */
const ownNames = [
  'devices',
  'feed',
  'installation.key',
  'live-1.journal',
  'live-2.journal',
  'lost+found',
  'master.key',
  'objects',
  'sign-in-keys.json',
  'store',
  'uploads',
] as const;

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);

/** Whether something lies at a path. */
const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    (error: unknown) => {
      if (codeOf(error) === 'ENOENT') return false;
      throw error;
    },
  );

const refuse = (code: string, message: string, cause?: unknown): never => {
  throw new DomainError('unavailable', code, message, { cause });
};

const whyNotMade = new Map<unknown, string>([
  ['ENOTDIR', 'it is no folder'],
  ['EEXIST', 'it is no folder'],
  ['ENOENT', 'it cannot be made'],
]);
const whyNotWritten = new Map<unknown, string>([
  ['EACCES', 'this user may not write there'],
  ['EPERM', 'this user may not write there'],
  ['EROFS', 'its disk takes no writes'],
  ['ENOSPC', 'its disk is full'],
  ['EDQUOT', 'its disk is full'],
  ['EFBIG', 'its disk takes no file as large as is needed'],
]);

const unusable = (folder: string, reason: string, cause: unknown): DomainError =>
  new DomainError('unavailable', 'data-folder.unusable', `the data folder ${folder} cannot be used: ${reason}`, {
    cause,
  });

/** What failed as a folder was written, said of the folder; anything else as it came. */
export const asFolderFault = (folder: string, error: unknown): unknown => {
  const reason = whyNotWritten.get(codeOf(error));
  return reason === undefined ? error : unusable(folder, reason, error);
};

const expectOwn = (folder: string, names: readonly string[]): void => {
  const foreign = names.filter((name) => !ownNames.some((own) => name === own || name.startsWith(`${own}.`)));
  if (foreign.length === 0) return;
  const some = foreign.slice(0, 3).join(', ');
  refuse(
    'data-folder.foreign',
    `the folder ${folder} holds what is not Rotunda's: ${some}${foreign.length > 3 ? ` and ${foreign.length - 3} more` : ''}`,
  );
};

/** A key file that was made at the first start and without which what lies beside it is of no use. */
const expectKey = async (path: string, opens: string): Promise<void> => {
  if (!(await isThere(path))) refuse('data-folder.key-lost', `${path} is gone, and ${opens} without it`);
};

/**
 * Looks whether a folder may be used as data folder, before anything is made or changed in it. Throws DomainError('unavailable'):
 * `data-folder.unusable` (no folder, not to be written), `data-folder.foreign` (holds what others put there),
 * `data-folder.key-lost` (its data is there and a key is not).
 */
export const checkDataFolder = async (folder: string): Promise<void> => {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    const names = await readdir(folder);
    // Of a folder that was in use nobody needs to ask whose it is.
    if (!names.includes('store')) expectOwn(folder, names);
    else if ((await readdir(join(folder, 'store'))).includes('CURRENT')) {
      await expectKey(join(folder, 'master.key'), 'what the folder holds of persons cannot be read');
      await expectKey(join(folder, 'installation.key'), 'what is sent again cannot be told from what is new');
    }
    const devices = join(folder, 'devices');
    if (await isThere(join(devices, 'device-authority.pem')))
      await expectKey(
        join(devices, 'device-authority.key.pem'),
        'meters cannot be given certificates they are known by',
      );
  } catch (error) {
    const reason = whyNotMade.get(codeOf(error));
    throw reason === undefined ? asFolderFault(folder, error) : unusable(folder, reason, error);
  }
};

/**
 * Looks whether a master key opens what a store holds. Throws DomainError('unavailable', 'data-folder.key-other') where it is not the
 * one that the store was written with: nothing of persons could be read.
 */
export const expectKeyOf = async (store: LevelStore, master: MasterKey, folder: string): Promise<void> => {
  for await (const { pk, wrapped } of store.scan('keys')) {
    if (!(wrapped instanceof Uint8Array)) continue;
    try {
      await master.unwrap(wrapped, ownerOfDataKey(pk));
      return;
    } catch (error) {
      await store.close();
      refuse(
        'data-folder.key-other',
        `${join(folder, 'master.key')} is not the key that the folder was written with`,
        error,
      );
    }
  }
};
