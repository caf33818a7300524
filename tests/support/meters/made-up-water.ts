/** Homes with a water meter as somebody might live in them, made up by events and not by what any rule looks for. */

export type WaterTrouble = 'leak' | 'toilet' | 'burst';

export interface TroubleTime {
  readonly kind: WaterTrouble;
  /** Hours from the beginning of the home's time, half-open. */
  readonly from: number;
  readonly to: number;
  /** Litres an hour while it runs. */
  readonly perHour: number;
}

export interface MadeUpWater {
  readonly persons: number;
  readonly ways: readonly string[];
  readonly litres: readonly number[];
  readonly troubles: readonly TroubleTime[];
}

/** Even numbers from 0 to 1, the same for the same seed. */
const drawsOf = (seed: number): (() => number) => {
  let state = seed * 2_654_435_761;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
};

interface Life {
  readonly wake: number;
  readonly sleep: number;
  readonly outFrom: number;
  readonly outTo: number;
}

/** How many times something happens that happens `mean` times on average. */
const times = (draw: () => number, mean: number): number => {
  let count = 0;
  for (let left = Math.exp(-mean), product = draw(); product > left; product *= draw()) count += 1;
  return count;
};

const dayHours = 24;

/**
 * A home of `days` days. Each person sleeps, goes out and comes back at hours of their own, flushes, showers, cooks; machines wash;
 * some homes soften water at night, water a garden by a clock or by hand, fill a pool once, work by night or stand empty for a while.
 * @param troubled whether something breaks in it
 */
export const makeUpWater = (seed: number, days: number, troubled: boolean): MadeUpWater => {
  const draw = drawsOf(seed + 1);
  const between = (low: number, high: number): number => low + draw() * (high - low);
  const whole = (low: number, high: number): number => Math.floor(between(low, high + 1));
  const hours = days * dayHours;
  const use = new Float64Array(hours);
  const put = (hour: number, litres: number): void => {
    const at = Math.floor(hour);
    if (at >= 0 && at < hours) use[at] = (use[at] ?? 0) + litres;
  };
  const persons = whole(1, 6);
  const has = {
    softener: draw() < 0.2,
    clockwork: draw() < 0.2,
    garden: draw() < 0.25,
    pool: draw() < 0.05,
    nights: draw() < 0.15,
    holiday: draw() < 0.4,
    guests: draw() < 0.3,
  };
  const lives: readonly Life[] = Array.from({ length: persons }, (_, place) => {
    const shifted = has.nights && place === 0 ? 10 : 0;
    const wake = between(5.5, 8.5) + shifted;
    const stays = draw() < 0.35;
    return { wake, sleep: wake + between(15, 17.5), outFrom: wake + 1.5, outTo: stays ? 0 : wake + between(7, 11) };
  });
  const [holidayFrom, holidayDays] = has.holiday ? [whole(5, days - 20), whole(3, 16)] : [-1, 0];
  const [guestsFrom, guests] = has.guests ? [whole(5, days - 10), whole(1, 4)] : [-1, 0];
  const flush = draw() < 0.5 ? between(4, 6) : between(6, 9);
  const showers = between(0.4, 1.1);
  const waterings = { every: whole(1, 3), litres: between(60, 500), hour: whole(4, 7), long: whole(1, 3) };
  const regenerates = { every: whole(3, 8), litres: between(70, 180) };
  const poolDay = whole(10, days - 5);
  for (let day = 0; day < days; day += 1) {
    const start = day * dayHours;
    const away = day >= holidayFrom && day < holidayFrom + holidayDays;
    if (has.clockwork && day % waterings.every === 0)
      for (let part = 0; part < waterings.long; part += 1)
        put(start + waterings.hour + part, (waterings.litres / waterings.long) * between(0.95, 1.05));
    if (away) continue;
    if (has.softener && day % regenerates.every === 0) {
      put(start + 2, regenerates.litres * 0.7);
      put(start + 3, regenerates.litres * 0.3);
    }
    if (has.garden && draw() < 0.3) put(start + between(18, 21), between(40, 300));
    if (has.pool && day === poolDay) for (let part = 0; part < whole(6, 20); part += 1) put(start + 9 + part, 900);
    const weekend = day % 7 >= 5;
    const there = day >= guestsFrom && day < guestsFrom + 4 ? guests : 0;
    for (const life of [...lives, ...Array.from({ length: there }, () => lives[0])]) {
      if (life === undefined) continue;
      const late = weekend ? between(0, 2) : between(-0.4, 0.4);
      const [wake, sleep] = [life.wake + late, life.sleep + between(-0.7, 1)];
      const isOut = (hour: number): boolean => !weekend && hour >= life.outFrom && hour < life.outTo;
      const awake = (): number => between(wake, sleep);
      const atHome = (): number => {
        const hour = awake();
        return isOut(hour) ? awake() : hour;
      };
      for (let count = times(draw, 4.5); count > 0; count -= 1) {
        const hour = atHome();
        if (!isOut(hour)) put(start + hour, flush + between(0.5, 3));
      }
      if (draw() < 0.35) put(start + between(sleep - dayHours, wake), flush);
      if (draw() < showers) put(start + wake + between(0, 1.5), between(25, 95));
      if (draw() < 0.06) put(start + between(19, 21), between(110, 190));
      for (let count = times(draw, 5); count > 0; count -= 1) {
        const hour = atHome();
        if (!isOut(hour)) put(start + hour, between(0.3, 5));
      }
    }
    if (draw() < 0.15 + persons * 0.09) put(start + between(9, 21), between(40, 70));
    if (draw() < 0.3) put(start + between(19, 22), between(9, 15));
    for (let count = times(draw, 1.5 + persons * 0.4); count > 0; count -= 1)
      put(start + between(7, 21), between(2, 9));
  }
  const troubles: TroubleTime[] = [];
  if (troubled) {
    const kind = (['leak', 'leak', 'toilet', 'burst'] as const)[whole(0, 3)] ?? 'leak';
    const from = whole(60 * dayHours, hours - 14 * dayHours);
    if (kind === 'leak') {
      const perHour = 2 * 40 ** draw();
      troubles.push({ kind, from, to: from + whole(3 * dayHours, 13 * dayHours), perHour });
    } else if (kind === 'burst') troubles.push({ kind, from, to: from + whole(2, 8), perHour: between(600, 2_500) });
    else {
      const until = from + whole(3 * dayHours, 12 * dayHours);
      const perHour = 25 * 8 ** draw();
      for (let at = from; at < until; ) {
        const to = Math.min(until, at + whole(3, 20));
        troubles.push({ kind, from: at, to, perHour: perHour * between(0.8, 1.2) });
        at = to + whole(2, 24);
      }
    }
  }
  for (const { from, to, perHour } of troubles)
    for (let at = from; at < to; at += 1) put(at, perHour * between(0.93, 1.07));
  let [counted, told] = [draw(), 0];
  const litres = Array.from(use, (one) => {
    counted += one;
    const read = Math.floor(counted) - told;
    told += read;
    return read;
  });
  const ways = Object.entries(has).flatMap(([name, is]) => (is ? [name] : []));
  return { persons, ways, litres, troubles };
};
