/**
 * NAB's standard profile (Lavin and Ahmad 2015, `nab/sweeper.py`): a window that is missed costs 1, a false alarm up to 0.11, and
 * of the alarms in a window only the first, worth most, counts.
 */

const falseAlarm = 0.11;

/** Rows of a file that are anomalous, first and last, counted from 0. */
export type Window = readonly [first: number, last: number];

/** Worth of a hit at a place relative to a window: -1 at its first row, 0 at its end, 3 where it no longer matters. */
const sigmoid = (place: number): number => (place > 3 ? -1 : 2 / (1 + Math.exp(5 * place)) - 1);

/** Rows at the beginning that count for nothing. */
export const probation = (rows: number): number => Math.floor(0.15 * Math.min(rows, 5000));

const worthOf = (row: number, [first, last]: Window): number =>
  sigmoid(-(last - row + 1) / (last - first + 1)) / sigmoid(-1);

/** Score of the alarms in one file: 1 for each window found at once, -1 for each missed, and what false alarms cost. */
export const nabScore = (rows: number, windows: readonly Window[], alarms: readonly number[]): number => {
  const counted = alarms.filter((row) => row >= probation(rows));
  const inside = (row: number, [first, last]: Window): boolean => row >= first && row <= last;
  let score = 0;
  for (const window of windows) {
    const worth = counted.filter((row) => inside(row, window)).map((row) => worthOf(row, window));
    score += worth.length === 0 ? -1 : Math.max(...worth);
  }
  for (const row of counted) {
    if (windows.some((window) => inside(row, window))) continue;
    const before = windows.filter(([, last]) => last < row).at(-1);
    score += falseAlarm * (before === undefined ? -1 : sigmoid((row - before[1]) / (before[1] - before[0])));
  }
  return score;
};

/** 0 for a detector that finds nothing, 100 for one that finds all at once without a false alarm. */
export const nabNorm = (score: number, windows: number): number => (100 * (score + windows)) / (2 * windows);
