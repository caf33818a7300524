import { type Sound, type Spelling, silent, sound } from './double-metaphone-spelling.ts';

/** C and G, the letters with the most exceptions. */

const softens = (spelling: Spelling, at: number): boolean => spelling.oneOf(at, 1, 'I', 'E', 'H');

const chOfGreek = (spelling: Spelling, at: number): boolean =>
  at === 0 &&
  (spelling.oneOf(1, 5, 'HARAC', 'HARIS') || spelling.oneOf(1, 3, 'HOR', 'HYM', 'HIA', 'HEM')) &&
  !spelling.has(0, 'CHORE');

const chOfGerman = (spelling: Spelling, at: number): boolean =>
  spelling.has(0, 'SCH') ||
  spelling.oneOf(at - 2, 6, 'ORCHES', 'ARCHIT', 'ORCHID') ||
  spelling.oneOf(at + 2, 1, 'T', 'S') ||
  ((at === 0 || spelling.oneOf(at - 1, 1, 'A', 'O', 'U', 'E')) &&
    (at + 2 >= spelling.length || spelling.oneOf(at + 2, 1, 'L', 'R', 'N', 'M', 'B', 'H', 'F', 'V', 'W')));

const soundOfCh = (spelling: Spelling, at: number): Sound => {
  if (at > 0 && spelling.has(at, 'CHAE')) return sound('K', 2, 'X');
  if (chOfGreek(spelling, at) || chOfGerman(spelling, at)) return sound('K', 2);
  if (at === 0) return sound('X', 2);
  return spelling.has(0, 'MC') ? sound('K', 2) : sound('X', 2, 'K');
};

const soundOfCc = (spelling: Spelling, at: number): Sound => {
  if (!softens(spelling, at + 2) || spelling.has(at + 2, 'HU')) return sound('K', 2);
  const hard = (at === 1 && spelling.at(0) === 'A') || spelling.oneOf(at - 1, 5, 'UCCEE', 'UCCES');
  return hard ? sound('KS', 3) : sound('X', 3);
};

const bacher = (spelling: Spelling, at: number): boolean =>
  at > 1 &&
  !spelling.vowel(at - 2) &&
  spelling.has(at - 1, 'ACH') &&
  spelling.at(at + 2) !== 'I' &&
  (spelling.at(at + 2) !== 'E' || spelling.oneOf(at - 2, 6, 'BACHER', 'MACHER'));

export const soundOfC = (spelling: Spelling, at: number): Sound => {
  if (bacher(spelling, at)) return sound('K', 2);
  if (at === 0 && spelling.has(0, 'CAESAR')) return sound('S', 2);
  if (spelling.has(at, 'CHIA')) return sound('K', 2);
  if (spelling.has(at, 'CH')) return soundOfCh(spelling, at);
  if (spelling.has(at, 'CZ') && !spelling.has(at - 2, 'WICZ')) return sound('S', 2, 'X');
  if (spelling.has(at, 'CCIA')) return sound('X', 3);
  if (spelling.has(at, 'CC') && !(at === 1 && spelling.at(0) === 'M')) return soundOfCc(spelling, at);
  if (spelling.oneOf(at, 2, 'CK', 'CG', 'CQ')) return sound('K', 2);
  if (spelling.oneOf(at, 2, 'CI', 'CE', 'CY')) {
    return spelling.oneOf(at, 3, 'CIO', 'CIE', 'CIA') ? sound('S', 2, 'X') : sound('S', 2);
  }
  const twice = spelling.oneOf(at + 1, 1, 'C', 'K', 'Q') && !spelling.oneOf(at + 1, 2, 'CE', 'CI');
  return sound('K', twice ? 2 : 1);
};

/** GH is silent after B, D and H ("Hugh", "bough", "Broughton"). */
const silentGh = (spelling: Spelling, at: number): boolean =>
  spelling.oneOf(at - 2, 1, 'B', 'D', 'H') ||
  spelling.oneOf(at - 3, 1, 'B', 'D', 'H') ||
  spelling.oneOf(at - 4, 1, 'B', 'H');

const soundOfGh = (spelling: Spelling, at: number): Sound => {
  if (at === 0) return spelling.at(2) === 'I' ? sound('J', 2) : sound('K', 2);
  if (!spelling.vowel(at - 1)) return sound('K', 2);
  if (silentGh(spelling, at)) return silent(2);
  if (spelling.at(at - 1) === 'U' && spelling.oneOf(at - 3, 1, 'C', 'G', 'L', 'R', 'T')) return sound('F', 2);
  return spelling.at(at - 1) === 'I' ? silent(2) : sound('K', 2);
};

const soundOfGn = (spelling: Spelling, at: number): Sound => {
  if (at === 1 && spelling.vowel(0) && !spelling.slavoGermanic) return sound('KN', 2, 'N');
  return !spelling.has(at + 2, 'EY') && !spelling.slavoGermanic ? sound('N', 2, 'KN') : sound('KN', 2);
};

const gOfStart = ['ES', 'EP', 'EB', 'EL', 'EY', 'IB', 'IL', 'IN', 'IE', 'EI', 'ER'];

const softOrHard = (spelling: Spelling, at: number): boolean => {
  if (at === 0) return spelling.at(1) === 'Y' || spelling.oneOf(1, 2, ...gOfStart);
  return (
    (spelling.has(at + 1, 'ER') || spelling.at(at + 1) === 'Y') &&
    !spelling.oneOf(0, 6, 'DANGER', 'RANGER', 'MANGER') &&
    !spelling.oneOf(at - 1, 1, 'E', 'I') &&
    !spelling.oneOf(at - 1, 3, 'RGY', 'OGY')
  );
};

export const soundOfG = (spelling: Spelling, at: number): Sound => {
  if (spelling.at(at + 1) === 'H') return soundOfGh(spelling, at);
  if (spelling.at(at + 1) === 'N') return soundOfGn(spelling, at);
  if (spelling.has(at + 1, 'LI') && !spelling.slavoGermanic) return sound('KL', 2, 'L');
  if (softOrHard(spelling, at)) return sound('K', 2, 'J');
  if (spelling.oneOf(at + 1, 1, 'E', 'I', 'Y') || spelling.oneOf(at - 1, 4, 'AGGI', 'OGGI')) {
    if (spelling.has(0, 'SCH') || spelling.has(at + 1, 'ET')) return sound('K', 2);
    const french = spelling.has(at + 1, 'IER') && at + 4 === spelling.length;
    return french ? sound('J', 2) : sound('J', 2, 'K');
  }
  return sound('K', spelling.at(at + 1) === 'G' ? 2 : 1);
};
