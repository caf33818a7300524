/** `[billed, paid, reversed]` in minor units. */
type Month = readonly [number, number, number];

/** Sums by month (`2026-02`). */
export type Months = Readonly<Record<string, Month>>;

const keptMonths = 120;

/** Adds to the month of a day; the oldest of very many are let go of. */
export const addMonth = (months: Months, day: string, add: Month): Months => {
  const month = day.slice(0, 7);
  const [billed, paid, reversed] = months[month] ?? [0, 0, 0];
  const next = { ...months, [month]: [billed + add[0], paid + add[1], reversed + add[2]] as const };
  const names = Object.keys(next).sort();
  return Object.fromEntries(
    names.slice(-keptMonths).flatMap((name) => (next[name] ? [[name, next[name]] as const] : [])),
  );
};
