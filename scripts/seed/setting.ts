import { addDays } from '#shared/vocabulary/time.ts';
import type { StoryAccount } from './accounts.ts';
import { type Term, tariffFor } from './bills.ts';
import type { StoryCalendar, StoryOptions } from './calendar.ts';
import type { Party } from './cast.ts';
import type { Outage } from './outage.ts';
import type { Person } from './people.ts';
import { type Random, randomOf } from './random.ts';
import type { Supply } from './supply.ts';
import { type Step, Teller } from './tell.ts';

/** What all parties share. */
export interface Setting {
  readonly options: StoryOptions;
  readonly calendar: StoryCalendar;
  readonly outage: Outage;
}

/** One party's story: who, which accounts and places, and the steps in order of time. */
export interface PartyStory {
  readonly party: Party;
  readonly people: readonly Person[];
  readonly accounts: readonly StoryAccount[];
  readonly supplies: readonly Supply[];
  readonly steps: readonly Step[];
}

/** What the writer of one party's story holds. */
export interface Desk extends Setting {
  readonly party: Party;
  readonly teller: Teller;
  readonly random: Random;
  /** When the party becomes known, Unix seconds: all do in the first hours of the first day. */
  readonly openAt: number;
  /** Day since which they are customers, some years before the story. */
  readonly since: string;
}

export const deskFor = (setting: Setting, party: Party): Desk => {
  const { options, calendar } = setting;
  const random = randomOf(options.seed, 'story', party.number);
  return {
    ...setting,
    party,
    random,
    teller: new Teller(party.number, calendar.to),
    openAt: calendar.from + 300 + (party.number % 36_000),
    since: addDays(calendar.firstDate, -random.between(40, 4_900)),
  };
};

/** An agreement for each point of a place. */
export const termsAt = (supply: Supply, business: boolean, from: string, to?: string): Term[] =>
  supply.points.map((point) => ({
    point,
    tariff: tariffFor(point.commodity, business),
    from,
    ...(to === undefined ? {} : { to }),
  }));

/** Date of a share (hundredths) of the story. */
export const dateAt = (calendar: StoryCalendar, hundredths: number): string =>
  calendar.days[Math.floor((calendar.days.length * hundredths) / 100)]?.date ?? calendar.firstDate;
