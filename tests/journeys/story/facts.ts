import assert from 'node:assert/strict';
import * as z from 'zod';
import { eventually } from '#tests/support/eventually.ts';
import type { StoryStep, StoryWorld, View } from './world.ts';

/** A payment as the billing system puts it on the bus. */
const payment = (account: string, event: string, amountMinor: number) => {
  const type = 'billing.payment.received.v1';
  const data = { account, amount: { amountMinor, currency: 'GBP' }, method: 'direct-debit' };
  const occurredAt = '2026-01-05T09:00:00.000Z';
  const detail = { type, source: { system: 'billing' }, sourceEventId: event, occurredAt, data };
  return { source: 'billing', detailType: type, detail };
};

const paid = (view: View): readonly number[] =>
  view.accounts.flatMap((one) => one.lastPayments.map((each) => each.amount.amountMinor));

const Heard = z.object({ metadata: z.object({ subjectId: z.string(), sequence: z.number() }) });

/** Facts in, view out, events on. */
export const factSteps = (world: StoryWorld): readonly StoryStep[] => {
  const { ground, run } = world;
  const { api, operator } = ground;
  const amount = 4321;
  const paymentsOf = async (account: string): Promise<number> => {
    const { json } = await api.must({ path: `/v1/accounts/${account}/payments`, as: { role: 'agent' } });
    return z.object({ data: z.array(z.unknown()) }).parse(json).data.length;
  };
  const invalidFacts = async (): Promise<number> => (await operator.quarantined()).get('fact.invalid') ?? 0;
  /** Numbers of the events that subscribers got of a subject, each once. */
  const heardOf = async (subject: string): Promise<readonly number[]> => {
    const heard = (await ground.published()).map(({ detail }) => Heard.parse(detail).metadata);
    const own = new Set(heard.filter(({ subjectId }) => subjectId === subject).map(({ sequence }) => sequence));
    return [...own].sort((a, b) => a - b);
  };
  return [
    {
      name: 'facts-by-api',
      title: 'facts that systems send by the API make a household, and an agent sees it in one view',
      run: async () => {
        await world.build('amara', 'Okafor', '12 Quay Street');
        await world.build('carl', 'Lindqvist', '7 Harbour Row');
        assert.equal((await world.see(world.homeOf('amara').customer)).customer.name, 'amara Okafor');
      },
    },
    {
      name: 'fact-by-bus',
      title: 'a payment that the billing system puts on the bus stands in the view',
      run: async () => {
        const { account, customer } = world.homeOf('amara');
        await ground.send([payment(account, `pay-${run}`, amount)]);
        await eventually(
          'the payment in the view',
          ground.patienceMs,
          () => world.see(customer),
          (view) => paid(view).includes(amount),
        );
      },
    },
    {
      name: 'same-event-again',
      title: 'the same event again is taken once',
      run: async () => {
        const { account, customer } = world.homeOf('amara');
        await ground.send([payment(account, `pay-${run}`, amount), payment(account, `later-${run}`, 5)]);
        await eventually(
          'the later payment',
          ground.patienceMs,
          () => world.see(customer),
          (view) => paid(view).includes(5),
        );
        assert.equal(await paymentsOf(account), 2);
      },
    },
    {
      name: 'bad-fact',
      title: 'a fact that cannot be right is kept aside with its reason, and those behind it go on',
      run: async () => {
        const before = await invalidFacts();
        const { account, customer } = world.homeOf('amara');
        const bad = payment(account, `bad-${run}`, 1);
        await ground.send([
          { ...bad, detail: { ...bad.detail, data: { account, amount: 'much' } } },
          payment(account, `after-${run}`, 7),
        ]);
        await eventually(
          'the payment behind',
          ground.patienceMs,
          () => world.see(customer),
          (view) => paid(view).includes(7),
        );
        await eventually('the bad fact', ground.patienceMs, invalidFacts, (count) => count === before + 1);
      },
    },
    {
      name: 'published',
      title: 'subscribers hear of each fact that was kept, by ids and names of fields, in the order of its subject',
      run: async () => {
        const { account } = world.homeOf('amara');
        const heardNow = () => heardOf(account);
        const heard = await eventually('events of the account', ground.patienceMs, heardNow, (own) => own.length >= 6);
        assert.deepEqual(
          heard,
          Array.from({ length: heard.length }, (_, index) => index + 1),
        );
        const said = JSON.stringify((await ground.published()).filter(({ source }) => source === 'rotunda.billing'));
        assert.ok(said.includes('"amount"') && !said.includes(String(amount)), 'names of fields, no values');
      },
    },
  ];
};
