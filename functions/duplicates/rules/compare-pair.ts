import { compareField, evidence, slotOf } from './evidence.ts';
import type { CompareValues } from './levels.ts';
import { type ComparedField, comparedFields } from './person-values.ts';
import { type Column, type RecordTable, valueAt } from './record-table.ts';
import { ValueTable } from './value-table.ts';

/** Nothing known on one side: neither for nor against. */
export const missing = -1;

/** Levels of many pairs, and for equal values their number; the place of pair and slot is `pair * slots + slot`. */
export interface PairLevels {
  readonly levels: Int8Array;
  readonly agreed: Int32Array;
}

export const slots = evidence.length;

export const emptyLevels = (pairs: number): PairLevels => ({
  levels: new Int8Array(pairs * slots).fill(missing),
  agreed: new Int32Array(pairs * slots).fill(-1),
});

/** One field of a table, ready to be compared. */
interface Lens {
  readonly slot: number;
  readonly numbers: Int32Array;
  readonly counts: Uint32Array;
  readonly table: ValueTable;
  readonly compare: CompareValues;
  /** The level "else". */
  readonly worst: number;
}

/** Two fields that people write in each other's place, and the evidence of their order. */
interface Crossing {
  readonly first: Lens;
  readonly second: Lens;
  readonly order: number;
}

const crossable = [
  { first: 'given', second: 'family', order: 'nameOrder' },
  { first: 'street', second: 'line2', order: 'addressOrder' },
] as const;

const lensOf = (table: RecordTable, field: ComparedField): Lens => {
  const column = table.columns.get(field);
  const slot = slotOf(field);
  return {
    slot,
    numbers: column?.numbers ?? new Int32Array(table.size).fill(-1),
    counts: column?.counts ?? new Uint32Array(),
    table: column?.table ?? new ValueTable(),
    compare: compareField[field],
    worst: (evidence[slot]?.expected.length ?? 1) - 1,
  };
};

const levelOf = ({ table, compare }: Lens, left: number, right: number): number => {
  if (left < 0 || right < 0) return missing;
  return left === right ? 0 : compare(table.value(left), table.value(right));
};

/** How good a reading is: the levels of a field above "else", less one. */
const goodness = ({ worst }: Lens, level: number): number => (level === missing ? 0 : worst - level - 1);

/** Whether one of two fields agrees well; without that their order says nothing. */
const agree = (first: number, second: number): boolean => first === 0 || first === 1 || second === 0 || second === 1;

/** How much at home a value is in a field. */
const atHome = ({ counts }: Lens, number: number): number => (number < 0 ? 0 : Math.log(0.5 + (counts[number] ?? 0)));

const [given, initial, order] = [slotOf('given'), slotOf('initial'), slotOf('nameOrder')];
const emailSlot = slotOf('email');
const emailElse = (evidence[emailSlot]?.expected.length ?? 1) - 1;

/** Writes the levels of pairs of one table. */
export class PairComparer {
  readonly #single: readonly Lens[];
  readonly #crossings: readonly Crossing[];
  readonly #email: Column | undefined;
  readonly #names: readonly (Column | undefined)[];

  constructor(table: RecordTable) {
    this.#email = table.columns.get('email');
    this.#names = [table.columns.get('given'), table.columns.get('family')];
    const crossed = new Set<ComparedField>(crossable.flatMap(({ first, second }) => [first, second]));
    this.#single = comparedFields
      .filter((field) => !crossed.has(field) && table.columns.has(field))
      .map((field) => lensOf(table, field));
    this.#crossings = crossable.map(({ first, second, order }) => ({
      first: lensOf(table, first),
      second: lensOf(table, second),
      order: slotOf(order),
    }));
  }

  /** Compares two records; `into` takes the levels at the place of `pair`. */
  compare(left: number, right: number, into: PairLevels, pair: number): void {
    for (const lens of this.#single) {
      const a = lens.numbers[left] ?? -1;
      const b = lens.numbers[right] ?? -1;
      this.#put(into, pair, lens, levelOf(lens, a, b), a);
    }
    for (const crossing of this.#crossings) this.#bothWays(crossing, left, right, into, pair);
    this.#byInitial(left, right, into, pair);
    const place = pair * slots + emailSlot;
    const level = into.levels[place] ?? missing;
    if (level > 0 && level < emailElse && this.#isNamed(left) && this.#isNamed(right)) into.levels[place] = missing;
  }

  /** A given name of one letter says nothing but the letter. */
  #byInitial(left: number, right: number, into: PairLevels, pair: number): void {
    into.levels[pair * slots + initial] = missing;
    if (into.levels[pair * slots + order] === 1) return;
    const [one, other] = [valueAt(this.#names[0], left), valueAt(this.#names[0], right)];
    if (one === undefined || other === undefined || Math.min(one.inOrder.length, other.inOrder.length) > 1) return;
    into.levels[pair * slots + initial] = one.inOrder[0] === other.inOrder[0] ? 0 : 1;
    into.levels[pair * slots + given] = missing;
    into.agreed[pair * slots + given] = -1;
  }

  /**
   * Whether an e-mail address is made of its owner's name: then another one that is merely like it says no more than that the names are
   * alike.
   */
  #isNamed(record: number): boolean {
    const email = valueAt(this.#email, record)?.user ?? '';
    return this.#names.some((column) => {
      const name = valueAt(column, record)?.squashed ?? '';
      return name.length > 2 && email.includes(name);
    });
  }

  #put(into: PairLevels, pair: number, lens: Lens, level: number, number: number): void {
    const place = pair * slots + lens.slot;
    into.levels[place] = level;
    into.agreed[place] = level === 0 ? number : -1;
  }

  #bothWays({ first, second, order }: Crossing, left: number, right: number, into: PairLevels, pair: number): void {
    const leftFirst = first.numbers[left] ?? -1;
    const leftSecond = second.numbers[left] ?? -1;
    const rightFirst = first.numbers[right] ?? -1;
    const rightSecond = second.numbers[right] ?? -1;
    const firsts = levelOf(first, leftFirst, rightFirst);
    const seconds = levelOf(second, leftSecond, rightSecond);
    const place = pair * slots + order;
    const asWritten = goodness(first, firsts) + goodness(second, seconds);
    const best = first.worst - 1 + (second.worst - 1);
    if (asWritten + 1 < best) {
      const one = levelOf(first, leftFirst, rightSecond);
      const other = levelOf(second, leftSecond, rightFirst);
      const across = goodness(first, one) + goodness(second, other);
      if (across >= 0 && across > asWritten + 1) {
        into.levels[place] = agree(one, other) ? 1 : missing;
        // Of two outcomes read across, each belongs to the field where its values are more at home, whichever record came first.
        const kept =
          atHome(first, leftFirst) +
          atHome(first, rightSecond) +
          atHome(second, leftSecond) +
          atHome(second, rightFirst);
        const turned =
          atHome(second, leftFirst) +
          atHome(second, rightSecond) +
          atHome(first, leftSecond) +
          atHome(first, rightFirst);
        const stays = kept === turned ? one <= other : kept > turned;
        this.#put(into, pair, first, stays ? one : other, stays ? leftFirst : leftSecond);
        this.#put(into, pair, second, stays ? other : one, stays ? leftSecond : leftFirst);
        return;
      }
    }
    into.levels[place] = agree(firsts, seconds) ? 0 : missing;
    this.#put(into, pair, first, firsts, leftFirst);
    this.#put(into, pair, second, seconds, leftSecond);
  }
}
