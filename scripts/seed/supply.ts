import type { Reference } from '#shared/vocabulary/references.ts';
import type { Commodity } from '#shared/vocabulary/statuses.ts';
import { dayIndex, halfHour, type StoryCalendar, type StoryOptions } from './calendar.ts';
import type { Party } from './cast.ts';
import { type Dwelling, electricityLoad, gasLoad, type Load, type Presence, waterLoad } from './load-shape.ts';
import type { LoadKind } from './load-tables.ts';
import { lateDaysOf, loseSome, registerOf, type StoryMeter, type StoryRegister, serialReference } from './meters.ts';
import type { Place } from './places.ts';
import { type Random, randomOf } from './random.ts';

/** Where one commodity is delivered, with the meters that measured there one after the other. */
export interface SupplyPoint {
  readonly reference: Reference;
  readonly commodity: Commodity;
  readonly meters: readonly StoryMeter[];
  /** What was measured, whichever meter did. */
  readonly registers: readonly StoryRegister[];
}

export interface Supply {
  readonly place: Place;
  readonly points: readonly SupplyPoint[];
}

/** What is not left to the draw at one place. */
export interface SupplyWishes {
  readonly kind: LoadKind;
  readonly presence: Presence;
  /** Half-hour of the story at which the electricity meter is exchanged. */
  readonly exchangeAt?: number;
  /** Half-hours without power, half-open. */
  readonly dark?: { readonly from: number; readonly to: number };
}

const digits = (place: Place): string => {
  const [customer = '', number = ''] = place.code.split('-');
  return `${customer}${number.padStart(2, '0')}`;
};

const namespaces = { electricity: 'mpan', gas: 'mprn', water: 'spid' } as const satisfies Record<Commodity, string>;

/** Number of a supply point: begins with 99, which no distributor has. */
const pointReference = (place: Place, commodity: Commodity): Reference => ({
  namespace: namespaces[commodity],
  value: `99${commodity === 'electricity' ? '0000' : ''}${digits(place)}`,
});

const homeSizes = {
  single: { base: 42, active: 190 },
  couple: { base: 55, active: 270 },
  family: { base: 75, active: 380 },
  retired: { base: 52, active: 230 },
  office: { base: 320, active: 1900 },
  shop: { base: 650, active: 2300 },
  bakery: { base: 500, active: 4200 },
  workshop: { base: 380, active: 3600 },
  warehouse: { base: 1400, active: 5200 },
} as const satisfies Record<LoadKind, { base: number; active: number }>;

const dwellingOf = (party: Party, kind: LoadKind, random: Random): Dwelling => {
  const size = homeSizes[kind];
  const share = random.between(75, 135);
  const base = Math.round((size.base * share) / 100);
  const active = Math.round((size.active * random.between(75, 135)) / 100);
  const car = { slot: random.between(0, 3), power: random.pick([3500, 3500, 1150]) };
  return {
    kind,
    base,
    active,
    heatPump: party.heatPump ? random.between(6, 11) : 0,
    ...(party.car ? { car } : {}),
    panels: party.solar ? random.between(24, 62) : 0,
  };
};

/** Usual life of a home over the story: some days away, for most a holiday or two. */
export const presenceOf = (calendar: StoryCalendar, random: Random): Presence => {
  const presence = new Uint8Array(calendar.days.length).fill(2);
  for (let holidays = random.below(4); holidays > 0; holidays -= 1) {
    const first = random.below(presence.length);
    presence.fill(1, first, first + random.between(2, 15));
  }
  return presence;
};

/** Nobody lives there from one local date to another; no end means to the end of the story. */
export const leaveEmpty = (calendar: StoryCalendar, presence: Presence, from: string, to?: string): void => {
  presence.fill(0, Math.max(0, dayIndex(calendar, from)), to === undefined ? presence.length : dayIndex(calendar, to));
};

interface Measured {
  readonly flow: 'forward' | 'reverse';
  readonly load: Load;
}

const measureElectricity = (
  calendar: StoryCalendar,
  dwelling: Dwelling,
  wishes: SupplyWishes,
  random: Random,
): Measured[] => {
  const { forward, reverse } = electricityLoad(calendar, dwelling, wishes.presence, random);
  const measured: Measured[] = [{ flow: 'forward', load: forward }];
  if (reverse !== undefined) measured.push({ flow: 'reverse', load: reverse });
  if (wishes.dark !== undefined) {
    for (const { load } of measured) load.fill(0, wishes.dark.from, wishes.dark.to);
  }
  return measured;
};

const metersOf = (
  calendar: StoryCalendar,
  registers: readonly StoryRegister[],
  serial: (count: number) => string,
  random: Random,
  exchangeAt?: number,
): StoryMeter[] => {
  const cuts = exchangeAt === undefined ? [0, calendar.intervals] : [0, exchangeAt, calendar.intervals];
  return cuts.slice(1).map((to, index) => ({
    serial: serial(index + 1),
    reference: serialReference(serial(index + 1)),
    registers,
    from: cuts[index] ?? 0,
    to,
    lateDays: lateDaysOf(calendar, random),
  }));
};

const pointOf = (
  calendar: StoryCalendar,
  place: Place,
  commodity: Commodity,
  measured: readonly Measured[],
  random: Random,
  exchangeAt?: number,
): SupplyPoint => {
  loseSome(
    calendar,
    measured.map(({ load }) => load),
    random,
  );
  const registers = measured.map(({ flow, load }) => ({ register: registerOf(commodity, flow, calendar.zone), load }));
  const letter = commodity.slice(0, 1).toUpperCase();
  const serial = (count: number): string => `RT-${place.code}-${letter}${count}`;
  return {
    reference: pointReference(place, commodity),
    commodity,
    meters: metersOf(calendar, registers, serial, random, exchangeAt),
    registers,
  };
};

/** What is delivered at a place and how it was used there over the whole story. */
export const supplyOf = (
  options: StoryOptions,
  calendar: StoryCalendar,
  party: Party,
  place: Place,
  wishes: SupplyWishes,
): Supply => {
  const random = randomOf(options.seed, 'supply', place.code);
  const dwelling = dwellingOf(party, wishes.kind, random);
  const points = [
    pointOf(
      calendar,
      place,
      'electricity',
      measureElectricity(calendar, dwelling, wishes, random),
      random,
      wishes.exchangeAt,
    ),
  ];
  if (party.gas) {
    const load = gasLoad(calendar, wishes.kind, random.between(6, 11), wishes.presence, random);
    points.push(pointOf(calendar, place, 'gas', [{ flow: 'forward', load }], random));
  }
  if (party.water) {
    const load = waterLoad(calendar, wishes.kind, wishes.presence, random);
    points.push(pointOf(calendar, place, 'water', [{ flow: 'forward', load }], random));
  }
  return { place, points };
};

/** Instant at which a half-hour of the story begins, Unix seconds. */
export const startOfInterval = (calendar: StoryCalendar, interval: number): number =>
  calendar.from + interval * halfHour;
