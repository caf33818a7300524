import type { Presence } from '#shared/vocabulary/statuses.ts';
import type { SeriesReading } from './detect/detect.ts';
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

/** An hour of water, in the scale of its register, and what is to be told of it. */
export interface WatchedHour extends CountedHour {
  readonly reasons: readonly WaterReason[];
}

export const secondsOfHour = 3600;
/** Litres of a count; of registers that count in larger steps every hour is like another. */
const coarsest = 1;

/** Whether hours of a register can be told to be alike. */
export const tellsAlike = (litres: number): boolean => litres <= coarsest;

/** Judges readings of water one by one, each hour from those before it, once its last reading is there. */
export class WaterWatch {
  readonly #settings: WaterSettings;
  readonly #hours: WaterHours;
  #state = freshWater;

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
    return { ...counted, reasons: judged.reasons.filter((one) => one !== 'alike' || tellsAlike(litres)) };
  }
}
