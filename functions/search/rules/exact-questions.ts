import { addressForm, isStreetType } from '#shared/text/address-words.ts';
import { type Country, phoneQuestions } from '#shared/text/phone.ts';
import { hasDigit, isLight, plainText } from '#shared/text/words.ts';
import { parseReference } from '#shared/vocabulary/references.ts';
import { askedAreaOf, codeOf, emailOf, isRest, isTail, mailNameOf, postcodeOf } from './exact-values.ts';
import { isValue, type Piece, runsOf, type Span, textOf } from './pieces.ts';
import type { ExactKind } from './search-keys.ts';

/** A value that a part of the question may be. */
export interface ExactQuestion extends Span {
  readonly kind: ExactKind;
  readonly value: string;
  /** Start that the value found must show: a namespace (`billing:`) or a phone number with its country code. */
  readonly shows?: string;
  /** Letters and digits that the value found must begin with: of an e-mail address without its domain, all that was typed of it. */
  readonly begins?: string;
  /** How well it meets the words it is read from, where that is less than whole. */
  readonly meets?: number;
}

/** Whether a value that was found, as people read it, is one that was asked for: a hash says nothing of how it is written. */
export const isAskedFor = ({ shows = '', begins = '' }: ExactQuestion, shown: string): boolean =>
  shown.toLowerCase().startsWith(shows) && (codeOf(shown) ?? '').startsWith(begins);

/** Most values that a question is read as. */
export const mostExactQuestions = 24;

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

/** Marks in which an address may be put. */
const withoutMarks = (text: string): string => text.replace(/^[<("]+|[>)".]+$/g, '');

const emailsIn = (pieces: readonly Piece[]): readonly ExactQuestion[] =>
  pieces.flatMap(({ text, from, to }) => {
    const value = emailOf(withoutMarks(text));
    return value === undefined ? [] : [{ kind: 'email' as const, value, from, to }];
  });

/** How well what stands before an @ meets, and what may be that but for blanks. */
const mailNameMeeting = 0.9;
const spokenMailNameMeeting = 0.8;

/** Whether a text is written as nothing is but what stands before an @: "ann.lee", "annlee62". */
const looksLikeMailName = (text: string): boolean =>
  /^\p{L}[\p{L}\p{N}]*(?:[._+-][\p{L}\p{N}]+)*$/u.test(text) && (/[._]/.test(text) || /^\p{L}{3,}\p{N}/u.test(text));

/** What stands before an @, with the beginning of a domain or without. A whole address is asked for as such alone. */
const mailNamesIn = (pieces: readonly Piece[]): readonly ExactQuestion[] =>
  pieces.flatMap(({ text, from, to }) => {
    const typed = plainText(withoutMarks(text)).toLowerCase();
    const [name = '', domain, ...more] = typed.split('@');
    const [value, begins] = [mailNameOf(name), codeOf(name)];
    const isAsked = domain === undefined ? looksLikeMailName(name) : !domain.includes('.') && more.length === 0;
    if (value === undefined || begins === undefined || !isAsked) return [];
    const asked = { kind: 'mail-name' as const, value, from, to, meets: mailNameMeeting };
    return [domain === undefined ? { ...asked, begins } : { ...asked, shows: typed }];
  });

const mostSpokenPieces = 4;

/** A question of bare words, of which the last may be a number, is what stands before an @ as people say it: "ann lee 62". */
const spokenMailNameIn = (pieces: readonly Piece[]): readonly ExactQuestion[] => {
  const isBare = ({ text }: Piece, place: number): boolean =>
    /^\p{L}+$/u.test(text)
      ? !isLight(text.toLowerCase()) && !isStreetType(addressForm(text.toLowerCase()))
      : place > 0 && place === pieces.length - 1 && /^\p{N}+$/u.test(text);
  const [value, begins] = [mailNameOf(textOf(pieces)), codeOf(textOf(pieces))];
  const isSpoken = pieces.length > 1 && pieces.length <= mostSpokenPieces && pieces.every(isBare);
  if (value === undefined || begins === undefined || !isSpoken) return [];
  const [from, to] = [pieces[0]?.from ?? 0, pieces.at(-1)?.to ?? 0];
  return [{ kind: 'mail-name', value, from, to, begins, meets: spokenMailNameMeeting }];
};

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

type Run = Span & { readonly pieces: readonly Piece[] };

/** Pieces of one look that stand side by side, as one text each. */
const runsWhere = (pieces: readonly Piece[], looks: (text: string) => boolean): readonly Run[] => {
  const runs: Piece[][] = [];
  for (const [place, piece] of pieces.entries()) {
    if (!looks(piece.text)) continue;
    const before = pieces[place - 1];
    const last = runs.at(-1);
    if (last !== undefined && before !== undefined && last.at(-1) === before) last.push(piece);
    else runs.push([piece]);
  }
  return runs.map((run) => ({ pieces: run, from: run[0]?.from ?? 0, to: run.at(-1)?.to ?? 0 }));
};

/** The longer an end of a number, the fewer share it. */
const tailMeeting = (tail: string): number => Math.min(mostTailMeeting, 0.6 + 0.05 * Array.from(tail).length);
const mostTailMeeting = 0.95;

/** Ends of numbers: four to six characters that are no part of a longer number. */
const tailsIn = (pieces: readonly Piece[]): readonly ExactQuestion[] => {
  const runs = runsWhere(pieces, (text) => phoneSigns.test(text));
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

/** Serials and account numbers without the letters that they begin with. */
const restsIn = (pieces: readonly Piece[]): readonly ExactQuestion[] => {
  const looksCut = (text: string): boolean => hasDigit(text) && !isValue(text);
  const single = pieces.filter(({ text }) => looksCut(text)).map((piece): Run => ({ ...piece, pieces: [piece] }));
  return [...single, ...runsWhere(pieces, looksCut)].flatMap(({ from, to, pieces: run }) => {
    const value = codeOf(textOf(run)) ?? '';
    const kinds = isRest(value) ? (['account-tail', 'serial-tail'] as const) : [];
    return kinds.map((kind): ExactQuestion => ({ kind, value, from, to, meets: tailMeeting(value) }));
  });
};

/** How well the first half of a postcode meets. */
export const areaMeeting = 0.85;

const areasIn = (pieces: readonly Piece[]): readonly ExactQuestion[] =>
  pieces.flatMap(({ text, from, to }) => {
    const value = askedAreaOf(text);
    return value === undefined ? [] : [{ kind: 'area' as const, value, from, to, meets: areaMeeting }];
  });

const distinct = (questions: readonly ExactQuestion[]): readonly ExactQuestion[] => [
  ...new Map(questions.map((asked) => [JSON.stringify(asked), asked])).values(),
];

/** Readings of a question that is a phone number with its country code, and so can be nothing else. */
export const onlyPhone = (pieces: readonly Piece[], country: Country): readonly ExactQuestion[] => {
  const [first] = pieces;
  const international = first?.text.startsWith('+') === true && pieces.every(({ text }) => phoneSigns.test(text));
  return international && pieces.length <= mostPhonePieces ? phonesIn(pieces, country).slice(0, 1) : [];
};

export const readingsOf = (pieces: readonly Piece[], country: Country): readonly ExactQuestion[] =>
  distinct([
    ...emailsIn(pieces),
    ...referencesIn(pieces),
    ...phonesIn(pieces, country).slice(0, 10),
    ...postcodesIn(pieces),
    ...mailNamesIn(pieces),
    ...spokenMailNameIn(pieces),
    ...codesIn(pieces),
    ...tailsIn(pieces),
    ...areasIn(pieces),
    ...restsIn(pieces),
  ]).slice(0, mostExactQuestions);
