import type { Random } from '#scripts/seed/random.ts';
import { doubleMetaphone } from '#shared/text/double-metaphone.ts';
import { nicknamesOf } from '#shared/text/nicknames.ts';
import { foldText, wordsOf } from '#shared/text/words.ts';
import type { KnownCustomer, KnownPlace } from './searched-utility.ts';

/** One way of typing; undefined where a customer has nothing of the kind. */
export interface Mutation {
  readonly category: string;
  /** All that a customer has which a question of this kind may be made from. */
  sources(known: KnownCustomer): readonly string[];
  /** The same of all whom the question means as much, where these are more. */
  alike?(known: KnownCustomer): readonly string[];
  /** The question from one of them; undefined where it gives none. */
  type(source: string, random: Random): string | undefined;
}

const pick = <Value>(values: readonly Value[], random: Random): Value | undefined =>
  values[random.below(values.length)];

const persons = ({ names }: KnownCustomer): readonly string[] => names.filter((name) => !isFirm(name)).map(bare);
const firms = ({ names }: KnownCustomer): readonly string[] =>
  names.filter(isFirm).map((name) => name.replace(formOfFirm, ''));
const isFirm = (name: string): boolean => /\b(?:ltd|limited|plc|llp|inc|gmbh|company)\b/i.test(name);

const bare = (name: string): string => name.replace(/^Dr /, '');
const givenOf = (name: string): string => bare(name).split(' ')[0] ?? '';
const familyOf = (name: string): string => bare(name).split(' ').slice(1).join(' ');

const withTypo = (word: string, random: Random): string | undefined => {
  if (!/^[a-z]{5,}$/i.test(word)) return undefined;
  const at = 1 + random.below(word.length - 2);
  const [letter, next] = [word.charAt(at), word.charAt(at + 1)];
  switch (random.below(4)) {
    case 0:
      return word.slice(0, at) + word.slice(at + 1);
    case 1:
      return letter === next ? undefined : word.slice(0, at) + next + letter + word.slice(at + 2);
    case 2:
      return word.slice(0, at) + letter + letter + word.slice(at + 1);
    default:
      return `${word.slice(0, at)}${letter === 'e' ? 'i' : 'e'}${word.slice(at + 1)}`;
  }
};

/** Spellings that are said alike. */
const soundings: readonly (readonly [RegExp, string])[] = [
  [/ph/, 'f'],
  [/ck/, 'k'],
  [/c(?=[aou])/, 'k'],
  [/i(?=[td])/, 'y'],
  [/y(?=[a-z])/, 'i'],
  [/ea/, 'ee'],
  [/ee/, 'ea'],
  [/ow/, 'ou'],
  [/z/, 's'],
  [/ll/, 'l'],
  [/tt/, 't'],
  [/rr/, 'r'],
  [/ie/, 'y'],
];

const soundingLike = (word: string, random: Random): string | undefined => {
  const codes = new Set(doubleMetaphone(foldText(word)));
  const ways = soundings
    .map(([from, to]) => word.toLowerCase().replace(from, to))
    .filter(
      (other) => other !== word.toLowerCase() && doubleMetaphone(foldText(other)).some((code) => codes.has(code)),
    );
  return pick(ways, random);
};

const formOfFirm = /\s+(?:& Sons Ltd|and Company|Ltd|Limited|Plc|LLP|Inc|GmbH)$/;
const otherForms = ['ltd', 'limited', '', 'inc.', 'gmbh', '& co', 'company'] as const;

const unknownWords =
  'urgent landlord upstairs mother tariff complaint engineer deposit student tenant widow council garage caravan workshop'.split(
    ' ',
  );

const severalUnknown = [
  'moved last week',
  'smart meter',
  'wants a refund',
  'new tenant upstairs',
  'rang about deposit',
] as const;

const digitsOf = (phone: string): string => phone.replace(/\D/g, '').replace(/^(?:44|0)/, '');
const tail = (text: string, random: Random): string | undefined => {
  const plain = text.replace(/[^a-z0-9]/gi, '');
  const length = random.between(4, 6);
  const end = plain.slice(-length);
  return plain.length > length && /\d/.test(end) ? end : undefined;
};

const shortStreet = (line: string): string =>
  line
    .toLowerCase()
    .replace(/ street$/, ' st')
    .replace(/ road$/, ' rd')
    .replace(/ lane$/, ' ln')
    .replace(/ avenue$/, ' ave');

/** Names and places of one customer, side by side. */
const together = (known: KnownCustomer, of: (place: KnownPlace) => string, places = known.places): readonly string[] =>
  persons(known).flatMap((name) => places.map((place) => `${name}|${of(place)}`));
const familyAnd = (known: KnownCustomer, of: (place: KnownPlace) => string, places = known.places): readonly string[] =>
  together(known, of, places).map((source) => {
    const [name, place] = halves(source);
    return `${familyOf(name)}|${place}`;
  });
const halves = (source: string): readonly [string, string] => {
  const [name = '', place = ''] = source.split('|');
  return [name, place];
};

const lettersAlone = (name: string): string => name.toLowerCase().replaceAll(/[^\p{L}]/gu, '');
const cutAt = (word: string, at: number): string => `${word.slice(0, at)} ${word.slice(at)}`;

const saints = (text: string): boolean => /\b(?:st|saint)\b/i.test(text);
const otherSaint = (text: string): string =>
  /\bsaint\b/i.test(text) ? text.replace(/\bsaint\b/i, 'st') : text.replace(/\bst\b\.?/i, 'saint');

/** Numbers that people read out the end of: whatever ends so is meant as much. */
const numbers = ({ phones, serials, goneSerials, accounts }: KnownCustomer): readonly string[] => [
  ...phones.map(digitsOf),
  ...serials,
  ...goneSerials,
  ...accounts,
];

const spoken = (source: string): string => halves(source).join(' ');

/** Every kind of question that is measured. */
export const mutations: readonly Mutation[] = [
  { category: 'exact name', sources: persons, type: (name) => name },
  {
    category: 'misspelt name',
    sources: persons,
    type: (name, random) => {
      const other = withTypo(familyOf(name), random);
      return other === undefined ? undefined : `${givenOf(name)} ${other}`;
    },
  },
  {
    category: 'sounds alike',
    sources: persons,
    type: (name, random) => {
      const other = soundingLike(familyOf(name), random);
      return other === undefined ? undefined : `${givenOf(name)} ${other}`;
    },
  },
  {
    category: 'nickname',
    sources: persons,
    type: (name, random) => {
      const short = pick(nicknamesOf(givenOf(name).toLowerCase()), random);
      return short === undefined ? undefined : `${short} ${familyOf(name)}`;
    },
  },
  {
    category: 'company form',
    sources: firms,
    type: (name, random) => `${name} ${pick(otherForms, random)}`.trim(),
  },
  { category: 'joined', sources: persons, type: lettersAlone },
  {
    category: 'joined and misspelt',
    sources: persons,
    type: (name, random) => withTypo(lettersAlone(name), random),
  },
  {
    category: 'split',
    sources: persons,
    type: (name, random) => {
      const family = familyOf(name);
      return /^[a-z]{6,}$/i.test(family)
        ? `${givenOf(name)} ${cutAt(family, random.between(2, family.length - 2))}`
        : undefined;
    },
  },
  {
    category: 'split and misspelt',
    sources: persons,
    type: (name, random) => {
      const family = withTypo(familyOf(name), random);
      return family !== undefined && family.length > 6
        ? `${givenOf(name)} ${cutAt(family, random.between(3, family.length - 3))}`
        : undefined;
    },
  },
  {
    category: 'saint and st',
    sources: (known) => [
      ...persons(known).filter(saints),
      ...familyAnd(known, ({ line }) => line).filter((one) => saints(halves(one)[1])),
    ],
    type: (source) => {
      const [name, line] = halves(source);
      return line === '' ? otherSaint(name) : `${name} ${otherSaint(line)}`;
    },
  },
  {
    category: 'initial and family name',
    sources: (known) => persons(known).map((name) => `${givenOf(name).charAt(0)} ${familyOf(name)}`),
    type: (source) => source,
  },
  {
    category: 'half postcode',
    sources: (known) => together(known, ({ postcode }) => postcode.split(' ')[0] ?? ''),
    type: spoken,
  },
  {
    category: 'address',
    sources: ({ places }) => places.map(({ line, town }) => `${line}|${town}`),
    type: (source) => {
      const [line, town] = halves(source);
      return `${shortStreet(line)} ${town}`;
    },
  },
  {
    category: 'address parts',
    sources: (known) => familyAnd(known, ({ line }) => line.replace(/^\d+ /, '')),
    type: spoken,
  },
  {
    category: 'postcode and family name',
    sources: (known) => familyAnd(known, ({ postcode }) => postcode),
    type: (source) => {
      const [name, postcode] = halves(source);
      return `${postcode.replace(' ', '').toLowerCase()} ${name}`;
    },
  },
  { category: 'name and place', sources: (known) => together(known, ({ town }) => town), type: spoken },
  {
    category: 'phone',
    sources: ({ phones }) => phones.map(digitsOf),
    type: (digits, random) =>
      random.chance(500) ? `0${digits}` : `+44 ${digits.slice(0, 4)} ${digits.slice(4, 7)} ${digits.slice(7)}`,
  },
  { category: 'phone tail', sources: ({ phones }) => phones.map(digitsOf), alike: numbers, type: tail },
  {
    category: 'name and phone tail',
    sources: (known) =>
      persons(known).flatMap((name) => known.phones.map((phone) => `${familyOf(name)}|${digitsOf(phone).slice(-4)}`)),
    type: spoken,
  },
  { category: 'e-mail', sources: ({ emails }) => emails, type: (email) => email.toUpperCase() },
  {
    category: 'serial',
    sources: ({ serials }) => serials,
    type: (serial) => serial.toLowerCase().replaceAll('-', ' '),
  },
  { category: 'serial tail', sources: ({ serials }) => serials, alike: numbers, type: tail },
  { category: 'account', sources: ({ accounts }) => accounts, type: (number) => number.replaceAll('-', '') },
  { category: 'account tail', sources: ({ accounts }) => accounts, alike: numbers, type: tail },
  {
    category: 'former name',
    sources: ({ formerNames }) => formerNames.map(bare),
    alike: ({ names, formerNames }) => [...names, ...formerNames].map(bare),
    type: (name) => name,
  },
  {
    category: 'former address',
    sources: (known) => familyAnd(known, ({ line }) => line, known.formerPlaces),
    alike: (known) => familyAnd(known, ({ line }) => line, [...known.places, ...known.formerPlaces]),
    type: (source) => shortStreet(spoken(source)),
  },
  {
    category: 'name and unknown word',
    sources: persons,
    type: (name, random) => `${name} ${pick(unknownWords, random)}`,
  },
  {
    category: 'name and several unknown words',
    sources: persons,
    type: (name, random) => `${name} ${pick(severalUnknown, random)}`,
  },
  {
    category: 'e-mail without its domain',
    sources: ({ emails }) => emails.map((email) => email.split('@')[0] ?? ''),
    type: (name, random) => pick([name, name.replaceAll('.', ' '), `${name}@`], random),
  },
  {
    category: 'number without its letters',
    sources: ({ serials, accounts }) =>
      [...serials, ...accounts].map((number) => number.replace(/^[a-z]+[^a-z0-9]*/i, '')),
    type: (rest, random) => pick([rest, rest.toLowerCase(), rest.replaceAll('-', '')], random),
  },
];

/** What a customer would have to have for a question to mean them as much as the one it was made from: the words of the source. */
export const sameSource = (source: string): string => wordsOf(source).join(' ');

/** Tails: whoever has a number that ends the same is meant as much. */
export const endsAlike = (category: string, source: string, q: string): boolean =>
  ['phone tail', 'serial tail', 'account tail'].includes(category) &&
  source
    .replace(/[^a-z0-9]/gi, '')
    .toLowerCase()
    .endsWith(q.toLowerCase());
