import { writeUsageBlock } from '#functions/readings/contract/usage-block.ts';
import { addDays, addMonths, expectedIntervals, startOfDate } from '#shared/vocabulary/time.ts';
import type { RunningSystem } from './running-system.ts';
import { byBilling, byCrm, byField, freshKey, idNamed, meterBody, type SentFact, sendFacts } from './small-world.ts';

/** A customer with several homes, an account and a half-hourly meter for each, over years. */
export interface LongHistory {
  readonly homes: number;
  /** First day; months and days are told from here to the day before `until`. */
  readonly from: string;
  readonly until: string;
  /** First day of which a meter sends its block; days before have none. */
  readonly metered: string;
}

const zone = 'Europe/London';
const halfHour = 1800;
const crm = { namespace: 'crm', value: 'history' };
const at = (date: string, second = 0): string => `${date}T08:00:${String(second).padStart(2, '0')}.000Z`;
const gbp = (amountMinor: number) => ({ amountMinor, currency: 'GBP' });
const numbered = (count: number): readonly number[] => Array.from({ length: count }, (_, n) => n);

const home = (n: number) => ({
  account: { namespace: 'billing', value: `0001234567-${n}` },
  premise: { namespace: 'uprn', value: `1000123456-${n}` },
  servicePoint: { namespace: 'mpan', value: `19000123456-${n}` },
  serial: `RT-HISTORY-${n}`,
});

const opening = ({ homes, from }: LongHistory): readonly SentFact[] => [
  byCrm('history', 'customer.profile.registered.v1', at(from), {
    kind: 'person',
    name: { title: 'Ms', given: 'Oluwaseun Amara', family: 'Okafor-Lindqvist' },
    language: 'en',
    references: [crm],
  }),
  ...[
    ['phone', '01632 960123'],
    ['phone', '01632 960124'],
    ['email', 'oluwaseun.okafor-lindqvist@example.com'],
    ['post', 'Flat 3, 12 Quay Street, Saltmouth, ZZ1 4QS'],
  ].map(([kind, value], n) =>
    byCrm(`history-point-${n}`, 'customer.contact-point.added.v1', at(from, 1 + n), {
      customer: crm,
      kind,
      value,
      preferred: n === 0,
    }),
  ),
  ...numbered(homes).flatMap((n) => {
    const { premise, servicePoint } = home(n);
    return [
      byField(`premise-${n}`, 'premise.premise.registered.v1', at(from), {
        address: { lines: [`Flat ${n + 1}`, '12 Quay Street'], town: 'Saltmouth', postcode: 'ZZ1 4QS', country: 'GB' },
        references: [premise],
      }),
      byField(`point-${n}`, 'premise.service-point.registered.v1', at(from, 1), {
        premise,
        commodity: 'electricity',
        zone,
        references: [servicePoint],
      }),
    ];
  }),
  ...numbered(homes).flatMap((n) => {
    const { account, servicePoint } = home(n);
    return [
      byBilling(`account-${n}`, 'account.account.opened.v1', at(from, 2), { currency: 'GBP', references: [account] }),
      byBilling(`role-${n}`, 'account.role.granted.v1', at(from, 3), { account, customer: crm, role: 'holder', from }),
      byBilling(`agreement-${n}`, 'account.agreement.started.v1', at(from, 4), {
        account,
        servicePoint,
        tariff: 'STANDARD-2025',
        from,
      }),
    ];
  }),
];

/** One month: a bill of each account and its payment, the last bill left open; a call; an outage that ended. */
const monthFacts = ({ homes, until }: LongHistory, month: string): readonly SentFact[] => [
  ...numbered(homes).flatMap((n) => {
    const { account } = home(n);
    const amount = gbp(8000 + Number(month.slice(5, 7)) * 10 + n);
    const bill = byBilling(`bill-${n}-${month}`, 'billing.bill.issued.v1', at(month, 10), {
      account,
      number: `B-${month}-${n}`,
      amount,
      issuedOn: month,
      dueOn: addDays(month, 14),
    });
    if (addMonths(month.slice(0, 7), 1) === until.slice(0, 7)) return [bill];
    const paid = byBilling(`paid-${n}-${month}`, 'billing.payment.received.v1', at(addDays(month, 10), 10), {
      account,
      amount,
      method: 'direct-debit',
    });
    return [bill, paid];
  }),
  byCrm(`call-${month}`, 'contact.interaction.logged.v1', at(addDays(month, 11)), {
    customer: crm,
    channel: Number(month.slice(5, 7)) % 2 === 0 ? 'phone' : 'email',
    reason: 'billing.high-bill',
    summary: 'Asked why the bill is higher than that of the month before; explained the cold weeks and the tariff.',
    outcome: 'resolved',
    handover: 'Wants to be called before any change of the direct debit.',
  }),
];

const monthsOf = ({ from, until }: LongHistory): readonly string[] => {
  const months: string[] = [];
  for (let month = from.slice(0, 7); month < until.slice(0, 7); month = addMonths(month, 1)) months.push(`${month}-01`);
  return months;
};

const registerMeters = async (system: RunningSystem, story: LongHistory): Promise<readonly string[]> => {
  const meters: string[] = [];
  for (const n of numbered(story.homes)) {
    const { serial, servicePoint } = home(n);
    const answer = await system.must({
      method: 'POST',
      path: '/v1/meters',
      as: { client: 'field' },
      headers: { 'idempotency-key': freshKey() },
      json: await meterBody(serial),
    });
    const meter = String(answer.json.id);
    meters.push(meter);
    await sendFacts(system, [
      byField(`installed-${n}`, 'metering.meter.installed.v1', at(story.from, 5), { servicePoint, meter }),
    ]);
  }
  return meters;
};

/** A day's readings: fortnights are alike, so that nothing rises and no insight takes room in the view. */
const dayBlock = (meter: string, date: string, seq: number): Uint8Array => {
  const start = startOfDate(zone, date);
  const values = Array.from(
    { length: expectedIntervals(zone, date, halfHour) },
    (_, n) => 100 + (((seq % 14) * 7 + n * 13) % 900),
  );
  return writeUsageBlock({ v: 1, meter, register: '1', start, interval: halfHour, values, seq, revision: 0 });
};

/** Tells the days of all meters by the telemetry stream, in order. */
const tellDays = async (system: RunningSystem, story: LongHistory, meters: readonly string[]): Promise<number> => {
  let [blocks, batch]: [number, { partitionKey: string; data: Uint8Array }[]] = [0, []];
  for (let date = story.metered; date < story.until; date = addDays(date, 1)) {
    for (const meter of meters) batch.push({ partitionKey: meter, data: dayBlock(meter, date, blocks) });
    blocks += meters.length;
    if (batch.length < 1000) continue;
    await system.served.system.appendTelemetry(batch);
    batch = [];
  }
  await system.served.system.appendTelemetry(batch);
  await system.settle();
  return blocks;
};

/** Tells a history by the API and the telemetry stream, through the real handlers. Answers whose it is. */
export const tellHistory = async (
  system: RunningSystem,
  story: LongHistory,
): Promise<{ readonly customer: string; readonly facts: number; readonly blocks: number }> => {
  const facts = [...opening(story), ...monthsOf(story).flatMap((month) => monthFacts(story, month))];
  await sendFacts(system, facts.slice(0, opening(story).length));
  const meters = await registerMeters(system, story);
  await sendFacts(system, facts.slice(opening(story).length));
  await system.settle();
  const blocks = await tellDays(system, story, meters);
  return { customer: await idNamed(system, '/v1/customers/crm:history'), facts: facts.length, blocks };
};
