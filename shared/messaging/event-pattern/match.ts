import type { Alternative } from './alternative.ts';
import type { Elements, Field, Fields } from './fields.ts';
import type { Rule } from './rules.ts';

/** The elements of two fields together; undefined where they lie in different elements of one list. */
const together = (left: Elements, right: Elements): Elements | undefined => {
  for (const [list, element] of right) {
    const other = left.get(list);
    if (other !== undefined && other !== element) return undefined;
  }
  return new Map([...left, ...right]);
};

const keyOf = (elements: Elements): string =>
  [...elements]
    .sort(([left], [right]) => left - right)
    .map(([list, element]) => `${list}:${element}`)
    .join(' ');

/** What the elements may be after one more path found its value; each once. */
const continuations = (
  alternatives: readonly Alternative[],
  fields: readonly Field[],
  elements: Elements,
): readonly Elements[] => {
  const found: Elements[] = [];
  let present = false;
  for (const { leaf, elements: own } of fields) {
    const joined = together(elements, own);
    if (joined === undefined) continue;
    present = true;
    if (alternatives.some((alternative) => alternative.fits(leaf))) found.push(joined);
  }
  if (!present && alternatives.some((alternative) => alternative.absence)) found.push(elements);
  return found;
};

const listsOf = (fields: readonly Field[]): ReadonlySet<number> =>
  new Set(fields.flatMap(({ elements }) => [...elements.keys()]));

/**
 * Whether every path of a rule finds a value in an event, no two of them in different elements of one list. Paths are taken in their
 * order; of the elements taken so far only those of lists that a later path looks into are remembered, so lists that have nothing to
 * do with each other do not multiply.
 */
export const matchesRule = (rule: Rule, fields: Fields): boolean => {
  const paths = [...rule].sort(([left], [right]) => (left < right ? -1 : 1));
  const own = paths.map(([path]) => fields.get(path) ?? []);
  const lists = own.map(listsOf);
  let reached: readonly Elements[] = [new Map()];
  for (const [index, [, { alternatives }]] of paths.entries()) {
    const later = lists.slice(index + 1);
    const next = new Map<string, Elements>();
    for (const elements of reached)
      for (const joined of continuations(alternatives, own[index] ?? [], elements)) {
        const kept = new Map([...joined].filter(([list]) => later.some((some) => some.has(list))));
        next.set(keyOf(kept), kept);
      }
    if (next.size === 0) return false;
    reached = [...next.values()];
  }
  return true;
};
