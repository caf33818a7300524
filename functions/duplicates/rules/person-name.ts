import {
  genderOfTitles,
  generationOf,
  type Holder,
  isBusiness,
  isTitle,
  type MarkedName,
  markedName,
} from './name-marks.ts';
import { plainValue } from './plain-values.ts';

/** A person's name in parts, as they are compared. */
export interface NameParts {
  readonly given: string | undefined;
  readonly middle: string | undefined;
  readonly family: string | undefined;
  /** Which of several of one name: `jr`, `sr`, `2`, `3`, `4`. */
  readonly generation: string | undefined;
  /** What the titles say: `f`, `m`. */
  readonly gender: string | undefined;
  readonly holder: Holder;
}

/** Words that begin a family name of several words. */
const particles: ReadonlySet<string> = new Set(
  'mc mac o van von der den ter de del della di da dos du la le st saint san bin ibn al el ap ab'.split(' '),
);

const wordsOf = (text: string | undefined): readonly string[] => (text === undefined ? [] : text.split(' '));
const joined = (words: readonly string[]): string | undefined => (words.length === 0 ? undefined : words.join(' '));

interface Stripped {
  readonly words: readonly string[];
  readonly generation: string | undefined;
  readonly titles: readonly string[];
}

/** Takes the generation off the end and titles off the beginning, where a name stays. */
const stripped = (words: readonly string[]): Stripped => {
  let from = 0;
  while (from < words.length - 1 && isTitle(words[from] ?? '')) from += 1;
  const generation = words.length - from > 1 ? generationOf(words.at(-1) ?? '') : undefined;
  return {
    words: words.slice(from, generation === undefined ? undefined : -1),
    generation,
    titles: words.slice(0, from),
  };
};

/** Where the family name of given-first words begins: the last word, with particles before it. */
const familyFrom = (words: readonly string[]): number => {
  let from = words.length - 1;
  while (from > 1 && particles.has(words[from - 1] ?? '')) from -= 1;
  return from;
};

type Parts = Pick<NameParts, 'given' | 'middle' | 'family' | 'generation' | 'gender'>;

const splitWhole = (raw: string): Parts => {
  const all = wordsOf(plainValue(raw));
  if (isBusiness(all))
    return { given: undefined, middle: undefined, family: joined(all), generation: undefined, gender: undefined };
  const comma = raw.indexOf(',');
  const [before, after] = comma < 0 ? ['', raw] : [raw.slice(0, comma), raw.slice(comma + 1)];
  const rest = stripped(wordsOf(plainValue(after)));
  const first = stripped(wordsOf(plainValue(before)));
  const generation = rest.generation ?? first.generation ?? generationOf(rest.words.join(' '));
  // "Smith, Jr" says no given name; "Smith, John" says family first.
  const familyFirst = first.words.length > 0 && generationOf(rest.words.join(' ')) === undefined;
  const words = familyFirst
    ? rest.words
    : [...first.words, ...rest.words].filter((word) => generationOf(word) === undefined);
  const from = familyFirst ? words.length : familyFrom(words);
  return {
    given: from === 0 && !familyFirst ? undefined : words[0],
    middle: joined(words.slice(1, from)),
    family: familyFirst ? joined(first.words) : joined(words.slice(from)),
    generation,
    gender: genderOfTitles([...first.titles, ...rest.titles]),
  };
};

export interface WrittenName {
  readonly name?: string | undefined;
  readonly title?: string | undefined;
  readonly given?: string | undefined;
  readonly middle?: string | undefined;
  readonly family?: string | undefined;
  readonly generation?: string | undefined;
}

const holderOf = (names: readonly (MarkedName | undefined)[]): Holder => {
  const said = names.map((name) => name?.holder);
  if (said.includes('estate')) return 'estate';
  return said.includes('joint') ? 'joint' : 'one';
};

/** A name in columns of its parts. */
const fromParts = (written: WrittenName, names: { readonly given: string; readonly family: string }): Parts => {
  const given = stripped(wordsOf(plainValue(names.given)));
  const family = stripped(wordsOf(plainValue(names.family)));
  return {
    given: joined(given.words),
    middle: plainValue(written.middle),
    family: joined(family.words),
    generation: family.generation ?? given.generation,
    gender: genderOfTitles([...given.titles, ...family.titles]),
  };
};

/** What stands in a column "name" beside one of family names: the given name, or the whole one. */
const givenBeside = (name: string, family: string): string => {
  const own = new Set(wordsOf(plainValue(family)));
  return wordsOf(plainValue(name))
    .filter((word) => !own.has(word))
    .join(' ');
};

/** A name from parts or, where there are none, from one text ("Dr Anna van der Berg", "Smith, John Paul Jr"). */
export const namePartsOf = (written: WrittenName): NameParts => {
  const [name, given, family] = [written.name, written.given, written.family].map((text) => markedName(text ?? ''));
  const known = (one: MarkedName | undefined): string => one?.text ?? '';
  const hasParts = [given, family].some((one) => plainValue(known(one)) !== undefined);
  const isWhole = !hasParts && plainValue(known(name)) !== undefined;
  const beside = plainValue(known(given)) === undefined ? givenBeside(known(name), known(family)) : known(given);
  const { gender, ...parts } = isWhole
    ? splitWhole(known(name))
    : fromParts(written, { given: beside, family: known(family) });
  const holder = holderOf(isWhole ? [name] : [given, family]);
  const said = genderOfTitles(wordsOf(plainValue(written.title))) ?? gender;
  return {
    ...parts,
    generation: generationOf(plainValue(written.generation) ?? '') ?? parts.generation,
    gender: holder === 'joint' ? undefined : said,
    holder,
  };
};
