import type { StoryOptions } from './calendar.ts';
import type { LoadKind } from './load-tables.ts';
import { type Random, randomOf } from './random.ts';

/** What happens to a party in the story. */
export type Part =
  | 'household'
  | 'joint-holders'
  | 'change-of-occupier'
  | 'house-move'
  | 'landlord'
  | 'multi-site'
  | 'small-business';

/**
 * Why there is a second record like a customer's: billing spells them otherwise, knows them from before they moved or married; a
 * twin; a father or son of the same name; one that was merged with theirs by mistake, and parted again.
 */
export const secondRecords = ['misspelt', 'moved', 'married', 'twin', 'namesake', 'disputed'] as const;
export type SecondRecord = (typeof secondRecords)[number];

/** How a party pays. */
export type PayingHabit = 'direct-debit' | 'prompt' | 'late';

/** A party: one story, of one customer or of two who belong together. */
export interface Party {
  /** Number of its first customer; its name in event ids. */
  readonly number: number;
  readonly size: 1 | 2;
  readonly part: Part;
  readonly pays: PayingHabit;
  /** Has not paid the bills that fell due in the last two months. */
  readonly behind: boolean;
  readonly load: LoadKind;
  readonly solar: boolean;
  readonly gas: boolean;
  readonly water: boolean;
  readonly car: boolean;
  readonly heatPump: boolean;
  /** Door in the street that goes dark. */
  readonly lanternDoor?: number;
  readonly meterExchange: boolean;
  /** A file says that the meter is elsewhere. */
  readonly meterDispute?: boolean;
  readonly reversedPayment: boolean;
  /** A bill that the billing system sent twice, or with a wrong amount. */
  readonly billMistake?: 'twice' | 'wrong-amount';
  /** A second record that is theirs, or looks like it. */
  readonly secondRecord?: SecondRecord;
  readonly correction?: 'new-name' | 'new-email' | 'lost-landline';
}

/** Customers 13 to 24 live in the street that goes dark. */
export const lanternDoors = { first: 13, last: 24 } as const;
export const flats = 12;
export const sites = 8;

const ordinary: Omit<Party, 'number'> = {
  size: 1,
  part: 'household',
  pays: 'direct-debit',
  behind: false,
  load: 'couple',
  solar: false,
  gas: false,
  water: false,
  car: false,
  heatPump: false,
  meterExchange: false,
  reversedPayment: false,
};

/** Customers with a part written for them, so that guides and tests can point at them whatever the seed's name. */
const leads: Readonly<Record<number, Partial<Party>>> = {
  1: { gas: true, load: 'family' },
  2: { part: 'joint-holders', size: 2, load: 'couple' },
  4: { part: 'change-of-occupier', size: 2, load: 'single' },
  6: { part: 'house-move', load: 'family' },
  7: { part: 'landlord', load: 'single' },
  8: { part: 'multi-site', load: 'shop' },
  9: { solar: true, load: 'family', car: true },
  10: { pays: 'late', behind: true, load: 'family' },
  11: { reversedPayment: true, load: 'single' },
  12: { meterExchange: true, load: 'retired' },
  14: { billMistake: 'twice' },
  15: { correction: 'new-email' },
  16: { billMistake: 'wrong-amount' },
  17: { correction: 'new-name', water: true },
  18: { secondRecord: 'misspelt' },
  19: { secondRecord: 'moved' },
  20: { secondRecord: 'twin' },
  21: { secondRecord: 'married' },
  22: { secondRecord: 'namesake' },
  23: { secondRecord: 'disputed' },
  24: { meterDispute: true },
};

const drawnPart = (random: Random, roomForTwo: boolean): Pick<Party, 'part' | 'size'> => {
  const draw = random.below(1000);
  if (draw < 120) return roomForTwo ? { part: 'joint-holders', size: 2 } : { part: 'household', size: 1 };
  if (draw < 150) return roomForTwo ? { part: 'change-of-occupier', size: 2 } : { part: 'household', size: 1 };
  if (draw < 165) return { part: 'house-move', size: 1 };
  if (draw < 195) return { part: 'small-business', size: 1 };
  return { part: 'household', size: 1 };
};

const drawnHabit = (random: Random): PayingHabit => {
  const draw = random.below(1000);
  if (draw < 720) return 'direct-debit';
  return draw < 910 ? 'prompt' : 'late';
};

const drawnMistake = (random: Random): Pick<Party, 'billMistake'> => {
  const draw = random.below(1000);
  if (draw < 12) return { billMistake: 'twice' };
  return draw < 20 ? { billMistake: 'wrong-amount' } : {};
};

const drawnCorrection = (random: Random): Pick<Party, 'correction'> => {
  const draw = random.below(1000);
  if (draw < 25) return { correction: 'new-name' };
  if (draw < 70) return { correction: 'new-email' };
  return draw < 90 ? { correction: 'lost-landline' } : {};
};

/** Drawn apart, so that who is known twice changes nothing else of the story. */
const drawnSecond = (options: StoryOptions, number: number): Pick<Party, 'secondRecord'> => {
  const random = randomOf(options.seed, 'second', number);
  return random.chance(45) ? { secondRecord: random.pick(secondRecords) } : {};
};

const homes = ['single', 'couple', 'family', 'retired', 'couple', 'family', 'single'] as const;
const firms = ['office', 'shop', 'bakery', 'workshop'] as const;

const drawnParty = (options: StoryOptions, number: number): Party => {
  const random = randomOf(options.seed, 'party', number);
  const who = drawnPart(random, number < options.customers);
  const pays = drawnHabit(random);
  const business = who.part === 'small-business';
  const atHome = who.part === 'household' || who.part === 'joint-holders';
  return {
    number,
    ...who,
    load: business ? random.pick(firms) : random.pick(homes),
    pays,
    behind: pays === 'late' && random.chance(250),
    solar: atHome && random.chance(55),
    gas: atHome && random.chance(70),
    water: atHome && random.chance(15),
    car: atHome && random.chance(80),
    heatPump: atHome && random.chance(50),
    meterExchange: atHome && random.chance(20),
    reversedPayment: random.chance(25),
    ...drawnMistake(random),
    ...(business ? {} : drawnCorrection(random)),
    ...(atHome ? drawnSecond(options, number) : {}),
  };
};

const partyAt = (options: StoryOptions, number: number): Party => {
  const lead = leads[number];
  const onLanternRow = number >= lanternDoors.first && number <= lanternDoors.last;
  if (lead === undefined && !onLanternRow) return drawnParty(options, number);
  const party: Party = {
    ...ordinary,
    ...lead,
    number,
    ...(onLanternRow ? { lanternDoor: number - lanternDoors.first + 1 } : {}),
  };
  return party.size === 2 && number === options.customers ? { ...party, size: 1, part: 'household' } : party;
};

/** Everybody in the story, in order of number; together they are exactly `customers` customers. */
export const castOf = (options: StoryOptions): readonly Party[] => {
  const parties: Party[] = [];
  for (let number = 1; number <= options.customers; ) {
    const party = partyAt(options, number);
    parties.push(party);
    number += party.size;
  }
  return parties;
};
