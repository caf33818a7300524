import type { Judged } from './detect/detect.ts';
import { type Episode, episodesOf } from './detect/episodes.ts';
import { type Insight, notEnough, type Window } from './insight.ts';
import type { UnitPrice } from './load-shape.ts';

/** An episode, and what its excess cost in minor units, rounded; undefined without a price. */
export type UnusualUse = Episode & { readonly cost: number | undefined };

/** Days of history below which a detector knows too little to be silent about. */
const leastDays = 14;

/** Spikes and other anomalies of a window as episodes. `judged` are its readings in order, `daysBefore` the days the detector knew. */
export const unusualUse = (
  judged: readonly Judged[],
  { window, expected, daysBefore }: { readonly window: Window; readonly expected: number; readonly daysBefore: number },
  price?: UnitPrice,
): Insight<readonly UnusualUse[]> => {
  const coverage = Math.min(1, judged.length / Math.max(1, expected));
  if (daysBefore < leastDays)
    return notEnough(
      'unusual-use',
      coverage,
      `${leastDays} days before the window are needed, there are ${daysBefore}`,
    );
  const episodes = episodesOf(judged).map((episode) => ({
    ...episode,
    cost: price && Math.round((episode.excess * price.minor) / price.per),
  }));
  return {
    enough: true,
    value: episodes,
    window,
    coverage,
    method: 'unusual-use',
    confidence: coverage * Math.min(1, daysBefore / 56),
    evidence: { readings: judged.length, daysBefore },
  };
};
