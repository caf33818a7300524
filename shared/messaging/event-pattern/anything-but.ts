import type { Alternative } from './alternative.ts';
import { numberTest } from './exact.ts';
import { ignoreCaseTest } from './ignore-case.ts';
import type { Json } from './json.ts';
import { comparable } from './numbers.ts';
import { below, refusePattern } from './refuse.ts';
import { readWildcard, wildcardTest } from './wildcard.ts';

type Pieces = readonly (readonly [value: Json, pointer: string])[];

const piecesOf = (operand: Json, pointer: string): Pieces =>
  operand.kind === 'array'
    ? operand.items.map((item, index) => [item, below(pointer, index)] as const)
    : [[operand, pointer]];

/** Any leaf but the texts that pass one of the tests. */
const butTexts = (identity: string, tests: readonly ((text: string) => boolean)[]): Alternative => ({
  fits: (leaf) => leaf.kind !== 'string' || !tests.some((test) => test(leaf.text)),
  absence: false,
  identity: `anything-but ${identity}`,
  wildcards: [],
});

const sorted = (texts: readonly string[]): string => JSON.stringify([...new Set(texts)].sort());

const textsOf = (pieces: Pieces, reason: string): readonly (readonly [text: string, pointer: string])[] =>
  pieces.map(([piece, pointer]) =>
    piece.kind === 'string' ? ([piece.text, pointer] as const) : refusePattern('value', pointer, reason),
  );

const butEnds = (part: 'prefix' | 'suffix', pieces: Pieces): Alternative => {
  const texts = textsOf(pieces, 'prefix/suffix match pattern must be a string').map(([text, pointer]) =>
    text === '' ? refusePattern('value', pointer, 'Null prefix/suffix not allowed') : text,
  );
  const tests = texts.map((end) => (text: string) => (part === 'prefix' ? text.startsWith(end) : text.endsWith(end)));
  return butTexts(`${part} ${sorted(texts)}`, tests);
};

const butAnyCase = (pieces: Pieces): Alternative => {
  const reason = 'Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.';
  const texts = textsOf(pieces, reason).map(([text]) => text);
  return butTexts(
    `equals-ignore-case ${sorted(texts)}`,
    texts.map((text) => ignoreCaseTest(text, 'whole')),
  );
};

const butWildcards = (pieces: Pieces): Alternative => {
  const texts = textsOf(pieces, 'wildcard match pattern must be a string');
  const wildcards = texts.map(([text, pointer]) => readWildcard(text, pointer));
  const alternative = butTexts(`wildcard ${sorted(texts.map(([text]) => text))}`, wildcards.map(wildcardTest));
  return { ...alternative, wildcards };
};

const inner: ReadonlyMap<string, (pieces: Pieces) => Alternative> = new Map([
  ['prefix', (pieces: Pieces) => butEnds('prefix', pieces)],
  ['suffix', (pieces: Pieces) => butEnds('suffix', pieces)],
  ['equals-ignore-case', butAnyCase],
  ['wildcard', butWildcards],
]);

const operandReason = 'Value of anything-but must be an array or single string/number value.';

const butOperator = (operand: Json & { readonly kind: 'object' }, pointer: string): Alternative => {
  const [member, ...others] = operand.members;
  if (member === undefined) return refusePattern('shape', pointer, 'Anything-But expression name not found');
  const [name, value] = member;
  const here = below(pointer, name);
  const read = inner.get(name) ?? refusePattern('operator', pointer, `Unsupported anything-but pattern: ${name}`);
  if (value.kind === 'object' || value.kind === 'literal') refusePattern('value', here, operandReason);
  const pieces = piecesOf(value, here);
  if (pieces.length === 0) refusePattern('shape', here, 'Empty arrays are not allowed');
  const alternative = read(pieces);
  if (others.length > 0) refusePattern('shape', pointer, 'Only one key allowed in match expression');
  return alternative;
};

const mixedReason = 'Inside anything but list, either all values are number or string, mixed type is not supported';

const butNumbers = (numbers: Pieces): Alternative => {
  const texts = numbers.map(([piece, pointer]) => {
    const text = piece.kind === 'number' ? piece.text : '';
    return comparable(text) === undefined ? refusePattern('value', pointer, `Cannot compare number : ${text}`) : text;
  });
  const tests = texts.map(numberTest);
  return {
    fits: (leaf) => leaf.kind !== 'number' || !tests.some((test) => test(leaf.text)),
    absence: false,
    identity: `anything-but ${sorted(texts.map((text) => String(comparable(text)?.value)))}`,
    wildcards: [],
  };
};

/** `anything-but`: a value is there and it is none of these. */
export const anythingBut = (operand: Json, pointer: string): Alternative => {
  if (operand.kind === 'object') return butOperator(operand, pointer);
  if (operand.kind === 'literal') return refusePattern('value', pointer, operandReason);
  const pieces = piecesOf(operand, pointer);
  for (const [piece, where] of pieces)
    if (piece.kind !== 'string' && piece.kind !== 'number')
      refusePattern('value', where, 'Inside anything but list, start|null|boolean is not supported.');
  if (pieces.length === 0 || new Set(pieces.map(([piece]) => piece.kind)).size > 1)
    refusePattern('value', pointer, mixedReason);
  if (pieces[0]?.[0].kind === 'number') return butNumbers(pieces);
  const texts = textsOf(pieces, mixedReason).map(([text]) => text);
  return butTexts(
    sorted(texts),
    texts.map((text) => (other: string) => other === text),
  );
};
