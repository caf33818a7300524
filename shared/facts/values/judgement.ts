import type { Verdict } from '#shared/vocabulary/fact.ts';

/** What a validator says of a value: `warned` is kept and loses against what is sound, `rejected` is kept as said and never wins. */
export interface Judgement {
  readonly verdict: 'accepted' | Verdict['verdict'];
  /** Why, for machines: `phone.impossible`. None where the value is accepted. */
  readonly codes: readonly ValueCode[];
}

/** Each code with its meaning for people. */
export const valueCodes = {
  'email.malformed': 'is no e-mail address',
  'email.unusual': 'is an e-mail address that few systems take',
  'phone.impossible': 'fits no numbering plan',
  'phone.unknown-range': 'is in no range of numbers that is in use',
  'phone.without-area': 'may lack its area code',
  'postcode.malformed': 'is not how postcodes of its country are written',
  'birth-date.future': 'lies in the future',
  'birth-date.before-1900': 'lies before 1900',
  'birth-date.under-16': 'is that of somebody under 16',
  'name.without-letters': 'holds no letter',
  'name.digits': 'holds digits',
  'iban.malformed': 'does not have the shape of an IBAN',
  'iban.unknown-country': 'is an IBAN of a country that is not known to use them',
  'iban.checksum': 'has check digits that do not fit',
  'account-number.malformed': 'is no account number',
  'account-number.checksum': 'has a check digit that does not fit',
} as const satisfies Readonly<Record<string, string>>;
export type ValueCode = keyof typeof valueCodes;

const isValueCode = (code: string): code is ValueCode => code in valueCodes;

/** What a code means, as a sentence's end: "fits no numbering plan". */
export const codeInWords = (code: string): string => (isValueCode(code) ? valueCodes[code] : 'does not fit');

export const accepted: Judgement = { verdict: 'accepted', codes: [] };
export const warned = (...codes: readonly ValueCode[]): Judgement => ({ verdict: 'warned', codes });
export const rejected = (...codes: readonly ValueCode[]): Judgement => ({ verdict: 'rejected', codes });
