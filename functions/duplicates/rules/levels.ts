import { shareNickname } from '#shared/text/nicknames.ts';
import { bagLikeness, commonSigns, distance, winkler, winklerCeiling, within } from './quick-likeness.ts';
import type { Value } from './value-table.ts';

/**
 * How far two values agree, as a level: 0 equal, then ever less, the last one "else". Values are different; equal ones are told by
 * their numbers.
 */
export type CompareValues = (left: Value, right: Value) => number;

const shareWord = (left: readonly string[], right: readonly string[]): boolean => {
  for (const word of left) if (right.includes(word)) return true;
  return false;
};

const isInitialOf = (left: Value, right: Value): boolean =>
  (left.text.length === 1 || right.text.length === 1) && left.text[0] === right.text[0];

/** One name is a word of the other: "john" of "john paul", "smith" of "smith jones". */
const isWordOf = (left: Value, right: Value): boolean => {
  if (left.words.length === right.words.length) return false;
  const short = left.words.length < right.words.length ? left : right;
  const long = short === left ? right : left;
  return short.text.length > 1 && short.words.every((word) => long.words.includes(word));
};

/** Given and family names, five levels. */
export const nameLevel: CompareValues = (left, right) => {
  if (left.squashed === right.squashed) return 1;
  const single = left.words.length === 1 || right.words.length === 1;
  if (single && shareNickname(left.nicknames, right.nicknames)) return 1;
  const common = commonSigns(left, right);
  if (within(left, right, 1, common)) return 1;
  const likeness = winklerCeiling(left, right, common) >= 0.78 ? winkler(left, right) : 0;
  if (likeness >= 0.92) return 1;
  if (likeness >= 0.88 || isWordOf(left, right)) return 2;
  const shorter = Math.min(left.inOrder.length, right.inOrder.length);
  if (shorter >= 5 && within(left, right, 2, common)) return 2;
  const longer = Math.max(left.inOrder.length, right.inOrder.length);
  return likeness >= 0.78 || common / longer >= 0.8 || isInitialOf(left, right) ? 3 : 4;
};

/** Middle names, three levels. */
export const middleLevel: CompareValues = (left, right) =>
  isInitialOf(left, right) || isWordOf(left, right) || nameLevel(left, right) <= 2 ? 1 : 2;

/** Dates of birth, five levels. A year alone agrees with every date of it. */
export const birthDateLevel: CompareValues = (left, right) => {
  if (left.year === 0 || right.year === 0) {
    const years = Math.abs(Number(left.text.slice(0, 4)) - Number(right.text.slice(0, 4)));
    return years === 0 ? 2 : years === 1 ? 3 : 4;
  }
  const common = commonSigns(left, right);
  const year = left.year === right.year;
  if (year && left.month === right.day && left.day === right.month) return 1;
  if (within(left, right, 1, common)) return 1;
  const days = Math.abs(left.days - right.days);
  const same = Number(year) + Number(left.month === right.month) + Number(left.day === right.day);
  if (same === 2 || days <= 40) return 2;
  return year || days <= 366 || within(left, right, 2, common) ? 3 : 4;
};

/** National identifiers and phone numbers, four levels. */
export const digitsLevel: CompareValues = (left, right) => {
  const common = commonSigns(left, right);
  if (!within(left, right, 2, common)) return 3;
  return within(left, right, 1, common) ? 1 : 2;
};

/** Share of signs that need no change, 0 to 1, where it may reach a bound. */
const nearness = (left: Value, right: Value, bound: number, common: number): number => {
  const longer = Math.max(left.inOrder.length, right.inOrder.length);
  return common / longer < bound ? 0 : 1 - distance(left, right) / longer;
};

/** E-mail addresses, four levels. */
export const emailLevel: CompareValues = (left, right) => {
  const common = commonSigns(left, right);
  if ((left.user.length > 2 && left.user === right.user) || within(left, right, 2, common)) return 1;
  const longer = Math.max(left.inOrder.length, right.inOrder.length);
  return common / longer >= 0.88 || nearness(left, right, 0.7, common) >= 0.7 ? 2 : 3;
};

/** Lines of an address, four levels. */
export const lineLevel: CompareValues = (left, right) => {
  const common = commonSigns(left, right);
  if (left.squashed === right.squashed || within(left, right, 2, common)) return 1;
  if (shareWord(left.telling, right.telling)) return 2;
  return nearness(left, right, 0.75, common) >= 0.75 ? 2 : 3;
};

/** Towns, four levels. */
export const townLevel: CompareValues = (left, right) => {
  const common = commonSigns(left, right);
  if (left.squashed === right.squashed || isWordOf(left, right) || within(left, right, 2, common)) return 1;
  if (winklerCeiling(left, right, common) >= 0.93 && winkler(left, right) >= 0.93) return 1;
  return bagLikeness(left, right) >= 0.8 || nearness(left, right, 0.6, common) >= 0.6 ? 2 : 3;
};

/** Postcodes, four levels. */
export const postcodeLevel: CompareValues = (left, right) => {
  const common = commonSigns(left, right);
  if (within(left, right, 1, common)) return 1;
  const reordered = common === left.inOrder.length && common === right.inOrder.length;
  return reordered || left.text.slice(0, 2) === right.text.slice(0, 2) ? 2 : 3;
};

/** House numbers and states, three levels. */
export const numberLevel: CompareValues = (left, right) => {
  if (left.squashed === right.squashed) return 1;
  const shorter = Math.min(left.inOrder.length, right.inOrder.length);
  return (shorter >= 2 && within(left, right, 1)) || isWordOf(left, right) ? 1 : 2;
};

/** Stands where others say senior or junior, and this record does not. */
export const unsaid = '-';

/** Which of several of one name, three levels: a junior may be a second, and one record alone may say which. */
export const generationLevel: CompareValues = (left, right) => {
  const both = [left.text, right.text];
  if (both.includes(unsaid)) return 1;
  return both.includes('jr') && both.includes('2') ? 1 : 2;
};

/** What either is or is not: gender, whose record it is. */
export const sameOrNot: CompareValues = () => 1;
