import type { Comparison, Veto } from './compare-persons.ts';

type Name = Comparison['name'];

const names: Readonly<Record<Name, string>> = {
  given: 'given name',
  initial: 'initial of the given name',
  middle: 'middle name',
  family: 'family name',
  nameOrder: 'order of the names',
  generation: 'senior or junior',
  holder: 'whose record it is',
  birthDate: 'date of birth',
  gender: 'gender',
  nationalId: 'national identifier',
  phone: 'phone number',
  email: 'e-mail address',
  number: 'house number',
  street: 'street',
  line2: 'second line of the address',
  addressOrder: 'order of the address lines',
  town: 'town',
  state: 'state',
  postcode: 'postcode',
};

const nameWords = ['the same', 'one letter differs, or a short form', 'much alike', 'somewhat alike', 'different'];
const orderWords = ['as in the other', 'the other way round'];
const sameOrNot = ['the same', 'different'];
const lineWords = ['the same', 'a letter or two differ', 'partly alike', 'different'];

/** What each level says, equal first. */
const words: Readonly<Record<Name, readonly string[]>> = {
  given: nameWords,
  middle: ['the same', 'alike, or an initial', 'different'],
  family: nameWords,
  nameOrder: orderWords,
  initial: sameOrNot,
  generation: ['the same', 'said of one alone', 'different'],
  holder: sameOrNot,
  birthDate: [
    'the same',
    'one digit differs, or day and month change places',
    'two of day, month and year agree',
    'the year agrees, or nearly',
    'different',
  ],
  gender: sameOrNot,
  nationalId: ['the same', 'one sign differs', 'two signs differ', 'different'],
  phone: ['the same', 'one digit differs', 'two digits differ', 'different'],
  email: ['the same', 'the same before the @, or a letter or two differ', 'alike', 'different'],
  number: ['the same', 'one sign differs', 'different'],
  street: lineWords,
  line2: lineWords,
  addressOrder: orderWords,
  town: lineWords,
  state: ['the same', 'alike', 'different'],
  postcode: ['the same', 'one sign differs', 'the same area', 'different'],
};

/** A weight as people read it: bits with their sign, one decimal. */
export const weightInWords = (weight: number): string => `${weight < 0 ? '−' : '+'}${Math.abs(weight).toFixed(1)}`;

/** What was compared, e.g. `family name`. */
export const comparedInWords = (name: Name): string => names[name];

/** What a level says, e.g. `one digit differs`. */
export const levelInWords = ({ name, level }: Pick<Comparison, 'name' | 'level'>): string =>
  words[name][level] ?? words[name].at(-1) ?? 'different';

/** A comparison as a sentence: `family name: one letter differs, or a short form, +5.2`. */
export const comparisonInWords = (comparison: Comparison): string =>
  `${comparedInWords(comparison.name)}: ${levelInWords(comparison)}, ${weightInWords(comparison.weight)}`;

const vetoWords: Readonly<Record<Veto, string>> = {
  generation: 'One is senior, the other junior.',
  gender: 'One is a woman, the other a man, and the given name is not the same.',
  'verified-birth-date': 'Both dates of birth were verified, and they differ.',
};
export const vetoInWords = (veto: Veto): string => vetoWords[veto];
