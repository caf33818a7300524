import type { Chance } from './chance.ts';
import { type Flows, keepHouse, liveADay, type Person, somebody } from './flows.ts';

/**
 * How homes live in which nothing is broken. Each fills all days of its flows, and says on which days far more was used than ever,
 * so that it is right to ask.
 */
export type Way = (chance: Chance, flows: Flows) => ReadonlySet<number> | undefined;

interface Household {
  readonly people: readonly Person[];
  /** Whether nobody is there on a day. */
  readonly isEmpty?: (day: number) => boolean;
  /** What else runs on a day, whoever is there. */
  readonly besides?: (day: number) => void;
}

const household = (chance: Chance, flows: Flows, { people, isEmpty, besides }: Household): undefined => {
  for (let day = 0; day < flows.days; day += 1) {
    besides?.(day);
    if (isEmpty?.(day) === true) continue;
    for (const person of people) liveADay(chance, flows, day, person);
    keepHouse(chance, flows, day, people.length);
  }
};

const peopleOf = (chance: Chance, least: number, most: number): readonly Person[] =>
  Array.from({ length: chance.whole(least, most) }, () => somebody(chance));

const family: Way = (chance, flows) => household(chance, flows, { people: peopleOf(chance, 1, 5) });

/** A softener washes its resin with some hundred litres for an hour and a half, in the small hours, every few days. */
const softener: Way = (chance, flows) => {
  const [every, hour, litres] = [chance.whole(2, 9), chance.between(1, 4), chance.between(90, 280)];
  return household(chance, flows, {
    people: peopleOf(chance, 2, 5),
    besides: (day) => {
      if (day % every === 0) flows.run(day, hour, litres, chance.between(50, 100));
    },
  });
};

/** Beds are watered one after another by a clock, from a day in spring on. */
const irrigation: Way = (chance, flows) => {
  const [from, every, zones] = [chance.whole(0, 80), chance.whole(1, 4), chance.whole(2, 8)];
  const [hour, litres] = [chance.between(3, 22), chance.between(40, 260)];
  return household(chance, flows, {
    people: peopleOf(chance, 1, 4),
    besides: (day) => {
      if (day < from || day % every !== 0) return;
      for (let zone = 0; zone < zones; zone += 1) flows.run(day, hour + zone / 3, litres, 18);
    },
  });
};

/** A cooler wets its pads as long as it blows: from noon until it is cool, in heat waves into the small hours. */
const evaporativeCooler: Way = (chance, flows) => {
  const [perHour, hot] = [chance.between(8, 40), chance.between(0.2, 0.7)];
  let heat = 0;
  return household(chance, flows, {
    people: peopleOf(chance, 1, 4),
    besides: (day) => {
      heat = 0.6 * heat + 0.4 * chance.between(-0.2, 1.2);
      if (heat < 1 - hot) return;
      const long = Math.min(17, 4 + 20 * heat);
      flows.run(day, chance.between(11, 13.5), perHour * long, long * 60);
    },
  });
};

const nightWorker: Way = (chance, flows) => {
  const wakes = chance.between(14, 17);
  return household(chance, flows, {
    people: [somebody(chance, { wakes, out: [21, 24] }), ...peopleOf(chance, 0, 2)],
  });
};

/** Machines that clean somebody's blood three nights a week. */
const dialysis: Way = (chance, flows) => {
  const [perHour, long] = [chance.between(25, 60), chance.between(6, 8.5)];
  return household(chance, flows, {
    people: peopleOf(chance, 1, 3),
    besides: (day) => {
      if ([0, 2, 4].includes(day % 7)) flows.run(day, 22, perHour * long, long * 60);
    },
  });
};

const holiday: Way = (chance, flows) => {
  const from = chance.whole(58, 85);
  const to = from + chance.whole(5, 22);
  return household(chance, flows, { people: peopleOf(chance, 1, 5), isEmpty: (day) => day >= from && day < to });
};

/** Nobody for months, then somebody again who wakes the house: all taps, a floor to wash, a garden. */
const comesBack: Way = (chance, flows) => {
  const back = chance.whole(60, 100);
  return household(chance, flows, {
    people: peopleOf(chance, 1, 4),
    isEmpty: (day) => day < back,
    besides: (day) => {
      if (day === back) flows.run(day, chance.between(11, 16), chance.between(40, 160), 50);
    },
  });
};

/** A cottage at weekends, every other one or so. */
const weekends: Way = (chance, flows) => {
  const seldom = chance.between(0.3, 0.9);
  let there = false;
  return household(chance, flows, {
    people: peopleOf(chance, 1, 4),
    isEmpty: (day) => {
      if (day % 7 === 5) there = chance.is(seldom);
      return day % 7 < 5 || !there;
    },
  });
};

/** A hose that somebody lays out in the morning and takes in at night, on one day or two. */
const hoseAllDay: Way = (chance, flows) => {
  const on = new Set([chance.whole(60, 80), chance.whole(85, 108)]);
  const perHour = chance.between(250, 900);
  household(chance, flows, {
    people: peopleOf(chance, 1, 4),
    besides: (day) => {
      const long = chance.between(7, 11);
      if (on.has(day)) flows.run(day, chance.between(8, 10), perHour * long, long * 60);
    },
  });
  return on;
};

/** Guests who come for a week and are up at all hours. */
const guests: Way = (chance, flows) => {
  const people = peopleOf(chance, 2, 4);
  const visitors = Array.from({ length: chance.whole(2, 6) }, () => somebody(chance, { out: undefined }));
  const from = chance.whole(60, 98);
  return household(chance, flows, {
    people,
    besides: (day) => {
      if (day >= from && day < from + 7) for (const one of visitors) liveADay(chance, flows, day, one);
    },
  });
};

/** A baby is born: somebody is up every three hours of the night, and more is washed. */
const newborn: Way = (chance, flows) => {
  const born = chance.whole(58, 70);
  return household(chance, flows, {
    people: peopleOf(chance, 2, 4),
    besides: (day) => {
      if (day < born) return;
      for (let hour = chance.between(0, 2); hour < 24; hour += chance.between(2, 3.5))
        flows.run(day, hour, chance.between(1, 9), 3);
      if (chance.is(0.6)) flows.run(day, chance.between(8, 20), 55, 70);
    },
  });
};

/** Eight or more share a house and keep all hours. */
const sharedHouse: Way = (chance, flows) =>
  household(chance, flows, {
    people: Array.from({ length: chance.whole(6, 9) }, () => somebody(chance, { wakes: chance.between(5, 13) })),
  });

export const ways = {
  family,
  softener,
  irrigation,
  'evaporative cooler': evaporativeCooler,
  'work by night': nightWorker,
  'dialysis at home': dialysis,
  holiday,
  'empty until somebody comes back': comesBack,
  'weekend cottage': weekends,
  'hose all day': hoseAllDay,
  guests,
  'newborn child': newborn,
  'shared house': sharedHouse,
} as const satisfies Readonly<Record<string, Way>>;
