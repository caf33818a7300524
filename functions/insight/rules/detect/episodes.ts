import { type ChannelName, type Side, sideOf } from './channels.ts';
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

/** An episode that may go on, with the side it is on once a reading says so, and the value it stuck at where it began by that. */
interface Open {
  readonly episode: Episode;
  readonly side: Side | undefined;
  readonly stuckAt: number | undefined;
}

/** Whether a reading belongs to an episode: it lies on the same side, or one of the two is on neither. */
const belongs = ({ episode, side, stuckAt }: Open, one: Judged): boolean => {
  if (one.at - episode.to > episodeSeconds) return false;
  const its = sideOf(one.reason);
  if (its === undefined) return true;
  if (side !== undefined) return side === its;
  return stuckAt === undefined || stuckAt === one.value;
};

const opened = ({ at, value, reason }: Judged): Open => ({
  episode: { from: at, to: at, reason, score: 0, readings: 0, excess: 0 },
  side: undefined,
  stuckAt: reason === 'flat' ? value : undefined,
});

/**
 * The episodes of judged readings, which ascend, by their beginning. What is unusual within three days of the like belongs to it;
 * what is above and what is below the expected are not alike. A reading whose reason is on neither side goes with the latest.
 */
export const episodesOf = (judged: readonly Judged[]): readonly Episode[] => {
  const over: Episode[] = [];
  /** The one that went on last comes last. */
  let open: readonly Open[] = [];
  for (const one of judged) {
    if (one.score < alarmScore) continue;
    const found = open.findLast((other) => belongs(other, one));
    const { episode, side, stuckAt } = found ?? opened(one);
    const going = open.filter((other) => other !== found);
    over.push(...going.filter((other) => one.at - other.episode.to > episodeSeconds).map((other) => other.episode));
    const next = { episode: joined(episode, one), side: side ?? sideOf(one.reason), stuckAt };
    open = [...going.filter((other) => one.at - other.episode.to <= episodeSeconds), next];
  }
  return [...over, ...open.map(({ episode }) => episode)].sort((left, right) => left.from - right.from);
};
