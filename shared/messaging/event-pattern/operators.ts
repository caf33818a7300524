import { isInBlock, readAddress, readBlock } from './addresses.ts';
import { type Alternative, leafAlternative, textAlternative } from './alternative.ts';
import { anythingBut } from './anything-but.ts';
import { exactLiteral, exactNumber, exactText } from './exact.ts';
import { ignoreCaseTest } from './ignore-case.ts';
import type { Json } from './json.ts';
import { numericAlternative } from './numeric.ts';
import { below, refusePattern } from './refuse.ts';
import { readWildcard, wildcardTest } from './wildcard.ts';

type ReadOperator = (operand: Json, pointer: string) => Alternative;

const textOf = (operand: Json, pointer: string, what: string): string =>
  operand.kind === 'string' ? operand.text : refusePattern('value', pointer, `${what} match pattern must be a string`);

/** `prefix` and `suffix` take a text, or `equals-ignore-case` with one. */
const end =
  (part: 'prefix' | 'suffix'): ReadOperator =>
  (operand, pointer) => {
    if (operand.kind !== 'object') {
      const text = textOf(operand, pointer, part);
      return textAlternative(`${part} ${text}`, (other) =>
        part === 'prefix' ? other.startsWith(text) : other.endsWith(text),
      );
    }
    const [member, ...others] = operand.members;
    const title = part === 'prefix' ? 'Prefix' : 'Suffix';
    if (member === undefined) return refusePattern('shape', pointer, `${title} expression name not found`);
    const [name, value] = member;
    if (name !== 'equals-ignore-case') refusePattern('operator', pointer, `Unsupported ${part} pattern: ${name}`);
    const text = textOf(value, below(pointer, name), 'equals-ignore-case');
    if (others.length > 0) refusePattern('shape', pointer, 'Only one key allowed in match expression');
    return textAlternative(`${part} ignore-case ${text}`, ignoreCaseTest(text, part));
  };

const wildcard: ReadOperator = (operand, pointer) => {
  const text = textOf(operand, pointer, 'wildcard');
  const tokens = readWildcard(text, pointer);
  return textAlternative(`wildcard ${text}`, wildcardTest(tokens), [tokens]);
};

/** The complaint about a cidr that is no text speaks of a prefix, as EventBridge's does. */
const cidr: ReadOperator = (operand, pointer) => {
  const block = readBlock(textOf(operand, pointer, 'prefix'), pointer);
  return textAlternative(`cidr ${block.first}-${block.last}`, (text) => {
    const address = readAddress(text);
    return address !== undefined && isInBlock(block, address);
  });
};

const exists: ReadOperator = (operand, pointer) => {
  if (operand.kind !== 'literal' || operand.text === 'null')
    return refusePattern('value', pointer, 'exists match pattern must be either true or false.');
  if (operand.text === 'true') return leafAlternative('exists', () => true);
  return { ...leafAlternative('absent', () => false), absence: true };
};

const operators: ReadonlyMap<string, ReadOperator> = new Map<string, ReadOperator>([
  ['exactly', (operand, pointer) => exactText(textOf(operand, pointer, 'exact'))],
  ['prefix', end('prefix')],
  ['suffix', end('suffix')],
  [
    'equals-ignore-case',
    (operand, pointer) => {
      const text = textOf(operand, pointer, 'equals-ignore-case');
      return textAlternative(`ignore-case ${text}`, ignoreCaseTest(text, 'whole'));
    },
  ],
  ['wildcard', wildcard],
  ['numeric', numericAlternative],
  ['anything-but', anythingBut],
  ['exists', exists],
  ['cidr', cidr],
]);

/** What a match expression refuses when a second member stands in it. */
const crowded = (name: string): string =>
  name === 'numeric' || name === 'anything-but'
    ? 'Too many elements in numeric expression'
    : 'Only one key allowed in match expression';

/** Reads one alternative of a field: a plain value, or an object with one operator. */
export const readAlternative = (node: Json, pointer: string): Alternative => {
  if (node.kind === 'string') return exactText(node.text);
  if (node.kind === 'number') return exactNumber(node.text);
  if (node.kind === 'literal') return exactLiteral(node.text);
  if (node.kind === 'array')
    return refusePattern('shape', pointer, 'Match value must be String, number, true, false, or null');
  const [member, ...others] = node.members;
  if (member === undefined) return refusePattern('shape', pointer, 'Match expression name not found');
  const [name, operand] = member;
  const read = operators.get(name) ?? refusePattern('operator', pointer, `Unrecognized match type ${name}`);
  const alternative = read(operand, below(pointer, name));
  if (others.length > 0) refusePattern('shape', pointer, crowded(name));
  return alternative;
};
