/** Draws of the seeded utility: the same words give the same draws on every machine. */
export interface Random {
  /** A whole number of 32 bits, 0 to 4,294,967,295. */
  word(): number;
  /** A whole number from 0 up to, not including, `bound` (at most 2^21 for an even spread). */
  below(bound: number): number;
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number;
  /** True so many times in a thousand. */
  chance(perThousand: number): boolean;
  pick<Item>(items: readonly [Item, ...Item[]]): Item;
}

/** 32 bits from a text, well spread also for texts that differ in their last character (FNV-1a, then a finaliser). */
const hash = (text: string, start: number): number => {
  let held = start;
  for (let at = 0; at < text.length; at += 1) held = Math.imul(held ^ text.charCodeAt(at), 0x01000193);
  held = Math.imul(held ^ (held >>> 16), 0x85ebca6b);
  held = Math.imul(held ^ (held >>> 13), 0xc2b2ae35);
  return (held ^ (held >>> 16)) >>> 0;
};

/** A stream of draws named by words (seed name, customer number, concern): streams of other words are independent of it. */
export const randomOf = (...words: readonly (string | number)[]): Random => {
  const name = words.join('\u0000');
  // xoshiro128** (Blackman and Vigna, 2018).
  let a = hash(name, 0x811c9dc5);
  let b = hash(name, 0x9e3779b9);
  let c = hash(name, 0x243f6a88);
  let d = hash(name, 0xb7e15162) | 1;
  const word = (): number => {
    const product = Math.imul(b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return result;
  };
  const below = (bound: number): number => Math.floor((word() / 4_294_967_296) * bound);
  return {
    word,
    below,
    between: (low, high) => low + below(high - low + 1),
    chance: (perThousand) => below(1000) < perThousand,
    pick: (items) => items[below(items.length)] ?? items[0],
  };
};
