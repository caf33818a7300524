import type { SeriesReading } from '#functions/insight/rules/detect/detect.ts';
import { addDays, localDateAt, startOfDate } from '#shared/vocabulary/time.ts';
import { offsetAt } from '#shared/vocabulary/zones.ts';
import type { Chance } from './chance.ts';
import { type Flows, minutesOfDay } from './flows.ts';

/** How water is read. */
export interface WaterMeter {
  /** Litres of a pulse. */
  readonly pulse: number;
  /** Seconds of an interval. */
  readonly step: number;
  readonly zone: string;
  /** The first local date. */
  readonly first: string;
  /** Share of readings that are lost one by one, and days that are lost whole and estimated. */
  readonly lost: number;
  readonly estimated: ReadonlySet<number>;
}

const minute = 60;

/** Instant of a minute of the home's time: what its clock jumps over does not run, what it shows twice runs once. */
export const instantOfMinute = ({ zone, first }: WaterMeter, at: number): number => {
  const date = addDays(first, Math.floor(at / minutesOfDay));
  const wall = startOfDate('+00:00', date) + (at % minutesOfDay) * minute;
  return wall - offsetAt(zone, wall - offsetAt(zone, wall));
};

/** Measured values of a home, in litres; what was lost or estimated is not among them. */
export const meter = (chance: Chance, flows: Flows, how: WaterMeter): readonly SeriesReading[] => {
  const { pulse, step, zone, first, lost, estimated } = how;
  const begin = startOfDate(zone, first);
  const sums = new Map<number, number>();
  for (const [at, litres] of flows.minutes.entries()) {
    if (litres === 0) continue;
    const instant = instantOfMinute(how, at);
    const place = Math.floor((instant - begin) / step);
    sums.set(place, (sums.get(place) ?? 0) + litres);
  }
  const end = startOfDate(zone, addDays(first, flows.days));
  const readings: SeriesReading[] = [];
  let dial = chance.between(0, pulse);
  const days = new Map<string, number>(Array.from({ length: flows.days }, (_, day) => [addDays(first, day), day]));
  for (let place = 0; begin + place * step < end; place += 1) {
    const before = Math.floor(dial / pulse);
    dial += sums.get(place) ?? 0;
    const at = begin + place * step;
    if (chance.is(lost) || estimated.has(days.get(localDateAt(zone, at)) ?? -1)) continue;
    readings.push({ at, value: (Math.floor(dial / pulse) - before) * pulse });
  }
  return readings;
};
