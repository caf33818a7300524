import type { BlockPlace } from '#functions/readings/rules/accept-block.ts';
import { type BlockKind, mergeBlocks, type RankedBlock } from '#functions/readings/rules/merge.ts';
import { packRun, unpackRun } from '#functions/readings/rules/pack.ts';
import { endOf, type IntervalRun } from '#functions/readings/rules/runs.ts';
import { readingsBlockOf, readingsDatePrefix, readingsKey, readingsPartition } from '#shared/table/keys.ts';
import type { Item, Table } from '#shared/table/table.ts';
import { addDays, localDateAt } from '#shared/vocabulary/time.ts';

/**
 * Readings of one register: packed blocks by local date in the readings table (attribute `w`). Read consistently: a total made
 * on the news of a block must hold that block.
 */

/** The item of a block, as a meter sent it where no other kind is named. Its bytes depend on the block alone. */
export const readingsItem = (
  meter: string,
  register: string,
  place: BlockPlace,
  revision: number,
  run: IntervalRun,
  kind: BlockKind = 'actual',
): Item & { readonly w: Uint8Array } => ({
  ...readingsKey(meter, register, { ...place, revision, kind }),
  w: packRun(run),
});

/** The packed bytes of an item of readings. */
export const packedOf = (item: Item): Uint8Array => {
  if (!(item.w instanceof Uint8Array)) throw new TypeError(`item ${item.sk} holds no readings`);
  return item.w;
};

/** The block of an item of readings. */
export const blockOf = (item: Item): RankedBlock => {
  const { kind, revision } = readingsBlockOf(item.sk);
  return { kind, revision, order: item.sk, run: unpackRun(packedOf(item)) };
};

const dateLabel = (date: string): string => readingsDatePrefix(date.replaceAll('-', ''));

/** Labels of the dates that may hold [from, to): a date of any zone is within one day of that in UTC. */
const labelsAround = (from: number, to: number): { readonly from: string; readonly to: string } => ({
  from: from < 0 ? 'D#' : dateLabel(addDays(localDateAt('UTC', from), -2)),
  to: to === Number.POSITIVE_INFINITY ? 'D#~' : `${dateLabel(addDays(localDateAt('UTC', to), 2))}~`,
});

/** Items of a register that may speak of [from, to), by pages; a label is never trusted, so one date more is read on each side. */
async function* itemsAround(
  readings: Table,
  meter: string,
  register: string,
  from: number,
  to: number,
): AsyncGenerator<Item> {
  let cursor: string | undefined;
  do {
    const page = await readings.query({
      consistent: true,
      pk: readingsPartition(meter, register),
      ...labelsAround(from, to),
      ...(cursor === undefined ? {} : { cursor }),
    });
    yield* page.items;
    cursor = page.cursor;
  } while (cursor !== undefined);
}

/** Stored blocks of all kinds that meet [from, to), in the order of their keys. */
export const readBlocks = async (
  readings: Table,
  meter: string,
  register: string,
  from: number,
  to: number,
): Promise<readonly RankedBlock[]> => {
  const blocks: RankedBlock[] = [];
  for await (const item of itemsAround(readings, meter, register, from, to)) {
    const block = blockOf(item);
    if (block.run.start < to && endOf(block.run) > from) blocks.push(block);
  }
  return blocks;
};

/** The readings of a register over [from, to) as merged runs that ascend; runs at the ends may reach out of the range. */
export const readRuns = async (
  readings: Table,
  meter: string,
  register: string,
  from: number,
  to: number,
): Promise<readonly IntervalRun[]> => {
  if (from >= to) return [];
  const blocks = await readBlocks(readings, meter, register, from, to);
  return mergeBlocks(blocks).filter((run) => run.start < to && endOf(run) > from);
};

/** End of the last interval that holds a value, Unix seconds; undefined where the run has none. */
export const lastValueEnd = (run: IntervalRun): number | undefined => {
  const index = run.values.findLastIndex((value) => value !== null);
  return index < 0 ? undefined : run.start + run.interval * (index + 1);
};

const latestDateBefore = async (
  readings: Table,
  pk: string,
  before: string | undefined,
): Promise<string | undefined> => {
  const page = await readings.query({
    pk,
    descending: true,
    consistent: true,
    limit: 1,
    ...(before === undefined ? {} : { to: before }),
  });
  const [item] = page.items;
  return item === undefined ? undefined : readingsBlockOf(item.sk).date;
};

/** The first and the last block of a register, by their dates; none where it has none. */
export const outermostBlocks = async (
  readings: Table,
  meter: string,
  register: string,
): Promise<readonly RankedBlock[]> => {
  const asked = { pk: readingsPartition(meter, register), limit: 1, consistent: true };
  const pages = await Promise.all([readings.query(asked), readings.query({ ...asked, descending: true })]);
  return pages.flatMap(({ items }) => items.map(blockOf));
};

/** How many dates without any value the search for the last reading goes back over. */
const emptyDates = 40;

/** End of the last interval with a value that a register has, Unix seconds, and where its items lie. */
export const lastReadingAt = async (readings: Table, meter: string, register: string): Promise<number | undefined> => {
  const pk = readingsPartition(meter, register);
  let before: string | undefined;
  for (let tried = 0; tried < emptyDates; tried += 1) {
    const date = await latestDateBefore(readings, pk, before);
    if (date === undefined) return undefined;
    const prefix = readingsDatePrefix(date);
    let latest = 0;
    let cursor: string | undefined;
    do {
      const page = await readings.query({ pk, prefix, consistent: true, ...(cursor === undefined ? {} : { cursor }) });
      for (const item of page.items) latest = Math.max(latest, lastValueEnd(blockOf(item).run) ?? 0);
      cursor = page.cursor;
    } while (cursor !== undefined);
    if (latest > 0) return latest;
    before = prefix;
  }
  return undefined;
};

/** Start of the first interval with a value that begins in [from, to), Unix seconds. */
export const firstValueAt = async (
  readings: Table,
  meter: string,
  register: string,
  from: number,
  to: number,
): Promise<number | undefined> => {
  let found: { readonly date: string; readonly at: number } | undefined;
  for await (const item of itemsAround(readings, meter, register, from, to)) {
    const { date } = readingsBlockOf(item.sk);
    // All items of one date may hold the first one of that date.
    if (found !== undefined && date !== found.date) return found.at;
    const { run } = blockOf(item);
    const index = run.values.findIndex((value, place) => {
      const at = run.start + place * run.interval;
      return value !== null && at >= from && at < to;
    });
    const at = run.start + index * run.interval;
    if (index >= 0 && (found === undefined || at < found.at)) found = { date, at };
  }
  return found?.at;
};
