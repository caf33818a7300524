import { beforeAll, describe, expect, it } from 'vitest';
import type { Ground } from './check.ts';
import { checks } from './checks.ts';
import { type Leaf, leavesOf } from './leaves.ts';
import { openSeededWorld, type SeededWorld } from './seeded-world.ts';
import { standing } from './winner-by-hand.ts';

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

/** A date of birth is explained, though the view does not show it. */
const besides = (dateOfBirth: unknown): readonly Leaf[] =>
  leavesOf({ customer: { dateOfBirth } }).filter(({ value }) => value !== undefined);

/** Explains every value of a customer's view, and says what is wrong with any of the explanations. */
const wrongOf = async (
  customer: string,
  records: readonly string[],
  seen: Map<string, number>,
): Promise<readonly string[]> => {
  const view = await world.show(customer);
  if (view === undefined) return [`${customer} is not there`];
  const { today, now } = world;
  const facts = world.facts();
  const ground: Ground = { facts, kept: standing(facts), view, records, today, now };
  const born = (await world.explain(customer, 'customer.dateOfBirth')).value;
  const wrong: string[] = [];
  for (const leaf of [...leavesOf(view), ...besides(born)]) {
    seen.set(leaf.pattern, (seen.get(leaf.pattern) ?? 0) + 1);
    const told = await world.explain(customer, leaf.path);
    const check = checks.find(([pattern]) => pattern.test(leaf.pattern))?.[1];
    const found =
      check === undefined
        ? 'nothing is known of such a value'
        : told.rule.id === '' || told.rule.version < 1 || told.losing.some(({ because }) => because.length <= 10)
          ? told
          : JSON.stringify(told.value) === JSON.stringify(leaf.value)
            ? check(leaf, told, ground)
            : { told: told.value };
    if (found !== undefined)
      wrong.push(
        `${customer} ${leaf.path}=${JSON.stringify(leaf.value)}: ${JSON.stringify(found)} ${JSON.stringify(told)}`,
      );
  }
  return wrong;
};

describe('of 50 seeded customers', () => {
  it('every value of the view is explained by the fact that facts and policy alone say, or by a formula whose inputs come out', async () => {
    const seen = new Map<string, number>();
    const wrong: string[] = [];
    expect(world.customers.length).toBeGreaterThanOrEqual(50);
    for (const customer of world.customers.slice(0, 50)) wrong.push(...(await wrongOf(customer, [customer], seen)));
    expect(wrong.slice(0, 12)).toEqual([]);
    const values = [...seen.values()].reduce((sum, count) => sum + count, 0);
    console.info(`${values} values under ${seen.size} paths were explained`);
    expect(values).toBeGreaterThan(5_000);
    // The story must have something of every part of the view, or nothing was shown for it.
    for (const pattern of shownByTheStory) expect(seen.get(pattern) ?? 0, pattern).toBeGreaterThan(0);
  }, 300_000);

  it('and of two whose records are merged, over the facts of both', async () => {
    const [survivor = '', alias = ''] = world.customers.slice(-2);
    await world.tell('merge', 'customer.identity.merged.v1', { survivor, alias, reason: 'One person.' });
    const seen = new Map<string, number>();
    expect((await wrongOf(survivor, [survivor, alias], seen)).slice(0, 12)).toEqual([]);
    const name = await world.explain(survivor, 'customer.name');
    expect(name.losing.map(({ reason }) => reason)).toEqual(['superseded']);
  }, 60_000);

  it('what was said and taken back is told among what lost, with its source, time and reason', async () => {
    const [customer = ''] = world.customers;
    const [point] = (await world.show(customer))?.contact.points ?? [];
    const path = `contact.points[${point?.id}].value`;
    const before = await world.explain(customer, path);
    const change = { customer, point: point?.id, value: 'mistaken@example.com' };
    const factId = await world.tell('mistake', 'customer.contact-point.changed.v1', change, 'billing');
    expect((await world.explain(customer, path)).winner).toMatchObject({ factId, source: 'billing' });
    const reason = 'Of somebody else.';
    await world.tell('taken-back', 'customer.contact-point.retracted.v1', { factId, reason }, 'billing');
    const after = await world.explain(customer, path);
    expect([after.value, after.winner]).toEqual([before.value, before.winner]);
    expect(after.losing).toEqual([
      {
        value: 'mistaken@example.com',
        source: 'billing',
        factId,
        occurredAt: world.now,
        actor: 'machine:billing',
        reason: 'retracted',
        because: 'The fact was taken back.',
      },
    ]);
  });

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

const shownByTheStory = [
  'customer.name',
  'customer.dateOfBirth',
  'contact.points.value',
  'accounts.formerRoles.to',
  'accounts.balance.amountMinor',
  'accounts.lastBill.dueOn',
  'accounts.lastPayments.receivedOn',
  'accounts.agreements.tariff',
  'alerts.since',
  'premises.address',
  'premises.servicePoints.meter.serial',
  'usage.months.value',
  'service.lastResolved.restoredAt',
  'interactions.recent.reason',
  'interactions.handover.text',
  'freshness.sources.lastFactAt',
];
