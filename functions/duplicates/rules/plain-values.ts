import { foldText } from '#shared/text/words.ts';

/** What people and programs write where they know nothing. */
const missingWords: ReadonlySet<string> = new Set([
  '',
  'na',
  'n a',
  'null',
  'none',
  'nil',
  'unknown',
  'not known',
  'not given',
  'not available',
  'tba',
  'tbc',
  'xx',
  'xxx',
]);

/** Text as it is compared: folded, no punctuation, single blanks; undefined where nothing is known. */
export const plainValue = (raw: string | undefined): string | undefined => {
  if (raw === undefined || raw === '' || raw === 'nan' || raw === 'NaN') return undefined;
  const plain = foldText(raw)
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();
  return missingWords.has(plain) ? undefined : plain;
};

const sameSign = /^(.)\1*$/u;
/** Numbers that stand in forms as examples. */
const exampleDigits: ReadonlySet<string> = new Set(['123456789', '1234567890', '0123456789', '12345678', '987654321']);

/** Letters and digits of an identifier; undefined where it is none (all zeros, 123456789). */
export const identifierOf = (raw: string | undefined): string | undefined => {
  const plain = plainValue(raw)?.replaceAll(' ', '');
  if (plain === undefined || plain.length < 3 || sameSign.test(plain) || exampleDigits.has(plain)) return undefined;
  return plain;
};

const fewestDigits = 5;
/** Digits of a phone number that tell it from others; before them stand ways to dial it. */
const tellingDigits = 9;

/** The last nine digits of a phone number, without extension. */
export const phoneDigitsOf = (raw: string | undefined): string | undefined => {
  const [number = ''] = foldText(raw ?? '').split(/x|ext|#/);
  const digits = number.replace(/\D/g, '').replace(/^0+/, '');
  if (digits.length < fewestDigits || sameSign.test(digits) || exampleDigits.has(digits)) return undefined;
  return digits.slice(-tellingDigits);
};

/** An e-mail address in lower case; broken ones too, as long as they hold something. */
export const emailOf = (raw: string | undefined): string | undefined => {
  const text = foldText(raw ?? '').replace(/\s+/g, '');
  return plainValue(text) === undefined || text.length < 3 ? undefined : text;
};

/** The part of an e-mail address before the at sign, without a tag. */
export const emailUserOf = (email: string): string => (email.split('@')[0] ?? '').replace(/\+.*$/, '');

/** Letters and digits of a postcode; of a ZIP+4 the first five. */
export const postcodeOf = (raw: string | undefined): string | undefined => {
  const plain = plainValue(raw)?.replaceAll(' ', '');
  if (plain === undefined) return undefined;
  return /^\d{9}$/.test(plain) ? plain.slice(0, 5) : plain;
};

const genders: ReadonlyMap<string, string> = new Map([
  ...['f', 'female', 'woman', 'w', 'weiblich', 'femme', 'mujer'].map((word) => [word, 'f'] as const),
  ...['m', 'male', 'man', 'maennlich', 'mannlich', 'homme', 'hombre'].map((word) => [word, 'm'] as const),
]);

export const genderOf = (raw: string | undefined): string | undefined => genders.get(plainValue(raw) ?? '');
