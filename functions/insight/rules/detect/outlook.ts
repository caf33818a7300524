import { madAround, medianOf, normalConsistency } from '#functions/insight/rules/robust.ts';
import { type ChannelName, channelNames, isRaw, rareSpread, spreads } from './channels.ts';
import type { DetectorState } from './detector-state.ts';
import { mapMaxima, noMaxima, returnScore, type Tail, tailOf } from './return-score.ts';
import { type Scale, scaleOf } from './scale.ts';
import { type Candidate, chosenOf, type DayValues, predictDay, slotDays } from './season.ts';

const levelFromDays = 8;
/** Days of values that tell how far the highest and lowest usually differ. */
const rangeDays = 14;
/** A quarter of the usual distance from the prediction is the least by which a record is broken. */
const leastOfRange = 0.25;

/** What a day is held against, known before its first reading. */
export interface Outlook {
  readonly predicted: Readonly<Record<Candidate, readonly number[]>>;
  /** Prediction of each slot, without the slow level. */
  readonly chosen: readonly number[];
  readonly level: number;
  readonly scale: Scale;
  /** Score of a channel's statistic; undefined where nothing is known of the channel. */
  readonly score: (channel: ChannelName, statistic: number) => number | undefined;
}

const valuesOf = (days: readonly DayValues[]): readonly number[] =>
  days.flatMap(({ values }) => values.filter((value) => value !== null));

/** What a prediction leaves of each day's values; NaN where there is none. */
const residualsOf = (history: readonly DayValues[], chosen: readonly number[], day: number): readonly Float64Array[] =>
  history
    .filter((one) => one.day >= day - slotDays)
    .map(({ values }) => {
      const rests = new Float64Array(values.length).fill(Number.NaN);
      values.forEach((value, slot) => {
        if (value !== null) rests[slot] = value - (chosen[slot] ?? 0);
      });
      return rests;
    });

type Scorer = (statistic: number) => number;

const logScorer = (tail: Tail): Scorer => {
  return (statistic) => returnScore(Math.log1p(statistic), tail);
};

/**
 * Scorer of the values themselves, or of their negatives: the lower of two scores, one for maxima with an exponential tail and
 * one for a power law, since nobody knows which it is. The second looks at how many scales a value lies above the middle.
 */
const rawScorer = (state: DetectorState, channel: 'high' | 'low', values: readonly number[], scale: Scale): Scorer => {
  const maxima = state.maxima[channel] ?? noMaxima;
  const middle = medianOf(values);
  const own = channel === 'high' ? middle : -middle;
  const above = (value: number): number => Math.log1p(Math.max(0, value - own) / scale.overall);
  const spread = {
    prior: normalConsistency * madAround(values, middle),
    least: leastOfRange * scale.overall,
    most: Number.POSITIVE_INFINITY,
  };
  const plain = tailOf(maxima, spread);
  const heavy = tailOf(mapMaxima(maxima, above), rareSpread);
  if (plain === undefined || heavy === undefined) return () => 0;
  return (value) => Math.min(returnScore(value, plain), returnScore(above(value), heavy));
};

/** What is expected of a day, from the days before it. */
export const outlookOf = (state: DetectorState, day: number, step: number): Outlook => {
  const predicted = predictDay(state.history, day, step);
  const chosen = predicted[chosenOf(state.errors)];
  const scale = scaleOf(state.history, residualsOf(state.history, chosen, day), day, step);
  const level = state.days >= levelFromDays ? medianOf(state.levels) : 0;
  const values = valuesOf(state.history.filter((one) => one.day >= day - rangeDays));
  const scorers = new Map<ChannelName, Scorer>();
  for (const channel of channelNames) {
    const maxima = state.maxima[channel];
    if (maxima === undefined) continue;
    if (isRaw(channel)) {
      scorers.set(channel, rawScorer(state, channel, values, scale));
      continue;
    }
    const tail = tailOf(maxima, spreads[channel] ?? rareSpread);
    if (tail !== undefined) scorers.set(channel, logScorer(tail));
  }
  return { predicted, chosen, level, scale, score: (channel, statistic) => scorers.get(channel)?.(statistic) };
};
