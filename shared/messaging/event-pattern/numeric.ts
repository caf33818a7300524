import { type Alternative, leafAlternative } from './alternative.ts';
import type { Json } from './json.ts';
import { comparable, eventNumber } from './numbers.ts';
import { below, refusePattern } from './refuse.ts';

type Comparison = (value: number, bound: number) => boolean;

const comparisons: ReadonlyMap<string, Comparison> = new Map<string, Comparison>([
  ['=', (value, bound) => value === bound],
  ['>', (value, bound) => value > bound],
  ['>=', (value, bound) => value >= bound],
  ['<', (value, bound) => value < bound],
  ['<=', (value, bound) => value <= bound],
]);

/** As EventBridge shows the piece it stumbled over. */
const shown = (piece: Json | undefined): string => {
  if (piece === undefined) return ']';
  if (piece.kind === 'object') return '{';
  return piece.kind === 'array' ? '[' : piece.text;
};

const boundOf = (piece: Json | undefined, operator: string, pointer: string): number => {
  if (piece?.kind !== 'number')
    return refusePattern('value', pointer, `Value of ${operator === '=' ? 'equals' : operator} must be numeric`);
  const number = comparable(piece.text);
  return number === undefined ? refusePattern('value', pointer, `Cannot compare number : ${piece.text}`) : number.value;
};

interface Bound {
  readonly compare: Comparison;
  readonly bound: number;
}

const lowerBound = (items: readonly Json[], pointer: string): Bound => {
  const [first, value] = items;
  if (first?.kind !== 'string')
    return refusePattern('value', pointer, `Invalid member in numeric match: ${shown(first)}`);
  const compare = comparisons.get(first.text);
  if (compare === undefined)
    return refusePattern('value', below(pointer, 0), `Unrecognized numeric range operator: ${first.text}`);
  const bound = boundOf(value, first.text, below(pointer, 1));
  if (items.length > 2 && !first.text.startsWith('>'))
    refusePattern('value', below(pointer, 2), 'Too many elements in numeric expression');
  return { compare, bound };
};

const upperBound = (items: readonly Json[], lower: number, pointer: string): Bound => {
  const [, , second, value] = items;
  if (second?.kind !== 'string')
    return refusePattern('value', below(pointer, 2), `Bad value in numeric range: ${shown(second)}`);
  const compare = comparisons.get(second.text);
  if (compare === undefined || !second.text.startsWith('<'))
    return refusePattern('value', below(pointer, 2), `Bad numeric range operator: ${second.text}`);
  const bound = boundOf(value, second.text, below(pointer, 3));
  if (items.length > 4) refusePattern('value', below(pointer, 4), 'Too many terms in numeric range expression');
  if (bound <= lower) refusePattern('value', below(pointer, 3), 'Bottom must be less than top');
  return { compare, bound };
};

/** `numeric`: one comparison, or a lower bound followed by an upper one. */
export const numericAlternative = (operand: Json, pointer: string): Alternative => {
  if (operand.kind !== 'array') return refusePattern('value', pointer, 'Value of numeric must be an array.');
  const { items } = operand;
  const lower = lowerBound(items, pointer);
  const bounds = items.length === 2 ? [lower] : [lower, upperBound(items, lower.bound, pointer)];
  const identity = items.length === 2 && shown(items[0]) === '=' ? String(lower.bound) : JSON.stringify(operand);
  return leafAlternative(identity, (leaf) => {
    if (leaf.kind !== 'number') return false;
    const value = comparable(eventNumber(leaf.text))?.value;
    return value !== undefined && bounds.every(({ compare, bound }) => compare(value, bound));
  });
};
