import type { StoryCalendar, StoryDay } from './calendar.ts';
import { activities, heating, type LoadKind } from './load-tables.ts';
import type { Random } from './random.ts';

/** Stands for an interval that never came; every value is below it. */
export const missing = 65_535;

/** Values of a register, one for each half-hour of the story, in its scale; `missing` where none came. */
export type Load = Uint16Array;

/** What makes one place's load its own. */
export interface Dwelling {
  readonly kind: LoadKind;
  /** Wh per half-hour that always run. */
  readonly base: number;
  /** Wh per half-hour at full activity. */
  readonly active: number;
  /** Wh per half-hour of electric heating for each tenth of a degree that is missing at full heating; 0 without. */
  readonly heatPump: number;
  /** A car charged at night: first half-hour of the clock, and Wh per half-hour. */
  readonly car?: { readonly slot: number; readonly power: number };
  /** Kilowatts peak of panels, in tenths. */
  readonly panels: number;
}

/** How much of the usual life a day sees: 0 nobody lives there, 1 away, 2 at home. */
export type Presence = Uint8Array;

export interface ElectricityLoad {
  readonly forward: Load;
  readonly reverse?: Load;
}

/** Everyday appliances: chance in 65,536 per half-hour at full activity, and Wh in that half-hour. */
const appliances = [
  { threshold: 9_000, wattHours: 110 },
  { threshold: 12_500, wattHours: 420 },
  { threshold: 14_500, wattHours: 900 },
] as const;

const applianceAt = (draw: number, level: number): number => {
  const scaled = (draw * 255) / (level + 1);
  for (const { threshold, wattHours } of appliances) if (scaled < threshold) return wattHours;
  return 0;
};

const consumption = (dwelling: Dwelling, day: StoryDay, at: number, awake: number, draw: number): number => {
  const slot = day.slots[at] ?? 0;
  const table = activities[dwelling.kind];
  const level = ((day.weekend ? table.weekend : table.weekday)[slot] ?? 0) * awake;
  const light = 200 + (day.winter >> 1);
  let wattHours = dwelling.base - (dwelling.base >> 3) + ((dwelling.base * (draw & 255)) >> 10);
  wattHours += Math.round((dwelling.active * level * light * (160 + ((draw >>> 8) & 127))) / 16_711_680);
  if (awake === 1 && dwelling.active < 900) wattHours += applianceAt(draw >>> 16, level);
  if (dwelling.heatPump > 0) {
    wattHours += (dwelling.heatPump * day.cold * (heating[slot] ?? 0) * (awake === 1 ? 4 : 1)) >> 10;
  }
  return wattHours;
};

/** Wh the car takes in a half-hour: a night's charge lasts as many half-hours as it was driven. */
const charge = (dwelling: Dwelling, slot: number, nights: number): number => {
  if (dwelling.car === undefined) return 0;
  const since = (slot - dwelling.car.slot + 48) % 48;
  return since < nights ? dwelling.car.power : 0;
};

/**
 * Wh per half-hour of a home or business: base load, a day's life by clock, weekday and season, heat pump, car, panels. With
 * panels the sun is used at home first and the rest is fed in on the reverse register.
 */
export const electricityLoad = (
  calendar: StoryCalendar,
  dwelling: Dwelling,
  presence: Presence,
  random: Random,
): ElectricityLoad => {
  const forward = new Uint16Array(calendar.intervals);
  const reverse = new Uint16Array(dwelling.panels > 0 ? calendar.intervals : 0);
  calendar.days.forEach((day, index) => {
    const present = presence[index] ?? 2;
    const awake = present === 2 ? 1 : 0;
    const mood = 205 + random.below(100);
    const nights = awake === 1 && random.chance(420) ? random.between(2, 9) : 0;
    const spike = random.below(220) === 0 ? random.below(day.intervals) : -1;
    for (let at = 0; at < day.intervals; at += 1) {
      const draw = random.word();
      let wattHours = present === 0 ? dwelling.base >> 2 : consumption(dwelling, day, at, awake, draw);
      wattHours = (wattHours * mood) >> 8;
      wattHours += charge(dwelling, day.slots[at] ?? 0, nights);
      if (at === spike && awake === 1) wattHours += 2_500 + (draw & 1023);
      const sun = ((day.clearSky[at] ?? 0) * dwelling.panels * day.sun * (224 + (draw & 31))) / 655_360;
      const made = Math.floor(sun);
      forward[day.first + at] = Math.max(0, wattHours - made);
      if (made > wattHours) reverse[day.first + at] = made - wattHours;
    }
  });
  return dwelling.panels > 0 ? { forward, reverse } : { forward };
};

/** Litres of gas per half-hour: heating by the cold and the clock, hot water and cooking by the day's life. */
export const gasLoad = (
  calendar: StoryCalendar,
  kind: LoadKind,
  litresPerDegree: number,
  presence: Presence,
  random: Random,
): Load => {
  const load = new Uint16Array(calendar.intervals);
  const table = activities[kind];
  calendar.days.forEach((day, index) => {
    const present = presence[index] ?? 2;
    if (present === 0) return;
    const life = day.weekend ? table.weekend : table.weekday;
    // Homes heat once it is about three degrees below the base temperature.
    const cold = Math.max(0, day.cold - 30);
    for (let at = 0; at < day.intervals; at += 1) {
      const slot = day.slots[at] ?? 0;
      const draw = random.word();
      const warm = (litresPerDegree * cold * (heating[slot] ?? 0) * (200 + (draw & 127))) >> (present === 2 ? 17 : 19);
      const tap = present === 2 && ((draw >>> 8) & 1023) < (life[slot] ?? 0) >> 1 ? 30 + ((draw >>> 18) & 127) : 0;
      load[day.first + at] = warm + tap;
    }
  });
  return load;
};

/** Litres of water per half-hour by the day's life; nothing at night unless someone is up. */
export const waterLoad = (calendar: StoryCalendar, kind: LoadKind, presence: Presence, random: Random): Load => {
  const load = new Uint16Array(calendar.intervals);
  const table = activities[kind];
  calendar.days.forEach((day, index) => {
    if (presence[index] !== 2) return;
    const life = day.weekend ? table.weekend : table.weekday;
    for (let at = 0; at < day.intervals; at += 1) {
      const draw = random.word();
      if ((draw & 1023) < (life[day.slots[at] ?? 0] ?? 0) * 2) load[day.first + at] = 2 + ((draw >>> 10) % 38);
    }
  });
  return load;
};

/** Sum of a load over [from, to) of the story's half-hours; what is missing counts nothing. */
export const sumOf = (load: Load, from: number, to: number): number => {
  let sum = 0;
  for (let at = from; at < to; at += 1) {
    const value = load[at] ?? missing;
    if (value !== missing) sum += value;
  }
  return sum;
};
