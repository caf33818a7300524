/** Folding of written text, so that case, accents and punctuation never decide whether something is found. */

const letterForms: ReadonlyMap<string, string> = new Map([
  ['ß', 'ss'],
  ['æ', 'ae'],
  ['œ', 'oe'],
  ['ø', 'o'],
  ['đ', 'd'],
  ['ð', 'd'],
  ['þ', 'th'],
  ['ł', 'l'],
  ['ħ', 'h'],
  ['ı', 'i'],
  ['ŋ', 'ng'],
  ['ŧ', 't'],
  ['ς', 'σ'],
]);

/** Apostrophes and the like: left out, so that O'Brien is one word. */
const apostrophes = /['’‘ʼʻ`´ʹʾʿ＇]/gu;
/** Accents of Latin, Greek and Cyrillic; points and vowel signs of Hebrew and Arabic, which are written or not. */
const optionalMarks =
  /[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0640]/gu;

/** Digits of Arabic, Persian and Devanagari writing as 0 to 9, and compatible forms (full width) as plain ones. */
export const plainText = (text: string): string =>
  text.normalize('NFKC').replace(/[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f]/g, (digit) => {
    const code = digit.charCodeAt(0);
    return String(code >= 0x0966 ? code - 0x0966 : code & 0x0f);
  });

/**
 * Text as it is compared: NFKD, lower case, without accents and apostrophes, composed again. Scripts other than Latin keep
 * their letters and the marks that make them (Devanagari vowels, Japanese voicing). Folding twice changes nothing.
 */
export const foldText = (text: string): string =>
  plainText(text.replace(apostrophes, ''))
    .normalize('NFKD')
    .replace(apostrophes, '')
    .toLowerCase()
    .normalize('NFKD')
    .replace(optionalMarks, '')
    .replace(/[ßæœøđðþłħıŋŧς]/gu, (sign) => letterForms.get(sign) ?? sign)
    .normalize('NFC');

/** Longest word that is kept, in code points; what is longer is cut, in the index and in the question alike. */
export const longestWord = 32;

/** Words of a text, folded, in their order. */
export const wordsOf = (text: string): readonly string[] =>
  foldText(text)
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((word) => /[\p{L}\p{N}]/u.test(word))
    .map((word) => Array.from(word).slice(0, longestWord).join(''));

/** Letters of a word, as people count them (code points). */
export const lettersOf = (word: string): readonly string[] => Array.from(word);

export const hasDigit = (word: string): boolean => /\p{N}/u.test(word);

const titles: ReadonlySet<string> = new Set('mr mrs ms miss mx dr prof sir dame rev'.split(' '));
export const isTitle = (word: string): boolean => titles.has(word);

/** Titles, joining words and forms of companies: they may be there or not. */
const lightWords: ReadonlySet<string> = new Set([
  ...titles,
  ...[
    'and und et the of no number flat unit apt apartment suite room',
    'ltd limited plc llp llc inc incorporated corp corporation co company gmbh ag kg ohg sarl sas bv nv pty aps oy ab srl spa',
  ].flatMap((line) => line.split(' ')),
]);
export const isLight = (word: string): boolean => lightWords.has(word);

/** Parts of family names that some write apart and some do not: Mac Donald, van der Berg, O Brien. */
const particles: ReadonlySet<string> = new Set(
  'mc mac o van von der den ter de del della di da dos la le du st saint san bin ibn al el ap ab fitz'.split(' '),
);

/** A word as names are compared: a saint is one however shortened. */
export const nameForm = (word: string): string => (word === 'st' ? 'saint' : word);
const shortForm = (word: string): string => (word === 'saint' ? 'st' : word);

const mostJoined = 5;

/** Neighbouring words written as one, two to five at a time. */
export const joinedNeighbours = (words: readonly string[]): readonly string[] =>
  words.flatMap((_, from) =>
    Array.from({ length: mostJoined - 1 }, (_, more) => words.slice(from, from + more + 2))
      .filter((run, more) => run.length === more + 2)
      .map((run) => run.join('')),
  );

/** Words of a name, written out and shortened where they may be. */
export const spellingsOf = (words: readonly string[]): readonly (readonly string[])[] => {
  const [full, short] = [words.map(nameForm), words.map(shortForm)];
  return full.every((word, place) => word === short[place]) ? [full] : [full, short];
};

/** Forms of a name's words that others write as one: particles with what follows, and parts about a hyphen. */
export const joinedForms = (name: string): readonly string[] => {
  const parts = foldText(name).split(/[^\p{L}\p{M}\p{N}\-‐‑]+/u);
  return [...new Set(spellingsOf(parts).flatMap(joinedParts))].filter(
    (word) => word !== '' && lettersOf(word).length <= longestWord,
  );
};

const joinedParts = (parts: readonly string[]): readonly string[] => {
  const joined: string[] = [];
  let run = '';
  for (const part of parts) {
    const whole = wordsOf(part).join('');
    if (particles.has(whole)) {
      run += whole;
      continue;
    }
    if (run !== '' || wordsOf(part).length > 1) joined.push(`${run}${whole}`);
    run = '';
  }
  return joined;
};
