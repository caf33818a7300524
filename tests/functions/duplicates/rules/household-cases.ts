import type { PersonRow } from '#functions/duplicates/rules/person-columns.ts';
import type { Band } from '#functions/duplicates/rules/vetoes.ts';

/**
 * Two records, and what a careful agent of a utility would want made of them: merged without a look (`auto`), looked at (`steward`), left
 * alone (`separate`). By what a careful agent would want, not by what the matcher says.
 */
export interface HouseholdCase {
  readonly who: string;
  /** What both records say. */
  readonly both?: PersonRow;
  readonly one: PersonRow;
  readonly other: PersonRow;
  readonly band: Band;
  /** Whether the matcher is to call them one person; undefined where nobody could tell. */
  readonly linked?: boolean;
}

const cases: readonly HouseholdCase[] = [
  // Two persons of one home.
  {
    who: 'a couple who share a name and a phone',
    both: { family: 'Whitlock', phone: '01632 960111' },
    one: { given: 'Margaret', birthDate: '1958-03-14' },
    other: { given: 'Leonard', birthDate: '1955-11-02' },
    band: 'separate',
    linked: false,
  },
  {
    who: 'a couple who share name, phone and e-mail, their birthdays unknown',
    both: { family: 'Thornbury', phone: '01632 960112', email: 'thornburys@example.com' },
    one: { given: 'Agnes' },
    other: { given: 'Bernard' },
    band: 'separate',
    linked: false,
  },
  {
    who: 'Mr and Mrs of one initial and one phone',
    both: { family: 'Kershaw', phone: '01632 960113' },
    one: { title: 'Mr', given: 'J' },
    other: { title: 'Mrs', given: 'J' },
    band: 'separate',
    linked: false,
  },
  {
    who: 'senior and junior, who say so',
    both: { given: 'Clifford', phone: '01632 960115' },
    one: { family: 'Underhill Sr' },
    other: { family: 'Underhill Jr' },
    band: 'separate',
    linked: false,
  },
  {
    who: 'twin sisters, each with a phone',
    both: { family: 'Fairclough', birthDate: '1994-08-17' },
    one: { given: 'Imogen', phone: '07700 900116' },
    other: { given: 'Beatrix', phone: '07700 900861' },
    band: 'separate',
    linked: false,
  },
  {
    who: 'twins, a girl and a boy, on the phone of the house',
    both: { family: 'Attenbury', birthDate: '2001-10-09', phone: '01632 960140' },
    one: { given: 'Rosamund', gender: 'F' },
    other: { given: 'Frederick', gender: 'M' },
    band: 'separate',
    linked: false,
  },
  {
    who: 'a landlady and her lodger',
    one: { given: 'Winifred', family: 'Stubbs', birthDate: '1946-12-01', phone: '01632 960118' },
    other: { given: 'Tariq', family: 'Mahmood', birthDate: '1991-04-18', phone: '07700 900118' },
    band: 'separate',
    linked: false,
  },
  {
    who: 'two lodgers on the phone of the house',
    both: { phone: '01632 960119' },
    one: { given: 'Katarzyna', family: 'Wojcik' },
    other: { given: 'Andreas', family: 'Lindqvist' },
    band: 'separate',
    linked: false,
  },
  {
    who: 'flatmates of one given name',
    both: { given: 'Hannah' },
    one: { family: 'Ellsworth', birthDate: '1996-05-25', phone: '07700 900120' },
    other: { family: 'Okonkwo', birthDate: '1997-09-13', phone: '07700 900843' },
    band: 'separate',
    linked: false,
  },
  {
    who: 'a widow and the records of her late husband',
    both: { family: 'Mayhew', phone: '01632 960121', email: 'mayhew@example.com' },
    one: { given: 'Dorothea', birthDate: '1938-07-07' },
    other: { given: 'Reginald', birthDate: '1934-02-19' },
    band: 'separate',
    linked: false,
  },
  {
    who: "a widow under her husband's initial, and the executors of him",
    both: { family: 'Hollingbery', phone: '01632 960141' },
    one: { title: 'Mrs', given: 'A' },
    other: { given: 'Executors of the late Mr Ambrose' },
    band: 'separate',
    linked: false,
  },
  {
    who: 'mother and daughter with one initial and one e-mail address',
    both: { family: 'Tyndale', email: 'r.tyndale@example.com' },
    one: { given: 'Rosalind', birthDate: '1962-11-11' },
    other: { given: 'Rowena', birthDate: '1990-03-02' },
    band: 'separate',
    linked: false,
  },
  {
    who: 'brothers a year apart',
    both: { family: 'Ballantyne' },
    one: { given: 'Rufus', birthDate: '1988-04-04', phone: '07700 900124' },
    other: { given: 'Magnus', birthDate: '1989-05-16', phone: '07700 900834' },
    band: 'separate',
    linked: false,
  },
  {
    who: 'one who moved out and one who moved in',
    one: { given: 'Gwendolyn', family: 'Prowse', birthDate: '1971-01-31', phone: '07700 900125' },
    other: { given: 'Salvatore', family: 'Bianchi', birthDate: '1985-10-08', phone: '07700 900825' },
    band: 'separate',
    linked: false,
  },
  {
    who: 'two of one name in two flats of a house',
    both: { given: 'Mohammed', family: 'Hussain' },
    one: { number: 'Flat 3, 190', birthDate: '1982-04-11', phone: '07700 900132' },
    other: { number: 'Flat 7, 190', birthDate: '1968-10-23', phone: '07700 900816' },
    band: 'separate',
    linked: false,
  },
  // Nobody can tell from the records: a person has to look, and nothing is linked by itself where people would be mixed up.
  {
    who: 'father and son of one name, both birthdays known',
    both: { given: 'Gerald', family: 'Ashdown' },
    one: { birthDate: '1951-06-09', phone: '01632 960113' },
    other: { birthDate: '1979-01-22', phone: '07700 900113' },
    band: 'steward',
    linked: false,
  },
  {
    who: 'grandmother and granddaughter of one name',
    both: { given: 'Florence', family: 'Gatsford' },
    one: { birthDate: '1936-09-28', phone: '01632 960123' },
    other: { birthDate: '2001-12-15', phone: '07700 900123' },
    band: 'steward',
    linked: false,
  },
  {
    who: 'father and son of one name and one phone, one birthday known',
    both: { given: 'Desmond', family: 'Hartwell', phone: '01632 960114' },
    one: { birthDate: '1949-10-30' },
    other: {},
    band: 'steward',
  },
  {
    who: 'a junior, and one of his name and phone who does not say which he is',
    both: { given: 'Barnaby', phone: '01632 960142' },
    one: { family: 'Stallwood Jr' },
    other: { family: 'Stallwood' },
    band: 'steward',
  },
  {
    who: 'twins whose given names are a letter apart, or one person with a slip',
    both: { family: 'Pemberton', birthDate: '1999-02-05' },
    one: { given: 'Jordan', phone: '07700 900117' },
    other: { given: 'Jodan', phone: '07700 900852' },
    band: 'steward',
  },
  {
    who: 'twins whose given names are a letter apart, on one phone',
    both: { family: 'Carrington', birthDate: '2000-06-30', phone: '01632 960143' },
    one: { given: 'Hayden' },
    other: { given: 'Jayden' },
    band: 'steward',
  },
  {
    who: 'one with an initial and no birthday, on the phone of the house',
    both: { family: 'Ravenscroft', phone: '01632 960131' },
    one: { given: 'Cordelia', birthDate: '1957-02-27' },
    other: { given: 'C' },
    band: 'steward',
  },
  {
    who: 'one of a couple, and the account of both',
    both: { family: 'Blenkinsop', phone: '01632 960144' },
    one: { given: 'Arthur' },
    other: { given: 'Arthur & Edna' },
    band: 'steward',
  },
  // One person.
  {
    who: 'a dead man and his record as it was',
    both: { given: 'Thaddeus', birthDate: '1931-05-12', phone: '01632 960145' },
    one: { family: 'Winterbourne' },
    other: { family: 'Winterbourne (deceased)' },
    band: 'steward',
    linked: true,
  },
  {
    who: 'one woman before and after her marriage',
    both: { given: 'Philippa', birthDate: '1986-06-20', phone: '07700 900126', email: 'pippa.q@example.com' },
    one: { family: 'Quennell' },
    other: { family: 'Underwood' },
    band: 'steward',
    linked: true,
  },
  {
    who: 'one woman who married and moved',
    both: { given: 'Henrietta', birthDate: '1990-01-17', phone: '07700 900146', email: 'hetty90@example.com' },
    one: { family: 'Lansbury' },
    other: { family: 'Oduya', number: '212', street: 'Windmill Drift', town: 'Kingsferry', postcode: 'ZZ3 7TT' },
    band: 'steward',
    linked: true,
  },
  {
    who: 'one person under two given names',
    both: { family: 'Zhou', birthDate: '1984-12-03', phone: '07700 900147', email: 'zhou.xm84@example.com' },
    one: { given: 'Xiaoming' },
    other: { given: 'Kevin' },
    band: 'steward',
    linked: true,
  },
  {
    who: 'one man under his nickname',
    both: { family: 'Castlereagh', birthDate: '1967-03-03', phone: '07700 900127' },
    one: { given: 'William' },
    other: { given: 'Bill' },
    band: 'steward',
    linked: true,
  },
  {
    who: 'one person with slips in name and date',
    both: { phone: '07700 900130' },
    one: { given: 'Marguerite', family: 'Delacroix', birthDate: '1964-05-09' },
    other: { given: 'Margeurite', family: 'Delacriox', birthDate: '1964-09-05' },
    band: 'steward',
    linked: true,
  },
  {
    who: 'one person entered twice in full',
    both: { given: 'Leopold', family: 'Kessington', birthDate: '1972-07-21', phone: '07700 900148' },
    one: { email: 'leo.k@example.com' },
    other: {},
    band: 'auto',
    linked: true,
  },
  {
    who: 'one person entered twice by name, birthday and address',
    both: { given: 'Ottoline', family: 'Fenwick', birthDate: '1969-02-11' },
    one: { phone: '01632 960149' },
    other: { phone: '07700 900149' },
    band: 'auto',
    linked: true,
  },
  {
    who: 'one person with a slip in the family name',
    both: { given: 'Rosalyn', birthDate: '1975-09-14', phone: '07700 900150' },
    one: { family: 'Abernethy' },
    other: { family: 'Abernathy' },
    band: 'auto',
    linked: true,
  },
  {
    who: 'one person who moved',
    both: { given: 'Anneliese', family: 'Vogelsang', birthDate: '1979-08-26', phone: '07700 900128' },
    one: {},
    other: { number: '151', street: 'Windmill Drift', town: 'Kingsferry', postcode: 'ZZ3 7TU' },
    band: 'auto',
    linked: true,
  },
  {
    who: 'one person with the names the wrong way round',
    both: { birthDate: '1993-12-12', phone: '07700 900129' },
    one: { given: 'Nathaniel', family: 'Okereke' },
    other: { given: 'Okereke', family: 'Nathaniel' },
    band: 'auto',
    linked: true,
  },
];

/** An address nobody else has. */
const home = (place: number): PersonRow => ({
  number: String(131 + place),
  street: 'Lighthouse Row',
  town: 'Saltmouth',
  postcode: `ZZ1 9${'ABDEFGHJ'.charAt(place % 8)}${'LNPQRSTU'.charAt(place >> 3)}`,
});

/** Each case in a home of its own. */
export const householdCases: readonly HouseholdCase[] = cases.map((some, place) => ({
  ...some,
  one: { ...home(place), ...some.both, ...some.one },
  other: { ...home(place), ...some.both, ...some.other },
}));
