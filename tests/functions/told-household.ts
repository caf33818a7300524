import type { FactOutcome } from '#shared/facts/fact-outcome.ts';
import { newMeterWrites } from '#shared/profile/store/meters.ts';
import { mintedId } from '#shared/runtime/identify.ts';
import type { Table } from '#shared/table/table.ts';
import { machine, type ProfileSystem } from '#tests/support/profile-system.ts';

/** Facts of a household as systems send them, and their ids. */

/** What an account takes service by that takes none. */
export const noService = { agreements: [], withoutPoint: 0, morePremises: 0 };

export interface Sent {
  readonly type: string;
  readonly source: { readonly system: string };
  readonly sourceEventId: string;
  readonly occurredAt: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export const sent = (event: string, type: string, at: string, data: Sent['data'], system = 'billing'): Sent => ({
  type,
  source: { system },
  sourceEventId: event,
  occurredAt: at,
  data,
});

export const crm = (value: string) => ({ namespace: 'crm', value });
export const billed = { namespace: 'billing', value: '000123' };
export const uprn = { namespace: 'uprn', value: '100012345678' };
export const mpan = { namespace: 'mpan', value: '1900012345678' };
export const gbp = (amountMinor: number) => ({ amountMinor, currency: 'GBP' });
const began = '2025-01-01T08:00:00.000Z';
/** A minute of 1 February 2026 and those after it. */
export const minute = (n: number): string => new Date(Date.UTC(2026, 1, 1, 8, n)).toISOString();

export const person = (name: string, at = began) =>
  sent(`cus-${name}`, 'customer.profile.registered.v1', at, {
    kind: 'person',
    name: { given: name, family: 'Okafor' },
    references: [crm(name)],
  });
export const opened = sent('acc', 'account.account.opened.v1', began, { currency: 'GBP', references: [billed] });
export const granted = (name: string, role: string, from = '2025-01-01', to?: string) =>
  sent(`rol-${name}-${from}`, 'account.role.granted.v1', began, {
    account: billed,
    customer: crm(name),
    role,
    from,
    ...(to === undefined ? {} : { to }),
  });
export const ended = (name: string, role: string, to: string, at = minute(0)) =>
  sent(`end-${name}-${to}`, 'account.role.ended.v1', at, { account: billed, customer: crm(name), role, to });
export const registered = sent(
  'prm',
  'premise.premise.registered.v1',
  began,
  { address: { lines: ['12 Quay Street'], town: 'Saltmouth', postcode: 'ZZ1 4QS', country: 'GB' }, references: [uprn] },
  'field',
);
export const point = sent(
  'svp',
  'premise.service-point.registered.v1',
  '2025-01-01T08:00:01.000Z',
  { premise: uprn, commodity: 'electricity', zone: 'Europe/London', references: [mpan] },
  'field',
);
export const agreed = (from = '2025-01-01') =>
  sent(`agr-${from}`, 'account.agreement.started.v1', began, {
    account: billed,
    servicePoint: mpan,
    tariff: 'STANDARD',
    from,
  });
export const unagreed = (to: string) =>
  sent(`agr-end-${to}`, 'account.agreement.ended.v1', minute(0), { account: billed, servicePoint: mpan, to });
export const bill = (event: string, at: string, amount: number, dueOn = '2026-02-15') =>
  sent(event, 'billing.bill.issued.v1', at, { account: billed, amount: gbp(amount), issuedOn: at.slice(0, 10), dueOn });
export const payment = (event: string, at: string, amount: number) =>
  sent(event, 'billing.payment.received.v1', at, {
    account: billed,
    amount: gbp(amount),
    references: [{ namespace: 'pay', value: event }],
  });
export const reversal = (event: string, at: string, of: string) =>
  sent(event, 'billing.payment.reversed.v1', at, { account: billed, payment: { namespace: 'pay', value: of } });
export const called = (event: string, at: string, name = 'ana') =>
  sent(event, 'contact.interaction.logged.v1', at, { customer: crm(name), channel: 'phone', reason: 'other' }, 'crm');
export const dark = (event: string, at: string) =>
  sent(
    event,
    'service.outage.reported.v1',
    at,
    { premise: uprn, references: [{ namespace: 'field', value: event }] },
    'field',
  );

export const entityOf = (result: FactOutcome | undefined): string =>
  result !== undefined && 'fact' in result ? (result.fact.entity ?? '') : '';
export const factOf = (result: FactOutcome | undefined): string =>
  result !== undefined && 'factId' in result ? result.factId : '';
export const statusesOf = (results: readonly FactOutcome[]): readonly string[] => results.map((one) => one.status);

/** Sends facts in order and lets all that follows of them come to rest. */
export const tell = async (system: ProfileSystem, ...facts: readonly Sent[]): Promise<readonly FactOutcome[]> => {
  const results = await system.submit(facts, machine);
  await system.settle();
  return results;
};

/** Puts a meter into the register of meters. */
export const putMeter = async (system: ProfileSystem, serial: string): Promise<string> => {
  const id = mintedId('meter', serial);
  const meter = { version: 1, id, serial, references: [], registers: [], zone: null, thing: id, certificates: [] };
  await system.profile.commit(newMeterWrites({ ...meter, installations: [] }));
  return id;
};

let later = 0;
/** The profile table once an index shows all that is kept: here it is one commit behind, as indexes are. */
export const upToDate = async ({ profile }: ProfileSystem): Promise<Table> => {
  later += 1;
  await profile.commit([{ put: { pk: 'TEST', sk: `${later}` } }]);
  return profile;
};

const otherAccount = { namespace: 'billing', value: '000999' };
/** A household whose point another source says that a second account has. */
export const disputedPoint: readonly Sent[] = [
  opened,
  registered,
  point,
  agreed(),
  sent('acc-2', opened.type, opened.occurredAt, { currency: 'GBP', references: [otherAccount] }),
  sent(
    'agr-2',
    'account.agreement.started.v1',
    opened.occurredAt,
    { account: otherAccount, servicePoint: mpan, tariff: 'OTHER', from: '2025-06-01' },
    'crm',
  ),
];
