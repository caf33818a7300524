/**
 * The measures of similarity.ts for millions of comparisons: values are taken apart once, and the work arrays are kept. Tests hold both
 * to the same answers.
 */

/** A text taken apart: its code points as small numbers, as they stand and sorted. */
export interface Signs {
  readonly text: string;
  readonly inOrder: Uint32Array;
  readonly sorted: Uint32Array;
}

export const signsOf = (text: string): Signs => {
  const inOrder = new Uint32Array(text.length);
  let count = 0;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text.codePointAt(at) ?? 0;
    // A sign beyond the Basic Multilingual Plane takes two places.
    if (sign > 0xffff) at += 1;
    inOrder[count] = sign;
    count += 1;
  }
  const signs = count === text.length ? inOrder : inOrder.slice(0, count);
  return { text, inOrder: signs, sorted: signs.slice().sort() };
};

/** How many signs two texts have in common, each counted as often as both have it. */
export const commonSigns = (left: Signs, right: Signs): number => {
  const a = left.sorted;
  const b = right.sorted;
  let i = 0;
  let j = 0;
  let common = 0;
  while (i < a.length && j < b.length) {
    const x = a[i] ?? 0;
    const y = b[j] ?? 0;
    if (x === y) common += 1;
    if (x <= y) i += 1;
    if (y <= x) j += 1;
  }
  return common;
};

/** Common signs by the longer length: the bag distance of Bartolini, Ciaccia and Patella (2002), as a likeness. */
export const bagLikeness = (left: Signs, right: Signs): number => {
  const longer = Math.max(left.inOrder.length, right.inOrder.length);
  return longer === 0 ? 0 : commonSigns(left, right) / longer;
};

let cells = new Int32Array(64 * 64);
/** The last row that each sign stood in: of ASCII by its number, of others in a map. */
const lastRows = new Int32Array(128);
const otherLastRows = new Map<number, number>();

/** Damerau-Levenshtein distance, unrestricted, as `damerauLevenshtein`. */
export const distance = (left: Signs, right: Signs): number => {
  const a = left.inOrder;
  const b = right.inOrder;
  const width = b.length + 2;
  const size = (a.length + 2) * width;
  if (cells.length < size) cells = new Int32Array(size);
  const ceiling = a.length + b.length;
  cells[0] = ceiling;
  for (let row = 0; row <= a.length; row += 1) {
    cells[(row + 1) * width] = ceiling;
    cells[(row + 1) * width + 1] = row;
  }
  for (let column = 0; column <= b.length; column += 1) {
    cells[column + 1] = ceiling;
    cells[width + column + 1] = column;
  }
  lastRows.fill(0);
  if (otherLastRows.size > 0) otherLastRows.clear();
  for (let row = 1; row <= a.length; row += 1) {
    const sign = a[row - 1] ?? 0;
    const above = row * width;
    const here = above + width;
    let lastMatch = 0;
    for (let column = 1; column <= b.length; column += 1) {
      const other = b[column - 1] ?? 0;
      const swapRow = (other < 128 ? lastRows[other] : otherLastRows.get(other)) ?? 0;
      const swapped = (cells[swapRow * width + lastMatch] ?? 0) + (row - swapRow - 1) + 1 + (column - lastMatch - 1);
      let best = (cells[above + column] ?? 0) + (sign === other ? 0 : 1);
      if (swapped < best) best = swapped;
      const added = (cells[here + column] ?? 0) + 1;
      if (added < best) best = added;
      const dropped = (cells[above + column + 1] ?? 0) + 1;
      if (dropped < best) best = dropped;
      if (sign === other) lastMatch = column;
      cells[here + column + 1] = best;
    }
    if (sign < 128) lastRows[sign] = row;
    else otherLastRows.set(sign, row);
  }
  return cells[(a.length + 1) * width + b.length + 1] ?? 0;
};

/** Whether the distance is at most `most`; texts whose signs rule that out are not measured. */
export const within = (left: Signs, right: Signs, most: number, common = commonSigns(left, right)): boolean => {
  const longer = Math.max(left.inOrder.length, right.inOrder.length);
  return longer - common <= most && distance(left, right) <= most;
};

let taken = new Uint8Array(64);
let matched = new Uint32Array(64);

/** The greedy choice of matches depends on which text leads: the order is fixed, as in similarity.ts. */
const leads = (left: Signs, right: Signs): boolean =>
  left.inOrder.length < right.inOrder.length ||
  (left.inOrder.length === right.inOrder.length && left.text < right.text);

const jaroOf = (left: Signs, right: Signs): number => {
  const first = leads(left, right);
  const a = first ? left.inOrder : right.inOrder;
  const b = first ? right.inOrder : left.inOrder;
  if (taken.length < b.length) taken = new Uint8Array(b.length);
  taken.fill(0, 0, b.length);
  const reach = Math.max(0, Math.floor(Math.max(a.length, b.length) / 2) - 1);
  if (matched.length < a.length) matched = new Uint32Array(a.length);
  let count = 0;
  for (let place = 0; place < a.length; place += 1) {
    const last = Math.min(b.length - 1, place + reach);
    for (let other = Math.max(0, place - reach); other <= last; other += 1) {
      if (taken[other] === 1 || b[other] !== a[place]) continue;
      taken[other] = 1;
      matched[count] = a[place] ?? 0;
      count += 1;
      break;
    }
  }
  if (count === 0) return 0;
  let outOfOrder = 0;
  let next = 0;
  for (let other = 0; other < b.length; other += 1) {
    if (taken[other] !== 1) continue;
    if (b[other] !== matched[next]) outOfOrder += 1;
    next += 1;
  }
  return (count / a.length + count / b.length + (count - outOfOrder / 2) / count) / 3;
};

const prefixWeight = 0.1;
const prefixLongest = 4;

/** Jaro-Winkler likeness, as `jaroWinkler`. */
export const winkler = (left: Signs, right: Signs): number => {
  const likeness = jaroOf(left, right);
  const a = left.inOrder;
  const b = right.inOrder;
  let prefix = 0;
  while (prefix < prefixLongest && prefix < a.length && a[prefix] === b[prefix]) prefix += 1;
  return likeness + prefix * prefixWeight * (1 - likeness);
};

/** The most Jaro-Winkler can be for texts with so many signs in common: spares most of the comparing. */
export const winklerCeiling = (left: Signs, right: Signs, common: number): number => {
  if (common === 0) return 0;
  const likeness = (common / left.inOrder.length + common / right.inOrder.length + 1) / 3;
  return likeness + prefixLongest * prefixWeight * (1 - likeness);
};
