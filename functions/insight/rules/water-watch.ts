import type { Presence } from '#shared/vocabulary/statuses.ts';
import type { SeriesReading } from './detect/detect.ts';
import { longestHole, suspicionHours } from './night-flow.ts';
import { freshWater, judgeWaterHour, type WaterReason } from './water-alerts.ts';
import { type CountedHour, WaterHours } from './water-hours.ts';

export interface WaterSettings {
  /** Seconds of a reading, of those that make hours. */
  readonly step: number;
  /** In which hours and days are cut. */
  readonly zone: string;
  /** Litres that a value of 1 stands for. */
  readonly litres: number;
  /** Whether somebody is at home all of [from, to), Unix seconds. */
  readonly presenceAt: (from: number, to: number) => Presence;
}

/** An hour of water, in the scale of its register, and what is to be told of it; `endless` once water never stopped for a day. */
export interface WatchedHour extends CountedHour {
  readonly reasons: readonly (WaterReason | 'endless')[];
}

export const secondsOfHour = 3600;
/** Judges readings of water one by one, each hour from those before it, once its last reading is there. */
export class WaterWatch {
  readonly #settings: WaterSettings;
  readonly #hours: WaterHours;
  #state = freshWater;
  /** Since when water has not stopped, and until when hours are known. */
  #runs: number | undefined;
  #known = 0;

  constructor(settings: WaterSettings) {
    this.#settings = settings;
    this.#hours = new WaterHours(settings.step, settings.zone);
  }

  /** The hour that a reading completes. Readings ascend. */
  take(reading: SeriesReading): WatchedHour | undefined {
    const { litres, presenceAt } = this.#settings;
    const counted = this.#hours.add(reading);
    if (counted === undefined) return undefined;
    const { at, day, value } = counted;
    const presence = presenceAt(at, at + secondsOfHour);
    const judged = judgeWaterHour(this.#state, { at, day, litres: value * litres, presence });
    this.#state = judged.state;
    return { ...counted, reasons: this.#isEndless(counted) ? [...judged.reasons, 'endless'] : judged.reasons };
  }

  /** Whether water has run for a day by the end of an hour, and had not by its beginning (`nightFlow`). */
  #isEndless({ at, value }: CountedHour): boolean {
    if (value <= 0 || at - this.#known > longestHole) this.#runs = undefined;
    this.#known = at + secondsOfHour;
    if (value > 0) this.#runs ??= at;
    const ran = this.#runs === undefined ? 0 : this.#known - this.#runs;
    const due = suspicionHours * secondsOfHour;
    return ran >= due && ran - secondsOfHour < due;
  }
}
