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
}

/** Removals at a time. */
const atOnce = 16;

/** Takes a block out where its bytes are still those that the import brought. */
const removeOwn = async (readings: Table, { sk, block }: ChunkPlan['writes'][number]): Promise<void> => {
  const { start, interval, values, quality } = block;
  const w = packRun({ start, interval, values, ...(quality === undefined ? {} : { quality }) });
  const key = { pk: readingsPartition(block.meter, block.register), sk };
  try {
    await readings.commit([{ remove: key, when: { kind: 'equals', attribute: 'w', is: w } }]);
  } catch (error) {
    // Gone, or another's by now.
    if (!(error instanceof ConditionFailed)) throw error;
  }
};

const removeEntries = async (profile: Table, entries: readonly string[]): Promise<void> => {
  for (const id of entries) {
    const entry = await readQuarantine(profile, id);
    if (entry !== undefined) await removeEntry(profile, entry);
  }
};

/**
 * Takes back what an import brought: the blocks it sent, of all its runs, and the rows it kept aside. What others said of the same
 * intervals, before or after, shows again as if the file had never come.
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
    const plan = await readPlan(parts.objects, item.id, chunk);
    const left = (plan?.writes ?? []).values();
    const work = async (): Promise<void> => {
      for (const write of left) await removeOwn(parts.readings, write);
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    await removeEntries(parts.profile, plan?.entries ?? []);
    const next = await changeImport(parts.profile, current, { undone: chunk }, parts.clock.now());
    if (next === undefined) return undefined;
    current = next;
  }
  return changeImport(parts.profile, current, { state: 'undone' }, parts.clock.now());
};
