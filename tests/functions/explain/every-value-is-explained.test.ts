import { beforeAll, describe, expect, it } from 'vitest';
import { policyOf, profileAttributes } from '#shared/domain/profile/survivorship-policy.ts';
import type { Fact } from '#shared/vocabulary/fact.ts';
import { openSeededWorld, type SeededWorld } from './seeded-world.ts';
import { attributeWinner, bringer, standing } from './winner-by-hand.ts';

const story = {
  seed: 'rotunda',
  customers: 50,
  months: 3,
  until: '2026-04-15',
  zone: 'Europe/London',
  currency: 'GBP',
} as const;

let world: SeededWorld;
beforeAll(async () => {
  world = await openSeededWorld(story);
}, 240_000);

interface Leaf {
  readonly path: string;
  readonly names: readonly string[];
  readonly value: unknown;
  /** Id of the nearest entry of a list that has one, with the names below it. */
  readonly id: string | undefined;
}

/** Every value of a document that has nothing below it, by its path. */
const leavesOf = (value: unknown, path = '', names: readonly string[] = [], id?: string): readonly Leaf[] => {
  if (Array.isArray(value) && value.length > 0)
    return value.flatMap((one, at) => leavesOf(one, `${path}[${at}]`, names, id));
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0)
    return [{ path, names, value, id }];
  const own = 'id' in value && typeof value.id === 'string' && names.at(-1) !== 'meter' ? value.id : id;
  return Object.entries(value).flatMap(([name, member]) =>
    leavesOf(member, path === '' ? name : `${path}.${name}`, [...names, name], own),
  );
};

const sumOf = (inputs: readonly { readonly value?: unknown }[]): number =>
  inputs.reduce((sum, { value }) => {
    const amount = typeof value === 'object' && value !== null && 'amountMinor' in value ? value.amountMinor : value;
    return sum + (typeof amount === 'number' ? amount : Number.NaN);
  }, 0);

/** Members that the fact of one thing says, and that the oracle reads from it: each must come from the very fact. */
const fromOneFact =
  /^(contact\.points|interactions\.recent|service\.(openOutages|lastResolved)|accounts\.(lastBill|previousBill|lastPayments|agreements)|premises\.servicePoints)\./;

/** Readings are no facts; which point is preferred is decided among all of them. */
const isFromOneFact = (pattern: string): boolean =>
  fromOneFact.test(`${pattern}.`) && !pattern.endsWith('lastReadingAt') && !pattern.endsWith('preferred');

describe('of 50 seeded customers', () => {
  it('every value of the view is explained, by the fact that facts and policy alone say, or by a formula that comes out', async () => {
    const kept = standing(world.facts);
    const wrong: string[] = [];
    const seen = new Map<string, number>();
    const say = (customer: string, path: string, told: unknown): void => {
      wrong.push(`${customer} ${path}: ${JSON.stringify(told)}`);
    };
    expect(world.customers.length).toBeGreaterThanOrEqual(50);
    for (const customer of world.customers.slice(0, 50)) {
      const view = await world.show(customer);
      const own = kept.filter(({ subjects }) => subjects.includes(customer));
      for (const { path, names, value, id } of leavesOf(view)) {
        const pattern = names.join('.');
        seen.set(pattern, (seen.get(pattern) ?? 0) + 1);
        const told = await world.explain(customer, path);
        if (JSON.stringify(told.value) !== JSON.stringify(value)) say(customer, path, told.value);
        const winner = told.winner?.factId;
        if (told.formula === undefined && winner === undefined && value !== null && !isUnsaid(own, pattern))
          say(customer, path, 'nobody said it');
        const attribute = attributeAt[pattern];
        if (attribute !== undefined) {
          const by = attributeWinner(own, attribute, policyOf(attribute), world.today);
          if (by?.id !== winner) say(customer, path, { winner, by: by?.id });
        } else if (typeof value !== 'object' && isFromOneFact(pattern)) {
          const by = bringer(kept, id ?? '', names);
          if (by === undefined || by.id !== winner) say(customer, path, { winner, by: by?.id, type: by?.type });
        }
        const inputs = told.inputs ?? [];
        if (/^accounts\.(balance|overdue)\.amountMinor$/.test(pattern) && sumOf(inputs) !== value)
          say(customer, path, { sum: sumOf(inputs), value });
        if (/^(customer\.version|interactions\.counts\..*)$/.test(pattern) && sumOf(inputs) !== value)
          say(customer, path, { sum: sumOf(inputs), value });
      }
    }
    expect(wrong.slice(0, 20)).toEqual([]);
    // The story must have something of every part of the view, or nothing was shown for it.
    for (const pattern of shownByTheStory) expect(seen.get(pattern) ?? 0, pattern).toBeGreaterThan(0);
  }, 300_000);

  it('every word that was ever said of an attribute won or lost, with a reason', async () => {
    for (const customer of world.customers.slice(0, 50)) {
      for (const attribute of profileAttributes) {
        const told = await world.explain(customer, fieldOf[attribute]);
        const said = world.facts
          .filter(({ subjects, data }) => subjects.includes(customer) && data[attribute] !== undefined)
          .filter(({ type }) => /^customer\.(profile|attribute)\./.test(type))
          .map(({ id }) => id);
        const accounted = [
          ...(told.winner === null ? [] : [told.winner.factId]),
          ...told.losing.map((one) => one.factId),
        ];
        expect(accounted.toSorted(), `${customer} ${attribute}`).toEqual(said.toSorted());
        expect(told.losing.every(({ because }) => because.length > 10)).toBe(true);
      }
    }
  }, 120_000);

  it('a path that the view has not is refused, and one by id says what the one by place says', async () => {
    const [customer = ''] = world.customers;
    const view = await world.show(customer);
    for (const path of [
      'customer',
      'customer.nothing',
      'accounts[99].balance',
      'accounts[',
      '',
      '__proto__',
      'contact.points[0].value.length',
    ])
      await expect(world.explain(customer, path), path).rejects.toMatchObject({ code: 'field.not-in-view' });
    const [point] = view?.contact.points ?? [];
    const byPlace = await world.explain(customer, 'contact.points[0].value');
    const byId = await world.explain(customer, `contact.points[${point?.id}].value`);
    expect({ ...byId, field: '' }).toEqual({ ...byPlace, field: '' });
  });
});

const fieldOf = {
  name: 'customer.name',
  kind: 'customer.kind',
  dateOfBirth: 'customer.dateOfBirth',
  language: 'contact.preferences.language',
} as const;
const attributeAt: Readonly<Record<string, (typeof profileAttributes)[number]>> = {
  'customer.name': 'name',
  'customer.kind': 'kind',
  'contact.preferences.language': 'language',
};
/** A kind that nobody said is a person's; a language may be nobody's. */
const isUnsaid = (own: readonly Fact[], pattern: string): boolean =>
  pattern === 'customer.kind' && own.every(({ data }) => data.kind === undefined);

const shownByTheStory = [
  'customer.name',
  'contact.points.value',
  'accounts.balance.amountMinor',
  'accounts.lastBill.dueOn',
  'accounts.lastPayments.receivedOn',
  'accounts.agreements.tariff',
  'premises.address',
  'premises.servicePoints.meter.serial',
  'usage.months.value',
  'interactions.recent.reason',
  'freshness.sources.lastFactAt',
];
