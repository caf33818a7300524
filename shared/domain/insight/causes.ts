import type { ToldInsightKind } from '#shared/vocabulary/insights.ts';
import { addDays, startOfDate } from '#shared/vocabulary/time.ts';
import { amountOf, figure, flowOf, percent, type Scale, type Told } from './amounts.ts';
import { describeInsights, type InsightFields } from './described-insights.ts';
import type { Episode } from './detect/episodes.ts';
import { mayGoOn } from './eras.ts';
import type { PointInsights } from './point-insights.ts';
import { episodeWords } from './words.ts';

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

const stake = (scale: Scale, excess: number): string =>
  excess === 0 ? '' : `, ${amountOf(scale, Math.abs(excess))} ${excess > 0 ? 'more' : 'less'}`;

const episodeCause = (looked: Looked, end: number, episode: Episode): Cause => ({
  kind: 'unusual-use',
  from: episode.from,
  to: episode.to,
  lasts: mayGoOn(episode, end),
  headline: `Unusual use${stake(looked, episode.excess)}`,
  text: `Unusual use, ${episodeWords(looked, episode)}. Ask whether something is known of it.`,
  value: {
    reason: episode.reason ?? '',
    excess: Math.round(episode.excess),
    readings: episode.readings,
    score: Math.round(episode.score * 100) / 100,
  },
});

/**
 * What of the insights is worth telling. Of `episodes` those that stand still are left out: a meter that counts nothing is told
 * as that, and an empty home is nothing to tell.
 */
export const causesOf = (looked: Looked, insights: PointInsights, episodes: readonly Episode[]): readonly Cause[] => {
  const end = startOfDate(looked.zone, looked.date);
  const windowStart = startOfDate(looked.zone, addDays(looked.date, -span));
  const described = new Map(describeInsights(insights, looked).map((one) => [one.kind, one]));
  const state = (
    kind: ToldInsightKind,
    stands: boolean | undefined,
    from: number,
    headline: string,
  ): readonly Cause[] => {
    const said = described.get(kind);
    if (stands !== true || said === undefined) return [];
    return [{ kind, from, to: end, lasts: true, headline, text: said.text, value: said.value ?? {} }];
  };
  const [rise, base] = [insights['significant-rise'], insights['base-load-rise']];
  const [dead, night] = [insights['dead-meter'], insights['night-flow']];
  const unusual = insights['unusual-use'];
  const since = (hours: number): number => Math.floor(end - hours * hour);
  return [
    ...(unusual?.enough === true ? episodes.filter(({ reason }) => reason !== 'zero') : []).map((episode) =>
      episodeCause(looked, end, episode),
    ),
    ...(rise?.enough === true
      ? state(
          'significant-rise',
          rise.value.significant,
          windowStart,
          `Use rose ${percent(rise.value.onYear)} on the year`,
        )
      : []),
    ...(base?.enough === true
      ? state(
          'base-load-rise',
          base.value.rose,
          windowStart,
          `${flowOf(looked, base.value.perHour)} day and night, ${flowOf(looked, base.value.before)} before`,
        )
      : []),
    ...(dead?.enough === true
      ? state(
          'dead-meter',
          dead.value.dead,
          since(dead.value.hours),
          `Nothing counted for ${figure(Math.round(dead.value.hours))} hours`,
        )
      : []),
    ...(night?.enough === true
      ? state(
          'night-flow',
          night.value.leak !== 'none',
          since(night.value.hours),
          `Water has run for ${figure(Math.round(night.value.hours))} hours`,
        )
      : []),
  ];
};
