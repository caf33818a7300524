import type { Judged } from './detect/detect.ts';
import { type Episode, episodesOf } from './detect/episodes.ts';
import { costOf, type Price, type UnitPrice } from './energy-cost.ts';
import { type Insight, notEnough, type Window } from './insight.ts';

/** An episode, and what its excess cost in minor units, rounded; undefined without a price. */
export type UnusualUse = Episode & { readonly cost: number | undefined };

/** An episode with the price that held when it began, and what its excess cost by it; neither where prices are not asked about. */
export type PricedEpisode = Episode & { readonly price?: Price | undefined; readonly cost?: number | undefined };

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
    cost: price && costOf(price, episode.excess),
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
