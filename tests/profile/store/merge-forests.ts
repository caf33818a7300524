import fc from 'fast-check';
import { factIdOf, mintedId } from '#shared/runtime/identify.ts';
import { ownSystem } from '#shared/vocabulary/fact.ts';
import { type Sent, sent, small } from '#tests/support/meters/shared-households.ts';

/** Six records, merges of any of them with any, undoings and retractions, in any order of arrival. */

const recordCount = 6;
const numbers = Array.from({ length: recordCount }, (_, n) => n);
const start = Date.UTC(2026, 0, 5, 8);
const at = (minute: number): string => new Date(start + minute * 60_000).toISOString();
const crm = (n: number) => ({ namespace: 'crm', value: `R-${n}` });
const account = (n: number) => ({ namespace: 'billing', value: `A-${n}` });
const premise = { namespace: 'uprn', value: 'P-1' };
const point = { namespace: 'mpan', value: 'S-1' };

export const recordId = (n: number): string => mintedId('customer', factIdOf('crm', `reg${n}`));
export const recordIds: readonly string[] = numbers.map(recordId);

/** Each has a name, an address and an account; one account is held by two, and takes service somewhere. */
export const founding: readonly Sent[] = [
  ...numbers.flatMap((n) => [
    sent(
      `reg${n}`,
      'customer.profile.registered.v1',
      at(-600),
      { kind: 'person', name: { given: `Given${n}`, family: 'Okafor' }, references: [crm(n)] },
      'crm',
    ),
    sent(
      `cpt${n}`,
      'customer.contact-point.added.v1',
      at(-599 + n),
      { customer: crm(n), kind: 'email', value: `r${n}@example.com` },
      'crm',
    ),
    sent(`acc${n}`, 'account.account.opened.v1', at(-590), { currency: 'GBP', references: [account(n)] }),
    sent(`rol${n}`, 'account.role.granted.v1', at(-580), {
      account: account(n),
      customer: crm(n),
      role: 'holder',
      from: '2026-01-01',
    }),
  ]),
  sent('rolj', 'account.role.granted.v1', at(-580), {
    account: account(0),
    customer: crm(3),
    role: 'joint',
    from: '2026-01-01',
  }),
  sent(
    'prm',
    'premise.premise.registered.v1',
    at(-600),
    { address: { lines: ['1 Quay Street'], postcode: 'ZZ1 4QS', country: 'GB' }, references: [premise] },
    'field',
  ),
  sent(
    'svp',
    'premise.service-point.registered.v1',
    at(-599),
    { premise, commodity: 'electricity', zone: 'Europe/London', references: [point] },
    'field',
  ),
  sent('agr', 'account.agreement.started.v1', at(-570), {
    account: account(0),
    servicePoint: point,
    tariff: 'T1',
    from: '2026-01-01',
  }),
];

/** Instants are few, so that some are the same. */
const minute = fc.nat({ max: 9 });
const record = fc.nat({ max: recordCount - 1 });
const merge = fc.record({ a: record, b: record, minute });
const naming = fc.record({ which: small, minute });

export interface Forest {
  readonly merges: readonly { readonly a: number; readonly b: number; readonly minute: number }[];
  readonly undone: readonly { readonly which: number; readonly minute: number }[];
  readonly retracted: readonly { readonly which: number; readonly minute: number }[];
  readonly told: readonly { readonly which: number; readonly minute: number }[];
  readonly order: readonly number[];
  readonly together: readonly boolean[];
}

export const forests = (most: number): fc.Arbitrary<Forest> =>
  fc.record({
    merges: fc.array(merge, { minLength: 2, maxLength: most, size: 'max' }),
    undone: fc.array(naming, { maxLength: 3, size: 'max' }),
    retracted: fc.array(naming, { maxLength: 2, size: 'max' }),
    told: fc.array(naming, { maxLength: 3, size: 'max' }),
    order: fc.array(small, { minLength: most + 8, maxLength: most + 8 }),
    together: fc.array(fc.boolean(), { minLength: most + 8, maxLength: most + 8 }),
  });

const mergedType = 'customer.identity.merged.v1';
const unmergedType = 'customer.identity.unmerged.v1';
const mergeId = (n: number): string => mintedId('merge', factIdOf(ownSystem, `merge${n}`));

/** All that is told, merges by a reference here and by an id there. */
export const factsOf = ({ merges, undone, retracted, told }: Forest): readonly Sent[] => {
  const joined = merges.map(({ a, b, minute: when }, n) =>
    sent(
      `merge${n}`,
      mergedType,
      at(when),
      { survivor: recordId(a), alias: crm(b === a ? (b + 1) % recordCount : b), reason: 'One.' },
      ownSystem,
    ),
  );
  const parted = undone.map(({ which, minute: when }, n) =>
    sent(`undo${n}`, unmergedType, at(when), { merge: mergeId(which % merges.length), reason: 'Two.' }, ownSystem),
  );
  const links = [...joined, ...parted];
  return [
    ...links,
    ...retracted.map(({ which, minute: when }, n) => {
      const factId = factIdOf(ownSystem, links[which % links.length]?.sourceEventId ?? '');
      return sent(`back${n}`, 'customer.identity.retracted.v1', at(when), { factId, reason: 'A slip.' }, ownSystem);
    }),
    ...told.map(({ which, minute: when }, n) => {
      // Roles that begin, end and are told of while records become one: on accounts that others of them have, too.
      if (which % 3 > 0) {
        const role = { account: account(which % 5), customer: crm((which + n) % recordCount), role: 'holder' };
        return which % 3 === 1
          ? sent(`more${n}`, 'account.role.granted.v1', at(when), { ...role, from: `2026-0${1 + (which % 4)}-01` })
          : sent(`more${n}`, 'account.role.ended.v1', at(when), { ...role, to: '2026-03-01' });
      }
      const data = { customer: crm(which % recordCount), kind: 'email', value: `more${n}@example.com` };
      return sent(`more${n}`, 'customer.contact-point.added.v1', at(when), data, 'crm');
    }),
  ];
};

/** Batches of facts in another order. */
export const inAnyOrder = (facts: readonly Sent[], { order, together }: Forest): readonly (readonly Sent[])[] => {
  const mixed = facts
    .map((fact, n) => ({ fact, place: order[n] ?? 0 }))
    .sort((a, b) => a.place - b.place)
    .map(({ fact }) => fact);
  const batches: Sent[][] = [];
  for (const [n, fact] of mixed.entries()) {
    if (together[n] === true && batches.length > 0) batches.at(-1)?.push(fact);
    else batches.push([fact]);
  }
  return batches;
};

/** Who is one with whom, told from the facts in another way than the system's: one merge after the other renames whole groups. */
export const rootsBy = (facts: readonly Sent[]): ReadonlyMap<string, string> => {
  const gone = new Set(facts.flatMap(({ data }) => (typeof data.factId === 'string' ? [data.factId] : [])));
  const counts = facts.filter(({ source, sourceEventId }) => !gone.has(factIdOf(source.system, sourceEventId)));
  const undone = new Set(counts.flatMap(({ type, data }) => (type === unmergedType ? [String(data.merge)] : [])));
  const merges = counts
    .filter(({ type }) => type === mergedType)
    .map((fact) => ({ ...fact, id: factIdOf(ownSystem, fact.sourceEventId) }))
    .filter(({ id }) => !undone.has(mintedId('merge', id)))
    .sort((a, b) => (`${a.occurredAt} ${a.id}` < `${b.occurredAt} ${b.id}` ? -1 : 1));
  const roots = new Map(recordIds.map((id) => [id, id]));
  for (const { data } of merges) {
    const alias = numbers.find((n) => JSON.stringify(crm(n)) === JSON.stringify(data.alias)) ?? 0;
    const [kept = '', taken = ''] = [roots.get(String(data.survivor)), roots.get(recordId(alias))];
    for (const [id, root] of roots) if (root === taken) roots.set(id, kept);
  }
  return roots;
};
