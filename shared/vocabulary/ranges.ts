/** A half-open stretch of time in Unix seconds; open at the end where `to` is Infinity. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Ranges in order, those that meet or overlap made one, empty ones left out. */
export const united = (ranges: readonly Range[]): readonly Range[] => {
  const joined: Range[] = [];
  for (const range of ranges.filter(({ from, to }) => from < to).toSorted((a, b) => a.from - b.from)) {
    const last = joined.at(-1);
    if (last !== undefined && range.from <= last.to) {
      joined[joined.length - 1] = { from: last.from, to: Math.max(last.to, range.to) };
    } else joined.push(range);
  }
  return joined;
};

/** What lies in both; each side ascends and does not overlap itself. */
export const common = (left: readonly Range[], right: readonly Range[]): readonly Range[] =>
  united(
    left.flatMap((one) =>
      right.map((other) => ({ from: Math.max(one.from, other.from), to: Math.min(one.to, other.to) })),
    ),
  );

/** Whether an instant lies in one of the ranges. */
export const holds = (ranges: readonly Range[], instant: number): boolean => {
  for (const range of ranges) if (range.from <= instant && instant < range.to) return true;
  return false;
};
