import fc from 'fast-check';
import { machine, type ProfileSystem } from '#tests/support/profile-system.ts';

/** A history of 3 customers who share accounts at 2 premises: at least 40 facts, 30 % late, 10 % repeated, with retractions. */
export const day = (n: number): string => new Date(Date.UTC(2025, 0, 1 + n)).toISOString().slice(0, 10);

export interface Sent {
  readonly type: string;
  readonly source: { readonly system: string };
  readonly sourceEventId: string;
  readonly sourceSequence?: number;
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

export const customers = ['C-1', 'C-2', 'C-3'].map((value) => ({ namespace: 'crm', value }));
export const accounts = ['A-1', 'A-2'].map((value) => ({ namespace: 'billing', value }));
export const premises = ['P-1', 'P-2'].map((value) => ({ namespace: 'uprn', value }));
export const points = ['S-1', 'S-2'].map((value) => ({ namespace: 'mpan', value }));

export const founding: readonly Sent[] = [
  ...customers.map((reference, n) =>
    sent(
      `reg${n}`,
      'customer.profile.registered.v1',
      `${day(0)}T00:00:00.000Z`,
      {
        kind: 'person',
        name: { given: `Given${n}`, family: `Family${n}` },
        references: [reference],
      },
      'crm',
    ),
  ),
  ...accounts.map((reference, n) =>
    sent(`acc${n}`, 'account.account.opened.v1', `${day(0)}T00:00:00.000Z`, {
      currency: 'GBP',
      references: [reference],
    }),
  ),
  ...premises.map((reference, n) =>
    sent(
      `prm${n}`,
      'premise.premise.registered.v1',
      `${day(0)}T00:00:00.000Z`,
      {
        address: { lines: [`${n + 1} Quay Street`], postcode: 'ZZ1 4QS', country: 'GB' },
        references: [reference],
      },
      'field',
    ),
  ),
  ...points.map((reference, n) =>
    sent(
      `svp${n}`,
      'premise.service-point.registered.v1',
      `${day(0)}T00:00:00.001Z`,
      {
        premise: premises[n] ?? {},
        commodity: 'electricity',
        zone: 'Europe/London',
        references: [reference],
      },
      'field',
    ),
  ),
];

export const pick = <Value>(values: readonly Value[], n: number): Value => {
  const value = values[n % values.length];
  if (value === undefined) throw new Error('nothing to pick from');
  return value;
};

const roleNames = ['holder', 'joint', 'payer'] as const;

/** One act of the history from five small numbers; `event` is unique. */
export const act = (event: string, kind: number, when: number, a: number, b: number, c: number): Sent => {
  const at = new Date(
    Date.UTC(2025, 0, 1 + (when % 500), when % 24, (when * 7) % 60, when % 60, when % 1000),
  ).toISOString();
  const on = at.slice(0, 10);
  const money = { amountMinor: 100 + ((a * 37 + b * 11) % 9000), currency: c % 23 === 0 ? 'EUR' : 'GBP' };
  const ours = pick(accounts, a);
  switch (kind % 14) {
    case 0:
    case 1:
      return sent(event, 'billing.bill.issued.v1', at, {
        account: ours,
        number: event,
        amount: money,
        issuedOn: on,
        dueOn: day((when % 500) + 14),
      });
    case 2:
    case 3:
      return sent(event, 'billing.payment.received.v1', at, {
        account: ours,
        amount: money,
        method: 'card',
        references: [{ namespace: 'pay', value: event }],
      });
    case 4:
      return sent(event, 'billing.payment.reversed.v1', at, {
        account: ours,
        payment: { namespace: 'pay', value: `e${b % 40}` },
      });
    case 5:
      return sent(event, 'account.role.granted.v1', at, {
        account: ours,
        customer: pick(customers, b),
        role: pick(roleNames, c),
        from: on,
      });
    case 6:
      return sent(event, 'account.role.ended.v1', at, {
        account: ours,
        customer: pick(customers, b),
        role: pick(roleNames, c),
        to: day(when % 700),
      });
    case 7:
      return sent(event, 'account.agreement.started.v1', at, {
        account: ours,
        servicePoint: pick(points, b),
        tariff: 'T1',
        from: on,
      });
    case 8:
      return sent(event, 'account.agreement.ended.v1', at, {
        account: ours,
        servicePoint: pick(points, b),
        to: day(when % 700),
      });
    case 9:
      return sent(
        event,
        'customer.contact-point.added.v1',
        at,
        { customer: pick(customers, a), kind: 'email', value: `p${b}@example.com`, preferred: c % 2 === 0 },
        'crm',
      );
    case 10:
      return sent(
        event,
        'customer.profile.corrected.v1',
        at,
        { customer: pick(customers, a), name: { given: `G${b}`, family: `F${c}` } },
        'crm',
      );
    case 11:
      return sent(
        event,
        'contact.interaction.logged.v1',
        at,
        { customer: pick(customers, a), channel: 'phone', reason: 'billing.query', summary: `note ${b}` },
        'crm',
      );
    case 12:
      return sent(
        event,
        'service.outage.reported.v1',
        at,
        { premise: pick(premises, a), startedAt: at, references: [{ namespace: 'field', value: event }] },
        'field',
      );
    default:
      return sent(
        event,
        'service.outage.restored.v1',
        at,
        { outage: { namespace: 'field', value: `e${b % 40}` } },
        'field',
      );
  }
};

export const small = fc.nat({ max: 10_000 });
/** Sends facts from 4 writers at once, each its own share in batches, until all are kept. */
export const sendAll = async (system: ProfileSystem, facts: readonly Sent[]): Promise<Map<string, string>> => {
  const ids = new Map<string, string>();
  const writer = async (mine: readonly Sent[]): Promise<void> => {
    for (let from = 0; from < mine.length; from += 5) {
      const batch = mine.slice(from, from + 5);
      for (let tries = 0; ; tries += 1) {
        const results = await system.submit(batch, machine);
        results.forEach((result, n) => {
          const event = batch[n]?.sourceEventId;
          if ('factId' in result && event !== undefined) ids.set(event, result.factId);
          if (result.status === 'rejected') throw new Error(`${event}: ${result.message}`);
        });
        if (results.every((result) => result.status !== 'retry')) break;
        if (tries > 50) throw new Error('never kept');
      }
    }
  };
  await Promise.all([0, 1, 2, 3].map((n) => writer(facts.filter((_, index) => index % 4 === n))));
  return ids;
};
