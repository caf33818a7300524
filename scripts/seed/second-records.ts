import type { Name } from '#functions/customers/contract/customer-facts.ts';
import { factIdOf, mintedId } from '#shared/runtime/identify.ts';
import { ownSystem } from '#shared/vocabulary/fact.ts';
import type { Reference } from '#shared/vocabulary/references.ts';
import { instantOn } from './calendar.ts';
import type { SecondRecord } from './cast.ts';
import { familyNames, givenNames } from './names.ts';
import type { Person } from './people.ts';
import { houseOf, type Place } from './places.ts';
import { type Random, randomOf } from './random.ts';
import { type Desk, dateAt } from './setting.ts';
import { contactEvent, written } from './tellings.ts';

/** Number of a second record as billing writes it, `P-00042`. */
export const secondReference = (person: Person): Reference => ({
  namespace: 'billing',
  value: `P-${String(person.number).padStart(5, '0')}`,
});

/** Two letters in the middle of a name changed round. */
const misspelt = (name: string): string => {
  const at = Math.max(1, Math.floor(name.length / 2) - 1);
  return `${name.slice(0, at)}${name.slice(at + 1, at + 2)}${name.slice(at, at + 1)}${name.slice(at + 2)}`;
};

/** One of some words that is not this one. */
const another = (random: Random, words: readonly [string, ...string[]], not: string | undefined): string => {
  const picked = random.pick(words);
  return picked === not ? (words.find((word) => word !== not) ?? picked) : picked;
};

/** The date of birth of a father, or of a son where the person is old enough: another year, month and day. */
const otherGeneration = (born: string): string => {
  const [year, month, day] = born.split('-').map(Number);
  const [y = 0, m = 0, d = 0] = [year, month, day];
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${y > 1972 ? y - 28 : y + 27}-${two(1 + ((m + 4) % 12))}-${two(1 + ((d + 10) % 28))}`;
};

interface SecondPerson {
  readonly name: Name;
  readonly born: string;
  /** As billing writes it; a twin or namesake shares the telephone in the hall. */
  readonly phone: string;
  readonly home: Place;
}

const recordOf = (desk: Desk, person: Person, place: Place, second: SecondRecord): SecondPerson | undefined => {
  const { name, dateOfBirth } = person;
  if (!('family' in name) || dateOfBirth === undefined) return undefined;
  const random = randomOf(desk.options.seed, 'second-record', person.number);
  const plain = { ...(name.given === undefined ? {} : { given: name.given }), family: name.family };
  const mine: SecondPerson = { name: plain, born: dateOfBirth, phone: person.mobile.replaceAll(' ', ''), home: place };
  const hall: SecondPerson = { ...mine, phone: person.landline.replaceAll(' ', '') };
  switch (second) {
    case 'misspelt':
      return { ...mine, name: { ...plain, family: misspelt(name.family) } };
    case 'moved':
      return { ...mine, home: houseOf(desk.options.currency, person.number, 3) };
    case 'married':
      return { ...mine, name: { ...plain, family: another(random, familyNames, name.family) } };
    case 'twin':
      return { ...hall, name: { ...plain, given: another(random, givenNames, name.given) } };
    case 'namesake':
    case 'disputed':
      return { ...hall, born: otherGeneration(dateOfBirth) };
  }
};

/** Opens the second record: billing's own, with its phone number and where its post goes. */
const tellRecord = ({ teller, calendar }: Desk, person: Person, record: SecondPerson, since: string): void => {
  const at = instantOn(calendar, since, 10 * 3600);
  const customer = secondReference(person);
  const event = `${person.number}-second`;
  teller.tell(
    at,
    [
      teller.fact('billing', 'customer.profile.registered.v1', `${event}-registered`, at, {
        kind: 'person',
        name: record.name,
        dateOfBirth: record.born,
        language: 'en',
        since,
        references: [customer],
      }),
    ],
    { waits: true },
  );
  const points = [
    { name: 'phone', data: { kind: 'phone', value: record.phone } },
    { name: 'post', data: { kind: 'post', value: written(record.home) } },
  ];
  teller.tell(
    at + 60,
    points.map(({ name, data }) =>
      teller.fact('billing', 'customer.contact-point.added.v1', `${event}-${name}`, at + 60, { customer, ...data }),
    ),
    { waits: true },
  );
};

/** The customer showed a passport and answered a code: what is known of them is settled. */
const tellProof = ({ teller, calendar }: Desk, person: Person): void => {
  const at = instantOn(calendar, dateAt(calendar, 45), 14 * 3600);
  const customer = person.reference;
  const point = mintedId('contactPoint', factIdOf('crm', teller.eventId(contactEvent(person, 'mobile'))));
  teller.tell(
    at,
    [
      teller.fact(ownSystem, 'customer.attribute.pinned.v1', `${person.number}-name-pinned`, at, {
        customer,
        name: person.name,
        reason: 'Passport seen; billing has two letters changed round.',
      }),
      teller.fact('crm', 'customer.contact-point.verified.v1', `${person.number}-mobile-proved`, at, {
        customer,
        point,
        method: 'code',
      }),
    ],
    { waits: true },
  );
};

const tellApart = ({ teller, calendar }: Desk, person: Person): void => {
  const at = instantOn(calendar, dateAt(calendar, 40), 11 * 3600);
  const data = { customer: person.reference, other: secondReference(person), reason: 'Twins at one address.' };
  teller.tell(at, [teller.fact(ownSystem, 'customer.identity.distinguished.v1', `${person.number}-apart`, at, data)], {
    waits: true,
  });
};

/** The CRM has merged the two for itself; whether they are one is for a supervisor to say. */
const tellClaim = ({ teller, calendar }: Desk, person: Person): void => {
  const at = instantOn(calendar, dateAt(calendar, 50), 11 * 3600);
  const reason = 'Merged in the CRM: she showed the marriage certificate.';
  const data = { customer: person.reference, other: secondReference(person), reason };
  teller.tell(at, [teller.fact('crm', 'customer.duplicate.claimed.v1', `${person.number}-claimed`, at, data)], {
    waits: true,
  });
};

/** Merged by mistake, and parted again when both called; a story too short for both knows nothing of it. */
const tellDispute = ({ teller, calendar }: Desk, person: Person): void => {
  const dates = [dateAt(calendar, 25), dateAt(calendar, 85)] as const;
  if (dates[0].slice(0, 7) === dates[1].slice(0, 7)) return;
  const [merged, undone] = [instantOn(calendar, dates[0], 11 * 3600), instantOn(calendar, dates[1], 15 * 3600)];
  const event = `${person.number}-merged`;
  const reason = 'Same name, address and telephone.';
  const data = { survivor: person.reference, alias: secondReference(person), reason };
  teller.tell(merged, [teller.fact(ownSystem, 'customer.identity.merged.v1', event, merged, data)], { waits: true });
  const merge = mintedId('merge', factIdOf(ownSystem, teller.eventId(event)));
  const apart = { merge, reason: 'Father and son of one name; both have called.' };
  teller.tell(undone, [teller.fact(ownSystem, 'customer.identity.unmerged.v1', `${event}-undone`, undone, apart)], {
    waits: true,
  });
};

/** A second record that is the person's own, or only looks like it, and what was done about it. */
export const tellSecondRecord = (desk: Desk, person: Person, place: Place, second: SecondRecord): void => {
  const record = recordOf(desk, person, place, second);
  if (record === undefined) return;
  tellRecord(desk, person, record, dateAt(desk.calendar, 20));
  if (second === 'misspelt') tellProof(desk, person);
  if (second === 'married') tellClaim(desk, person);
  if (second === 'twin') tellApart(desk, person);
  if (second === 'disputed') tellDispute(desk, person);
};
