import { AnomalyDetector, type Judged } from '#functions/insight/rules/detect/detect.ts';
import { makesHours } from '#functions/insight/rules/water-hours.ts';
import { secondsOfHour, type WatchedHour, WaterWatch } from '#functions/insight/rules/water-watch.ts';
import { offsetAt } from '#shared/vocabulary/zones.ts';
import { NoSeries } from './series-columns.ts';
import type { SeriesRow } from './series-file.ts';

const daySeconds = 86_400;
const shortestStep = 60;
const longestStep = daySeconds;

/** A row as it was judged, with the hour of water that it completes. */
export type JudgedRow = Judged & { readonly hour: WatchedHour | undefined };

/** How the rows of a file were judged. */
export interface JudgedFile {
  /** Of each row of the file, in its order; undefined where the row is no reading. */
  readonly judged: readonly (JudgedRow | undefined)[];
  /** Whether the rows were judged as water, hour by hour. */
  readonly hourly: boolean;
  /** Seconds between readings; undefined below two readings. */
  readonly step: number | undefined;
  readonly notTimes: number;
  readonly notNumbers: number;
  /** Rows whose time came before; the first stands. */
  readonly repeated: number;
  /** Rows that lie so far before all others that they are not judged: a clock that was not set, a mistyped year. */
  readonly apart: number;
  /** Whether the rows are in order of time. */
  readonly ordered: boolean;
}

interface Placed {
  readonly place: number;
  readonly at: number;
  readonly value: number;
}

/** Fewer readings in two days say nothing of a series: a clock that was not set, a row of another century. */
const fewest = 4;

const isStep = (step: number): boolean => step >= shortestStep && step <= longestStep;

/** Seconds between each of the readings of two local days from a place on; of one alone, to the next after them. */
const stepsFrom = (readings: readonly Placed[], zone: string, begin: number): readonly number[] => {
  const dayOf = (at: number): number => Math.floor((at + offsetAt(zone, at)) / daySeconds);
  const until = dayOf(readings[begin]?.at ?? 0) + 2;
  const steps: number[] = [];
  for (let place = begin + 1; place < readings.length; place += 1) {
    const [before, reading] = [readings[place - 1], readings[place]];
    if (before === undefined || reading === undefined) break;
    if (steps.length > 0 && dayOf(reading.at) >= until) break;
    steps.push(reading.at - before.at);
  }
  return steps;
};

const middleOf = (steps: readonly number[]): number | undefined =>
  steps.toSorted((left, right) => left - right)[steps.length >> 1];

/** Seconds between readings, undefined below two of them, and the place of the first that is judged. */
interface Beginning {
  readonly step: number | undefined;
  readonly begin: number;
}

/**
 * Where a series begins and how its readings follow each other: by the median over its first two local days, in which nothing is
 * scored yet. Few readings that lie apart from all others are passed over. What comes later does not change it, so no row is
 * judged by what comes after.
 */
const beginningOf = (readings: readonly Placed[], zone: string): Beginning => {
  let begin = 0;
  while (begin < fewest && begin < readings.length - 1) {
    const steps = stepsFrom(readings, zone, begin);
    const step = middleOf(steps);
    if (step !== undefined && isStep(step)) return { step, begin };
    if (steps.length >= fewest - 1) break;
    begin += steps.length;
  }
  return { step: middleOf(stepsFrom(readings, zone, 0)), begin: 0 };
};

const checkedStep = (step: number): number => {
  if (isStep(step)) return step;
  throw new NoSeries(`readings come every ${step} s: detect takes series of one minute to one day`);
};

interface FileSettings {
  readonly zone: string;
  /** Wh or litres that a value of 1 stands for, where it is energy or water. */
  readonly wattHours?: number | undefined;
  readonly litres?: number | undefined;
}

/** Meters send about hourly: a step so near to an hour is one. */
const nearHour = 72;

/** Judges hours of water as the running system does, where it is water and the steps make hours. */
const watchOf = ({ zone, litres }: FileSettings, step: number): WaterWatch | undefined => {
  const even = Math.abs(step - secondsOfHour) <= nearHour ? secondsOfHour : step;
  if (litres === undefined || !makesHours(even)) return undefined;
  return new WaterWatch({ step: even, zone, litres, presenceAt: () => 'unknown' });
};

/** Judges the readings of a file in order of time, each from those before it. Throws NoSeries where there is none. */
export const judgeFile = (rows: readonly SeriesRow[], settings: FileSettings): JudgedFile => {
  const placed: Placed[] = [];
  let [notTimes, notNumbers, repeated, apart] = [0, 0, 0, 0];
  for (const [place, { at, value }] of rows.entries()) {
    if (at === undefined) notTimes += 1;
    else if (value === undefined) notNumbers += 1;
    else placed.push({ place, at, value });
  }
  if (rows.length > 0 && notTimes === rows.length)
    throw new NoSeries(
      `no row has a time that can be read; the first holds "${rows[0]?.timestamp}" (2026-03-01T09:30:00Z, 2026-03-01 09:30, 2026-03-01 and Unix seconds can be)`,
    );
  if (placed.length === 0) throw new NoSeries('no row has both a time and a number');
  const ordered = placed.every(({ at }, place) => at >= (placed[place - 1]?.at ?? at));
  if (!ordered) placed.sort((left, right) => left.at - right.at || left.place - right.place);
  const distinct = placed.filter(({ at }, place) => at !== placed[place - 1]?.at);
  const { step, begin } = beginningOf(distinct, settings.zone);
  const since = distinct[begin]?.at ?? 0;
  const times = new Set(placed.map(({ at }) => at)).size;
  if (2 * times < placed.length)
    throw new NoSeries(`${placed.length} rows share ${times} times: the file holds several series, detect takes one`);
  const judged = new Array<JudgedRow | undefined>(rows.length).fill(undefined);
  const usual = step === undefined ? longestStep : checkedStep(step);
  const [detector, watch] = [new AnomalyDetector({ ...settings, step: usual }), watchOf(settings, usual)];
  let last = Number.NEGATIVE_INFINITY;
  for (const { place, at, value } of placed) {
    if (at < since) {
      apart += 1;
      continue;
    }
    if (at === last) {
      repeated += 1;
      continue;
    }
    last = at;
    judged[place] = { ...detector.judge({ at, value }), hour: watch?.take({ at, value }) };
  }
  return { judged, hourly: watch !== undefined, step, notTimes, notNumbers, repeated, apart, ordered };
};
