import { accepted, type Judgement, rejected, warned } from './judgement.ts';

const hasLetter = (text: string): boolean => /\p{L}/u.test(text);
const hasDigit = (text: string): boolean => /\p{N}/u.test(text);

/** Parts of a person's name that are theirs; a title is none. */
export const judgePersonName = (parts: readonly string[]): Judgement => {
  if (!parts.some(hasLetter)) return rejected('name.without-letters');
  if (parts.some(hasDigit)) return warned('name.digits');
  return parts.every(hasLetter) ? accepted : warned('name.without-letters');
};

/** Digits are usual in the names of organisations, and there are some of digits alone. */
export const judgeOrganisationName = (name: string): Judgement => {
  if (hasLetter(name)) return accepted;
  return hasDigit(name) ? warned('name.without-letters') : rejected('name.without-letters');
};
