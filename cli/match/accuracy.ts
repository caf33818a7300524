/** How well links meet the truth; null where nothing was linked, or nothing is there to find. */
export interface Accuracy {
  readonly precision: number | null;
  readonly recall: number | null;
  readonly f1: number | null;
}

const countsOf = (labels: readonly string[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const label of labels) if (label !== '') counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts;
};

/** Pairs that are one person: within one file, or across two. */
const truePairs = (first: readonly string[], second: readonly string[] | undefined): number => {
  const counts = countsOf(first);
  if (second === undefined) return [...counts.values()].reduce((sum, count) => sum + (count * (count - 1)) / 2, 0);
  const others = countsOf(second);
  return [...counts].reduce((sum, [label, count]) => sum + count * (others.get(label) ?? 0), 0);
};

const ratio = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

/** Holds linked pairs (by row) against the labels of the rows. Rows without a label are nobody's. */
export const accuracyOf = (
  links: readonly { readonly left: number; readonly right: number }[],
  first: readonly string[],
  second: readonly string[] | undefined,
): Accuracy => {
  const right = second ?? first;
  const hits = links.filter((link) => first[link.left] !== '' && first[link.left] === right[link.right]).length;
  const there = truePairs(first, second);
  return {
    precision: ratio(hits, links.length),
    recall: ratio(hits, there),
    f1: ratio(2 * hits, links.length + there),
  };
};
