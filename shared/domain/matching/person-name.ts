import { plainValue } from './plain-values.ts';

/** A person's name in parts, as they are compared. */
export interface NameParts {
  readonly given: string | undefined;
  readonly middle: string | undefined;
  readonly family: string | undefined;
  /** Which of several of one name: `jr`, `sr`, `2`, `3`, `4`. */
  readonly generation: string | undefined;
}

const titles: ReadonlySet<string> = new Set(
  'mr mrs ms miss mx dr prof professor sir dame lady lord rev reverend fr master herr frau mme mlle'.split(' '),
);
const generations: ReadonlyMap<string, string> = new Map([
  ...['jr', 'jnr', 'junior'].map((word) => [word, 'jr'] as const),
  ...['sr', 'snr', 'senior'].map((word) => [word, 'sr'] as const),
  ['ii', '2'],
  ['2nd', '2'],
  ['iii', '3'],
  ['3rd', '3'],
  ['iv', '4'],
]);
/** Words that begin a family name of several words. */
const particles: ReadonlySet<string> = new Set(
  'mc mac o van von der den ter de del della di da dos du la le st saint san bin ibn al el ap ab'.split(' '),
);

const wordsOf = (text: string | undefined): readonly string[] => (text === undefined ? [] : text.split(' '));
const joined = (words: readonly string[]): string | undefined => (words.length === 0 ? undefined : words.join(' '));

/** Takes the generation off the end and titles off the beginning, where a name stays. */
const stripped = (
  words: readonly string[],
): { readonly words: readonly string[]; readonly generation: string | undefined } => {
  let from = 0;
  while (from < words.length - 1 && titles.has(words[from] ?? '')) from += 1;
  const generation = words.length - from > 1 ? generations.get(words.at(-1) ?? '') : undefined;
  return { words: words.slice(from, generation === undefined ? undefined : -1), generation };
};

/** Where the family name of given-first words begins: the last word, with particles before it. */
const familyFrom = (words: readonly string[]): number => {
  let from = words.length - 1;
  while (from > 1 && particles.has(words[from - 1] ?? '')) from -= 1;
  return from;
};

const splitWhole = (raw: string): NameParts => {
  const comma = raw.indexOf(',');
  const [before, after] = comma < 0 ? ['', raw] : [raw.slice(0, comma), raw.slice(comma + 1)];
  const rest = stripped(wordsOf(plainValue(after)));
  const first = stripped(wordsOf(plainValue(before)));
  const generation = rest.generation ?? first.generation ?? generations.get(rest.words.join(' '));
  // "Smith, Jr" says no given name; "Smith, John" says family first.
  const familyFirst = first.words.length > 0 && !generations.has(rest.words.join(' '));
  const words = familyFirst ? rest.words : [...first.words, ...rest.words].filter((word) => !generations.has(word));
  const from = familyFirst ? words.length : familyFrom(words);
  return {
    given: from === 0 && !familyFirst ? undefined : words[0],
    middle: joined(words.slice(1, from)),
    family: familyFirst ? joined(first.words) : joined(words.slice(from)),
    generation,
  };
};

export interface WrittenName {
  readonly name?: string | undefined;
  readonly given?: string | undefined;
  readonly middle?: string | undefined;
  readonly family?: string | undefined;
  readonly generation?: string | undefined;
}

/** A name from parts or, where there are none, from one text ("Dr Anna van der Berg", "Smith, John Paul Jr"). */
export const namePartsOf = (written: WrittenName): NameParts => {
  const suffix = generations.get(plainValue(written.generation) ?? '');
  const given = stripped(wordsOf(plainValue(written.given)));
  const family = stripped(wordsOf(plainValue(written.family)));
  if (given.words.length + family.words.length === 0 && plainValue(written.name) !== undefined) {
    const parts = splitWhole(written.name ?? '');
    return { ...parts, generation: suffix ?? parts.generation };
  }
  return {
    given: joined(given.words),
    middle: plainValue(written.middle),
    family: joined(family.words),
    generation: suffix ?? family.generation ?? given.generation,
  };
};
