import fc from 'fast-check';
import { factIdOf, mintedId } from '#shared/runtime/identify.ts';
import { act, customers, pick, type Sent, sent, small } from '#tests/support/meters/shared-households.ts';

/** Stories of three customers who share two accounts, with merges, undoings and retractions, told in two parts and two orders. */

const mergedType = 'customer.identity.merged.v1';
const unmergedType = 'customer.identity.unmerged.v1';
export const isLink = ({ type }: { readonly type: string }): boolean => type === mergedType || type === unmergedType;
/** Links and retractions happened long ago, so that what is known of them alone decides. */
const longAgo = '2024-12-31T00:00:00.000Z';

const tuple = fc.tuple(small, small, small, small, small);
export const storyOf = (most: number) =>
  fc.record({
    acts: fc.array(tuple, { minLength: 3, maxLength: most, size: 'max' }),
    links: fc.array(tuple, { maxLength: 3, size: 'max' }),
    retracted: fc.array(tuple, { maxLength: 2, size: 'max' }),
    order: fc.array(small, { minLength: most + 5, maxLength: most + 5 }),
    known: small,
    asOf: small,
    field: small,
  });
type Story = typeof storyOf extends (most: number) => fc.Arbitrary<infer Value> ? Value : never;

const retractionOf = (event: Sent, name: string): Sent =>
  sent(
    name,
    `${event.type.split('.', 2).join('.')}.retracted.v1`,
    longAgo,
    { factId: factIdOf(event.source.system, event.sourceEventId), reason: 'Sent in error.' },
    event.source.system,
  );

const linkOf = (n: number, [undoes = 0, x = 0, y = 0]: readonly number[], run: string): Sent => {
  const merge = (m: number) => mintedId('merge', factIdOf('crm', `${run}-link${m}`));
  return n > 0 && undoes % 3 === 0
    ? sent(`link${n}`, unmergedType, longAgo, { merge: merge(x % n), reason: 'Two after all.' }, 'crm')
    : sent(
        `link${n}`,
        mergedType,
        longAgo,
        { survivor: pick(customers, x), alias: pick(customers, y), reason: 'One person.' },
        'crm',
      );
};

const isReference = (value: object): value is { readonly namespace: string; readonly value: string } =>
  Object.keys(value).sort().join() === 'namespace,value';

/** The same with the names that other systems gave to things made this run's own: runs may share a table. */
const ownNames = (value: unknown, run: string): unknown => {
  if (Array.isArray(value)) return value.map((one) => ownNames(one, run));
  if (typeof value !== 'object' || value === null) return value;
  if (isReference(value)) return { namespace: value.namespace, value: `${run}-${value.value}` };
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, ownNames(member, run)]));
};
export const ofRun = (fact: Sent, run: string): Sent => ({
  ...fact,
  sourceEventId: `${run}-${fact.sourceEventId}`,
  data: Object.fromEntries(Object.entries(fact.data).map(([name, member]) => [name, ownNames(member, run)])),
});

/** What comes before an instant of knowledge and what after, in the order of the story. */
export const partsOf = ({ acts, links, retracted, known }: Story, run: string): readonly (readonly Sent[])[] => {
  const told = acts.map(([kind = 0, when = 0, a = 0, b = 0, c = 0], n) =>
    ofRun(act(`e${n}`, kind, when, a, b, c), run),
  );
  const all = [...told];
  for (const [n, [at = 0, ...link]] of links.entries())
    all.splice(at % (all.length + 1), 0, ofRun(linkOf(n, link, run), run));
  for (const [n, [at = 0, which = 0]] of retracted.entries())
    all.splice(at % (all.length + 1), 0, retractionOf(pick(told, which), `${run}-x${n}`));
  const split = known % (all.length + 1);
  return [all.slice(0, split), all.slice(split)];
};

/** Another order of the same facts. */
export const shuffled = (facts: readonly Sent[], order: readonly number[]): readonly Sent[] =>
  facts
    .map((fact, n) => ({ fact, place: pick(order, n) }))
    .sort((a, b) => a.place - b.place)
    .map(({ fact }) => fact);
