import { offsetAt } from '#shared/vocabulary/zones.ts';
import type { SeriesReading } from './detect/detect.ts';
import { localDay } from './eras.ts';

const hour = 3600;

/** What a register counted in one hour by the clock of its place, in its own scale. */
export interface CountedHour extends SeriesReading {
  /** Number of the local day it lies in. */
  readonly day: number;
}

/** Whether steps of so many seconds make hours: an hour each, or so many to the hour. */
export const makesHours = (step: number): boolean => step <= hour && hour % step === 0;

/** What is said of a register whose steps make none. */
export const hoursNeeded = 'readings of whole hours are needed, or of parts of an hour';

/**
 * Adds readings up to hours by the local clock, one by one, in order of time. An hour of which a reading is missing is none.
 * Steps of an hour are hours as they are, whenever they begin.
 */
export class WaterHours {
  readonly #step: number;
  readonly #zone: string;
  #open: { readonly from: number; readonly sum: number; readonly count: number } | undefined;

  /** @param step seconds of a reading, of those that make hours */
  constructor(step: number, zone: string) {
    this.#step = step;
    this.#zone = zone;
  }

  /** The hour that a reading completes; undefined where it completes none. */
  add({ at, value }: SeriesReading): CountedHour | undefined {
    const offset = offsetAt(this.#zone, at);
    const from = this.#step === hour ? at : Math.floor((at + offset) / hour) * hour - offset;
    const open = this.#open?.from === from ? this.#open : { from, sum: 0, count: 0 };
    this.#open = { from, sum: open.sum + value, count: open.count + 1 };
    if (this.#open.count * this.#step !== hour) return undefined;
    const { sum } = this.#open;
    this.#open = undefined;
    return { at: from, value: sum, day: localDay(this.#zone, from) };
  }
}

/** The hours that readings make, which ascend, `step` seconds each. */
export const hoursOf = (readings: readonly SeriesReading[], step: number, zone: string): readonly CountedHour[] => {
  const hours = new WaterHours(step, zone);
  return readings.flatMap((reading) => hours.add(reading) ?? []);
};
