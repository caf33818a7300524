import { mkdir } from 'node:fs/promises';
import { ClassicLevel } from 'classic-level';
import { MemoryLevel } from 'memory-level';
import { DomainError } from '#shared/vocabulary/errors.ts';
import type { Level, Op } from './level-writer.ts';

/** A Level database that is open. */
export interface Opened {
  readonly db: Level;
  store(ops: Op[]): Promise<void>;
  /** Writes the newest of these keys to files and merges it down. */
  compact(places: readonly string[]): Promise<void>;
  /** The same for all keys of a range. */
  compactAll(from: string, to: string): Promise<void>;
}

/** Opens a database that lives as long as this process. */
export const openMemory = async (): Promise<Opened> => {
  const db = new MemoryLevel<string, string>();
  await db.open();
  return { db, store: (ops) => db.batch(ops), compact: async () => undefined, compactAll: async () => undefined };
};

/**
 * Opens a database in a folder. Throws DomainError('unavailable'): `store.in-use` where another process has it, `store.damaged` where
 * its files are not what was written, `data-folder.unusable` where its disk does not do.
 */
export const openFolder = async (folder: string, sync: boolean): Promise<Opened> => {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const db = new ClassicLevel<string, string>(folder, {
    writeBufferSize: 16 * 1024 * 1024,
    cacheSize: 32 * 1024 * 1024,
  });
  try {
    await db.open();
  } catch (error) {
    if (isLocked(error))
      throw new DomainError('unavailable', 'store.in-use', `another process has the folder ${folder} open`, {
        cause: error,
      });
    const code = codeOfCause(error);
    if (code === 'LEVEL_CORRUPTION')
      throw new DomainError('unavailable', 'store.damaged', `the files in ${folder} are damaged: ${reasonOf(error)}`, {
        cause: error,
      });
    if (code === 'LEVEL_IO_ERROR')
      throw new DomainError(
        'unavailable',
        'data-folder.unusable',
        `the folder ${folder} cannot be used: ${reasonOf(error)}`,
        { cause: error },
      );
    throw error;
  }
  return {
    db,
    store: (ops) => db.batch(ops, { sync }),
    compact: async (places) => {
      for (const place of places) await db.compactRange(place, place);
    },
    compactAll: (from, to) => db.compactRange(from, to),
  };
};

const causeOf = (error: unknown): Error | undefined =>
  error instanceof Error && error.cause instanceof Error ? error.cause : undefined;
const codeOfCause = (error: unknown): unknown => {
  const cause = causeOf(error);
  return cause !== undefined && 'code' in cause ? cause.code : undefined;
};
const isLocked = (error: unknown): boolean => codeOfCause(error) === 'LEVEL_LOCKED';

/** What Level says of it, on one line. */
const reasonOf = (error: unknown): string => (causeOf(error)?.message ?? 'unreadable').replaceAll(/\s+/g, ' ').trim();
