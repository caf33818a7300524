import { billableQualities } from '#shared/vocabulary/measures.ts';
import { type DayDigest, type QualitySum, sumOf } from './day-digest.ts';

/** By how much judging changed a month of a register. Amounts in the register's scale. */
export interface MonthDelta {
  readonly month: string;
  /** Of the values that count in billing. */
  readonly value: number;
  readonly expected: number;
  readonly missing: number;
  /** By code, ascending, those left out that did not change. */
  readonly byQuality: readonly QualitySum[];
}

const added = (
  sums: Map<number, [count: number, value: number]>,
  digest: DayDigest | undefined,
  sign: 1 | -1,
): void => {
  for (const [code, count, value] of digest?.byQuality ?? []) {
    const [n, sum] = sums.get(code) ?? [0, 0];
    sums.set(code, [n + sign * count, sum + sign * value]);
  }
};

/** What changed in each month between the digests as they were and as they are; a month in which nothing did is left out. */
export const monthDeltas = (was: ReadonlyMap<string, DayDigest>, now: readonly DayDigest[]): readonly MonthDelta[] => {
  const months = new Map<string, DayDigest[]>();
  for (const digest of now) {
    const month = digest.date.slice(0, 7);
    months.set(month, [...(months.get(month) ?? []), digest]);
  }
  return [...months].flatMap(([month, digests]) => {
    const sums = new Map<number, [number, number]>();
    let [expected, missing] = [0, 0];
    for (const digest of digests) {
      const before = was.get(digest.date);
      added(sums, before, -1);
      added(sums, digest, 1);
      expected += digest.expected - (before?.expected ?? 0);
      missing += digest.missing - (before?.missing ?? 0);
    }
    const byQuality = [...sums]
      .flatMap(([code, [count, value]]): QualitySum[] => (count === 0 && value === 0 ? [] : [[code, count, value]]))
      .sort(([left], [right]) => left - right);
    const value = sumOf(byQuality, (code) => billableQualities.has(code));
    return byQuality.length === 0 && expected === 0 && missing === 0
      ? []
      : [{ month, value, expected, missing, byQuality }];
  });
};
