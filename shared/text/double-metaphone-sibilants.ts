import { type Sound, type Spelling, silent, sound } from './double-metaphone-spelling.ts';

/** S, T and Z. */

const soundOfSch = (spelling: Spelling, at: number): Sound => {
  if (spelling.oneOf(at + 3, 2, 'ER', 'EN')) return sound('X', 3, 'SK');
  if (spelling.oneOf(at + 3, 2, 'OO', 'UY', 'ED', 'EM')) return sound('SK', 3);
  return at === 0 && !spelling.vowel(3) && spelling.at(3) !== 'W' ? sound('X', 3, 'S') : sound('X', 3);
};

const soundOfSc = (spelling: Spelling, at: number): Sound => {
  if (spelling.at(at + 2) === 'H') return soundOfSch(spelling, at);
  return spelling.oneOf(at + 2, 1, 'I', 'E', 'Y') ? sound('S', 3) : sound('SK', 3);
};

export const soundOfS = (spelling: Spelling, at: number): Sound => {
  if (spelling.oneOf(at - 1, 3, 'ISL', 'YSL')) return silent(1);
  if (at === 0 && spelling.has(0, 'SUGAR')) return sound('X', 1, 'S');
  if (spelling.has(at, 'SH')) {
    return spelling.oneOf(at + 1, 4, 'HEIM', 'HOEK', 'HOLM', 'HOLZ') ? sound('S', 2) : sound('X', 2);
  }
  if (spelling.oneOf(at, 3, 'SIO', 'SIA')) return spelling.slavoGermanic ? sound('S', 3) : sound('S', 3, 'X');
  const next = spelling.at(at + 1);
  if ((at === 0 && ['M', 'N', 'L', 'W'].includes(next)) || next === 'Z') return sound('S', next === 'Z' ? 2 : 1, 'X');
  if (next === 'C') return soundOfSc(spelling, at);
  const step = next === 'S' || next === 'Z' ? 2 : 1;
  const french = at === spelling.last && spelling.oneOf(at - 2, 2, 'AI', 'OI');
  return french ? sound('', step, 'S') : sound('S', step);
};

export const soundOfT = (spelling: Spelling, at: number): Sound => {
  if (spelling.oneOf(at, 4, 'TION') || spelling.oneOf(at, 3, 'TIA', 'TCH')) return sound('X', 3);
  if (spelling.has(at, 'TH') || spelling.has(at, 'TTH')) {
    const hard = spelling.oneOf(at + 2, 2, 'OM', 'AM') || spelling.has(0, 'SCH');
    return hard ? sound('T', 2) : sound('0', 2, 'T');
  }
  return sound('T', spelling.oneOf(at + 1, 1, 'T', 'D') ? 2 : 1);
};

export const soundOfZ = (spelling: Spelling, at: number): Sound => {
  if (spelling.at(at + 1) === 'H') return sound('J', 2);
  const step = spelling.at(at + 1) === 'Z' ? 2 : 1;
  const slavic =
    spelling.oneOf(at + 1, 2, 'ZO', 'ZI', 'ZA') || (spelling.slavoGermanic && at > 0 && spelling.at(at - 1) !== 'T');
  return slavic ? sound('S', step, 'TS') : sound('S', step);
};
