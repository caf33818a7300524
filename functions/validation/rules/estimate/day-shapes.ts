import { gridOf } from '#functions/readings/rules/supplied-series.ts';
import type { HistoryDay } from '#functions/validation/rules/day-digest.ts';
import { isHoliday } from '#functions/validation/rules/holidays.ts';
import type { RegisterGround } from '#functions/validation/rules/judgement.ts';
import { isSound, valuesByStart } from '#functions/validation/rules/read-day.ts';
import { addDays, startOfDate } from '#shared/vocabulary/time.ts';
import { offsetAt } from '#shared/vocabulary/zones.ts';

/** What is known of a day: its measured, sound values by place on the local clock. */
export interface DayShape {
  readonly date: string;
  readonly rest: boolean;
  readonly byPlace: ReadonlyMap<number, number>;
  /** Whether at least three quarters of its intervals are measured and sound, and the power was on. */
  readonly representative: boolean;
}

/** Whether a date is like the weekend: a day of rest, or a holiday. */
export const isRestDay = (configuration: RegisterGround['configuration'], date: string): boolean => {
  const { weekend, holidays, calendar } = configuration;
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  if (weekend.includes(weekday === 0 ? 7 : weekday) || holidays.includes(date)) return true;
  return calendar !== undefined && isHoliday(calendar, date);
};

const secondOfDay = (zone: string, instant: number): number => {
  const local = instant + offsetAt(zone, instant);
  return ((local % 86_400) + 86_400) % 86_400;
};

/** Place of an instant on the local clock: whole intervals since 00:00. A repeated hour has the places of the first one. */
export const placeOf = ({ register }: RegisterGround, instant: number): number =>
  Math.floor(secondOfDay(register.zone, instant) / register.intervalSeconds);

/** Days that estimates are made from, and single values next to holes. */
export interface Shapes {
  /** Undefined where nothing is known of the day. */
  readonly of: (date: string) => DayShape | undefined;
  /** A sound measured value that begins at an instant. */
  readonly soundAt: (date: string, start: number) => number | undefined;
}

const leastSound = 3 / 4;

const shapeOf = (ground: RegisterGround, day: HistoryDay): DayShape => {
  const { register, configuration } = ground;
  const values = valuesByStart(day.runs, register.intervalSeconds);
  const byPlace = new Map<number, number>();
  let [expected, sound] = [0, 0];
  const [from, to] = [startOfDate(register.zone, day.date), startOfDate(register.zone, addDays(day.date, 1))];
  for (const slot of gridOf(register, from, to)) {
    expected += 1;
    const there = values.get(slot.from);
    if (there === undefined || !isSound(there.value, there.code)) continue;
    sound += 1;
    const place = placeOf(ground, slot.from);
    if (!byPlace.has(place)) byPlace.set(place, there.value);
  }
  const representative = !day.outage && sound > 0 && sound >= leastSound * expected;
  return { date: day.date, rest: isRestDay(configuration, day.date), byPlace, representative };
};

/** Shapes of days, each worked out when it is first asked for. */
export const shapesOf = (ground: RegisterGround, days: readonly HistoryDay[]): Shapes => {
  const byDate = new Map(days.map((day) => [day.date, day]));
  const known = new Map<string, DayShape | undefined>();
  return {
    of: (date) => {
      const day = byDate.get(date);
      if (!known.has(date)) known.set(date, day === undefined ? undefined : shapeOf(ground, day));
      return known.get(date);
    },
    soundAt: (date, start) => {
      const day = byDate.get(date);
      const there = day && valuesByStart(day.runs, ground.register.intervalSeconds).get(start);
      return there !== undefined && isSound(there.value, there.code) ? there.value : undefined;
    },
  };
};

/** The representative days nearest to a date on each side, at most `most` and not further away than `within` days. */
export const nearestDays = (
  shapes: Shapes,
  date: string,
  { most, before, after }: { readonly most: number; readonly before: number; readonly after: number },
  test: (shape: DayShape) => boolean = () => true,
): readonly DayShape[] => {
  const nearest = (step: number, within: number): DayShape[] => {
    const found: DayShape[] = [];
    for (let away = 1; away <= within && found.length < most; away += 1) {
      const shape = shapes.of(addDays(date, step * away));
      if (shape?.representative === true && test(shape)) found.push(shape);
    }
    return found;
  };
  return [...nearest(-1, before), ...nearest(1, after)].sort((left, right) => (left.date < right.date ? -1 : 1));
};
