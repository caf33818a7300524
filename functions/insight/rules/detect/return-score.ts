import { medianOf, quantileOf } from '#functions/insight/rules/robust.ts';

/** Days whose maxima are remembered. */
const rememberedDays = 400;
const spreadDays = 56;
/** From so many days on the second-highest maximum is the mark, so that one old fault does not blind the channel. */
const secondFromDays = 20;
/** Days' worth of maxima that the spread known beforehand counts for. */
const priorDays = 2;
/**
 * A mark is never held to be rarer than once in e^4.7 (110) days. Days resemble their neighbours, so 400 of them tell less
 * than 400 independent ones would (the extremal index), and a series that drifts passes its own record again and again.
 */
const rarestMark = 4.7;

/** Quantile of the standard Gumbel distribution. */
const gumbelQuantile = (share: number): number => -Math.log(-Math.log(share));
/** The upper half of the maxima tells how far the next may go; the lower half holds days away and holidays. */
const upperShare = 0.9;
const upperWidth = gumbelQuantile(upperShare) - gumbelQuantile(0.5);

/** What is remembered of the daily maxima of one channel: plain numbers, bounded, single precision. */
export interface Maxima {
  /** Days counted so far. */
  readonly counted: number;
  /** Of the last 56 days, oldest first. */
  readonly recent: readonly number[];
  /** Number of the day and its maximum, oldest first: only those of which fewer than two later days are as high. */
  readonly highest: readonly (readonly [number, number])[];
}

export const noMaxima: Maxima = { counted: 0, recent: [], highest: [] };

/** Maxima after one more day. */
export const withDay = (maxima: Maxima, maximum: number): Maxima => {
  const number = maxima.counted + 1;
  const value = Math.fround(maximum);
  const highest: (readonly [number, number])[] = [];
  let [first, second] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const entry of [...maxima.highest, [number, value] as const].reverse()) {
    if (entry[0] <= number - rememberedDays) break;
    // Two later days are as high: this one is never again the highest or second-highest.
    if (entry[1] <= second) continue;
    highest.push(entry);
    if (entry[1] > first) [first, second] = [entry[1], first];
    else second = entry[1];
  }
  return { counted: number, recent: [...maxima.recent, value].slice(-spreadDays), highest: highest.reverse() };
};

/** Maxima as they would be had every value been another; the order of values must stay. */
export const mapMaxima = ({ counted, recent, highest }: Maxima, change: (value: number) => number): Maxima => ({
  counted,
  recent: recent.map(change),
  highest: highest.map(([day, value]) => [day, change(value)]),
});

/** How a channel's maxima spread before any are known, what their spread never falls below, and what it never exceeds. */
export interface Spread {
  readonly prior: number;
  readonly least: number;
  readonly most: number;
}

/** What a value is held against: the mark it must pass, the spread of maxima beyond it, and the days behind both. */
export interface Tail {
  readonly mark: number;
  readonly spread: number;
  /** Logarithm of the days in which the mark is passed once. */
  readonly base: number;
}

/** The tail of a channel's daily maxima; undefined before the first day. */
export const tailOf = (maxima: Maxima, { prior, least, most }: Spread): Tail | undefined => {
  const days = Math.min(maxima.counted, rememberedDays);
  if (days === 0) return undefined;
  const rank = days < secondFromDays ? 1 : 2;
  const sorted = maxima.highest.map(([, value]) => value).sort((left, right) => right - left);
  const mark = sorted[rank - 1] ?? sorted[0] ?? 0;
  const { recent } = maxima;
  const own = (quantileOf(recent, upperShare) - medianOf(recent)) / upperWidth;
  const known = recent.length - 1;
  const spread = Math.max(least, Math.min(most, (known * own + priorDays * prior) / (known + priorDays)));
  return { mark, spread, base: Math.min(rarestMark, Math.log(days / rank)) };
};

/**
 * Logarithm of the return period of a value in days, for maxima with an exponential tail (Gumbel); 0 where the value stays
 * below the mark. The idea is that of SPOT (Siffer and others, KDD 2017).
 */
export const returnScore = (value: number, { mark, spread, base }: Tail): number =>
  value <= mark ? 0 : base + (value - mark) / spread;
