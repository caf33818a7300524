import type { PersonRow } from '#shared/domain/matching/person-columns.ts';
import type { Band } from '#shared/domain/matching/vetoes.ts';

/** Two records that share an address or a name, and what may be made of them. */
export interface HouseholdCase {
  readonly who: string;
  readonly one: PersonRow;
  readonly other: PersonRow;
  readonly bands: readonly Band[];
  /** Whether they are one person; undefined where the records cannot tell. */
  readonly linked?: boolean;
}

let homes = 0;
/** An address nobody else has. */
const home = (): PersonRow => {
  homes += 1;
  return {
    number: String(130 + homes),
    street: 'Lighthouse Row',
    town: 'Saltmouth',
    postcode: `ZZ1 9${'ABDEFGHJ'.charAt(homes % 8)}${'LNPQRSTU'.charAt(homes >> 3)}`,
  };
};
const at = (address: PersonRow, one: PersonRow, other: PersonRow): Pick<HouseholdCase, 'one' | 'other'> => ({
  one: { ...address, ...one },
  other: { ...address, ...other },
});

const two: readonly Band[] = ['separate'];
const look: readonly Band[] = ['steward'];
const notAlone: readonly Band[] = ['separate', 'steward'];

export const householdCases: readonly HouseholdCase[] = [
  {
    who: 'a couple who share a name and a phone',
    ...at(
      home(),
      { given: 'Margaret', family: 'Whitlock', birthDate: '1958-03-14', phone: '01632 960111' },
      { given: 'Leonard', family: 'Whitlock', birthDate: '1955-11-02', phone: '01632 960111' },
    ),
    bands: two,
    linked: false,
  },
  {
    who: 'a couple who share name, phone and e-mail, their birthdays unknown',
    ...at(
      home(),
      { given: 'Agnes', family: 'Thornbury', phone: '01632 960112', email: 'thornburys@example.com' },
      { given: 'Bernard', family: 'Thornbury', phone: '01632 960112', email: 'thornburys@example.com' },
    ),
    bands: two,
    linked: false,
  },
  {
    who: 'father and son of one name, both birthdays known',
    ...at(
      home(),
      { given: 'Gerald', family: 'Ashdown', birthDate: '1951-06-09', phone: '01632 960113' },
      { given: 'Gerald', family: 'Ashdown', birthDate: '1979-01-22', phone: '07700 900113' },
    ),
    bands: notAlone,
    linked: false,
  },
  {
    who: 'father and son of one name and one phone, one birthday known',
    ...at(
      home(),
      { given: 'Desmond', family: 'Hartwell', birthDate: '1949-10-30', phone: '01632 960114' },
      { given: 'Desmond', family: 'Hartwell', phone: '01632 960114' },
    ),
    bands: notAlone,
  },
  {
    who: 'senior and junior, who say so',
    ...at(
      home(),
      { given: 'Clifford', family: 'Underhill Sr', phone: '01632 960115' },
      { given: 'Clifford', family: 'Underhill Jr', phone: '01632 960115' },
    ),
    bands: two,
    linked: false,
  },
  {
    who: 'twin sisters',
    ...at(
      home(),
      { given: 'Imogen', family: 'Fairclough', birthDate: '1994-08-17', phone: '07700 900116' },
      { given: 'Beatrix', family: 'Fairclough', birthDate: '1994-08-17', phone: '07700 900861' },
    ),
    bands: notAlone,
    linked: false,
  },
  {
    who: 'twins whose given names look alike',
    ...at(
      home(),
      { given: 'Jordan', family: 'Pemberton', birthDate: '1999-02-05', phone: '07700 900117' },
      { given: 'Jodan', family: 'Pemberton', birthDate: '1999-02-05', phone: '07700 900852' },
    ),
    bands: notAlone,
  },
  {
    who: 'a landlady and her lodger',
    ...at(
      home(),
      { given: 'Winifred', family: 'Stubbs', birthDate: '1946-12-01', phone: '01632 960118' },
      { given: 'Tariq', family: 'Mahmood', birthDate: '1991-04-18', phone: '07700 900118' },
    ),
    bands: two,
    linked: false,
  },
  {
    who: 'two lodgers on the phone of the house',
    ...at(
      home(),
      { given: 'Katarzyna', family: 'Wojcik', phone: '01632 960119' },
      { given: 'Andreas', family: 'Lindqvist', phone: '01632 960119' },
    ),
    bands: two,
    linked: false,
  },
  {
    who: 'flatmates of one given name',
    ...at(
      home(),
      { given: 'Hannah', family: 'Ellsworth', birthDate: '1996-05-25', phone: '07700 900120' },
      { given: 'Hannah', family: 'Okonkwo', birthDate: '1997-09-13', phone: '07700 900843' },
    ),
    bands: two,
    linked: false,
  },
  {
    who: 'a widow and the records of her late husband',
    ...at(
      home(),
      {
        given: 'Dorothea',
        family: 'Mayhew',
        birthDate: '1938-07-07',
        phone: '01632 960121',
        email: 'mayhew@example.com',
      },
      {
        given: 'Reginald',
        family: 'Mayhew',
        birthDate: '1934-02-19',
        phone: '01632 960121',
        email: 'mayhew@example.com',
      },
    ),
    bands: two,
    linked: false,
  },
  {
    who: 'mother and daughter with one initial and one e-mail address',
    ...at(
      home(),
      { given: 'Rosalind', family: 'Tyndale', birthDate: '1962-11-11', email: 'r.tyndale@example.com' },
      { given: 'Rowena', family: 'Tyndale', birthDate: '1990-03-02', email: 'r.tyndale@example.com' },
    ),
    bands: notAlone,
    linked: false,
  },
  {
    who: 'grandmother and granddaughter of one name',
    ...at(
      home(),
      { given: 'Florence', family: 'Gatsford', birthDate: '1936-09-28', phone: '01632 960123' },
      { given: 'Florence', family: 'Gatsford', birthDate: '2001-12-15', phone: '07700 900123' },
    ),
    bands: notAlone,
    linked: false,
  },
  {
    who: 'brothers a year apart',
    ...at(
      home(),
      { given: 'Rufus', family: 'Ballantyne', birthDate: '1988-04-04', phone: '07700 900124' },
      { given: 'Magnus', family: 'Ballantyne', birthDate: '1989-05-16', phone: '07700 900834' },
    ),
    bands: two,
    linked: false,
  },
  {
    who: 'one who moved out and one who moved in',
    ...at(
      home(),
      { given: 'Gwendolyn', family: 'Prowse', birthDate: '1971-01-31', phone: '07700 900125' },
      { given: 'Salvatore', family: 'Bianchi', birthDate: '1985-10-08', phone: '07700 900825' },
    ),
    bands: two,
    linked: false,
  },
  {
    who: 'one woman before and after her marriage',
    ...at(
      home(),
      {
        given: 'Philippa',
        family: 'Quennell',
        birthDate: '1986-06-20',
        phone: '07700 900126',
        email: 'pippa.q@example.com',
      },
      {
        given: 'Philippa',
        family: 'Underwood',
        birthDate: '1986-06-20',
        phone: '07700 900126',
        email: 'pippa.q@example.com',
      },
    ),
    bands: look,
    linked: true,
  },
  {
    who: 'one man under his nickname',
    ...at(
      home(),
      { given: 'William', family: 'Castlereagh', birthDate: '1967-03-03', phone: '07700 900127' },
      { given: 'Bill', family: 'Castlereagh', birthDate: '1967-03-03', phone: '07700 900127' },
    ),
    bands: ['steward', 'auto'],
    linked: true,
  },
  {
    who: 'one person who moved',
    one: { ...home(), given: 'Anneliese', family: 'Vogelsang', birthDate: '1979-08-26', phone: '07700 900128' },
    other: {
      ...home(),
      street: 'Windmill Drift',
      given: 'Anneliese',
      family: 'Vogelsang',
      birthDate: '1979-08-26',
      phone: '07700 900128',
    },
    bands: ['auto'],
    linked: true,
  },
  {
    who: 'one person with the names the wrong way round',
    ...at(
      home(),
      { given: 'Nathaniel', family: 'Okereke', birthDate: '1993-12-12', phone: '07700 900129' },
      { given: 'Okereke', family: 'Nathaniel', birthDate: '1993-12-12', phone: '07700 900129' },
    ),
    bands: ['steward', 'auto'],
    linked: true,
  },
  {
    who: 'one person with slips in name and date',
    ...at(
      home(),
      { given: 'Marguerite', family: 'Delacroix', birthDate: '1964-05-09', phone: '07700 900130' },
      { given: 'Margeurite', family: 'Delacriox', birthDate: '1964-09-05', phone: '07700 900130' },
    ),
    bands: ['steward', 'auto'],
    linked: true,
  },
  {
    who: 'one person whose second record has an initial and no birthday',
    ...at(
      home(),
      { given: 'Cordelia', family: 'Ravenscroft', birthDate: '1957-02-27', phone: '01632 960131' },
      { given: 'C', family: 'Ravenscroft', phone: '01632 960131' },
    ),
    bands: notAlone,
  },
  {
    who: 'two of one name in two flats of a house',
    one: {
      given: 'Mohammed',
      family: 'Hussain',
      number: '3 190',
      street: 'Lighthouse Row',
      town: 'Saltmouth',
      postcode: 'ZZ1 9XX',
      birthDate: '1982-04-11',
      phone: '07700 900132',
    },
    other: {
      given: 'Mohammed',
      family: 'Hussain',
      number: '7 190',
      street: 'Lighthouse Row',
      town: 'Saltmouth',
      postcode: 'ZZ1 9XX',
      birthDate: '1968-10-23',
      phone: '07700 900816',
    },
    bands: notAlone,
    linked: false,
  },
];
