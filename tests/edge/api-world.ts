import { duplicateWrites } from '#functions/duplicates/store/duplicates.ts';
import { outage } from '#functions/outages/rules/outages.ts';
import type { Fact } from '#shared/contracts/facts/fact.ts';
import { account } from '#shared/profile/rules/account.ts';
import { partOfPoint, supply, supplyParts, type ToldAgreements } from '#shared/profile/rules/agreements.ts';
import { emptyFold, type FoldState } from '#shared/profile/rules/fold.ts';
import { premise } from '#shared/profile/rules/premise.ts';
import { asTold, partOfRole, roleParts, roles } from '#shared/profile/rules/roles.ts';
import { orderOfFact, writePart, writeState } from '#shared/profile/store/items.ts';
import { mintedId } from '#shared/runtime/identify.ts';
import { factIdKey, factKey, headKey, meterKey, referenceKey, servicePointKey } from '#shared/table/keys.ts';
import type { Item, Table } from '#shared/table/table.ts';
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
  const began = '2025-10-01';
  const role = { account: world.account, customer: world.customer, role: 'holder' as const, from: began, to: null };
  const empty = emptyFold(account);
  return { ...empty, state: { ...empty.state, opened: true, roles: asTold([role]) } };
};

/** What is agreed for the account of a household at its point. */
const agreedBy = (world: World): FoldState<ToldAgreements> => {
  const { account: held, servicePoint, premise } = world;
  const agreement = {
    id: mintedId('agreement', held),
    account: held,
    servicePoint,
    premise,
    tariff: 'STANDARD',
    source: 'billing',
    from: '2025-10-01',
    ends: [],
  };
  return { ...emptyFold(supplyParts.family), state: { starts: [agreement] } };
};

const head = { version: 1, published: 1 } as const;
const from = '2025-10-01T00:00:00.000Z';

/** What lies in the partitions of the customer and the premise: the role, the point and the agreement there. */
const placeOf = (world: World): readonly Item[] => {
  const { roles: held } = heldBy(world).state;
  const point = {
    id: world.servicePoint,
    commodity: 'electricity',
    zone: 'Europe/London',
    connection: 'connected',
  } as const;
  const place = { ...premise.empty(), registered: true, servicePoints: [{ ...point, references: [] }] };
  return [
    writeState(world.customer, roles.name, emptyFold(roles)),
    writePart(
      world.customer,
      roles.name,
      partOfRole(world.account, world.customer),
      { ...emptyFold(roleParts.family), state: held },
      { since: 1 },
    ),
    writeState(world.premise, premise.name, { ...emptyFold(premise), state: place }),
    writeState(world.premise, supply.name, emptyFold(supply)),
    writePart(world.premise, supply.name, partOfPoint(world.servicePoint), agreedBy(world), { since: 1 }),
  ];
};

const outageState = ({ outage: id, premise: place }: World): Item => {
  const known = { id, premise: place, commodity: 'electricity', startedAt: from, restoredAt: null };
  return writeState(id, outage.name, { ...emptyFold(outage), state: { outages: [known] } });
};

/** A fact of the account: that it was opened. */
const factItems = (world: World): readonly Item[] => {
  const fact: Fact = {
    id: world.fact,
    type: 'account.account.opened.v1',
    source: { system: 'billing', channel: undefined, actor: 'machine:billing' },
    sourceEventId: world.fact,
    sourceSequence: 0,
    occurredAt: from,
    recordedAt: from,
    correlationId: undefined,
    causationId: undefined,
    data: { currency: 'GBP' },
    subjects: [world.account],
    families: ['account'],
    entity: world.account,
  };
  const order = orderOfFact(fact);
  return [
    { ...factIdKey(world.fact), subjects: [world.account], families: ['account'], order },
    {
      ...factKey(world.account, 'account', order),
      id: fact.id,
      type: fact.type,
      system: 'billing',
      actor: fact.source.actor,
      event: fact.sourceEventId,
      seq: 0,
      at: from,
      recorded: from,
      data: { currency: 'GBP' },
      subjects: [world.account],
      families: ['account'],
      entity: world.account,
    },
  ];
};

/** What the store holds of one household, as far as relations go. */
const itemsOf = (world: World, name: string): readonly Item[] => [
  { ...headKey(world.customer), ...head },
  { ...headKey(world.account), ...head, readers: [world.customer] },
  writeState(world.account, account.name, heldBy(world)),
  { ...headKey(world.premise), ...head, readers: [[world.customer, world.account]] },
  ...placeOf(world),
  { ...headKey(world.outage), ...head, premises: [world.premise] },
  outageState(world),
  { ...servicePointKey(world.servicePoint), premise: world.premise },
  {
    ...meterKey(world.meter),
    version: 1,
    id: world.meter,
    serial: `RT-${name}`,
    references: [],
    registers: [],
    zone: null,
    thing: world.meter,
    certificates: [],
    installations: [
      { servicePoint: world.servicePoint, premise: world.premise, from: '2025-10-01T00:00:00.000Z', to: null },
    ],
  },
  ...factItems(world),
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
