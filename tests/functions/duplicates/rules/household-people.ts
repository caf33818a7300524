import type { KnownPerson } from '#functions/duplicates/rules/known-person.ts';
import type { Band } from '#functions/duplicates/rules/vetoes.ts';

/** A record as a system sends it. */
export interface HouseholdRecord {
  readonly given?: string;
  readonly family?: string;
  readonly organisation?: string;
  readonly born?: string;
  readonly verified?: true;
  readonly phone?: string;
  readonly email?: string;
  readonly address?: string;
}

/** Two records, and what is to become of them. */
export interface HouseholdCase {
  readonly story: string;
  readonly first: HouseholdRecord;
  readonly second: HouseholdRecord;
  readonly expected: Band;
}

const quay = '12 Quay Street, Wherryton, ZZ1 4QS';
const mill = '3 Mill Lane, Osierford, ZZ7 2ML';

const amara: HouseholdRecord = {
  given: 'Amara',
  family: 'Okafor',
  born: '1985-03-04',
  phone: '01632 960123',
  email: 'amara.okafor@example.com',
  address: quay,
};

/** What households do to records: who is one customer, who is not, and where a person has to look. */
export const householdCases: readonly HouseholdCase[] = [
  { story: 'one person in two systems, everything the same', first: amara, second: amara, expected: 'auto' },
  {
    story: 'one person whom billing knows by a short form',
    first: { given: 'Robert', family: 'Carter', phone: '01632 960200', address: quay },
    second: { given: 'Bob', family: 'Carter', phone: '01632 960200', address: quay },
    expected: 'steward',
  },
  {
    story: 'one person whose family name lost a letter',
    first: amara,
    second: { ...amara, family: 'Okafr' },
    expected: 'auto',
  },
  {
    story: 'one person who moved and kept the phone',
    first: amara,
    second: { given: 'Amara', family: 'Okafor', born: '1985-03-04', phone: '01632960123', address: mill },
    expected: 'auto',
  },
  {
    story: 'one person who moved, with a slip in the given name and no phone',
    first: { given: 'Amara', family: 'Okafor', born: '1985-03-04', address: quay },
    second: { given: 'Amarra', family: 'Okafor', born: '1985-03-04', address: mill },
    expected: 'steward',
  },
  {
    story: 'one person who married and took another name at the same place',
    first: { given: 'Hanne', family: 'Lindqvist', born: '1991-07-19', phone: '01632 960311', address: quay },
    second: { given: 'Hanne', family: 'Brandt', born: '1991-07-19', phone: '01632 960311', address: quay },
    expected: 'steward',
  },
  {
    story: 'one person who married and moved',
    first: { given: 'Hanne', family: 'Lindqvist', born: '1991-07-19', phone: '01632 960311', address: quay },
    second: { given: 'Hanne', family: 'Brandt', born: '1991-07-19', phone: '01632 960311', address: mill },
    expected: 'steward',
  },
  {
    story: 'one person whose day and month of birth changed places',
    first: amara,
    second: { ...amara, born: '1985-04-03' },
    expected: 'auto',
  },
  {
    story: 'one person with names the other way round',
    first: { given: 'Chen', family: 'Mingyu', born: '1978-11-30', phone: '01632 960444' },
    second: { given: 'Mingyu', family: 'Chen', born: '1978-11-30', phone: '01632 960444' },
    expected: 'auto',
  },
  {
    story: 'one person known by e-mail and name alone',
    first: { given: 'Ines', family: 'Calder', email: 'ines.calder@example.com' },
    second: { given: 'Ines', family: 'Calder', email: 'ines.calder@example.com' },
    expected: 'auto',
  },
  {
    story: 'father and son of one name at one place, dates of birth not verified',
    first: { given: 'Thomas', family: 'Ashby', born: '1956-02-11', address: quay },
    second: { given: 'Thomas', family: 'Ashby', born: '1984-09-23', address: quay },
    expected: 'steward',
  },
  {
    story: 'father and son of one name, dates of birth verified',
    first: { given: 'Thomas', family: 'Ashby', born: '1956-02-11', verified: true, address: quay },
    second: { given: 'Thomas', family: 'Ashby', born: '1984-09-23', verified: true, address: quay },
    expected: 'separate',
  },
  {
    story: 'father and son who say senior and junior',
    first: { given: 'Thomas', family: 'Ashby Sr', address: quay, phone: '01632 960500' },
    second: { given: 'Thomas', family: 'Ashby Jr', address: quay, phone: '01632 960500' },
    expected: 'separate',
  },
  {
    story: 'twins at one address with one phone',
    first: { given: 'Sofia', family: 'Marlow', born: '1999-05-05', phone: '01632 960611', address: quay },
    second: { given: 'Elena', family: 'Marlow', born: '1999-05-05', phone: '01632 960611', address: quay },
    expected: 'separate',
  },
  {
    story: 'twins who share the address alone',
    first: { given: 'Sofia', family: 'Marlow', born: '1999-05-05', address: quay },
    second: { given: 'Daniel', family: 'Marlow', born: '1999-05-05', address: quay },
    expected: 'separate',
  },
  {
    story: 'a married couple with one phone',
    first: { given: 'Peter', family: 'Holm', born: '1970-01-09', phone: '01632 960700', address: quay },
    second: { given: 'Maria', family: 'Holm', born: '1972-06-21', phone: '01632 960700', address: quay },
    expected: 'separate',
  },
  {
    story: 'flatmates with nothing but the address in common',
    first: { given: 'Yusuf', family: 'Demir', born: '1996-08-14', phone: '01632 960801', address: quay },
    second: { given: 'Clara', family: 'Voss', born: '1994-03-02', phone: '01632 960802', address: quay },
    expected: 'separate',
  },
  {
    story: 'the next tenant of the same flat',
    first: { given: 'Yusuf', family: 'Demir', phone: '01632 960801', address: quay },
    second: { given: 'Joan', family: 'Pike', phone: '01632 960899', address: quay },
    expected: 'separate',
  },
  {
    story: 'two strangers of one name in two towns',
    first: { given: 'John', family: 'Smith', born: '1961-10-01', phone: '01632 960901', address: quay },
    second: { given: 'John', family: 'Smith', born: '1988-04-17', phone: '01632 960955', address: mill },
    expected: 'separate',
  },
  {
    story: 'a shop and its keeper, who has her name on it',
    first: { given: 'Ines', family: 'Calder', phone: '01632 960999', address: quay },
    second: { organisation: 'Ines Calder', phone: '01632 960999', address: quay },
    expected: 'separate',
  },
];

const listed = (value: string | undefined): readonly string[] => (value === undefined ? [] : [value]);

/** The record as duplicates are looked for. */
export const knownPersonOf = (record: HouseholdRecord): KnownPerson => ({
  organisation: record.organisation !== undefined,
  names: [
    {
      ...(record.given === undefined ? {} : { given: record.given }),
      family: record.organisation ?? record.family ?? '',
    },
  ],
  birthDates: listed(record.born),
  ...(record.verified === true && record.born !== undefined ? { verifiedBirthDate: record.born } : {}),
  phones: listed(record.phone),
  emails: listed(record.email),
  addresses: listed(record.address),
});
