import { headlineFigures } from '#shared/vocabulary/headline-figures.ts';
import type { ToldInsightKind } from '#shared/vocabulary/insights.ts';
import { holds } from '#shared/vocabulary/ranges.ts';
import { addDays, startOfDate } from '#shared/vocabulary/time.ts';
import type { Told } from './amounts.ts';
import { describeInsights, type InsightFields } from './described-insights.ts';
import type { Episode } from './detect/episodes.ts';
import { mayGoOn } from './eras.ts';
import { headlineOf } from './headlines.ts';
import type { Insight } from './insight.ts';
import type { PointInsights } from './point-insights.ts';
import type { WaterEpisode } from './water-eras.ts';
import { episodeWords, waterWords } from './words.ts';

/** Something in the readings that somebody should hear of. */
export interface Cause {
  readonly kind: ToldInsightKind;
  /** Unix seconds: when it began, and when it was last seen (of an episode that is over, its end). */
  readonly from: number;
  readonly to: number;
  /** Whether it may still go on. */
  readonly lasts: boolean;
  /** A few words for a view, and one sentence with the point's own numbers. */
  readonly headline: string;
  readonly text: string;
  readonly value: InsightFields;
}

/** When what is told was looked at: the first date that is not over, in the register's zone. */
export interface Looked extends Told {
  readonly date: string;
}

const span = 28;
const hour = 3600;

/** With the scale of its numbers, and the headline they make. */
const withHeadline = (looked: Looked, { value, ...cause }: Omit<Cause, 'headline'>): Cause => {
  const scaled = { ...value, unit: looked.unit, powerOfTen: looked.powerOfTen };
  return { ...cause, headline: headlineOf(cause.kind, headlineFigures(cause.kind, scaled)), value: scaled };
};

const episodeCause = (looked: Looked, end: number, episode: Episode): Cause =>
  withHeadline(looked, {
    kind: 'unusual-use',
    from: episode.from,
    to: episode.to,
    lasts: mayGoOn(episode, end),
    text: `Unusual use, ${episodeWords(looked, episode)}. Ask whether something is known of it.`,
    value: {
      reason: episode.reason ?? '',
      excess: Math.round(episode.excess),
      readings: episode.readings,
      score: Math.round(episode.score * 100) / 100,
    },
  });

const waterTold = {
  steady: {
    kind: 'even-flow',
    what: 'Water ran hour after hour, more than ever runs so long',
    hint: 'A cistern, a valve or a sprinkler may run by itself.',
  },
  high: {
    kind: 'high-flow',
    what: 'Far more water in an hour than usual',
    hint: 'Ask whether something is known of it, a pool that was filled; else a pipe or a hose may have burst.',
  },
  away: {
    kind: 'away-flow',
    what: 'Water was used while nobody was at home',
    hint: 'Something may leak, or somebody is there after all.',
  },
} as const;

const waterCause = (looked: Looked, end: number, episode: WaterEpisode): Cause => {
  const { kind, what, hint } = waterTold[episode.reason];
  const { from, to, hours, most, total } = episode;
  return withHeadline(looked, {
    kind,
    from,
    to,
    lasts: mayGoOn(episode, end),
    text: `${what}, ${waterWords(looked, episode)}. ${hint}`,
    value: { hours, most: Math.round(most), total: Math.round(total) },
  });
};

const saidOf = <Value>(insight: Insight<Value> | undefined): Value | undefined =>
  insight?.enough === true ? insight.value : undefined;

const waterOf = (insights: PointInsights): readonly WaterEpisode[] =>
  (['even-flow', 'high-flow', 'away-flow'] as const).flatMap((kind) => saidOf(insights[kind]) ?? []);

/**
 * Episodes that are told. One that stands still is not: a meter that counts nothing is told as that, whatever its zeros look like,
 * and an empty home is nothing to tell. Of water neither is one of less than usual, nor what its own alerts tell.
 */
const toldEpisodes = (insights: PointInsights, episodes: readonly Episode[]): readonly Episode[] => {
  if (saidOf(insights['unusual-use']) === undefined) return [];
  const water = waterOf(insights);
  const stood = saidOf(insights['dead-meter'])?.stood ?? [];
  return episodes.filter(({ reason, excess, from }) => {
    if (reason === 'zero' || (excess < 0 && holds(stood, from))) return false;
    if (insights['night-flow'] === undefined) return true;
    return excess > 0 && !water.some((one) => one.from <= from && from < one.to);
  });
};

/** What of the insights is worth telling. */
export const causesOf = (looked: Looked, insights: PointInsights, episodes: readonly Episode[]): readonly Cause[] => {
  const end = startOfDate(looked.zone, looked.date);
  const windowStart = startOfDate(looked.zone, addDays(looked.date, -span));
  const described = new Map(describeInsights(insights, looked).map((one) => [one.kind, one]));
  const state = (kind: ToldInsightKind, stands: boolean | undefined, from: number): readonly Cause[] => {
    const said = described.get(kind);
    if (stands !== true || said === undefined) return [];
    return [withHeadline(looked, { kind, from, to: end, lasts: true, text: said.text, value: said.value ?? {} })];
  };
  const [dead, night] = [saidOf(insights['dead-meter']), saidOf(insights['night-flow'])];
  const since = (hours = 0): number => Math.floor(end - hours * hour);
  return [
    ...toldEpisodes(insights, episodes).map((episode) => episodeCause(looked, end, episode)),
    ...waterOf(insights).map((episode) => waterCause(looked, end, episode)),
    ...state('significant-rise', saidOf(insights['significant-rise'])?.significant, windowStart),
    ...state('base-load-rise', saidOf(insights['base-load-rise'])?.rose, windowStart),
    ...state('dead-meter', dead?.dead, dead?.stood.at(-1)?.from ?? since(dead?.hours)),
    ...state('night-flow', night && night.leak !== 'none', since(night?.hours)),
  ];
};
