import { addressForm, isStreetType } from '#shared/text/address-words.ts';
import type { Country } from '#shared/text/phone.ts';
import { hasDigit, isLight, nameForm, wordsOf } from '#shared/text/words.ts';
import { kindOf } from '#shared/vocabulary/ids.ts';
import { type ExactQuestion, onlyPhone, readingsOf } from './exact-questions.ts';
import { isValue, type Piece, piecesOf, type Span } from './pieces.ts';

/** One word of a question. */
export interface AskedWord {
  readonly text: string;
  /** As addresses are compared: `st` is `street`. */
  readonly address: string;
  /** As names are compared: `st` is `saint`. */
  readonly name: string;
  /** Words of one unit are one thing that was typed: a number with its blanks, an e-mail address. */
  readonly unit: number;
  /**
   * `word`: looked up; `number`: holds a digit; `type`: a kind of street; `part`: of an e-mail address, id or reference. All
   * these must be met; `light` words need not.
   */
  readonly role: 'word' | 'number' | 'type' | 'part' | 'light';
}

/** An id in the question: the thing itself, no key is needed. */
export interface IdQuestion extends Span {
  readonly id: string;
}

export interface Interpretation {
  readonly words: readonly AskedWord[];
  readonly exact: readonly ExactQuestion[];
  readonly ids: readonly IdQuestion[];
}

/** Most words that a question may have. */
export const mostAskedWords = 16;

const idsIn = (pieces: readonly Piece[]): readonly IdQuestion[] =>
  pieces.flatMap(({ text, from, to }) => {
    const id = `${text.slice(0, 3).toLowerCase()}${text.slice(3).toUpperCase()}`;
    return kindOf(id) === undefined ? [] : [{ id, from, to }];
  });

const roleOf = (word: string): AskedWord['role'] => {
  if (hasDigit(word)) return 'number';
  if (isLight(word)) return 'light';
  return isStreetType(addressForm(word)) ? 'type' : 'word';
};

const rolesOf = ({ text }: Piece): readonly AskedWord['role'][] =>
  wordsOf(text).map((word) => (isValue(text) ? 'part' : roleOf(word)));

/** Unit of each word: words of one value, and numbers side by side, are one. */
const unitsOf = (pieces: readonly Piece[], roles: readonly AskedWord['role'][]): readonly number[] => {
  const units: number[] = [];
  const pieceOf = pieces.flatMap((piece, place) => wordsOf(piece.text).map(() => place));
  for (const [place, role] of roles.entries()) {
    const goesOn =
      place > 0 &&
      role === roles[place - 1] &&
      (role === 'number' || (role === 'part' && pieceOf[place] === pieceOf[place - 1]));
    units.push((units.at(-1) ?? 0) + (goesOn ? 0 : 1));
  }
  return units;
};

/**
 * What a question may mean. Its words must each be met by something (light ones need not, unless there are no others); a value
 * meets all words it spans. Runs of digits of a phone number's length are read as phone numbers, and so on: several readings
 * stand side by side, at most 24, the likelier first.
 */
export const interpret = (question: string, settings: { readonly country: Country }): Interpretation => {
  const { pieces, words } = piecesOf(question);
  const phone = onlyPhone(pieces, settings.country);
  const roles = phone.length > 0 ? words.map(() => 'part' as const) : pieces.flatMap(rolesOf);
  const units = unitsOf(pieces, roles);
  const onlyLight = roles.every((role) => role === 'light');
  return {
    words: words.map((text, place) => ({
      text,
      address: addressForm(text),
      name: nameForm(text),
      unit: units[place] ?? place,
      role: onlyLight ? 'word' : (roles[place] ?? 'word'),
    })),
    exact: phone.length > 0 ? phone : readingsOf(pieces, settings.country),
    ids: idsIn(pieces),
  };
};
