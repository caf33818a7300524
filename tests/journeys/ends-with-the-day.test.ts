import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod';
import { addDays } from '#shared/vocabulary/time.ts';
import { RunningSystem } from '#tests/support/running-system.ts';
import { buildSmallWorld, byBilling, type Household, type SmallWorld, sendFacts } from '#tests/support/small-world.ts';

/** What ends with a day that was said before ends on that day for every route but the usage of before, though nothing is written then. */

let system: RunningSystem;
let world: SmallWorld;
let ahead = 0;
const clock = { now: () => Date.now() + ahead };
beforeAll(async () => {
  system = await RunningSystem.start({ clock });
  world = await buildSmallWorld(system);
});
afterAll(() => system.stop());

const dayMs = 86_400_000;
const statusOf = async (path: string, customer: string): Promise<number> =>
  (await system.ask({ path, as: { customer } })).status;
const shown = async (customer: string) => {
  const { json } = await system.must({ path: `/v1/customers/${customer}/360`, as: { customer } });
  const list = z.array(z.object({ id: z.string() }));
  return { accounts: list.parse(json.accounts).length, premises: list.parse(json.premises).length };
};
const accountPaths = ({ account }: Household): readonly string[] =>
  ['', '/bills', '/payments', '/ledger'].map((below) => `/v1/accounts/${account}${below}`);
/** Its first bill: a fact of the time in which it was issued, for whoever had a role then. */
const billPath = ({ fact }: Household): string => `/v1/facts/${fact}`;
/** Usage of a time that was theirs: what a customer may still see once it is over. */
const usagePath = ({ servicePoint }: Household): string =>
  `/v1/service-points/${servicePoint}/usage?from=2026-02-01&to=2026-03-01`;
const premisePaths = ({ premise, servicePoint, meter, outage }: Household): readonly string[] => [
  `/v1/premises/${premise}`,
  `/v1/service-points/${servicePoint}`,
  `/v1/meters/${meter}`,
  `/v1/outages/${outage}`,
];

it('a joint holder whose role ends with tomorrow sees the account today, and the day after as one who has left, while the holder holds it', async () => {
  const today = system.served.system.today();
  const { account } = world.amara;
  await sendFacts(system, [
    byBilling('ben-leaves', 'account.role.ended.v1', new Date(clock.now()).toISOString(), {
      account,
      customer: world.ben,
      role: 'joint',
      to: addDays(today, 2),
    }),
  ]);
  await system.settle();
  const paths = [...accountPaths(world.amara), ...premisePaths(world.amara)];
  const [usage, bill] = [usagePath(world.amara), billPath(world.amara)];
  for (const path of [...paths, usage, bill]) expect([path, await statusOf(path, world.ben)]).toEqual([path, 200]);
  ahead += 2 * dayMs;
  for (const path of paths) {
    const isAccount = accountPaths(world.amara).includes(path);
    expect([path, await statusOf(path, world.ben)]).toEqual([path, isAccount ? 200 : 404]);
    expect([path, await statusOf(path, world.amara.customer)]).toEqual([path, 200]);
  }
  for (const customer of [world.ben, world.amara.customer])
    for (const path of [usage, bill]) expect([path, await statusOf(path, customer)]).toEqual([path, 200]);
  expect(await shown(world.ben)).toEqual({ accounts: 1, premises: 0 });
  const { json } = await system.must({ path: `/v1/accounts/${account}`, as: { customer: world.ben } });
  expect([json.holders, json.formerHolders]).toMatchObject([[], [{ customerId: world.ben, to: addDays(today, 2) }]]);
});

it('a home that a customer leaves by a date said before is no longer theirs to see from that day on; their account still is', async () => {
  const today = system.served.system.today();
  await sendFacts(system, [
    byBilling('carl-leaves', 'account.agreement.ended.v1', new Date(clock.now()).toISOString(), {
      account: world.carl.account,
      servicePoint: world.carl.servicePoint,
      to: addDays(today, 2),
    }),
  ]);
  await system.settle();
  const { customer } = world.carl;
  const usage = usagePath(world.carl);
  for (const path of [...premisePaths(world.carl), usage])
    expect([path, await statusOf(path, customer)]).toEqual([path, 200]);
  expect(await shown(customer)).toEqual({ accounts: 1, premises: 1 });
  ahead += 2 * dayMs;
  for (const path of premisePaths(world.carl)) expect([path, await statusOf(path, customer)]).toEqual([path, 404]);
  for (const path of [...accountPaths(world.carl), usage])
    expect([path, await statusOf(path, customer)]).toEqual([path, 200]);
  expect(await shown(customer)).toEqual({ accounts: 1, premises: 0 });
});

it('a role that begins on a later day opens nothing before that day', async () => {
  const today = system.served.system.today();
  const { account } = world.carl;
  await sendFacts(system, [
    byBilling('ben-comes', 'account.role.granted.v1', new Date(clock.now()).toISOString(), {
      account,
      customer: world.ben,
      role: 'payer',
      from: addDays(today, 1),
    }),
  ]);
  await system.settle();
  for (const path of accountPaths(world.carl)) expect([path, await statusOf(path, world.ben)]).toEqual([path, 404]);
  ahead += dayMs;
  for (const path of accountPaths(world.carl)) expect([path, await statusOf(path, world.ben)]).toEqual([path, 200]);
  expect(await statusOf(billPath(world.carl), world.ben)).toBe(404);
});

it('a pin holds until its day; from then on what the sources say is shown and explained again, with nothing written', async () => {
  const as = { role: 'agent' };
  const path = `/v1/customers/${world.amara.customer}`;
  const until = addDays(system.served.system.today(), 2);
  const told = async () => {
    const [one, whole, explained] = await Promise.all([
      system.must({ path, as }),
      system.must({ path: `${path}/360`, as }),
      system.must({ path: `${path}/explain?field=customer.name`, as }),
    ]);
    const view = z.object({ customer: z.object({ name: z.string(), version: z.number() }) }).parse(whole.json);
    const { rule } = z.object({ rule: z.object({ strategy: z.string() }) }).parse(explained.json);
    return {
      etag: one.headers.get('etag'),
      ...view.customer,
      explained: explained.json.value,
      strategy: rule.strategy,
    };
  };
  const before = await told();
  const pinned = await system.must({
    method: 'POST',
    path: `${path}/pins`,
    as,
    headers: { 'if-match': before.etag ?? '' },
    json: { field: 'customer.name', value: { given: 'Amara', family: 'Lind' }, reason: 'Passport seen.', until },
  });
  expect(pinned.json).toMatchObject({ value: 'Amara Lind', until });
  const name = 'Amara Lind';
  const held = { name, explained: name, strategy: 'pinned', version: before.version + 1 };
  expect(await told()).toMatchObject(held);
  ahead += dayMs;
  expect(await told()).toMatchObject(held);
  ahead += dayMs;
  expect(await told()).toMatchObject({
    name: before.name,
    explained: before.name,
    strategy: before.strategy,
    version: before.version + 1,
  });
});
