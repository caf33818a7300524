import { foldText } from '#shared/text/words.ts';

/** Words before a name, and what they say of its owner. */
const titles: ReadonlyMap<string, 'f' | 'm' | undefined> = new Map([
  ...'mr sir lord fr master herr'.split(' ').map((word) => [word, 'm'] as const),
  ...'mrs ms miss dame lady frau mme mlle'.split(' ').map((word) => [word, 'f'] as const),
  ...'mx dr prof professor rev reverend'.split(' ').map((word) => [word, undefined] as const),
]);

export const isTitle = (word: string): boolean => titles.has(word);

/** The gender that titles say; undefined where they say none, or both ("Mr and Mrs"). */
export const genderOfTitles = (words: readonly string[]): 'f' | 'm' | undefined => {
  const said = new Set(words.flatMap((word) => titles.get(word) ?? []));
  return said.size === 1 ? [...said][0] : undefined;
};

const generations: ReadonlyMap<string, string> = new Map([
  ...['jr', 'jnr', 'junior'].map((word) => [word, 'jr'] as const),
  ...['sr', 'snr', 'senior'].map((word) => [word, 'sr'] as const),
  ['ii', '2'],
  ['2nd', '2'],
  ['iii', '3'],
  ['3rd', '3'],
  ['iv', '4'],
]);

/** Which of several of one name a word says: `jr`, `sr`, `2`, `3`, `4`. */
export const generationOf = (word: string): string | undefined => generations.get(word);

const businessWords: ReadonlySet<string> = new Set(
  'ltd limited plc inc llc llp gmbh pty corp corporation company sons bros council'.split(' '),
);

/** Whether a name is a business's: such a name has no parts. */
export const isBusiness = (words: readonly string[]): boolean =>
  words.length > 1 && businessWords.has(words.at(-1) ?? '');

/** Whose record it is: one living person, somebody who died and whoever winds up the estate, or two at once. */
export type Holder = 'one' | 'estate' | 'joint';

/** Words that say somebody died, wherever they stand. */
const deathWords: ReadonlySet<string> = new Set('deceased decd exors exor executors executor executrix'.split(' '));
/** Words that say so before a name. */
const deathTitles: ReadonlySet<string> = new Set(['late', 'estate', 'representatives', 'representative']);
const joiningWords: ReadonlySet<string> = new Set(['the', 'of', 'for', 'personal']);
const joints = /\s*(?:&|\+|\s(?:and|und|et)\s)\s*/;

/** A name as it is written, without the words that say whose record it is. */
export interface MarkedName {
  readonly text: string;
  readonly holder: Holder;
}

const lettersOf = (word: string): string => word.replace(/[^\p{L}\p{N}]/gu, '');

/** Takes "the late", "executors of" and "deceased" off a name; the same text where it has none. */
const withoutEstate = (text: string): string => {
  const words = text.split(/\s+/);
  const first = words.findIndex((word) => {
    const plain = lettersOf(word);
    return !deathWords.has(plain) && !deathTitles.has(plain) && !joiningWords.has(plain);
  });
  const before = words.slice(0, Math.max(0, first));
  const kept = before.some((word) => deathTitles.has(lettersOf(word)) || deathWords.has(lettersOf(word)))
    ? words.slice(first)
    : words;
  const from = kept.findIndex((word) => deathWords.has(lettersOf(word)));
  if (from < 0) return kept.join(' ');
  return kept
    .filter((word, at) => at < from || !(deathWords.has(lettersOf(word)) || joiningWords.has(lettersOf(word))))
    .join(' ');
};

/** The first of two names that are written as one: "Arthur & Edna Blenkinsop" is Arthur Blenkinsop, with another. */
const firstOfTwo = (before: string, after: string): string => {
  const [family, rest] = before.includes(',') ? before.split(',') : ['', before];
  const words = (rest ?? '').split(/\s+/).filter((word) => word !== '' && !isTitle(lettersOf(word)));
  if (family !== '') return words.length > 0 ? before : `${family}, ${after}`;
  if (words.length === 0) return after;
  const others = after.split(/\s+/).filter((word) => word !== '');
  return words.length > 1 || others.length < 2 ? before : `${before} ${others.at(-1) ?? ''}`;
};

/** Reads whose record a name says it is. */
export const markedName = (raw: string): MarkedName => {
  const text = foldText(raw).trim().replace(/\s+/g, ' ');
  const alive = withoutEstate(text);
  const holder = alive === text ? 'one' : 'estate';
  const [before = '', after] = alive.split(joints);
  if (isBusiness(alive.split(' ').map(lettersOf))) return { text: alive, holder };
  if (after === undefined || after === '') return { text: alive, holder };
  return { text: firstOfTwo(before, after), holder: holder === 'estate' ? holder : 'joint' };
};
