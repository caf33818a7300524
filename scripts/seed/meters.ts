import type { Register } from '#shared/vocabulary/measures.ts';
import type { Reference } from '#shared/vocabulary/references.ts';
import type { Commodity } from '#shared/vocabulary/statuses.ts';
import { halfHour, type StoryCalendar } from './calendar.ts';
import { type Load, missing } from './load-shape.ts';
import type { Random } from './random.ts';

/** One register with what it measured. */
export interface StoryRegister {
  readonly register: Register;
  readonly load: Load;
}

/** A meter with its registers, and the half-hours of the story in which it measured. */
export interface StoryMeter {
  readonly serial: string;
  readonly reference: Reference;
  readonly registers: readonly StoryRegister[];
  /** Half-hours of the story, half-open. */
  readonly from: number;
  readonly to: number;
  /** Days (indexes) whose blocks come after all others. */
  readonly lateDays: ReadonlySet<number>;
}

const scales = {
  electricity: { unit: 'Wh', powerOfTen: 0 },
  gas: { unit: 'm3', powerOfTen: -3 },
  water: { unit: 'L', powerOfTen: 0 },
} as const satisfies Record<Commodity, Pick<Register, 'unit' | 'powerOfTen'>>;

/** A register as the head end describes it: `E1` and `B1` (fed in) for electricity, `G1` for gas, `W1` for water. */
export const registerOf = (commodity: Commodity, flow: 'forward' | 'reverse', zone: string): Register => ({
  id: flow === 'reverse' ? 'B1' : `${commodity.slice(0, 1).toUpperCase()}1`,
  commodity,
  flow,
  ...scales[commodity],
  intervalSeconds: halfHour,
  zone,
});

export const serialReference = (serial: string): Reference => ({ namespace: 'serial', value: serial });

/** Leaves out what never reached the head end: here and there some half-hours, for a few meters a day or two. */
export const loseSome = (calendar: StoryCalendar, loads: readonly Load[], random: Random): void => {
  for (let gaps = random.below(4); gaps > 0; gaps -= 1) {
    const from = random.below(calendar.intervals);
    for (const load of loads) load.fill(missing, from, from + random.between(1, 6));
  }
  if (!random.chance(40)) return;
  const first = random.below(calendar.days.length);
  for (const day of calendar.days.slice(first, first + random.between(1, 2))) {
    for (const load of loads) load.fill(missing, day.first, day.first + day.intervals);
  }
};

/** Days whose blocks come late, for one meter in sixteen. */
export const lateDaysOf = (calendar: StoryCalendar, random: Random): ReadonlySet<number> => {
  const days = new Set<number>();
  if (random.below(16) > 0) return days;
  const first = random.below(calendar.days.length);
  for (let count = random.between(1, 4); count > 0; count -= 1)
    days.add(Math.min(first + count, calendar.days.length - 1));
  return days;
};
