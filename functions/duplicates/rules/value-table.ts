import { isStreetType } from '#shared/text/address-words.ts';
import { nicknameGroups } from '#shared/text/nicknames.ts';
import { dayNumber } from './birth-date.ts';
import { emailUserOf } from './plain-values.ts';
import { type Signs, signsOf } from './quick-likeness.ts';

/** A value with all that is asked of it more than once. */
export interface Value extends Signs {
  /** Without blanks. */
  readonly squashed: string;
  readonly words: readonly string[];
  /** Words that tell one street or town from another. */
  readonly telling: readonly string[];
  readonly nicknames: readonly number[];
  /** Of an e-mail address the part before the at sign. */
  readonly user: string;
  /** Of a whole date (`yyyymmdd`) its parts and a count of days; zeros otherwise. */
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly days: number;
}

const readValue = (text: string): Value => {
  const words = text.split(' ');
  const whole = /^\d{8}$/.test(text);
  return {
    ...signsOf(text),
    squashed: words.join(''),
    words,
    telling: words.filter((word) => word.length > 2 && !isStreetType(word)),
    nicknames: nicknameGroups(words[0] ?? ''),
    user: emailUserOf(text),
    year: whole ? Number(text.slice(0, 4)) : 0,
    month: whole ? Number(text.slice(4, 6)) : 0,
    day: whole ? Number(text.slice(6)) : 0,
    days: whole ? dayNumber(text) : 0,
  };
};

/** Distinct values, each read once and known by a number. */
export class ValueTable {
  readonly values: Value[] = [];
  readonly #numbers = new Map<string, number>();

  /** The number of a value; -1 of none. */
  numberOf(text: string | undefined): number {
    if (text === undefined) return -1;
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    this.values.push(readValue(text));
    this.#numbers.set(text, this.values.length - 1);
    return this.values.length - 1;
  }

  value(number: number): Value {
    const value = this.values[number];
    if (value === undefined) throw new RangeError(`there is no value ${number}`);
    return value;
  }
}
