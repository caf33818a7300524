import type { PersonRow } from './person-columns.ts';
import { type PersonValues, readPersons } from './person-values.ts';

/** A name as one source writes it; an organisation has a family name alone. */
export interface KnownName {
  readonly given?: string;
  readonly family: string;
}

/** All that sources say of one customer, as duplicates are looked for: each value once, in the order of the alphabet. */
export interface KnownPerson {
  readonly organisation: boolean;
  readonly names: readonly KnownName[];
  /** ISO dates. */
  readonly birthDates: readonly string[];
  /** The date of birth that somebody has verified. */
  readonly verifiedBirthDate?: string;
  readonly phones: readonly string[];
  readonly emails: readonly string[];
  /** Each in one line. */
  readonly addresses: readonly string[];
}

/** Most values of a kind that are looked at: more tell nothing new. */
export const mostValues = { names: 4, birthDates: 2, phones: 3, emails: 3, addresses: 3 } as const;

const rowCount = (person: KnownPerson): number =>
  Math.max(
    1,
    person.names.length,
    person.birthDates.length,
    person.phones.length,
    person.emails.length,
    person.addresses.length,
  );

/** The values of a person in rows as the matcher reads them: the n-th of each kind in the n-th row, names in every row. */
export const rowsOf = (person: KnownPerson): readonly PersonRow[] =>
  Array.from({ length: rowCount(person) }, (_, n): PersonRow => {
    const name = person.names[n] ?? person.names[0];
    const [birthDate, phone, email, address] = [
      person.birthDates[n],
      person.phones[n],
      person.emails[n],
      person.addresses[n],
    ];
    return {
      ...(name?.given === undefined ? {} : { given: name.given }),
      ...(name === undefined ? {} : { family: name.family }),
      ...(birthDate === undefined ? {} : { birthDate }),
      ...(phone === undefined ? {} : { phone }),
      ...(email === undefined ? {} : { email }),
      ...(address === undefined ? {} : { address }),
    };
  });

/** The same as the matcher compares it. */
export const valuesOf = (person: KnownPerson): readonly PersonValues[] => readPersons(rowsOf(person));

const each = <Value>(values: readonly (Value | undefined)[]): readonly Value[] => [
  ...new Set(values.filter((value) => value !== undefined)),
];

/** Phone numbers and e-mail addresses as they are compared. */
export const reachesOf = (
  person: KnownPerson,
): { readonly phones: readonly string[]; readonly emails: readonly string[] } => {
  const values = valuesOf(person);
  return { phones: each(values.map(({ phone }) => phone)), emails: each(values.map(({ email }) => email)) };
};

/** The person without phones and e-mail addresses (as compared) that too many have: they tell nobody from anybody. */
export const withoutReaches = (person: KnownPerson, shared: ReadonlySet<string>): KnownPerson => {
  if (shared.size === 0) return person;
  const told = (row: PersonRow): boolean => {
    const [values] = readPersons([row]);
    return !shared.has(values?.phone ?? '') && !shared.has(values?.email ?? '');
  };
  return {
    ...person,
    phones: person.phones.filter((phone) => told({ phone })),
    emails: person.emails.filter((email) => told({ email })),
  };
};
