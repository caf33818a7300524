import { expect } from 'vitest';
import type { ToldInsight } from '#functions/insight/rules/told-insights.ts';
import { toldInsightWrite } from '#functions/insight/store/told-insights.ts';
import { writeUsageBlock } from '#functions/readings/contract/usage-block.ts';
import { addDays, startOfDate } from '#shared/vocabulary/time.ts';
import type { RunningSystem } from '#tests/support/running-system.ts';
import {
  accountFacts,
  addMeter,
  byBilling,
  byCrm,
  idNamed,
  named,
  placeFacts,
  pointFact,
  roleFact,
  sendFacts,
} from '#tests/support/small-world.ts';

/** Words and figures that stand nowhere else, by the class of the fields they stand in, or of the whole they are part of. */
export const marked = {
  name: ['Zyxwold'],
  identity: ['1977-07-17', '1988-08-18'],
  contact: ['960444', 'zyx.w@example.com', 'Markergate', 'marked-topic', 'cpt_', '"int_'],
  financial: ['7654321', '76543.21', '1234567', 'B-marked', '"bil_', '"pay_', 'overdue since', 'past its due date'],
  usage: ['373296', '918273', 'insight-marked', 'Unusual use'],
  freeText: [
    'summary-marked',
    'handover-marked',
    'outage-marked',
    'merge-marked',
    'pin-marked',
    'correction-marked',
    'reversal-marked',
    'offer to take',
  ],
} as const;
export type Marked = keyof typeof marked;

export interface MarkedHouse {
  readonly customer: string;
  readonly account: string;
  readonly premise: string;
  readonly servicePoint: string;
  readonly meter: string;
  readonly outage: string;
}

const gbp = (amountMinor: number) => ({ amountMinor, currency: 'GBP' });
const supervisor = { as: { role: 'supervisor' }, headers: { 'rotunda-purpose': 'test' } } as const;

const readings = (system: RunningSystem, meter: string, today: string) =>
  system.served.system.ingest.take(
    [3, 2].map((daysAgo, seq) => ({
      sequenceNumber: `${seq}`,
      thing: meter,
      data: writeUsageBlock({
        v: 1,
        meter,
        register: '1',
        start: startOfDate('Europe/London', addDays(today, -daysAgo)),
        interval: 1800,
        values: Array.from({ length: 48 }, () => 7777),
        seq,
        revision: 0,
      }),
      arrivedAt: Date.now() / 1000,
    })),
  );

const insight = (today: string): ToldInsight => {
  const from = startOfDate('Europe/London', addDays(today, -3));
  return {
    kind: 'unusual-use',
    from,
    to: from,
    headline: 'insight-marked headline',
    text: 'insight-marked text',
    value: {},
    standing: 'over',
    state: 'new',
    foundAt: from,
    at: from,
    expires: '2099-01-01',
  };
};

/** What was written and said of the customer, and of the home. */
const note = async (
  system: RunningSystem,
  { customer, premise, servicePoint }: Omit<MarkedHouse, 'outage' | 'meter'>,
) => {
  const as = { role: 'agent' };
  const path = `/v1/customers/${customer}`;
  await system.must({
    method: 'POST',
    path: `${path}/interactions`,
    as,
    json: { channel: 'phone', reason: 'marked-topic.call', summary: 'summary-marked', handover: 'handover-marked' },
  });
  const reported = await system.must({
    method: 'POST',
    path: '/v1/outages',
    as,
    json: { premise, description: 'outage-marked' },
  });
  const twice = { kind: 'person', name: { family: 'Zyxwold' } };
  const other = await system.must({ method: 'POST', path: '/v1/customers', as, json: twice });
  const merge = { survivor: customer, alias: other.json.id, reason: 'merge-marked' };
  await system.must({ method: 'POST', path: '/v1/merges', ...supervisor, json: merge });
  await system.settle();
  const etag = (await system.must({ path, as })).headers.get('etag') ?? '';
  const pin = { field: 'contact.preferences.language', value: 'cy', reason: 'pin-marked' };
  await system.must({ method: 'POST', path: `${path}/pins`, as, headers: { 'if-match': etag }, json: pin });
  await system.must({
    method: 'POST',
    path: `/v1/service-points/${servicePoint}/corrections`,
    ...supervisor,
    json: { register: '1', start: '2026-02-01T00:00:00Z', values: [918273], quality: 7, reason: 'correction-marked' },
  });
  return String(reported.json.id);
};

/** Minor units of a payment that staff took by a slip: more than one person takes back. */
const slip = 60_000;

/** What the customer asked to be changed, and an agent to be taken back. */
const askedFor = async (system: RunningSystem, { customer, account }: Pick<MarkedHouse, 'customer' | 'account'>) => {
  const path = `/v1/customers/${customer}`;
  const etag = (await system.must({ path, as: { role: 'agent' } })).headers.get('etag') ?? '';
  const wish = { method: 'PATCH', path, as: { customer }, headers: { 'if-match': etag } };
  expect((await system.ask({ ...wish, json: { dateOfBirth: '1988-08-18' } })).status).toBe(403);
  const payments = { method: 'POST', path: `/v1/accounts/${account}/payments`, as: { role: 'agent' } };
  const key = (name: string) => ({ headers: { 'idempotency-key': `marked-${name}` } });
  const taken = await system.must({ ...payments, ...key('taken'), json: { amount: gbp(slip), method: 'card' } });
  const json = { reason: 'error', note: 'reversal-marked' };
  await system.must({ ...payments, ...key('asked'), path: `${payments.path}/${taken.json.id}/reversal`, json });
};

/** A home with something marked in every class of fields. */
export const buildMarkedHouse = async (system: RunningSystem, today: string): Promise<MarkedHouse> => {
  const { account } = named('marked');
  const day = addDays(today, -40);
  await sendFacts(system, [
    ...placeFacts('marked', '9 Markergate'),
    byCrm('cus-marked', 'customer.profile.registered.v1', '2025-10-01T08:00:00.000Z', {
      kind: 'person',
      name: { given: 'Uma', family: 'Zyxwold' },
      dateOfBirth: '1977-07-17',
      references: [{ namespace: 'crm', value: 'marked' }],
    }),
    pointFact('marked', 'phone', '01632 960444'),
    pointFact('marked', 'email', 'zyx.w@example.com'),
    ...accountFacts('marked').filter(({ type }) => type !== 'billing.bill.issued.v1'),
    roleFact('marked', 'marked', 'holder'),
    byBilling('bil-marked', 'billing.bill.issued.v1', `${day}T09:00:00.000Z`, {
      account,
      number: 'B-marked',
      amount: gbp(7654321 + 1234567 + slip),
      issuedOn: day,
      dueOn: addDays(day, 14),
    }),
    byBilling('pay-marked', 'billing.payment.received.v1', `${day}T10:00:00.000Z`, { account, amount: gbp(1234567) }),
  ]);
  await system.settle();
  const meter = await addMeter(system, 'marked', 'RT-marked');
  await readings(system, meter, today);
  const ids = {
    customer: await idNamed(system, '/v1/customers/crm:marked'),
    account: await idNamed(system, `/v1/accounts/${encodeURIComponent('billing:marked 1/2')}`),
    premise: await idNamed(system, '/v1/premises/uprn:marked'),
    servicePoint: await idNamed(system, '/v1/service-points/mpan:marked'),
  };
  const outage = await note(system, ids);
  await askedFor(system, ids);
  const place = { servicePoint: ids.servicePoint, register: '1' };
  await system.served.system.store.table('readings').commit([toldInsightWrite(place, insight(today), undefined)]);
  await system.settle();
  return { ...ids, meter, outage };
};
