import { DomainError } from '#shared/vocabulary/errors.ts';
import type { Alternative } from './alternative.ts';
import type { Json } from './json.ts';
import { readAlternative } from './operators.ts';
import { below, refusePattern } from './refuse.ts';

/** One way to match: a list of alternatives for each path. Every path must find a value. */
export type Rule = ReadonlyMap<string, Condition>;

/** What a path has to find, and where in the pattern that stands. */
export interface Condition {
  readonly pointer: string;
  readonly alternatives: readonly Alternative[];
}

/** EventBridge's bound on the ways a pattern may match: the product over its `$or` lists. */
const mostRules = 1000;

/** Names that make a `$or` an ordinary field where they stand in one of its objects. */
const reservedInOr: ReadonlySet<string> = new Set([
  ...['exactly', 'equals-ignore-case', 'prefix', 'suffix', 'anything-but', 'exists', 'wildcard', 'numeric', 'cidr'],
  ...['=', '<', '<=', '>', '>=', 'regex', 'not-wildcard', 'not-equals-ignore-case'],
  ...['date-after', 'date-on-or-after', 'date-before', 'date-on-or-before', 'in-date-range'],
  ...['ip-address-in-range', 'ip-address-not-in-range'],
]);

interface Place {
  readonly pointer: string;
  /** Names joined with dots: EventBridge knows no difference between a dot in a name and a step. */
  readonly path: string;
  readonly insideOr: boolean;
  /** Whether `$or` is the operator, or a name like others. */
  readonly withOr: boolean;
}

const step = (place: Place, name: string): Place => ({
  ...place,
  pointer: below(place.pointer, name),
  path: place.path === '' ? name : `${place.path}.${name}`,
});

const readList = (node: Json & { readonly kind: 'array' }, pointer: string): readonly Alternative[] => {
  if (node.items.length === 0) refusePattern('shape', pointer, 'Empty arrays are not allowed');
  return node.items.map((item, index) => readAlternative(item, below(pointer, index)));
};

const readOr = (rules: readonly Rule[], node: Json, place: Place): readonly Rule[] => {
  if (node.kind !== 'array') return refusePattern('shape', place.pointer, 'It must be an Array followed with $or.');
  const ways = node.items.flatMap((item, index) => {
    const pointer = below(place.pointer, index);
    if (item.kind !== 'object')
      return refusePattern('shape', pointer, 'Only JSON object is allowed in array of $or relationship.');
    return readObject(rules, item, { ...place, pointer, insideOr: true });
  });
  if (node.items.length < 2)
    refusePattern('shape', place.pointer, 'There must have at least 2 Objects in $or relationship.');
  return ways;
};

const readMember = (rules: readonly Rule[], name: string, node: Json, place: Place): readonly Rule[] => {
  if (name === '$or' && place.withOr) return readOr(rules, node, { ...place, pointer: below(place.pointer, name) });
  const here = step(place, name);
  if (place.insideOr && reservedInOr.has(name)) {
    const reason = `${name} is Ruler reserved fieldName which cannot be used inside $or.`;
    refusePattern('shape', here.pointer, reason);
  }
  if (node.kind === 'object') return readObject(rules, node, here);
  if (node.kind !== 'array') return refusePattern('shape', here.pointer, `"${name}" must be an object or an array`);
  const condition = { pointer: here.pointer, alternatives: readList(node, here.pointer) };
  // A path that stands twice keeps what was written last, as with EventBridge.
  return rules.map((rule) => new Map([...rule, [here.path, condition]]));
};

function readObject(rules: readonly Rule[], node: Json & { readonly kind: 'object' }, place: Place): readonly Rule[] {
  if (node.members.length === 0) refusePattern('shape', place.pointer, 'Empty objects are not allowed');
  return node.members.reduce((ways, [name, value]) => readMember(ways, name, value, place), rules);
}

/** How many ways the `$or` lists of a pattern multiply to. */
const combinations = (node: Json): number => {
  if (node.kind === 'array') return node.items.reduce((product, item) => product * combinations(item), 1);
  if (node.kind !== 'object') return 1;
  return node.members.reduce((product, [name, value]) => {
    const own = name === '$or' && value.kind === 'array' ? Math.max(1, value.items.length) : 1;
    return product * own * combinations(value);
  }, 1);
};

/**
 * Reads the ways a pattern may match. Where `$or` does not have the form of the operator it is a name like others, as with
 * EventBridge; what is refused both ways is refused for the first reason.
 */
export const readRules = (pattern: Json): readonly Rule[] => {
  if (pattern.kind !== 'object') return refusePattern('shape', '', 'Filter is not an object');
  if (combinations(pattern) > mostRules)
    refusePattern('too-complex', '', `Event pattern contains more than ${mostRules} rule combinations`);
  const place = { pointer: '', path: '', insideOr: false };
  const empty: readonly Rule[] = [new Map()];
  try {
    return readObject(empty, pattern, { ...place, withOr: true });
  } catch (first) {
    if (!(first instanceof DomainError)) throw first;
    try {
      return readObject(empty, pattern, { ...place, withOr: false });
    } catch {
      throw first;
    }
  }
};
