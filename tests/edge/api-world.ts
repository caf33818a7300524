import { account } from '#shared/domain/profile/account.ts';
import { emptyFold } from '#shared/domain/profile/fold.ts';
import { mintedId } from '#shared/runtime/identify.ts';
import { duplicateWrites } from '#shared/store/duplicates.ts';
import { writeState } from '#shared/store/items.ts';
import { factIdKey, headKey, meterKey, referenceKey, servicePointKey } from '#shared/store/keys.ts';
import type { Item, Table } from '#shared/store/table.ts';
import type { IdKind } from '#shared/vocabulary/ids.ts';

const kinds = [
  'customer',
  'account',
  'premise',
  'servicePoint',
  'meter',
  'outage',
  'fact',
  'merge',
  'duplicate',
] as const;
export type WorldKind = (typeof kinds)[number];
export type World = Readonly<Record<WorldKind, string>>;

const worldOf = (name: string): World => {
  const id = (kind: IdKind): string => mintedId(kind, name);
  return {
    customer: id('customer'),
    account: id('account'),
    premise: id('premise'),
    servicePoint: id('servicePoint'),
    meter: id('meter'),
    outage: id('outage'),
    fact: id('fact'),
    merge: id('merge'),
    duplicate: id('duplicate'),
  };
};

/** Ids of a household that signs in, of a neighbour's, and of nobody. */
export const ids = { own: worldOf('own'), other: worldOf('other'), none: worldOf('none') } as const;

/** The account of a household: its customer holds it and takes service at its premise. */
const heldBy = (world: World) => {
  const from = '2025-10-01';
  const role = { account: world.account, customer: world.customer, role: 'holder' as const, from, to: null };
  const { account: held, servicePoint, premise } = world;
  const agreement = {
    id: mintedId('agreement', held),
    account: held,
    servicePoint,
    premise,
    tariff: 'STANDARD',
    from,
    to: null,
  };
  const empty = emptyFold(account);
  return { ...empty, state: { ...empty.state, opened: true, roles: [role], agreements: [agreement] } };
};

const head = { version: 1, published: 1 } as const;

/** What the store holds of one household, as far as relations go. */
const itemsOf = (world: World, name: string): readonly Item[] => [
  { ...headKey(world.customer), ...head },
  { ...headKey(world.account), ...head, readers: [world.customer] },
  writeState(world.account, account.name, heldBy(world)),
  { ...headKey(world.premise), ...head, readers: [[world.customer, world.account]] },
  { ...headKey(world.outage), ...head, premises: [world.premise] },
  { ...servicePointKey(world.servicePoint), premise: world.premise },
  {
    ...meterKey(world.meter),
    version: 1,
    installations: [
      { servicePoint: world.servicePoint, premise: world.premise, from: '2025-10-01T00:00:00.000Z', to: null },
    ],
  },
  { ...factIdKey(world.fact), subjects: [world.account] },
  { ...factIdKey(`${world.merge}-fact`), subjects: [world.customer, mintedId('customer', `${name}-twice`)] },
  {
    ...referenceKey('merge', { namespace: 'rotunda', value: world.merge }),
    id: world.merge,
    fact: `${world.merge}-fact`,
  },
  { ...referenceKey('customer', { namespace: 'crm', value: name }), id: world.customer },
  { ...referenceKey('account', { namespace: 'billing', value: `${name} 1/2` }), id: world.account },
];

/** A question whether the customer of a household and somebody else are one. */
const questionAbout = (world: World) => ({
  id: world.duplicate,
  first: world.customer,
  second: mintedId('customer', `like ${world.customer}`),
  status: 'open' as const,
  band: 'steward' as const,
  bits: 5.1,
  probability: 0.97,
  before: -16.6,
  comparisons: [],
  vetoes: [],
  claimedBy: [],
  versions: [1, 1] as [number, number],
  foundAt: '2026-03-01T09:00:00.000Z',
});

/** Puts both households into a profile table. */
export const fillWorld = async (profile: Table): Promise<void> => {
  await profile.batchPut([...itemsOf(ids.own, 'own'), ...itemsOf(ids.other, 'other')]);
  for (const world of [ids.own, ids.other]) await profile.commit(duplicateWrites(undefined, questionAbout(world)));
};
