import type { Chance } from './chance.ts';

/** Water that runs in a home, minute by minute, by the clock on its wall. */
export class Flows {
  readonly days: number;
  readonly minutes: Float64Array;

  constructor(days: number) {
    this.days = days;
    this.minutes = new Float64Array(days * minutesOfDay);
  }

  /** So many litres, evenly over some minutes from a time of a day on; hours beyond 24 are of the next day. */
  run(day: number, hour: number, litres: number, minutes: number): void {
    const from = Math.round(day * minutesOfDay + hour * 60);
    const long = Math.max(1, Math.round(minutes));
    for (let minute = Math.max(0, from); minute < Math.min(from + long, this.minutes.length); minute += 1)
      this.minutes[minute] = (this.minutes[minute] ?? 0) + litres / long;
  }
}

export const minutesOfDay = 1440;

/** What somebody does in a day who wakes and sleeps at an hour, and is out for some. */
export interface Person {
  readonly wakes: number;
  readonly awake: number;
  readonly out: readonly [from: number, to: number] | undefined;
  /** Litres of a flush, and minutes under the shower at 8 litres each. */
  readonly flush: number;
  readonly shower: number;
}

export const somebody = (chance: Chance, more: Partial<Person> = {}): Person => ({
  wakes: chance.around(7, 1),
  awake: chance.around(16, 0.8),
  out: chance.is(0.6) ? [8.5, chance.between(13, 18)] : undefined,
  flush: chance.is(0.4) ? 9 : chance.between(4, 6),
  shower: chance.between(3, 10),
  ...more,
});

/** A day of a person: flushes every two hours or so, hands, a shower, a glass at night. */
export const liveADay = (chance: Chance, flows: Flows, day: number, person: Person): void => {
  const wakes = person.wakes + chance.around(0, 0.4) + (day % 7 > 4 ? 0.8 : 0);
  const [outFrom, outTo] = (day % 7 > 4 ? undefined : person.out) ?? [99, 0];
  for (let at = wakes; at < wakes + person.awake; at += chance.between(0.7, 3.2)) {
    const clock = at % 24;
    if (clock >= outFrom && clock < outTo) continue;
    if (chance.is(0.75)) flows.run(day, at, person.flush, 2);
    flows.run(day, at + 0.05, chance.between(0.5, 4), 1);
  }
  if (chance.is(0.8)) flows.run(day, wakes + chance.between(0.1, 0.8), person.shower * 8, person.shower);
  if (chance.is(0.25)) flows.run(day, wakes - chance.between(1.5, 6), person.flush, 2);
  for (let meals = chance.whole(1, 2); meals > 0; meals -= 1)
    flows.run(day, wakes + chance.between(0, person.awake), chance.between(4, 14), 4);
};

/** What a household does together: washing, dishes, a bath, a bucket on the floor. */
export const keepHouse = (chance: Chance, flows: Flows, day: number, heads: number): void => {
  if (chance.is(0.12 * heads + 0.1)) flows.run(day, chance.between(9, 20), chance.between(45, 65), 70);
  if (chance.is(0.5)) flows.run(day, chance.between(19, 23.5), chance.between(9, 14), 60);
  if (chance.is(0.07 * heads)) flows.run(day, chance.between(18, 21), chance.between(100, 160), 9);
  if (chance.is(0.15)) flows.run(day, chance.between(9, 18), chance.between(8, 30), 5);
};
