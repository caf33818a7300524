import { medianOf } from '#functions/insight/rules/robust.ts';
import type { Spread } from './return-score.ts';

/** What a reading is looked at for; the name of the channel with the highest score is the reason of an alarm. */
export const channelNames = [
  'high',
  'low',
  'above',
  'below',
  'shiftUp1h',
  'shiftUp6h',
  'shiftUp24h',
  'shiftDown1h',
  'shiftDown6h',
  'shiftDown24h',
  'oddDay',
  'rough',
  'density',
  'flat',
  'zero',
] as const;
export type ChannelName = (typeof channelNames)[number];

/** Statistics below this never count as unusual; `high` and `low` are the values themselves and have none. */
export const floors: Readonly<Partial<Record<ChannelName, number>>> = {
  above: 4,
  below: 4,
  shiftUp1h: 2,
  shiftUp6h: 1.5,
  shiftUp24h: 1,
  shiftDown1h: 2,
  shiftDown6h: 1.5,
  shiftDown24h: 1,
  oddDay: 2,
  rough: 2,
  density: 5,
  flat: 6,
  zero: 6,
};

/** The values themselves, whose maxima are kept in the unit of the series; those of the others as logarithms. */
export const isRaw = (channel: ChannelName): channel is 'high' | 'low' => channel === 'high' || channel === 'low';
/** Standing still, at zero (idle or dead) or elsewhere (stuck): a run counts once, when it ends. */
export const isRun = (channel: ChannelName): channel is 'flat' | 'zero' => channel === 'flat' || channel === 'zero';

/** What is unusual lies above what was expected, or below it; undefined of a channel that does not say. */
export type Side = 'above' | 'below';
const sides: ReadonlyMap<string, Side> = new Map([
  ...(['high', 'above', 'shiftUp1h', 'shiftUp6h', 'shiftUp24h'] as const).map((name) => [name, 'above'] as const),
  ...(['low', 'below', 'shiftDown1h', 'shiftDown6h', 'shiftDown24h', 'zero'] as const).map(
    (name) => [name, 'below'] as const,
  ),
]);
/** The side of a reason by its name; undefined also of what is no reason. */
export const sideOf = (reason: string | undefined): Side | undefined => sides.get(reason ?? '');

/** Smallest energies worth an alarm, in Wh: of one reading, and the excess of a shift. */
export const energyFloors: Readonly<Partial<Record<ChannelName, number>>> = {
  high: 500,
  low: 500,
  above: 500,
  below: 500,
  shiftUp1h: 500,
  shiftDown1h: 500,
  shiftUp6h: 1000,
  shiftDown6h: 1000,
  shiftUp24h: 2000,
  shiftDown24h: 2000,
};

/** The same of water, in litres. */
export const waterFloors: Readonly<Partial<Record<ChannelName, number>>> = {
  high: 50,
  low: 50,
  above: 50,
  below: 50,
  shiftUp1h: 50,
  shiftDown1h: 50,
  shiftUp6h: 100,
  shiftDown6h: 100,
  shiftUp24h: 150,
  shiftDown24h: 150,
};

/**
 * How the logarithms of daily maxima spread. The reciprocal is the index of a power law; above one half it would have no
 * variance, which nothing that is metered does for long.
 */
export const rareSpread: Spread = { prior: 0.25, least: 0.08, most: 0.5 };
export const spreads: Readonly<Partial<Record<ChannelName, Spread>>> = {
  flat: { prior: 0.5, least: 0.35, most: 0.5 },
  zero: { prior: 0.5, least: 0.35, most: 0.5 },
  density: { prior: 0.5, least: 0.3, most: 0.5 },
};

export const hour = 3600;
const shiftWindows = [
  { hours: 1, up: 'shiftUp1h', down: 'shiftDown1h' },
  { hours: 6, up: 'shiftUp6h', down: 'shiftDown6h' },
  { hours: 24, up: 'shiftUp24h', down: 'shiftDown24h' },
] as const;
const clip = 5;
const denseFrom = 4;
const leastOfWindow = 3;
/** Fewer equal values are no run. */
export const leastOfRun = 6;

/** One reading of the last 24 hours: [instant, residual over scale, residual, change from the reading before or -1]. */
export type Trace = readonly [at: number, standard: number, residual: number, change: number];

/** A run of equal values: since when, and how many. */
export interface EqualRun {
  readonly value: number;
  readonly since: number;
  readonly count: number;
}

export interface Moment {
  readonly at: number;
  readonly value: number;
  readonly step: number;
  /** Readings of the last 24 hours, oldest first, this one last. */
  readonly traces: readonly Trace[];
  /** Usual change from one reading to the next. */
  readonly change: number;
  readonly run: EqualRun;
}

/** Statistics of a reading, those that could be computed; in energy the excess in the window of each shift. */
export interface Statistics {
  readonly channels: ReadonlyMap<ChannelName, number>;
  readonly residual: number | undefined;
  readonly excess: ReadonlyMap<ChannelName, number>;
}

const isFull = ({ at, step }: Moment, first: Trace | undefined, count: number, hours: number): boolean =>
  count >= leastOfWindow && first !== undefined && at - first[0] >= hours * hour - 1.5 * step;

/** Place of the first trace of the last hours. */
const firstWithin = ({ traces, at }: Moment, hours: number): number => {
  let from = traces.length;
  while (from > 0 && (traces[from - 1]?.[0] ?? 0) > at - hours * hour) from -= 1;
  return from;
};

const clipped = (value: number): number => Math.max(-clip, Math.min(clip, value));

/** Sudden: far from the prediction, and from what the last three hours were off. */
const sudden = (moment: Moment, channels: Map<ChannelName, number>): void => {
  const trace = moment.traces.at(-1);
  if (trace === undefined) return;
  const [, standard, residual] = trace;
  const before = moment.traces.slice(firstWithin(moment, 3), -1);
  const off = before.length === 0 ? 0 : medianOf(before.map((one) => one[2]));
  const scale = standard === 0 ? 1 : residual / standard;
  const since = (residual - off) / scale;
  const least = standard * since > 0 ? Math.min(Math.abs(standard), Math.abs(since)) : 0;
  channels.set('above', standard > 0 ? least : 0);
  channels.set('below', standard < 0 ? least : 0);
};

const shifts = (moment: Moment, channels: Map<ChannelName, number>, excess: Map<ChannelName, number>): void => {
  const { traces } = moment;
  for (const { hours, up, down } of shiftWindows) {
    const first = firstWithin(moment, hours);
    const count = traces.length - first;
    if (!isFull(moment, traces[first], count, hours)) continue;
    let sum = 0;
    let residuals = 0;
    for (let place = first; place < traces.length; place += 1) {
      const trace = traces[place];
      if (trace === undefined) continue;
      sum += clipped(trace[1]);
      residuals += trace[2];
    }
    const mean = sum / count;
    channels.set(up, Math.max(0, mean));
    channels.set(down, Math.max(0, -mean));
    excess.set(up, residuals);
    excess.set(down, -residuals);
  }
};

const ofTheDay = (moment: Moment, channels: Map<ChannelName, number>): void => {
  const { traces } = moment;
  let odd = 0;
  let dense = 0;
  for (const trace of traces) {
    const size = Math.abs(trace[1]);
    odd += Math.min(clip, size);
    if (size > denseFrom) dense += 1;
  }
  channels.set('density', dense);
  if (isFull(moment, traces[0], traces.length, 24)) channels.set('oddDay', odd / traces.length);
};

const roughness = (moment: Moment, channels: Map<ChannelName, number>): void => {
  const { traces } = moment;
  const first = firstWithin(moment, 6);
  if (!isFull(moment, traces[first], traces.length - first, 6) || moment.change === 0) return;
  let sum = 0;
  let count = 0;
  for (let place = first; place < traces.length; place += 1) {
    const change = traces[place]?.[3] ?? -1;
    if (change < 0) continue;
    sum += change;
    count += 1;
  }
  if (count >= leastOfWindow) channels.set('rough', sum / count / moment.change);
};

/** Statistics of the last reading of a moment. `predicted` says whether there was a day before to predict from. */
export const statisticsOf = (moment: Moment, predicted: boolean): Statistics => {
  const channels = new Map<ChannelName, number>([
    ['high', moment.value],
    ['low', -moment.value],
  ]);
  const excess = new Map<ChannelName, number>();
  const { run, at } = moment;
  const still = run.count >= leastOfRun ? (at - run.since) / hour : 0;
  channels.set('flat', run.value === 0 ? 0 : still);
  channels.set('zero', run.value === 0 ? still : 0);
  if (!predicted) return { channels, excess, residual: undefined };
  sudden(moment, channels);
  shifts(moment, channels, excess);
  ofTheDay(moment, channels);
  roughness(moment, channels);
  return { channels, excess, residual: moment.traces.at(-1)?.[2] };
};
