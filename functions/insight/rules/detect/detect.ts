import { offsetAt } from '#shared/vocabulary/zones.ts';
import {
  type ChannelName,
  type EqualRun,
  energyFloors,
  floors,
  hour,
  isRaw,
  isRun,
  leastOfRun,
  type Statistics,
  statisticsOf,
  waterFloors,
} from './channels.ts';
import { closeDay } from './close-day.ts';
import { type DetectorState, freshState } from './detector-state.ts';
import { type Outlook, outlookOf } from './outlook.ts';
import { historyDays } from './season.ts';

/** An alarm opens an episode from this score on: a reading whose like is expected once in e^5.5, about 245 days. */
export const alarmScore = 5.5;
/** Readings as unusual within this time belong to the same episode, in seconds. */
export const episodeSeconds = 72 * hour;
/** Nothing that is metered reads more in any unit; far above it what is remembered as 32-bit numbers would be none. */
export const largestValue = 1e18;
const silentDays = 2;
const daySeconds = 86_400;
/** Equal values on both sides of a longer hole are no run. */
const longestHoleInRun = 6 * hour;
/** Neighbours lie at most so many steps apart. */
const neighbourSteps = 1.5;

export interface DetectorSettings {
  /** Usual seconds between readings, 60 to 86,400. */
  readonly step: number;
  /** IANA zone or fixed offset in which days are cut. */
  readonly zone: string;
  /** Wh that a value of 1 stands for; what is too small to matter is then left out. Without it there are no such floors. */
  readonly wattHours?: number | undefined;
  /** The same in litres. */
  readonly litres?: number | undefined;
}

export interface SeriesReading {
  /** Unix seconds. */
  readonly at: number;
  readonly value: number;
}

/** How unusual a reading is, from those before it alone. */
export interface Judged extends SeriesReading {
  /** Logarithm of the days in which the like is expected once; 0 for the usual. */
  readonly score: number;
  /** What is unusual; undefined where nothing is. */
  readonly reason: ChannelName | undefined;
  /** Whether an episode opens here. */
  readonly alarm: boolean;
  /** What the reading was expected to be; undefined on the first day. */
  readonly expected: number | undefined;
}

const hoursOf = (run: EqualRun, until: number): number => (run.count < leastOfRun ? 0 : (until - run.since) / hour);

/**
 * Judges readings one by one, in order of time, each from those before it. What it remembers is `state()`; a detector made
 * from it goes on as this one would. Methods, sources and measured figures: docs/insight.md.
 */
export class AnomalyDetector {
  readonly #settings: DetectorSettings;
  readonly #state: DetectorState;
  #outlook: Outlook | undefined;

  constructor(settings: DetectorSettings, state?: DetectorState) {
    this.#settings = settings;
    this.#state = state === undefined ? freshState() : structuredClone(state);
  }

  state(): DetectorState {
    return structuredClone(this.#state);
  }

  /**
   * Judges the next reading. Its value lies within `largestValue` of zero and its instant after the one before it, else a
   * RangeError is thrown.
   */
  judge({ at, value }: SeriesReading): Judged {
    const state = this.#state;
    if (!(Math.abs(value) <= largestValue) || !(at > (state.last?.at ?? Number.NEGATIVE_INFINITY)))
      throw new RangeError(`not a reading after the one before it: ${value} at ${at}`);
    const { step, zone } = this.#settings;
    const local = at + offsetAt(zone, at);
    const day = Math.floor(local / daySeconds);
    const outlook = this.#open(day);
    const slot = Math.floor((local - day * daySeconds) / step);
    state.begun ??= at;
    const predicted = state.history.length > 0;
    const expected = (outlook.chosen[slot] ?? 0) + outlook.level;
    const residual = predicted ? value - expected : 0;
    const statistics = this.#observe({ at, value }, residual, outlook.scale.slots[slot] ?? outlook.scale.overall);
    state.last = { at, value };
    state.today.values[slot] = value;
    const { score, reason } = this.#score(statistics, outlook);
    return { at, value, score, reason, alarm: this.#alarm(at, score), expected: predicted ? expected : undefined };
  }

  /** The outlook of a day; a new day closes the one before it. */
  #open(day: number): Outlook {
    const state = this.#state;
    const { step } = this.#settings;
    if (state.day !== day) {
      if (state.day !== null) closeDay(state, this.#outlook ?? outlookOf(state, state.day, step), step);
      state.day = day;
      state.history = state.history.filter((one) => one.day >= day - historyDays);
      this.#outlook = undefined;
    }
    this.#outlook ??= outlookOf(state, day, step);
    return this.#outlook;
  }

  #observe({ at, value }: SeriesReading, residual: number, scale: number): Statistics {
    const state = this.#state;
    const { step } = this.#settings;
    const { last } = state;
    const change =
      last !== null && at - last.at <= neighbourSteps * step ? Math.fround(Math.abs(value - last.value)) : -1;
    state.run = this.#run(at, value);
    while ((state.traces[0]?.[0] ?? at) <= at - 24 * hour) state.traces.shift();
    const predicted = state.history.length > 0;
    if (predicted) state.traces.push([at, Math.fround(residual / scale), Math.fround(residual), change]);
    return statisticsOf(
      { at, value, step, traces: state.traces, change: this.#outlook?.scale.change ?? 0, run: state.run },
      predicted,
    );
  }

  /** The run of equal values that a reading belongs to. One that ends counts once, on the day it ends. */
  #run(at: number, value: number): EqualRun {
    const { run, last, today, begun } = this.#state;
    if (run === null || last === null) return { value, since: at, count: 1 };
    if (last.value === value && at - last.at <= longestHoleInRun) return { ...run, count: run.count + 1 };
    const channel = run.value === 0 ? 'zero' : 'flat';
    const hours = run.since === begun ? 0 : hoursOf(run, last.at);
    today.maxima[channel] = Math.max(today.maxima[channel] ?? 0, Math.log1p(hours));
    return { value, since: at, count: 1 };
  }

  #score(statistics: Statistics, outlook: Outlook): Pick<Judged, 'score' | 'reason'> {
    const state = this.#state;
    const { maxima } = state.today;
    const silent = state.days < silentDays;
    let [score, reason]: [number, ChannelName | undefined] = [0, undefined];
    for (const [channel, statistic] of statistics.channels) {
      // A series that never had another value stands still by nature.
      if (isRun(channel) && state.run?.since === state.begun) continue;
      if (!isRun(channel)) {
        const value = isRaw(channel) ? statistic : Math.log1p(statistic);
        maxima[channel] = Math.max(maxima[channel] ?? value, value);
      }
      if (silent || statistic < (floors[channel] ?? Number.NEGATIVE_INFINITY)) continue;
      const found = outlook.score(channel, statistic) ?? 0;
      if (found > score && this.#matters(channel, statistics)) [score, reason] = [found, channel];
    }
    return { score, reason };
  }

  #matters(channel: ChannelName, { residual = 0, excess }: Statistics): boolean {
    const { wattHours, litres } = this.#settings;
    const size = excess.get(channel) ?? Math.abs(residual);
    const passes = (unit: number | undefined, floor: number | undefined): boolean =>
      unit === undefined || floor === undefined || size * unit >= floor;
    return passes(wattHours, energyFloors[channel]) && passes(litres, waterFloors[channel]);
  }

  #alarm(at: number, score: number): boolean {
    if (score < alarmScore) return false;
    const { unusualAt } = this.#state;
    this.#state.unusualAt = at;
    return unusualAt === null || at - unusualAt > episodeSeconds;
  }
}

/**
 * Judges what a closed day of a register brought, from the state before it: the entry point of whoever closes days. Readings
 * ascend and lie after all that the state has seen. Gives the state to keep for the next day beside what was judged.
 */
export const judgeDay = (
  settings: DetectorSettings,
  state: DetectorState | undefined,
  readings: readonly SeriesReading[],
): { readonly state: DetectorState; readonly judged: readonly Judged[] } => {
  const detector = new AnomalyDetector(settings, state);
  const judged = readings.map((reading) => detector.judge(reading));
  return { state: detector.state(), judged };
};
