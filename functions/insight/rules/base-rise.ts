import type { Scale } from '#shared/vocabulary/measures.ts';
import { addDays } from '#shared/vocabulary/time.ts';
import { inUnit } from './amounts.ts';
import { windowBefore } from './day-use.ts';
import type { SeriesReading } from './detect/detect.ts';
import type { Insight } from './insight.ts';
import { baseLoad } from './load-shape.ts';

/** How what never stops compares with the four weeks before, in the register's unit an hour. */
export interface BaseRise {
  readonly rose: boolean;
  readonly perHour: number;
  readonly before: number;
  /** What the rise is in a year, should it stay. */
  readonly perYear: number;
}

export interface BaseRiseGround extends Scale {
  readonly readings: readonly SeriesReading[];
  readonly step: number;
  readonly zone: string;
  readonly date: string;
  readonly expected: { readonly now: number; readonly before: number };
}

const span = 28;
const leastShare = 0.3;
/** 50 W, day and night, are 438 kWh a year. Of other units any rise by the share counts. */
const leastWatts = 50;
const hoursOfYear = 8760;

/** Whether something runs day and night that did not four weeks ago. */
export const baseRise = (ground: BaseRiseGround): Insight<BaseRise> => {
  const { readings, step, zone, date, expected } = ground;
  const method = 'base-load-rise';
  const common = { readings, step, zone };
  const now = baseLoad({ ...common, window: windowBefore(date, span), expected: expected.now });
  if (!now.enough) return { ...now, method };
  const before = baseLoad({ ...common, window: windowBefore(addDays(date, -span), span), expected: expected.before });
  if (!before.enough) return { ...before, method };
  const more = now.value.perHour - before.value.perHour;
  const least = leastWatts / (inUnit(ground, 'Wh') ?? Number.POSITIVE_INFINITY);
  return {
    ...now,
    method,
    value: {
      rose: more > 0 && more >= leastShare * before.value.perHour && more >= least,
      perHour: now.value.perHour,
      before: before.value.perHour,
      perYear: more * hoursOfYear,
    },
    coverage: Math.min(now.coverage, before.coverage),
    confidence: Math.min(now.confidence, before.confidence),
    evidence: { now: now.value.perHour, before: before.value.perHour },
  };
};
