import type { ChannelName } from './channels.ts';
import { alarmScore, episodeSeconds, type Judged } from './detect.ts';

/** Unusual readings that belong together. */
export interface Episode {
  /** Instants of the first and the last unusual reading, Unix seconds. */
  readonly from: number;
  readonly to: number;
  /** What was unusual at the highest score. */
  readonly reason: ChannelName | undefined;
  readonly score: number;
  /** Unusual readings in it. */
  readonly readings: number;
  /** What these were above their predictions, in the unit of the series; negative where they were below. */
  readonly excess: number;
}

const joined = (episode: Episode, { at, value, expected, score, reason }: Judged): Episode => ({
  from: episode.from,
  to: at,
  reason: score > episode.score ? reason : episode.reason,
  score: Math.max(score, episode.score),
  readings: episode.readings + 1,
  excess: episode.excess + value - (expected ?? value),
});

/** The episodes of judged readings, which ascend. What is unusual within three days of the like belongs to it. */
export const episodesOf = (judged: readonly Judged[]): readonly Episode[] => {
  const episodes: Episode[] = [];
  for (const one of judged) {
    if (one.score < alarmScore) continue;
    const open = episodes.at(-1);
    const nothing = { from: one.at, to: one.at, reason: one.reason, score: 0, readings: 0, excess: 0 };
    if (open === undefined || one.at - open.to > episodeSeconds) episodes.push(joined(nothing, one));
    else episodes[episodes.length - 1] = joined(open, one);
  }
  return episodes;
};
