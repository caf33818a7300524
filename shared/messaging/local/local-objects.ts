import { link, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { checkObjectName, objectRetained, objectTaken } from '#shared/messaging/object-names.ts';
import type { Objects } from '#shared/messaging/ports.ts';
import type { Clock } from '#shared/runtime/clock.ts';

/** Beside the objects; no name of an object begins with a dot. */
const draftsFolder = '.drafts';
const retainFolder = '.retain';

/**
 * Objects as files of a folder. An object appears whole or not at all. Dates of retention stand in `.retain` under the same
 * name. One process writes to the folder.
 */
export const createLocalObjects = (folder: string, clock: Clock): Objects => {
  const place = (name: string): string => join(folder, ...name.split('/'));
  const retainPlace = (name: string): string => join(folder, retainFolder, ...name.split('/'));
  let drafts = 0;
  // A process that died may have left a draft that is an object under its second name: writing to it would change the object.
  let cleared: Promise<void> | undefined;
  // Puts go one after another, so that what was found of an object still holds when it is written.
  let last: Promise<unknown> = Promise.resolve();

  const write = async (target: string, bytes: Uint8Array, ifAbsent: boolean): Promise<void> => {
    cleared ??= rm(join(folder, draftsFolder), { recursive: true, force: true });
    await cleared;
    drafts += 1;
    const draft = join(folder, draftsFolder, `${process.pid}-${drafts}`);
    await mkdir(dirname(draft), { recursive: true, mode: 0o700 });
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    await writeFile(draft, bytes, { flush: true, mode: 0o600 });
    if (!ifAbsent) return rename(draft, target);
    try {
      await link(draft, target);
    } catch (error) {
      throw codeOf(error) === 'EEXIST' ? objectTaken(relative(folder, target)) : error;
    } finally {
      await rm(draft, { force: true });
    }
  };

  /** The date an object was to be kept until, where that is over. Throws where it is not. */
  const expectFree = async (name: string): Promise<string | undefined> => {
    const until = (await readOrAbsent(retainPlace(name)))?.toString('utf8');
    if (until !== undefined && Date.parse(until) > clock.now()) throw objectRetained(name, until);
    return until;
  };

  const put: Objects['put'] = async (name, bytes, options = {}) => {
    const held = await readOrAbsent(place(name));
    if (held !== undefined && options.ifAbsent === true) throw objectTaken(name);
    const until = held === undefined ? undefined : await expectFree(name);
    if (options.retainUntil !== undefined)
      await write(retainPlace(name), Buffer.from(options.retainUntil, 'utf8'), false);
    else if (until !== undefined) await rm(retainPlace(name), { force: true });
    await write(place(name), bytes, options.ifAbsent === true);
  };

  const remove = async (name: string): Promise<void> => {
    await expectFree(name);
    await rm(place(name), { force: true });
    await rm(retainPlace(name), { force: true });
  };

  const inTurn = (act: () => Promise<void>): Promise<void> => {
    const next = last.then(act, act);
    last = next;
    return next;
  };

  return {
    put(name, bytes, options) {
      checkObjectName(name);
      return inTurn(() => put(name, bytes, options));
    },
    remove(name) {
      checkObjectName(name);
      return inTurn(() => remove(name));
    },
    async get(name) {
      checkObjectName(name);
      const held = await readOrAbsent(place(name));
      return held === undefined ? undefined : new Uint8Array(held);
    },
    async list(prefix) {
      const names = await filesOf(folder);
      return names
        .map((path) => relative(folder, path).split(sep).join('/'))
        .filter((name) => name.startsWith(prefix))
        .sort();
    },
  };
};

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);
const isAbsent = (error: unknown): boolean => codeOf(error) === 'ENOENT';

const readOrAbsent = async (path: string): Promise<Buffer | undefined> => {
  try {
    return await readFile(path);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
};

const filesOf = async (folder: string): Promise<readonly string[]> => {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (isAbsent(error)) return [];
    throw error;
  });
  const found = await Promise.all(
    entries
      .filter((entry) => !entry.name.startsWith('.'))
      .map((entry) => {
        const path = join(folder, entry.name);
        return entry.isDirectory() ? filesOf(path) : [path];
      }),
  );
  return found.flat();
};
