import assert from 'node:assert/strict';
import * as z from 'zod';
import { addMonths } from '#shared/vocabulary/time.ts';
import type { Asker } from '#tests/support/api-client.ts';
import { eventually } from '#tests/support/eventually.ts';
import { byBilling, idNamed, named, personFact, type SentFact, sendFacts } from '#tests/support/small-world.ts';
import type { StoryStep, StoryWorld } from './world.ts';

const Dated = z.object({ role: z.string(), from: z.string(), to: z.string().nullable() });
const Amount = z.object({ amountMinor: z.number() });
const Moved = z.object({
  customer: z.object({ status: z.string() }),
  alerts: z.array(z.object({ class: z.string() })),
  accounts: z.array(
    z.object({
      id: z.string(),
      status: z.string(),
      roles: z.array(z.string()),
      plannedRoles: z.array(Dated).optional(),
      formerRoles: z.array(Dated).optional(),
      balance: Amount.optional(),
      lastPayments: z.array(z.object({ amount: Amount, reversed: z.boolean().optional() })),
      agreements: z.array(z.object({ from: z.string(), planned: z.boolean().optional() })),
    }),
  ),
});
type Moved = z.infer<typeof Moved>;

const agent: Asker = { role: 'agent' };
const left = '2026-02-01';
const gbp = (amountMinor: number) => ({ amountMinor, currency: 'GBP' });

/** The first day of the month after this one: whoever moves in then is no customer yet. */
const nextMonth = (): string => `${addMonths(new Date().toISOString().slice(0, 7), 1)}-01`;

/** Who moves out, who moves in next month, and what two facts of one instant come to. */
export const moveSteps = (world: StoryWorld): readonly StoryStep[] => {
  const { ground, run } = world;
  const { api, patienceMs } = ground;
  const see = async (customer: string, as: Asker): Promise<Moved> =>
    Moved.parse((await api.must({ path: `/v1/customers/${customer}/360`, as })).json);
  const nils = named('nils');
  const olga = { account: { namespace: 'billing', value: `olga-${run}` }, customer: named('olga').customer };
  const own = (): string => world.homeOf('nils').customer;
  const asEvent = (fact: SentFact) => ({ source: fact.source.system, detailType: fact.type, detail: { ...fact } });
  return [
    {
      name: 'same-instant',
      title: 'a payment and its reversal of one instant come to a reversed payment, though the reversal came first',
      run: async () => {
        await world.build('nils', 'Ahlgren', '3 Mill Lane');
        const payment = { namespace: 'billing', value: `back-${run}` };
        const at = '2026-01-12T09:00:00.000Z';
        const facts = [
          byBilling(`back-${run}-reversed`, 'billing.payment.reversed.v1', at, {
            account: nils.account,
            payment,
            reason: 'refused-by-payer',
          }),
          byBilling(`back-${run}-received`, 'billing.payment.received.v1', at, {
            account: nils.account,
            amount: gbp(2500),
            method: 'direct-debit',
            references: [payment],
          }),
        ];
        for (const fact of facts) await ground.send([asEvent(fact)]);
        const view = await eventually(
          'the payment taken back',
          patienceMs,
          () => see(own(), agent),
          ({ accounts: [account] }) => account?.lastPayments[0]?.reversed === true,
        );
        assert.deepEqual([view.accounts[0]?.lastPayments.length, view.accounts[0]?.balance?.amountMinor], [1, 8423]);
      },
    },
    {
      name: 'former-customer',
      title:
        'who moved out keeps a closed account with what is still owed: in their own app, and for staff as an alert',
      run: async () => {
        const at = `${left}T09:00:00.000Z`;
        const final = { issuedOn: '2026-02-06', dueOn: '2026-02-20', periodFrom: '2025-11-01', periodTo: left };
        await sendFacts(api, [
          byBilling(`left-${run}`, 'account.role.ended.v1', at, {
            account: nils.account,
            customer: nils.customer,
            role: 'holder',
            to: left,
          }),
          byBilling(`unserved-${run}`, 'account.agreement.ended.v1', at, {
            account: nils.account,
            servicePoint: nils.servicePoint,
            to: left,
          }),
          byBilling(`final-${run}`, 'billing.bill.issued.v1', '2026-02-06T09:00:00.000Z', {
            account: nils.account,
            amount: gbp(1577),
            ...final,
          }),
        ]);
        const { account } = world.homeOf('nils');
        for (const as of [agent, { customer: own() } satisfies Asker]) {
          const { customer, accounts } = await see(own(), as);
          assert.equal(customer.status, 'former');
          assert.deepEqual(
            accounts.map(({ id, status, roles, formerRoles, balance }) => [id, status, roles, formerRoles, balance]),
            [[account, 'closed', [], [{ role: 'holder', from: '2025-10-01', to: left }], { amountMinor: 10_000 }]],
          );
          const bills = await api.must({ path: `/v1/accounts/${account}/bills`, as });
          assert.equal(z.object({ data: z.array(z.unknown()) }).parse(bills.json).data.length, 2);
        }
        assert.deepEqual(
          (await see(own(), agent)).alerts.map((alert) => alert.class),
          ['financial'],
        );
      },
    },
    {
      name: 'planned-move',
      title: 'who moves in next month is a prospect until then, with role and agreement shown as planned',
      run: async () => {
        const from = nextMonth();
        const at = '2026-02-10T09:00:00.000Z';
        await sendFacts(api, [
          personFact('olga', 'Olga', 'Brandt'),
          byBilling(`acc-olga-${run}`, 'account.account.opened.v1', at, {
            currency: 'GBP',
            references: [olga.account],
          }),
          byBilling(`rol-olga-${run}`, 'account.role.granted.v1', at, { ...olga, role: 'holder', from }),
          byBilling(`agr-olga-${run}`, 'account.agreement.started.v1', at, {
            account: olga.account,
            servicePoint: nils.servicePoint,
            tariff: 'STANDARD',
            from,
          }),
        ]);
        const id = await idNamed(api, '/v1/customers/crm:olga');
        const view = await eventually(
          'the agreement to come',
          patienceMs,
          () => see(id, agent),
          ({ accounts: [account] }) => account?.agreements.length === 1,
        );
        assert.equal(view.customer.status, 'prospect');
        const [account] = view.accounts;
        assert.deepEqual(
          [account?.status, account?.roles, account?.plannedRoles, account?.agreements],
          ['open', [], [{ role: 'holder', from, to: null }], [{ from, planned: true }]],
        );
        const theirs = JSON.stringify((await api.must({ path: `/v1/customers/${id}/360`, as: { customer: id } })).json);
        assert.ok(!theirs.includes(own()), 'the next is told nothing of who was there');
      },
    },
  ];
};
