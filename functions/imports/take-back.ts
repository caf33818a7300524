import { setTimeout as wait } from 'node:timers/promises';
import { packRun } from '#functions/readings/rules/pack.ts';
import { estimateKeys } from '#functions/validation/store/made-blocks.ts';
import { readQuarantine, removeEntry } from '#shared/facts/quarantine.ts';
import { readingsPartition, registerReadsPartition } from '#shared/table/keys.ts';
import { type Condition, ConditionFailed, type Key, limits, type Table } from '#shared/table/table.ts';
import { type ChunkPlan, readPlan } from './chunk-plan.ts';
import { claimAll, readDependentsAgain } from './hold-registers.ts';
import { type AdvanceParts, change, type Work } from './import-work.ts';
import type { RegisterPlace } from './store/imported-registers.ts';
import type { ImportItem } from './store/imports.ts';

const defaultQuiet = 20_000;

/** Removals at a time. */
const atOnce = 16;

/** An item that the import brought, and how it is told from another's under the same key. */
interface Brought {
  readonly remove: Key;
  readonly when: Extract<Condition, { kind: 'equals' }>;
}

const broughtBlock = ({ sk, block }: ChunkPlan['writes'][number]): Brought => {
  const { meter, register, start, interval, values, quality, methods } = block;
  const w = packRun({ start, interval, values, quality, methods });
  return { remove: { pk: readingsPartition(meter, register), sk }, when: { kind: 'equals', attribute: 'w', is: w } };
};

const broughtRead = ({ sk, read: { meter, register, value } }: ChunkPlan['reads'][number]): Brought => ({
  remove: { pk: registerReadsPartition(meter, register), sk },
  when: { kind: 'equals', attribute: 'value', is: value },
});

/** Takes an item out where it is still what the import brought; answers whether it was. */
const removeOwn = async (readings: Table, brought: Brought): Promise<boolean> => {
  try {
    await readings.commit([brought]);
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

/** Takes out what a chunk brought; answers how many items were there. */
const takeOut = async (parts: AdvanceParts, id: string, chunk: number): Promise<number> => {
  const plan = await readPlan(parts.objects, id, chunk);
  const left = [...(plan?.writes ?? []).map(broughtBlock), ...(plan?.reads ?? []).map(broughtRead)].values();
  let found = 0;
  const work = async (): Promise<void> => {
    for (const brought of left) if (await removeOwn(parts.readings, brought)) found += 1;
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  await removeEntries(parts.profile, plan?.entries ?? []);
  return found;
};

/**
 * Takes out what came once more since it was taken out. Answers the import with what was looked at, which is all where `lookedAgain`
 * is its last chunk; or undefined where somebody else changed it.
 */
const lookAgain = async (
  parts: AdvanceParts,
  item: ImportItem,
  isOver: () => boolean,
): Promise<ImportItem | undefined> => {
  let { foundAgain, lookedAgain } = item;
  for (let chunk = Math.max(item.undoFrom, lookedAgain + 1); chunk < item.chunk && !isOver(); chunk += 1) {
    foundAgain = (await takeOut(parts, item.id, chunk)) > 0 || foundAgain;
    lookedAgain = chunk;
  }
  return change(parts, item, { foundAgain, lookedAgain });
};

/** A register that an import brought something to, and the time of what it brought in Unix seconds. */
interface Told {
  readonly place: RegisterPlace;
  readonly from: number;
  readonly to: number;
}

const toldIn = ({ writes, reads }: ChunkPlan): readonly Told[] => [
  ...writes.map(({ block: { meter, register, start, interval, values } }) => ({
    place: { meter, register },
    from: start,
    to: start + interval * values.length,
  })),
  ...reads.map(({ read: { meter, register, at } }) => ({ place: { meter, register }, from: at, to: at })),
];

/**
 * The registers that an import brought something to, in one order for all imports: who waits for one holds none behind it. Undefined
 * where that is written down no longer.
 */
const registersOf = async (
  parts: AdvanceParts,
  { id, undoFrom, chunk: end }: ImportItem,
): Promise<readonly Told[] | undefined> => {
  const found = new Map<string, Told>();
  for (let chunk = undoFrom; chunk < end; chunk += 1) {
    const plan = await readPlan(parts.objects, id, chunk);
    if (plan === undefined) return undefined;
    for (const { place, from, to } of toldIn(plan)) {
      const name = `${place.meter}\n${place.register}`;
      const known = found.get(name) ?? { place, from, to };
      found.set(name, { place, from: Math.min(known.from, from), to: Math.max(known.to, to) });
    }
  }
  return [...found].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, told]) => told);
};

/**
 * Takes out what was estimated around what the import brought; judging makes anew what it still has grounds for.
 */
const takeOutEstimates = async (
  readings: Table,
  registers: readonly Told[],
  isOver: () => boolean,
): Promise<'done' | 'over'> => {
  for (const { place, from, to } of registers) {
    if (isOver()) return 'over';
    const keys = await estimateKeys(readings, place, from, to);
    for (let at = 0; at < keys.length; at += limits.transactionItems)
      await readings.commit(keys.slice(at, at + limits.transactionItems).map((remove) => ({ remove })));
  }
  return 'done';
};

/**
 * Takes back what an import brought: the blocks and register reads it sent, of all its runs, and the rows it kept aside. What others
 * said of the same, before or after, shows again as if the file had never come; imports that found stored what they had to say are
 * read again, and say it. The stream may bring a block twice, the second time after it was taken out: it is looked for again, after
 * a pause, until a look finds nothing. Meanwhile no other import tells these registers.
 */
export const takeBack = async (
  parts: AdvanceParts,
  item: ImportItem,
  work: Work,
  isOver: () => boolean,
): Promise<ImportItem | undefined | 'waits'> => {
  const told = await registersOf(parts, item);
  if (told === undefined) return change(parts, item, { state: 'failed', failure: 'import.expired' });
  const registers = told.map(({ place }) => place);
  if ((await claimAll(parts, item, work, registers)) !== undefined) return 'waits';
  let current = item;
  while (current.undone < current.chunk - 1) {
    if (isOver()) return current;
    const chunk = current.undone + 1;
    await takeOut(parts, item.id, chunk);
    const next = await change(parts, current, { undone: chunk });
    if (next === undefined) return undefined;
    current = next;
  }
  for (;;) {
    if (current.lookedAgain === 0) await (parts.sleep ?? wait)(parts.quietMilliseconds ?? defaultQuiet);
    const looked = await lookAgain(parts, current, isOver);
    if (looked === undefined || looked.lookedAgain < looked.chunk - 1) return looked;
    current = looked;
    if (!looked.foundAgain) break;
    const anew = await change(parts, current, { lookedAgain: 0, foundAgain: false });
    if (anew === undefined || isOver()) return anew;
    current = anew;
  }
  if ((await takeOutEstimates(parts.readings, told, isOver)) === 'over') return current;
  await readDependentsAgain(parts, current, registers);
  return change(parts, current, { state: 'undone' });
};
