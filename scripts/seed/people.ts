import type { Name } from '#functions/customers/contract/customer-facts.ts';
import type { Reference } from '#shared/vocabulary/references.ts';
import type { StoryOptions } from './calendar.ts';
import { familyNames, givenNames, trades } from './names.ts';
import { randomOf } from './random.ts';

/** Customer number as the CRM writes it, `C-00042`. */
export const customerReference = (number: number): Reference => ({
  namespace: 'crm',
  value: `C-${String(number).padStart(5, '0')}`,
});

/** A customer as the CRM knows them. */
export interface Person {
  readonly number: number;
  readonly reference: Reference;
  readonly kind: 'person' | 'organisation';
  readonly name: Name;
  readonly dateOfBirth?: string;
  readonly email: string;
  readonly landline: string;
  readonly mobile: string;
}

const three = (number: number): string => String(number % 1000).padStart(3, '0');

/**
 * Numbers nobody has: Ofcom's 01632 960xxx and 07700 900xxx for sterling, 555-01xx elsewhere. Different for 1,000 (for 555:
 * 400) customers in a row.
 */
export const phoneNumbers = (currency: string, number: number): { landline: string; mobile: string } => {
  if (currency === 'GBP') {
    const landline = number % 3 === 0 ? `+44 1632 960${three(number)}` : `01632 960 ${three(number)}`;
    return { landline, mobile: number % 2 === 0 ? `07700 900${three(number)}` : `+447700900${three(number)}` };
  }
  const line = (place: number): string => {
    const area = 201 + ((Math.floor(number / 100) * 2 + place) % 8);
    return `+1 ${area} 555 01${String(number % 100).padStart(2, '0')}`;
  };
  return { landline: line(0), mobile: line(1) };
};

const plain = (text: string): string => text.toLowerCase().replaceAll(/[^a-z]+/g, '');

const birthday = (draw: number): string => {
  const month = 1 + (draw % 12);
  const day = 1 + ((draw >>> 8) % 28);
  return `${1938 + ((draw >>> 16) % 66)}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
};

/** The person who has a customer number; `family` where they share a name with another. */
export const personOf = (options: StoryOptions, number: number, family?: string): Person => {
  const random = randomOf(options.seed, 'person', number);
  const given = random.pick(givenNames);
  const own = random.pick(familyNames);
  const surname = family ?? own;
  const doctor = random.chance(60);
  return {
    number,
    reference: customerReference(number),
    kind: 'person',
    name: { ...(doctor ? { title: 'Dr' } : {}), given, family: surname },
    dateOfBirth: birthday(random.word()),
    email: `${plain(given)}.${plain(surname)}.${number}@example.com`,
    ...phoneNumbers(options.currency, number),
  };
};

/** The firm that has a customer number. */
export const firmOf = (options: StoryOptions, number: number, trade?: string): Person => {
  const random = randomOf(options.seed, 'firm', number);
  const family = random.pick(familyNames);
  const organisation = `${family} ${trade ?? random.pick(trades)} Ltd`;
  return {
    number,
    reference: customerReference(number),
    kind: 'organisation',
    name: { organisation },
    email: `accounts.${number}@${plain(family)}.example.com`,
    ...phoneNumbers(options.currency, number),
  };
};

/** Family name of a person; nothing for a firm. */
export const familyOf = (person: Person): string | undefined =>
  'family' in person.name ? person.name.family : undefined;

/** How they are called in a sentence. */
export const calledName = (person: Person): string =>
  'family' in person.name ? [person.name.given, person.name.family].join(' ').trim() : person.name.organisation;
