import type { SeriesReading } from '#functions/insight/rules/detect/detect.ts';
import { daysBetween, localDateAt } from '#shared/vocabulary/time.ts';
import { Chance } from './chance.ts';
import { Flows } from './flows.ts';
import { instantOfMinute, meter, type WaterMeter } from './metered.ts';
import { type Break, breaks, type Trouble } from './troubles.ts';
import { ways } from './ways.ts';

/** A home with a water meter, what it read, and when something ran that nobody used. */
export interface MeteredHousehold {
  readonly readings: readonly SeriesReading[];
  readonly how: WaterMeter;
  /** Unix seconds; undefined where nothing broke. */
  readonly trouble: Trouble | undefined;
  /** Whether at an instant far more was used than ever. */
  readonly isToBeAsked: (at: number) => boolean;
}

export const householdDays = 112;
/** Nothing breaks before a home is known. */
const knownBy = 60;

/** Clocks change on the 84th, the 77th and the 78th day. */
const times = [
  { zone: 'Europe/London', first: '2026-01-05' },
  { zone: 'America/Los_Angeles', first: '2026-08-17' },
  { zone: 'Australia/Adelaide', first: '2026-01-18' },
] as const;

const meters = {
  'every hour, 1 L': { pulse: 1, step: 3600 },
  'every hour, 10 L': { pulse: 10, step: 3600 },
  'every hour, 100 L': { pulse: 100, step: 3600 },
  'every quarter of an hour, 1 L': { pulse: 1, step: 900 },
  'every day, 1 L': { pulse: 1, step: 86_400 },
} as const;

export type WayName = keyof typeof ways;
export type BreakName = keyof typeof breaks;
export type MeterName = keyof typeof meters;

export interface HouseholdKind {
  readonly way?: WayName;
  readonly breaks?: BreakName;
  readonly meter?: MeterName;
  /** Whether readings are lost and days estimated, and whether it breaks before the night in which clocks change. */
  readonly holes?: boolean;
  readonly clockChange?: boolean;
}

const inhabited = ['family', 'family', 'softener', 'irrigation', 'work by night', 'guests', 'holiday'] as const;

const breakDay = (chance: Chance, kind: HouseholdKind, zone: number): number =>
  kind.clockChange === true ? ([82, 75, 76][zone % 3] ?? 82) : chance.whole(knownBy, householdDays - 16);

const lostDays = (chance: Chance): ReadonlySet<number> =>
  new Set(Array.from({ length: 5 }, () => chance.whole(20, householdDays - 1)));

/** A home of a kind: in what is not said of it, it is like any. */
export const householdOf = (kind: HouseholdKind, seed: number): MeteredHousehold => {
  const chance = new Chance(seed);
  const flows = new Flows(householdDays);
  const way = kind.way ?? inhabited[chance.whole(0, inhabited.length - 1)] ?? 'family';
  const asked = ways[way](chance, flows);
  const place = chance.whole(0, times.length - 1);
  const time = times[place] ?? times[0];
  const holes = kind.holes === true;
  const how: WaterMeter = {
    ...time,
    ...meters[kind.meter ?? 'every hour, 1 L'],
    lost: holes ? 0.02 : 0,
    estimated: holes ? lostDays(chance) : new Set(),
  };
  const breaking: Break | undefined = kind.breaks === undefined ? undefined : breaks[kind.breaks];
  const broken = breaking?.(chance, flows, breakDay(chance, kind, place));
  const trouble = broken && { from: instantOfMinute(how, broken.from), to: instantOfMinute(how, broken.to) };
  const isToBeAsked = (at: number): boolean => asked?.has(daysBetween(how.first, localDateAt(how.zone, at))) === true;
  return { readings: meter(chance, flows, how), how, trouble, isToBeAsked };
};
