import { kindOf } from '#shared/vocabulary/ids.ts';
import { parseReference } from '#shared/vocabulary/references.ts';
import { addressForm, isStreetType } from './address-words.ts';
import { askedAreaOf, codeOf, emailOf, isTail, postcodeOf } from './exact-values.ts';
import { type Country, phoneQuestions } from './phone.ts';
import type { ExactKind } from './search-keys.ts';
import { hasDigit, isLight, nameForm, plainText, wordsOf } from './words.ts';

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

/** Words of a question from `from` up to, without, `to`. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A value that a part of the question may be. */
export interface ExactQuestion extends Span {
  readonly kind: ExactKind;
  readonly value: string;
  /** Start that the value found must show: a namespace (`billing:`) or a phone number with its country code. */
  readonly shows?: string;
  /** How well it meets the words it is read from, where that is less than whole. */
  readonly meets?: number;
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

/** Most words that a question may have, most values it is read as. */
export const mostAskedWords = 16;
export const mostExactQuestions = 24;

/** A piece of the question between blanks or commas, and the words it holds. */
interface Piece extends Span {
  readonly text: string;
}

interface Pieces {
  readonly pieces: readonly Piece[];
  readonly words: readonly string[];
}

const piecesOf = (question: string): Pieces => {
  const pieces: Piece[] = [];
  const words: string[] = [];
  for (const text of plainText(question).split(/[\s,;]+/u)) {
    const held = wordsOf(text);
    if (held.length === 0) continue;
    pieces.push({ text, from: words.length, to: words.length + held.length });
    words.push(...held);
  }
  return { pieces, words };
};

/** Neighbouring pieces as one text, up to `most` of them, the longest runs first. */
const runsOf = (
  pieces: readonly Piece[],
  fewest: number,
  most: number,
): readonly (Span & { pieces: readonly Piece[] })[] => {
  const runs: (Span & { pieces: readonly Piece[] })[] = [];
  for (let length = Math.min(most, pieces.length); length >= fewest; length -= 1) {
    for (let start = 0; start + length <= pieces.length; start += 1) {
      const run = pieces.slice(start, start + length);
      runs.push({ pieces: run, from: run[0]?.from ?? 0, to: run.at(-1)?.to ?? 0 });
    }
  }
  return runs;
};

const textOf = (pieces: readonly Piece[]): string => pieces.map(({ text }) => text).join(' ');
const phoneSigns = /^[+(]?[\d().\-–/]+$/;
const mostPhonePieces = 6;

const phonesIn = (pieces: readonly Piece[], country: Country): readonly ExactQuestion[] =>
  runsOf(pieces, 1, mostPhonePieces)
    .filter((run) => run.pieces.every(({ text }) => phoneSigns.test(text)))
    .flatMap((run) =>
      phoneQuestions(textOf(run.pieces), country).map(
        ({ national, e164 }): ExactQuestion => ({
          kind: 'phone',
          value: national,
          from: run.from,
          to: run.to,
          ...(e164 === undefined ? {} : { shows: e164 }),
        }),
      ),
    );

const emailsIn = (pieces: readonly Piece[]): readonly ExactQuestion[] =>
  pieces.flatMap(({ text, from, to }) => {
    const value = emailOf(text.replace(/^[<("]+|[>)".]+$/g, ''));
    return value === undefined ? [] : [{ kind: 'email' as const, value, from, to }];
  });

const postcodesIn = (pieces: readonly Piece[]): readonly ExactQuestion[] =>
  runsOf(pieces, 1, 2).flatMap((run) => {
    const value = run.pieces.every(({ text }) => text.length <= 10) ? postcodeOf(textOf(run.pieces)) : undefined;
    return value === undefined ? [] : [{ kind: 'postcode' as const, value, from: run.from, to: run.to }];
  });

/** `namespace:value`, the value up to three pieces on. */
const referencesIn = (pieces: readonly Piece[]): readonly ExactQuestion[] =>
  runsOf(pieces, 1, 3).flatMap((run) => {
    if (run.pieces[0]?.text.includes(':') !== true) return [];
    const reference = parseReference(textOf(run.pieces).replace(/^[^:]+/, (namespace) => namespace.toLowerCase()));
    const value = reference === undefined ? undefined : codeOf(reference.value);
    if (reference === undefined || value === undefined) return [];
    return [{ kind: 'code' as const, value, from: run.from, to: run.to, shows: `${reference.namespace}:` }];
  });

/** Numbers and references: each piece, and runs of pieces that look like one number written with blanks ("AB 1234 567"). */
const codesIn = (pieces: readonly Piece[]): readonly ExactQuestion[] => {
  const single = pieces.filter(({ text }) => text.length >= 2 && !text.includes('@'));
  const looksCut = (text: string): boolean => hasDigit(text) || /^[\p{L}]{1,3}$/u.test(text);
  const runs = runsOf(pieces, 2, 5).filter(
    (run) => run.pieces.every(({ text }) => looksCut(text)) && run.pieces.some(({ text }) => hasDigit(text)),
  );
  const ordered = [
    ...single.filter(({ text }) => hasDigit(text)),
    ...runs,
    ...single.filter(({ text }) => !hasDigit(text)),
  ];
  return ordered.flatMap((run) => {
    const value = codeOf('pieces' in run ? textOf(run.pieces) : run.text);
    return value === undefined ? [] : [{ kind: 'code' as const, value, from: run.from, to: run.to }];
  });
};

/** Numbers that stand side by side, as one text each. */
const digitRuns = (pieces: readonly Piece[]): readonly (Span & { readonly pieces: readonly Piece[] })[] => {
  const runs: Piece[][] = [];
  for (const [place, piece] of pieces.entries()) {
    if (!phoneSigns.test(piece.text)) continue;
    const before = pieces[place - 1];
    const last = runs.at(-1);
    if (last !== undefined && before !== undefined && last.at(-1) === before) last.push(piece);
    else runs.push([piece]);
  }
  return runs.map((run) => ({ pieces: run, from: run[0]?.from ?? 0, to: run.at(-1)?.to ?? 0 }));
};

/** The longer an end of a number, the fewer share it. */
const tailMeeting = (tail: string): number => 0.6 + 0.05 * Array.from(tail).length;

/** Ends of numbers: four to six characters that are no part of a longer number. */
const tailsIn = (pieces: readonly Piece[]): readonly ExactQuestion[] => {
  const runs = digitRuns(pieces);
  const asked = (kind: ExactKind, value: string | undefined, { from, to }: Span): readonly ExactQuestion[] =>
    value !== undefined && isTail(value) ? [{ kind, value, from, to, meets: tailMeeting(value) }] : [];
  const ofNumbers = runs.flatMap((run) => asked('phone-tail', codeOf(textOf(run.pieces)), run));
  const others = pieces.filter(({ text }) => !phoneSigns.test(text) && !isValue(text));
  const ofCodes = [...runs, ...others.map((piece) => ({ ...piece, pieces: [piece] }))].flatMap((run) => {
    const value = codeOf(textOf(run.pieces));
    return [...asked('account-tail', value, run), ...asked('serial-tail', value, run)];
  });
  return [...ofNumbers, ...ofCodes];
};

/** How well the first half of a postcode meets. */
export const areaMeeting = 0.85;

const areasIn = (pieces: readonly Piece[]): readonly ExactQuestion[] =>
  pieces.flatMap(({ text, from, to }) => {
    const value = askedAreaOf(text);
    return value === undefined ? [] : [{ kind: 'area' as const, value, from, to, meets: areaMeeting }];
  });

const idsIn = (pieces: readonly Piece[]): readonly IdQuestion[] =>
  pieces.flatMap(({ text, from, to }) => {
    const id = `${text.slice(0, 3).toLowerCase()}${text.slice(3).toUpperCase()}`;
    return kindOf(id) === undefined ? [] : [{ id, from, to }];
  });

/** Marks of a value that stands for itself, not for the words in it. */
const isValue = (text: string): boolean => /[@:_]/.test(text);

const roleOf = (word: string): AskedWord['role'] => {
  if (hasDigit(word)) return 'number';
  if (isLight(word)) return 'light';
  return isStreetType(addressForm(word)) ? 'type' : 'word';
};

const rolesOf = ({ text }: Piece): readonly AskedWord['role'][] =>
  wordsOf(text).map((word) => (isValue(text) ? 'part' : roleOf(word)));

const distinct = (questions: readonly ExactQuestion[]): readonly ExactQuestion[] => [
  ...new Map(questions.map((asked) => [JSON.stringify(asked), asked])).values(),
];

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

/** Readings of a question that is a phone number with its country code, and so can be nothing else. */
const onlyPhone = (pieces: readonly Piece[], country: Country): readonly ExactQuestion[] => {
  const [first] = pieces;
  const international = first?.text.startsWith('+') === true && pieces.every(({ text }) => phoneSigns.test(text));
  return international && pieces.length <= mostPhonePieces ? phonesIn(pieces, country).slice(0, 1) : [];
};

const readingsOf = (pieces: readonly Piece[], country: Country): readonly ExactQuestion[] =>
  distinct([
    ...emailsIn(pieces),
    ...referencesIn(pieces),
    ...phonesIn(pieces, country).slice(0, 10),
    ...postcodesIn(pieces),
    ...codesIn(pieces),
    ...tailsIn(pieces),
    ...areasIn(pieces),
  ]).slice(0, mostExactQuestions);

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
