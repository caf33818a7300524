/** Likeness of two texts. Case never matters; fold accents beforehand (`shared/text/words.ts`) where they should not. */

const signsOf = (text: string): string[] => Array.from(text.normalize('NFC').toLowerCase());

/**
 * Damerau-Levenshtein distance: the fewest insertions, deletions, substitutions and swaps of neighbours that make one text of
 * the other, counted in code points. The unrestricted form (a swapped pair may be edited again), so it is a metric.
 * Source: Lowrance and Wagner, JACM 22 (1975).
 */
export const damerauLevenshtein = (left: string, right: string): number => {
  const a = signsOf(left);
  const b = signsOf(right);
  const ceiling = a.length + b.length;
  const width = b.length + 2;
  const cells = new Uint32Array((a.length + 2) * width);
  const at = (row: number, column: number): number => cells[row * width + column] ?? ceiling;
  cells[0] = ceiling;
  for (let row = 0; row <= a.length; row += 1) {
    cells[(row + 1) * width] = ceiling;
    cells[(row + 1) * width + 1] = row;
  }
  for (let column = 0; column <= b.length; column += 1) {
    cells[column + 1] = ceiling;
    cells[width + column + 1] = column;
  }
  const lastRowOf = new Map<string, number>();
  for (let row = 1; row <= a.length; row += 1) {
    let lastMatch = 0;
    for (let column = 1; column <= b.length; column += 1) {
      const swapRow = lastRowOf.get(b[column - 1] ?? '') ?? 0;
      const swapColumn = lastMatch;
      const same = a[row - 1] === b[column - 1];
      if (same) lastMatch = column;
      cells[(row + 1) * width + column + 1] = Math.min(
        at(row, column) + (same ? 0 : 1),
        at(row + 1, column) + 1,
        at(row, column + 1) + 1,
        at(swapRow, swapColumn) + (row - swapRow - 1) + 1 + (column - swapColumn - 1),
      );
    }
    lastRowOf.set(a[row - 1] ?? '', row);
  }
  return at(a.length + 1, b.length + 1);
};

/** Signs of `a` and of `b` that match within the Jaro window, each in its own order. */
const commonSigns = (a: readonly string[], b: readonly string[]): { inA: string[]; inB: string[] } => {
  const reach = Math.max(0, Math.floor(Math.max(a.length, b.length) / 2) - 1);
  const taken = new Array<boolean>(b.length).fill(false);
  const inA: string[] = [];
  for (const [place, sign] of a.entries()) {
    const last = Math.min(b.length - 1, place + reach);
    for (let other = Math.max(0, place - reach); other <= last; other += 1) {
      if (taken[other] === true || b[other] !== sign) continue;
      taken[other] = true;
      inA.push(sign);
      break;
    }
  }
  return { inA, inB: b.filter((_, place) => taken[place] === true) };
};

/** The greedy choice of matches depends on which text leads: the order is fixed, so that the measure is symmetric. */
const leadsOf = (a: readonly string[], b: readonly string[]): readonly [readonly string[], readonly string[]] =>
  a.length < b.length || (a.length === b.length && a.join('') < b.join('')) ? [a, b] : [b, a];

const jaroOf = (left: readonly string[], right: readonly string[]): number => {
  const [a, b] = leadsOf(left, right);
  const { inA, inB } = commonSigns(a, b);
  if (inA.length === 0) return 0;
  const outOfOrder = inA.filter((sign, place) => sign !== inB[place]).length;
  return (inA.length / a.length + inA.length / b.length + (inA.length - outOfOrder / 2) / inA.length) / 3;
};

/** Jaro likeness, 0 (nothing in common) to 1 (equal). Two empty texts have nothing in common. */
export const jaro = (left: string, right: string): number => jaroOf(signsOf(left), signsOf(right));

const prefixWeight = 0.1;
const prefixLongest = 4;

/**
 * Jaro-Winkler likeness, 0 to 1: Jaro, raised for up to four equal first signs. MARTHA and MARHTA are alike by 0.961.
 * Source: Winkler, Proceedings of the Section on Survey Research Methods (1990).
 */
export const jaroWinkler = (left: string, right: string): number => {
  const a = signsOf(left);
  const b = signsOf(right);
  const likeness = jaroOf(a, b);
  let prefix = 0;
  while (prefix < prefixLongest && prefix < a.length && a[prefix] === b[prefix]) prefix += 1;
  return likeness + prefix * prefixWeight * (1 - likeness);
};
