import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { plainText } from './words.ts';

/** Country whose national numbers people mean when they leave the country code out, ISO 3166-1 alpha-2. */
export type Country = CountryCode;

/** The country, or undefined where no numbering plan is known for it. */
export const countryOf = (code: string): Country | undefined => (isSupportedCountry(code) ? code : undefined);

/** A phone number as it is compared. */
export interface Phone {
  /** `+` and digits (E.164), undefined where the number fits no plan. */
  readonly e164: string | undefined;
  /** Digits without country code and leading zeros: what every way of writing the number has in common. */
  readonly national: string;
}

const digitsOf = (text: string): string => plainText(text).replace(/\D/g, '');
const withoutZeros = (digits: string): string => digits.replace(/^0+/, '');

/** Fewest digits that are taken for a phone number. */
export const fewestPhoneDigits = 5;
export const mostPhoneDigits = 17;

/**
 * A phone number from any way of writing it. Whether the number is in use is not asked: numbers kept for stories
 * (01632 960123, 555-0123) are numbers too. Undefined where there are too few or too many digits.
 */
export const phoneOf = (text: string, country: Country): Phone | undefined => {
  const written = plainText(text).trim();
  const parsed = parsePhoneNumberFromString(written, { defaultCountry: country, extract: false });
  const national = withoutZeros(parsed?.nationalNumber ?? digitsOf(written));
  if (national.length < fewestPhoneDigits || national.length > mostPhoneDigits) return undefined;
  return { e164: parsed?.number, national };
};

/**
 * How a text stands to the numbering plans: in a range in use, of a length that numbers have, of one that the last digits of a
 * number have where the area code is left out, or none of these.
 */
export type PhoneFit = 'in-plan' | 'possible' | 'local' | 'impossible';

/** Digits of a number without its area code, where people of one area call each other. */
const localDigits = /^[0-9]{6,8}$/;

export const phoneFit = (text: string, country: Country): PhoneFit => {
  const written = plainText(text).trim();
  const parsed = parsePhoneNumberFromString(written, { defaultCountry: country, extract: false });
  if (parsed === undefined) return 'impossible';
  if (parsed.isValid()) return 'in-plan';
  if (parsed.isPossible()) return 'possible';
  return /^[^+0]/.test(written) && localDigits.test(digitsOf(written)) ? 'local' : 'impossible';
};

/** What a text in a question may mean as a phone number; `e164` is said where the country code was written. */
export interface PhoneQuestion {
  readonly national: string;
  readonly e164: string | undefined;
}

/** Every reading of digits that may be a phone number, with and without the country code; at most three. */
export const phoneQuestions = (text: string, country: Country): readonly PhoneQuestion[] => {
  const digits = digitsOf(text);
  if (digits.length < fewestPhoneDigits || digits.length > mostPhoneDigits) return [];
  if (/^\s*(?:\+|00)/.test(plainText(text))) {
    const phone = phoneOf(`+${withoutZeros(digits)}`, country);
    return phone === undefined ? [] : [{ national: phone.national, e164: phone.e164 }];
  }
  const readings = [phoneOf(text, country)?.national, withoutZeros(digits), phoneOf(`+${digits}`, country)?.national];
  return [...new Set(readings)]
    .filter((national) => national !== undefined && national.length >= fewestPhoneDigits)
    .map((national) => ({ national: national ?? '', e164: undefined }));
};
