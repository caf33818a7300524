import { writeMoney } from '#shared/vocabulary/money.ts';
import { instantOf } from '#shared/vocabulary/time.ts';
import { offsetAt } from '#shared/vocabulary/zones.ts';
import { amountOf, figure, flowOf, percent, type Told } from './amounts.ts';
import { type ChannelName, sideOf } from './detect/channels.ts';
import { isKnown, type Price, writePrice } from './energy-cost.ts';
import type { Found, Insight } from './insight.ts';
import type { PeakWindow } from './load-shape.ts';
import type { LeakGravity } from './night-flow.ts';
import type { InsightKind, PointInsights } from './point-insights.ts';
import type { Trend } from './trend.ts';
import type { PricedEpisode } from './unusual-use.ts';
import type { WaterEpisode } from './water-eras.ts';

/** What an insight says, with the point's own numbers, in a sentence that can be read out. */

const clock = (minute: number): string =>
  `${String(Math.floor(minute / 60) % 24).padStart(2, '0')}:${String(Math.round(minute) % 60).padStart(2, '0')}`;

const against = (share: number): string =>
  Math.abs(share) < 0.005 ? 'as high as' : `${percent(share)} ${share > 0 ? 'higher' : 'lower'} than`;

const hours = (count: number): string =>
  count >= 72 ? `${figure(Math.round(count / 24))} days` : `${figure(count)} hours`;

const peakWords = (name: string, peak: PeakWindow | undefined): readonly string[] =>
  peak === undefined
    ? []
    : [`on ${name} from ${clock(peak.startMinute)} to ${clock(peak.endMinute)} (${percent(peak.share)} of the day)`];

const reasons: Readonly<Record<ChannelName, string>> = {
  high: 'one reading far above all others',
  low: 'one reading far below all others',
  above: 'a sudden rise',
  below: 'a sudden drop',
  shiftUp1h: 'an hour of more than usual',
  shiftUp6h: 'six hours of more than usual',
  shiftUp24h: 'a day of more than usual',
  shiftDown1h: 'an hour of less than usual',
  shiftDown6h: 'six hours of less than usual',
  shiftDown24h: 'a day of less than usual',
  oddDay: 'a day unlike the others',
  rough: 'readings that jump more than usual',
  density: 'many odd readings in a day',
  flat: 'the same value again and again',
  zero: 'no use for unusually long',
};

const minutes = (zone: string, instant: number): string =>
  instantOf(instant + offsetAt(zone, instant))
    .slice(0, 16)
    .replace('T', ' ');

/** What a price that is not known leaves unsaid, as a sentence; nothing where costs are not asked about. */
const unpricedWords = (price: Price | undefined): string =>
  price === undefined || isKnown(price) ? '' : ` What that costs is not known: ${price.missing}.`;

/** Whether a reason says more of what was less in all, or less of what was more. */
const isAgainst = (reason: ChannelName, excess: number): boolean => {
  const side = sideOf(reason);
  return side !== undefined && (side === 'above' ? excess < 0 : excess > 0);
};

/** An episode in words, by the clock of its place. */
export const episodeWords = (told: Told, episode: PricedEpisode): string => {
  const { from, to, reason, excess, price, cost } = episode;
  const [first, last] = [minutes(told.zone, from), minutes(told.zone, to)];
  const when = from === to ? first : `${first} to ${last}`;
  const what = reason === undefined || isAgainst(reason, excess) ? 'unusual readings' : reasons[reason];
  const size =
    excess === 0 ? '' : `, ${amountOf(told, Math.abs(excess))} ${excess > 0 ? 'more' : 'less'} than expected`;
  const money =
    excess === 0 || cost === undefined || !isKnown(price)
      ? ''
      : ` (${writeMoney({ amountMinor: Math.abs(cost), currency: price.currency })})`;
  return `${when}: ${what}${size}${money}`;
};

/** Whether the season is taken out of a comparison with the month before: it is where that of a year ago was read. */
const seasonWords = ({ evidence }: Pick<Found<unknown>, 'evidence'>): string =>
  `the season${typeof evidence.usualChangeOfSeason === 'number' ? '' : ' not'} allowed for`;

/** What the weather says of a trend: what it made expect, or why it is not allowed for. */
const weatherWords = ({ value: { onWeather, perDay }, evidence: { weather } }: Found<Trend>, told: Told): string => {
  if (onWeather !== undefined) {
    const expected = amountOf(told, perDay / (1 + onWeather));
    return ` In this weather ${expected} a day were to be expected: use is ${against(onWeather)} that.`;
  }
  return typeof weather === 'string' ? ` The weather is ${weather}.` : '';
};

const runOf = (told: Told, from: number, to: number): string => {
  const [first, last] = [minutes(told.zone, from), minutes(told.zone, to)];
  return `${first} to ${first.slice(0, 10) === last.slice(0, 10) ? last.slice(11) : last}`;
};

/** Hours of water in words, by the clock of its place. */
export const waterWords = (told: Told, { from, to, hours: count, most, total }: WaterEpisode): string => {
  const when = runOf(told, from, to);
  if (count === 1) return `${when}: ${amountOf(told, total)}`;
  return `${when}: ${amountOf(told, total)} in ${figure(count)} hours, at most ${amountOf(told, most)} in one`;
};

const waterSaid =
  (nothing: string, what: string): Of<readonly WaterEpisode[]> =>
  ({ value }, told) =>
    value.length === 0 ? nothing : `${what}: ${value.map((one) => waterWords(told, one)).join('; ')}.`;

/** A register of the balance counts what was exported as less than nothing. */
const isExport = ({ flow }: Told, value: number): boolean => flow === 'reverse' || (flow === 'net' && value < 0);
const sizeOf = ({ flow }: Told, value: number): number => (flow === 'net' ? Math.abs(value) : value);
const onBalance = ({ flow }: Told): string => (flow === 'net' ? 'On balance ' : '');

/** What a trend is of, as the beginning of a sentence. */
const comparedWords = ({ flow }: Told, perDay: string): string =>
  flow === 'net'
    ? `The balance of use and export, ${perDay} a day,`
    : `${flow === 'reverse' ? 'Export' : 'Use'} of ${perDay} a day`;

const leakWords: Readonly<Record<Exclude<LeakGravity, 'none'>, string>> = {
  suspected: 'Something may leak: a cistern, a tap, a pipe.',
  leak: 'That is a leak, until shown otherwise: a cistern, a tap, a pipe.',
  high: 'This is a large leak, until shown otherwise.',
};

type Of<Value> = (found: Found<Value>, told: Told) => string;
type ValueOf<Kind extends InsightKind> = Required<PointInsights>[Kind] extends Insight<infer Value> ? Value : never;

/** The sentence of each insight that was found. */
export const insightWords: { readonly [Kind in InsightKind]: Of<ValueOf<Kind>> } = {
  'use-per-day': ({ value, window }, told) =>
    `${onBalance(told)}${amountOf(told, sizeOf(told, value))} were ${isExport(told, value) ? 'exported' : 'used'} a day in the four weeks from ${window.from}.`,
  trend: (found, scale) => {
    const { onYear, onMonth, perDay } = found.value;
    const year = `${comparedWords(scale, amountOf(scale, perDay))} is ${against(onYear)} in the same four weeks a year ago`;
    const month =
      onMonth === undefined ? '' : `, and ${against(onMonth)} in the four weeks before, ${seasonWords(found)}`;
    return `${year}${month}.${weatherWords(found, scale)}`;
  },
  'significant-rise': ({ value, evidence }, scale) => {
    if (!value.significant && !value.byWeather) return 'Use did not rise significantly.';
    const rise = typeof evidence.riseOfDay === 'number' ? evidence.riseOfDay : 0;
    const rose = `Use rose: ${amountOf(scale, rise)} a day more than a year ago (${percent(value.onYear)}), and ${percent(value.onMonth)} more than in the four weeks before, ${seasonWords({ evidence })}`;
    if (value.byWeather) return `${rose}; the weather explains it.`;
    return value.onWeather === undefined
      ? `${rose}.`
      : `${rose}; the weather does not explain it, use is ${percent(value.onWeather)} above what it made expect.`;
  },
  'peak-window': ({ value: { weekdays, weekends } }) =>
    `Most is used ${[...peakWords('weekdays', weekdays), ...peakWords('weekends', weekends)].join(' and ')}.`,
  'load-factor': ({ value: { factor, robust } }) =>
    `The average is ${percent(factor)} of the highest reading, and ${percent(robust)} of what one reading in forty passes.`,
  'base-load': ({ value: { perHour, share, perYear, costOfYear, price } }, scale) => {
    const base = `${flowOf(scale, perHour)} never stop: ${amountOf(scale, perYear)} a year, ${percent(share)} of all use.`;
    if (costOfYear === undefined || !isKnown(price)) return `${base}${unpricedWords(price)}`;
    const cost = writeMoney({ amountMinor: costOfYear, currency: price.currency });
    return `${base} That costs ${cost} a year at ${writePrice(price)}.`;
  },
  'base-load-rise': ({ value: { rose, perHour, before, perYear } }, scale) =>
    rose
      ? `What never stops rose from ${flowOf(scale, before)} to ${flowOf(scale, perHour)}: ${amountOf(scale, perYear)} a year more, should it stay. Something may have been left on.`
      : `What never stops is much as it was: ${flowOf(scale, perHour)} now, ${flowOf(scale, before)} in the four weeks before.`,
  'unusual-use': ({ value }, scale) =>
    value.length === 0
      ? 'Nothing unusual in the last four weeks.'
      : `Unusual in the last four weeks: ${value.map((episode) => episodeWords(scale, episode)).join('; ')}.${unpricedWords(value.find(({ price }) => !isKnown(price))?.price)}`,
  'dead-meter': ({ value: { dead, hours: still }, evidence }) => {
    if (dead)
      return `The meter has counted nothing for ${hours(still)}, though the supply is connected and was used before.`;
    if (still < 48) return 'The meter counts.';
    const nothing = `Nothing was used for ${hours(still)}`;
    if (evidence.connected === false) return `${nothing}: the supply is disconnected.`;
    if (evidence.useExpected === false) return `${nothing}: hardly any use is expected here.`;
    return `${nothing}, but half the readings of the weeks before were zero too: whether the meter is dead cannot be told.`;
  },
  'night-flow': ({ value: { leak, leastPerHour, hours: running } }, scale) =>
    leak === 'none'
      ? 'The water stops now and then, as it should.'
      : `Water has not stopped for ${hours(running)}; at the least ${flowOf(scale, leastPerHour)} run. ${leakWords[leak]}`,
  'even-flow': waterSaid(
    'In the last four weeks water never ran for hours at more than it did before.',
    'Water ran hour after hour, more than ever runs so long',
  ),
  'high-flow': waterSaid(
    'No hour of the last four weeks used far more water than those before.',
    'Far more water was used in an hour than usual',
  ),
  'away-flow': waterSaid(
    'Hardly any water was used while nobody was at home in the last four weeks.',
    'Water was used while nobody was at home',
  ),
  'similar-homes': ({ value: { against: share, rank, homes } }) =>
    `Use is ${against(share)} in the middle one of ${figure(homes)} similar homes; ${percent(rank)} of them use less.`,
  'annual-usage': ({ value }, told) => {
    const what = `a year's ${isExport(told, value) ? 'export' : 'use'} is about ${amountOf(told, sizeOf(told, value))}.`;
    return told.flow === 'net' ? `On balance ${what}` : `${what.charAt(0).toUpperCase()}${what.slice(1)}`;
  },
};

/** What is missing, as a sentence. */
export const missingWords = (missing: string): string => `${missing.charAt(0).toUpperCase()}${missing.slice(1)}.`;
