import type { Chance } from './chance.ts';
import { type Flows, minutesOfDay } from './flows.ts';

/** When something runs that nobody uses, in minutes from the beginning of the home's time. */
export interface Trouble {
  readonly from: number;
  readonly to: number;
}

/** Breaks something in a home from a day on, and says when it ran. */
export type Break = (chance: Chance, flows: Flows, day: number) => Trouble;

/** Runs evenly, a little more and a little less, for some days. */
const running =
  (least: number, most: number, days: readonly [least: number, most: number]): Break =>
  (chance, flows, day) => {
    const perHour = chance.across(least, most);
    const from = Math.round((day + chance.of()) * minutesOfDay);
    const to = Math.min(from + Math.round(chance.between(...days) * minutesOfDay), flows.minutes.length);
    for (let minute = from; minute < to; minute += 1)
      flows.minutes[minute] = (flows.minutes[minute] ?? 0) + (perHour / 60) * chance.between(0.9, 1.1);
    return { from, to };
  };

/** A valve that lets a cistern empty slowly, and fills it up again when it is low. */
const refillingCistern: Break = (chance, flows, day) => {
  const [every, litres] = [chance.between(12, 50), chance.between(1.5, 4)];
  const from = Math.round((day + chance.of()) * minutesOfDay);
  const to = from + Math.round(chance.between(4, 12) * minutesOfDay);
  for (let at = from; at < to; at += chance.around(every, every / 10)) flows.run(0, at / 60, litres, 1);
  return { from, to };
};

/** A flap that does not fall back: it runs from a flush until somebody rattles the handle. */
const stuckFlap: Break = (chance, flows, day) => {
  const perHour = chance.across(60, 400);
  const from = Math.round((day + chance.of()) * minutesOfDay);
  const to = from + Math.round(chance.between(4, 10) * minutesOfDay);
  for (let at = from; at < to; ) {
    const long = chance.between(90, 900);
    const until = Math.min(to, at + long);
    flows.run(0, at / 60, (perHour * (until - at)) / 60, until - at);
    at = until + chance.between(120, 900);
  }
  return { from, to };
};

/** A pipe in the ground that gives way more each day. */
const growingLeak: Break = (chance, flows, day) => {
  const from = Math.round((day + chance.of()) * minutesOfDay);
  const to = from + 14 * minutesOfDay;
  const [first, growth] = [chance.between(0.5, 2), chance.between(1.2, 1.5)];
  for (let minute = from; minute < to && minute < flows.minutes.length; minute += 1)
    flows.minutes[minute] = (flows.minutes[minute] ?? 0) + (first * growth ** ((minute - from) / minutesOfDay)) / 60;
  return { from, to };
};

export const breaks = {
  'dripping tap, 0.2 to 0.9 L/h': running(0.2, 0.9, [8, 14]),
  'leak of 1 to 4 L/h': running(1.2, 4, [5, 14]),
  'leak of 4 to 20 L/h': running(4, 20, [3, 14]),
  'leak of 20 to 120 L/h': running(20, 120, [3, 14]),
  'growing leak': growingLeak,
  'cistern that refills': refillingCistern,
  'flap that sticks': stuckFlap,
  'burst, noticed in hours': running(500, 2500, [0.08, 0.4]),
  'burst, noticed in days': running(500, 2500, [1.2, 3]),
} as const satisfies Readonly<Record<string, Break>>;
