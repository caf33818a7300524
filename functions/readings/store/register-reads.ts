import { registerReadKey, registerReadsPartition } from '#shared/table/keys.ts';
import type { Item, Table } from '#shared/table/table.ts';

/** What the dial of a register stood at: `at` in Unix seconds, `value` a total in the register's scale. */
export interface DialRead {
  readonly at: number;
  readonly value: number;
  readonly quality: number;
  readonly revision: number;
}

/** The item of a read. Its content depends on the read alone. */
export const registerReadItem = (meter: string, register: string, read: DialRead): Item => ({
  ...registerReadKey(meter, register, read.at, read.revision),
  value: read.value,
  quality: read.quality,
});

/** Reads an item of register reads. Throws TypeError where it is none. */
export const readOfItem = (item: Item): DialRead => {
  const [at, revision] = item.sk.split('#').map(Number);
  const { value, quality } = item;
  if (at === undefined || revision === undefined || typeof value !== 'number' || typeof quality !== 'number') {
    throw new TypeError(`item ${item.sk} holds no read of a register`);
  }
  return { at, revision, value, quality };
};

const newestRevisions = (reads: readonly DialRead[]): readonly DialRead[] =>
  reads.filter((read, index) => reads[index + 1]?.at !== read.at);

/** Every read of a register in [from, to), oldest first, of each instant all revisions. */
export const allRegisterReads = async (
  readings: Table,
  meter: string,
  register: string,
  from: number,
  to: number,
): Promise<readonly DialRead[]> => {
  const reads: DialRead[] = [];
  let cursor: string | undefined;
  do {
    const page = await readings.query({
      pk: registerReadsPartition(meter, register),
      from: String(from).padStart(10, '0'),
      to: String(to).padStart(10, '0'),
      consistent: true,
      ...(cursor === undefined ? {} : { cursor }),
    });
    reads.push(...page.items.map(readOfItem));
    cursor = page.cursor;
  } while (cursor !== undefined);
  return reads;
};

/** The reads of a register in [from, to), oldest first, of each instant the highest revision. */
export const readRegisterReads = async (...asked: Parameters<typeof allRegisterReads>): Promise<readonly DialRead[]> =>
  newestRevisions(await allRegisterReads(...asked));

/** The latest reads of a register, the last one first, of an instant perhaps more than one revision. */
export const lastRegisterReads = async (
  readings: Table,
  meter: string,
  register: string,
  limit: number,
): Promise<readonly DialRead[]> => {
  const pk = registerReadsPartition(meter, register);
  const { items } = await readings.query({ pk, descending: true, limit, consistent: true });
  return items.map(readOfItem);
};

/** The latest read of a register; undefined where there is none. */
export const lastRegisterRead = async (
  readings: Table,
  meter: string,
  register: string,
): Promise<DialRead | undefined> => (await lastRegisterReads(readings, meter, register, 1))[0];

/** Of reads that ascend, each instant's newest: the last at `from` or before, those within, and the first at `to` or after. */
const outTo = (reads: readonly DialRead[], from: number, to: number): readonly DialRead[] => {
  const newest = newestRevisions(reads);
  const [before, after] = [newest.findLastIndex(({ at }) => at <= from), newest.findIndex(({ at }) => at >= to)];
  return newest.slice(Math.max(0, before), after < 0 ? undefined : after + 1);
};

const mostOfPage = 40;

/**
 * Reads of a register around [from, to): the last at `from` or before, those within, and the first at `to` or after, each no
 * further off than `reach` seconds. One query where few were read since, as nearly always.
 */
export const registerReadsAround = async (
  readings: Table,
  meter: string,
  register: string,
  { from, to, reach }: { readonly from: number; readonly to: number; readonly reach: number },
): Promise<readonly DialRead[]> => {
  const pk = registerReadsPartition(meter, register);
  const label = (at: number): string => String(Math.max(0, at)).padStart(10, '0');
  const asked = { pk, limit: mostOfPage, consistent: true };
  const all = { ...asked, from: label(from - reach), to: label(to + reach) };
  const latest = await readings.query({ ...all, descending: true });
  const near = latest.items.map(readOfItem).reverse();
  if (latest.cursor === undefined || near.some(({ at }) => at <= from)) return outTo(near, from, to);
  const before = await readings.query({ ...all, to: `${label(from)}~`, descending: true, limit: 1 });
  const reads = before.items.map(readOfItem);
  let cursor: string | undefined;
  do {
    const page = await readings.query({
      ...asked,
      from: label(from + 1),
      to: label(to + reach),
      ...(cursor === undefined ? {} : { cursor }),
    });
    reads.push(...page.items.map(readOfItem));
    const last = reads.at(-1);
    // Of one instant there may be several revisions: read on until another one comes.
    const isPast = last !== undefined && last.at > to && reads.some(({ at }) => at >= to && at < last.at);
    cursor = isPast ? undefined : page.cursor;
  } while (cursor !== undefined);
  return outTo(reads, from, to);
};
