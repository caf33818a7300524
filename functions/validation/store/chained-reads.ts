import { blockOf } from '#functions/readings/store/readings.ts';
import { type DialRead, readOfItem } from '#functions/readings/store/register-reads.ts';
import type { RegisterGround } from '#functions/validation/rules/judgement.ts';
import { type KnownReads, type ReadsWindow, readsWindow } from '#functions/validation/rules/reads/reads-window.ts';
import type { RegisterRead } from '#functions/validation/rules/reads/register-reads.ts';
import { readingsBlockOf, readingsPartition, registerReadsPartition } from '#shared/table/keys.ts';
import type { Table } from '#shared/table/table.ts';
import type { Range } from '#shared/vocabulary/ranges.ts';
import type { RegisterPlace } from './judged-registers.ts';

/** Reads asked for at a time on each side. */
const pageSize = 48;
const latest = 9_999_999_999;
const label = (at: number): string => String(Math.min(latest, Math.max(0, Math.floor(at)))).padStart(10, '0');

/** How far before its first interval a read may lie that tells of the same time, in seconds. */
const nearReads = 100 * 86_400;

/** Start of the first interval block that was measured or given for a register; estimates are nothing that came. */
const firstBlockAt = async (readings: Table, { meter, register }: RegisterPlace): Promise<number | undefined> => {
  let cursor: string | undefined;
  do {
    const page = await readings.query({
      pk: readingsPartition(meter, register),
      limit: 4,
      consistent: true,
      ...(cursor === undefined ? {} : { cursor }),
    });
    const item = page.items.find(({ sk }) => readingsBlockOf(sk).kind !== 'estimate');
    if (item !== undefined) return blockOf(item).run.start;
    cursor = page.cursor;
  } while (cursor !== undefined);
  return undefined;
};

/**
 * Until when a register is known by its reads alone, Unix seconds: of the first interval, the last read before it (at most 100 days
 * off), else its start. Infinity where no interval ever came. From there on days are judged.
 */
export const readsUntil = async (readings: Table, place: RegisterPlace): Promise<number> => {
  const first = await firstBlockAt(readings, place);
  if (first === undefined) return Number.POSITIVE_INFINITY;
  const { items } = await readings.query({
    pk: registerReadsPartition(place.meter, place.register),
    from: label(first - nearReads),
    to: `${label(first)}~`,
    descending: true,
    limit: 1,
    consistent: true,
  });
  const [read] = items.map(readOfItem);
  return read?.at ?? first;
};

/** Reads of a register as they lie in the table, more and more of them on each side of a time. */
class Pages {
  readonly #readings: Table;
  readonly #pk: string;
  readonly #until: number;
  #reads: readonly DialRead[] = [];
  #before: string | undefined;
  #after: string | undefined;
  isFirst = false;
  isLast = false;

  constructor(readings: Table, { meter, register }: RegisterPlace, until: number) {
    this.#readings = readings;
    this.#pk = registerReadsPartition(meter, register);
    this.#until = until;
  }

  /** All reads of a range, both ends among it. */
  async within({ from, to }: Range): Promise<void> {
    let cursor: string | undefined;
    do {
      const page = await this.#readings.query({
        pk: this.#pk,
        from: label(from),
        to: `${label(Math.min(to, this.#until))}~`,
        consistent: true,
        ...(cursor === undefined ? {} : { cursor }),
      });
      this.#reads = [...this.#reads, ...page.items.map(readOfItem)];
      cursor = page.cursor;
    } while (cursor !== undefined);
    this.isLast = this.#until <= to;
    this.#before = label(from);
    this.#after = `${label(Math.min(to, this.#until))}~`;
  }

  async before(count: number): Promise<void> {
    const { items, cursor } = await this.#readings.query({
      pk: this.#pk,
      to: this.#before ?? label(0),
      descending: true,
      limit: count,
      consistent: true,
    });
    this.#reads = [...items.map(readOfItem).reverse(), ...this.#reads];
    const first = items.at(-1);
    this.isFirst = cursor === undefined;
    // Of one instant an earlier revision may lie on the next page; what is asked for next ends before it.
    if (first !== undefined) this.#before = first.sk.slice(0, 10);
  }

  async after(count: number): Promise<void> {
    const { items, cursor } = await this.#readings.query({
      pk: this.#pk,
      from: this.#after ?? label(0),
      to: `${label(this.#until)}~`,
      limit: count,
      consistent: true,
    });
    this.#reads = [...this.#reads, ...items.map(readOfItem)];
    const last = items.at(-1);
    this.isLast = cursor === undefined;
    // Of one instant a later revision may lie on the next page: it is asked for once more.
    if (last !== undefined) this.#after = this.isLast ? `${last.sk}~` : last.sk;
  }

  /** Of each instant the highest revision; people's word goes first. `told` in the register's scale. */
  known(told: readonly RegisterRead[], multiplier: number): KnownReads {
    const newest = new Map<number, { readonly counts: number; readonly revision: number }>();
    for (const { at, value, revision } of this.#reads)
      if ((newest.get(at)?.revision ?? -1) <= revision) newest.set(at, { counts: value, revision });
    const ends = [...newest.keys()].sort((left, right) => left - right);
    // The last instant of a page may have more revisions.
    if (!this.isLast) ends.pop();
    const [first, last] = [this.isFirst ? 0 : (ends[0] ?? latest), this.isLast ? latest : (ends.at(-1) ?? 0)];
    const all = new Map(ends.map((at) => [at, newest.get(at)?.counts ?? 0]));
    for (const { at, counts } of told) if (first <= at && at <= Math.min(last, this.#until)) all.set(at, counts);
    const reads = [...all]
      .map(([at, counts]) => ({ at, counts: Math.floor(counts / multiplier) }))
      .sort((left, right) => left.at - right.at);
    return { reads, isFirst: this.isFirst, isLast: this.isLast };
  }
}

/**
 * The chains of a register's reads around a time, with as many reads on each side as it takes for them to be what all reads would
 * make them.
 * @param told what its total stood at as the meter came and went, in the register's scale
 * @param until reads after it are those of days (`readsUntil`)
 */
export const readChains = async (
  readings: Table,
  place: RegisterPlace,
  { ground, told }: { readonly ground: RegisterGround; readonly told: readonly RegisterRead[] },
  touched: Range,
  until: number,
): Promise<ReadsWindow> => {
  const pages = new Pages(readings, place, until);
  const multiplier = ground.configuration.dial?.multiplier ?? 1;
  await pages.within(touched);
  await pages.before(pageSize);
  if (!pages.isLast) await pages.after(pageSize);
  for (let count = pageSize; ; count *= 2) {
    const window = readsWindow(ground, pages.known(told, multiplier), touched);
    if (!('more' in window)) return window;
    if (window.more === 'before') await pages.before(count);
    else await pages.after(count);
  }
};
