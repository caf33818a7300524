import { emptyLevels, missing, type PairComparer, slots } from './compare-pair.ts';
import { evidence } from './evidence.ts';
import { allPairs, mayPair, type RecordTable } from './record-table.ts';
import type { RandomShares } from './weights.ts';

/** Pairs looked at to learn what strangers agree on. */
const mostPairs = 25_000;

/** A fixed sequence of numbers from 0 to `below`: the pairs drawn depend on the content of the records alone. */
class Sequence {
  #state = 0x9e3779b9;

  next(below: number): number {
    // Mulberry32: 32 bits, good enough to draw pairs.
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let value = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) % below;
  }
}

function* drawnPairs(table: RecordTable): Generator<readonly [number, number]> {
  if (allPairs(table) <= mostPairs) {
    for (let left = 0; left < table.size; left += 1)
      for (let right = left + 1; right < table.size; right += 1) if (mayPair(table, left, right)) yield [left, right];
    return;
  }
  const sequence = new Sequence();
  for (let drawn = 0; drawn < mostPairs; ) {
    const [left, right] = [sequence.next(table.size), sequence.next(table.size)];
    if (left === right || !mayPair(table, left, right)) continue;
    yield [Math.min(left, right), Math.max(left, right)];
    drawn += 1;
  }
}

/** Share of pairs whose given names begin alike, whether or not they are written out. */
const sameInitial = (table: RecordTable): number | undefined => {
  const column = table.columns.get('given');
  if (column === undefined) return undefined;
  const letters = new Map<number, number>();
  for (const [number, count] of column.counts.entries()) {
    const letter = column.table.value(number).inOrder[0] ?? 0;
    letters.set(letter, (letters.get(letter) ?? 0) + count);
  }
  return [...letters.values()].reduce((sum, count) => sum + (count / column.present) ** 2, 0);
};

/** Share of pairs with equal values, by counting values instead of pairs. */
const equalShare = (table: RecordTable, name: (typeof evidence)[number]['name']): number | undefined => {
  if (name === 'initial') return sameInitial(table);
  const column = name === 'nameOrder' || name === 'addressOrder' ? undefined : table.columns.get(name);
  if (column === undefined) return undefined;
  if (!table.twoFiles) {
    const { counts, present } = column;
    return present < 2 ? 0 : counts.reduce((sum, count) => sum + count * (count - 1), 0) / (present * (present - 1));
  }
  const sides = [new Float64Array(column.counts.length), new Float64Array(column.counts.length)] as const;
  const present = [0, 0];
  for (const [record, number] of column.numbers.entries()) {
    const side = table.sides[record] === 1 ? 1 : 0;
    if (number < 0) continue;
    sides[side][number] = (sides[side][number] ?? 0) + 1;
    present[side] = (present[side] ?? 0) + 1;
  }
  const [first = 0, second = 0] = present;
  const equal = sides[0].reduce((sum, count, number) => sum + count * (sides[1][number] ?? 0), 0);
  return first * second === 0 ? 0 : equal / (first * second);
};

/** What strangers agree on in this file. */
export const randomShares = (table: RecordTable, comparer: PairComparer): RandomShares => {
  const sums = evidence.map(({ expected }) => new Float64Array(expected.length));
  const one = emptyLevels(1);
  for (const [left, right] of drawnPairs(table)) {
    comparer.compare(left, right, one, 0);
    for (let slot = 0; slot < slots; slot += 1) {
      const level = one.levels[slot] ?? missing;
      const levels = sums[slot];
      if (level !== missing && levels !== undefined) levels[level] = (levels[level] ?? 0) + 1;
    }
  }
  const shares = sums.map((levels, slot) => {
    const exact = equalShare(table, evidence[slot]?.name ?? 'given');
    const all = levels.reduce((sum, level) => sum + level, 0);
    if (exact === undefined) return levels.map((level) => (all === 0 ? 1 / levels.length : level / all));
    if (evidence[slot]?.name === 'initial') return Float64Array.of(exact, 1 - exact);
    if (all === 0) return levels.map(() => 1 / levels.length);
    const unequal = all - (levels[0] ?? 0);
    return levels.map((level, place) => (place === 0 ? exact : unequal === 0 ? 0 : (level / unequal) * (1 - exact)));
  });
  const present = evidence.map(({ name }) => {
    if (name === 'nameOrder' || name === 'addressOrder' || name === 'initial') return table.size;
    return table.columns.get(name)?.present ?? 0;
  });
  return { shares, present };
};
