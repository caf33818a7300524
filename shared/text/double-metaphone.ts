import { soundOfC, soundOfG } from './double-metaphone-gutturals.ts';
import { soundOfS, soundOfT, soundOfZ } from './double-metaphone-sibilants.ts';
import { type Sound, type Spelling, silent, sound, spellingOf } from './double-metaphone-spelling.ts';

/**
 * Double metaphone: how a name sounds to a speaker of English, and how it may sound where the name came from elsewhere.
 * Source: Lawrence Philips, "The Double Metaphone Search Algorithm", C/C++ Users Journal, June 2000. Codes are not cut at four.
 */

type Rule = (spelling: Spelling, at: number) => Sound;

const doubled =
  (letter: string, code: string): Rule =>
  (spelling, at) =>
    sound(code, spelling.at(at + 1) === letter ? 2 : 1);

const vowel: Rule = (_, at) => (at === 0 ? sound('A', 1) : silent(1));

const soundOfD: Rule = (spelling, at) => {
  if (spelling.has(at, 'DG')) return spelling.oneOf(at + 2, 1, 'I', 'E', 'Y') ? sound('J', 3) : sound('TK', 2);
  return sound('T', spelling.has(at, 'DT') || spelling.has(at, 'DD') ? 2 : 1);
};

const soundOfH: Rule = (spelling, at) =>
  (at === 0 || spelling.vowel(at - 1)) && spelling.vowel(at + 1) ? sound('H', 2) : silent(1);

const soundOfJ: Rule = (spelling, at) => {
  const step = spelling.at(at + 1) === 'J' ? 2 : 1;
  if (spelling.has(at, 'JOSE')) return at === 0 && spelling.length === 4 ? sound('H', step) : sound('J', step, 'H');
  if (at === 0) return sound('J', step, 'A');
  if (spelling.vowel(at - 1) && !spelling.slavoGermanic && spelling.oneOf(at + 1, 1, 'A', 'O')) {
    return sound('J', step, 'H');
  }
  if (at === spelling.last) return sound('J', step, '');
  const hidden =
    spelling.oneOf(at + 1, 1, 'L', 'T', 'K', 'S', 'N', 'M', 'B', 'Z') || spelling.oneOf(at - 1, 1, 'S', 'K', 'L');
  return hidden ? silent(step) : sound('J', step);
};

const soundOfL: Rule = (spelling, at) => {
  if (spelling.at(at + 1) !== 'L') return sound('L', 1);
  const last = spelling.last;
  const spanish =
    (at === spelling.length - 3 && spelling.oneOf(at - 1, 4, 'ILLO', 'ILLA', 'ALLE')) ||
    ((spelling.oneOf(last - 1, 2, 'AS', 'OS') || spelling.oneOf(last, 1, 'A', 'O')) && spelling.has(at - 1, 'ALLE'));
  return spanish ? sound('L', 2, '') : sound('L', 2);
};

const soundOfM: Rule = (spelling, at) => {
  const silentB = spelling.has(at - 1, 'UMB') && (at + 1 === spelling.last || spelling.has(at + 2, 'ER'));
  return sound('M', silentB || spelling.at(at + 1) === 'M' ? 2 : 1);
};

const soundOfP: Rule = (spelling, at) =>
  spelling.at(at + 1) === 'H' ? sound('F', 2) : sound('P', spelling.oneOf(at + 1, 1, 'P', 'B') ? 2 : 1);

const soundOfR: Rule = (spelling, at) => {
  const step = spelling.at(at + 1) === 'R' ? 2 : 1;
  const french =
    at === spelling.last &&
    !spelling.slavoGermanic &&
    spelling.has(at - 2, 'IE') &&
    !spelling.oneOf(at - 4, 2, 'ME', 'MA');
  return french ? sound('', step, 'R') : sound('R', step);
};

const soundOfW: Rule = (spelling, at) => {
  if (spelling.has(at, 'WR')) return sound('R', 2);
  const opening: Sound =
    at === 0 && spelling.vowel(1) ? sound('A', 1, 'F') : at === 0 && spelling.has(0, 'WH') ? sound('A', 1) : silent(1);
  const polish =
    (at === spelling.last && spelling.vowel(at - 1)) ||
    spelling.oneOf(at - 1, 5, 'EWSKI', 'EWSKY', 'OWSKI', 'OWSKY') ||
    spelling.has(0, 'SCH');
  if (polish) return sound(opening.first, 1, `${opening.second}F`);
  if (spelling.oneOf(at, 4, 'WICZ', 'WITZ')) return sound(`${opening.first}TS`, 4, `${opening.second}FX`);
  return opening;
};

const soundOfX: Rule = (spelling, at) => {
  const step = spelling.oneOf(at + 1, 1, 'C', 'X') ? 2 : 1;
  if (at === 0) return sound('S', 1);
  const french =
    at === spelling.last && (spelling.oneOf(at - 3, 3, 'IAU', 'EAU') || spelling.oneOf(at - 2, 2, 'AU', 'OU'));
  return french ? silent(step) : sound('KS', step);
};

const rules = new Map<string, Rule>([
  ...['A', 'E', 'I', 'O', 'U', 'Y'].map((letter): [string, Rule] => [letter, vowel]),
  ['B', doubled('B', 'P')],
  ['Ç', () => sound('S', 1)],
  ['C', soundOfC],
  ['D', soundOfD],
  ['F', doubled('F', 'F')],
  ['G', soundOfG],
  ['H', soundOfH],
  ['J', soundOfJ],
  ['K', doubled('K', 'K')],
  ['L', soundOfL],
  ['M', soundOfM],
  ['N', doubled('N', 'N')],
  ['Ñ', () => sound('N', 1)],
  ['P', soundOfP],
  ['Q', doubled('Q', 'K')],
  ['R', soundOfR],
  ['S', soundOfS],
  ['T', soundOfT],
  ['V', doubled('V', 'F')],
  ['W', soundOfW],
  ['X', soundOfX],
  ['Z', soundOfZ],
]);

/**
 * Codes of one word: the English one first, then the other (equal where there is but one). Signs that are no Latin letter are
 * passed over; a word without any has two empty codes.
 */
export const doubleMetaphone = (word: string): readonly [string, string] => {
  const spelling = spellingOf(word);
  let first = '';
  let second = '';
  let at = spelling.oneOf(0, 2, 'GN', 'KN', 'PN', 'WR', 'PS') ? 1 : 0;
  while (at < spelling.length) {
    const heard = rules.get(spelling.at(at))?.(spelling, at) ?? silent(1);
    first += heard.first;
    second += heard.second;
    at += heard.step;
  }
  return [first, second];
};
