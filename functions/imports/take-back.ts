import { setTimeout as wait } from 'node:timers/promises';
import { packRun } from '#shared/domain/metering/pack.ts';
import type { Objects } from '#shared/messaging/ports.ts';
import type { Clock } from '#shared/runtime/clock.ts';
import { changeImport, type ImportItem } from '#shared/store/imports.ts';
import { readingsPartition } from '#shared/store/keys.ts';
import { readQuarantine, removeEntry } from '#shared/store/quarantine.ts';
import { ConditionFailed, type Table } from '#shared/store/table.ts';
import { type ChunkPlan, readPlan } from './chunk-plan.ts';

export interface TakeBackParts {
  readonly profile: Table;
  readonly readings: Table;
  readonly objects: Objects;
  readonly clock: Clock;
  /** How long the stream is given to bring what it brings twice. */
  readonly quietMilliseconds?: number;
  readonly sleep?: (milliseconds: number) => Promise<unknown>;
}

const defaultQuiet = 20_000;

/** Removals at a time. */
const atOnce = 16;

/** Takes a block out where its bytes are still those that the import brought; answers whether they were. */
const removeOwn = async (readings: Table, { sk, block }: ChunkPlan['writes'][number]): Promise<boolean> => {
  const { start, interval, values, quality } = block;
  const w = packRun({ start, interval, values, ...(quality === undefined ? {} : { quality }) });
  const key = { pk: readingsPartition(block.meter, block.register), sk };
  try {
    await readings.commit([{ remove: key, when: { kind: 'equals', attribute: 'w', is: w } }]);
    return true;
  } catch (error) {
    // Gone, or another's by now.
    if (error instanceof ConditionFailed) return false;
    throw error;
  }
};

const removeEntries = async (profile: Table, entries: readonly string[]): Promise<void> => {
  for (const id of entries) {
    const entry = await readQuarantine(profile, id);
    if (entry !== undefined) await removeEntry(profile, entry);
  }
};

/** Takes out what a chunk brought; answers how many blocks were there. */
const takeOut = async (parts: TakeBackParts, id: string, chunk: number): Promise<number> => {
  const plan = await readPlan(parts.objects, id, chunk);
  const left = (plan?.writes ?? []).values();
  let found = 0;
  const work = async (): Promise<void> => {
    for (const write of left) if (await removeOwn(parts.readings, write)) found += 1;
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  await removeEntries(parts.profile, plan?.entries ?? []);
  return found;
};

/** Takes out what came once more since it was taken out; answers how much that was, or undefined where the time is over. */
const takeOutAgain = async (
  parts: TakeBackParts,
  { id, undoFrom, chunk: end }: ImportItem,
  isOver: () => boolean,
): Promise<number | undefined> => {
  let found = 0;
  for (let chunk = undoFrom; chunk < end; chunk += 1) {
    if (isOver()) return undefined;
    found += await takeOut(parts, id, chunk);
  }
  return found;
};

/**
 * Takes back what an import brought: the blocks it sent, of all its runs, and the rows it kept aside. What others said of the same
 * intervals, before or after, shows again as if the file had never come. The stream may bring a block twice, the second time after
 * it was taken out: it is looked for again, after a pause, until a look finds nothing.
 */
export const takeBack = async (
  parts: TakeBackParts,
  item: ImportItem,
  isOver: () => boolean,
): Promise<ImportItem | undefined> => {
  let current = item;
  while (current.undone < current.chunk - 1) {
    if (isOver()) return current;
    const chunk = current.undone + 1;
    await takeOut(parts, item.id, chunk);
    const next = await changeImport(parts.profile, current, { undone: chunk }, parts.clock.now());
    if (next === undefined) return undefined;
    current = next;
  }
  for (;;) {
    await (parts.sleep ?? wait)(parts.quietMilliseconds ?? defaultQuiet);
    const found = await takeOutAgain(parts, current, isOver);
    if (found === undefined) return current;
    if (found === 0) return changeImport(parts.profile, current, { state: 'undone' }, parts.clock.now());
  }
};
