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
}

/** Opens a database that lives as long as this process. */
export const openMemory = async (): Promise<Opened> => {
  const db = new MemoryLevel<string, string>();
  await db.open();
  return { db, store: (ops) => db.batch(ops), compact: async () => undefined };
};

/** Opens a database in a folder. Throws DomainError('unavailable', 'store.in-use') where another process has it. */
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
    throw error;
  }
  return {
    db,
    store: (ops) => db.batch(ops, { sync }),
    compact: async (places) => {
      for (const place of places) await db.compactRange(place, place);
    },
  };
};

const isLocked = (error: unknown): boolean =>
  error instanceof Error &&
  error.cause instanceof Error &&
  'code' in error.cause &&
  error.cause.code === 'LEVEL_LOCKED';
