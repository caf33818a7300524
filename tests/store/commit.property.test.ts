import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { account, readersOf } from '#shared/domain/profile/account.ts';
import { type States, stateOf } from '#shared/domain/profile/families.ts';
import { readHead, writeState } from '#shared/store/items.ts';
import { headKey, subjectKindOf, subjectOfPartition } from '#shared/store/keys.ts';
import { readFactsOf, rebuildStates } from '#shared/store/rebuild.ts';
import type { Item } from '#shared/store/table.ts';
import { renderView } from '#shared/store/view-writes.ts';
import { machine, openProfileSystem, type ProfileSystem } from '#tests/support/profile-system.ts';

/** A history of 3 customers who share accounts at 2 premises: at least 40 facts, 30 % late, 10 % repeated, with retractions. */
const day = (n: number): string => new Date(Date.UTC(2025, 0, 1 + n)).toISOString().slice(0, 10);

interface Sent {
  readonly type: string;
  readonly source: { readonly system: string };
  readonly sourceEventId: string;
  readonly sourceSequence?: number;
  readonly occurredAt: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const sent = (event: string, type: string, at: string, data: Sent['data'], system = 'billing'): Sent => ({
  type,
  source: { system },
  sourceEventId: event,
  occurredAt: at,
  data,
});

const customers = ['C-1', 'C-2', 'C-3'].map((value) => ({ namespace: 'crm', value }));
const accounts = ['A-1', 'A-2'].map((value) => ({ namespace: 'billing', value }));
const premises = ['P-1', 'P-2'].map((value) => ({ namespace: 'uprn', value }));
const points = ['S-1', 'S-2'].map((value) => ({ namespace: 'mpan', value }));

const founding: readonly Sent[] = [
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
    sent(`prm${n}`, 'premise.premise.registered.v1', `${day(0)}T00:00:00.000Z`, {
      address: { lines: [`${n + 1} Quay Street`], postcode: 'ZZ1 4QS', country: 'GB' },
      references: [reference],
    }),
  ),
  ...points.map((reference, n) =>
    sent(`svp${n}`, 'premise.service-point.registered.v1', `${day(0)}T00:00:00.001Z`, {
      premise: premises[n] ?? {},
      commodity: 'electricity',
      zone: 'Europe/London',
      references: [reference],
    }),
  ),
];

const pick = <Value>(values: readonly Value[], n: number): Value => {
  const value = values[n % values.length];
  if (value === undefined) throw new Error('nothing to pick from');
  return value;
};

const roleNames = ['holder', 'joint', 'payer'] as const;

/** One act of the history from five small numbers; `event` is unique. */
const act = (event: string, kind: number, when: number, a: number, b: number, c: number): Sent => {
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

const small = fc.nat({ max: 10_000 });
const history = fc.record({
  acts: fc.array(fc.tuple(small, small, small, small, small), { minLength: 32, maxLength: 48 }),
  retractions: fc.array(small, { minLength: 3, maxLength: 7 }),
  shuffle: fc.array(small, { minLength: 60, maxLength: 60 }),
  repeats: fc.array(small, { minLength: 5, maxLength: 5 }),
});

/** Sends facts from 4 writers at once, each its own share in batches, until all are kept. */
const sendAll = async (system: ProfileSystem, facts: readonly Sent[]): Promise<Map<string, string>> => {
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

const keyOf = (item: Item): string => `${item.pk} ${item.sk}`;

/** STATE and VIEW items as the table holds them, and as the facts alone give them. */
const compare = async (system: ProfileSystem, today: string) => {
  const stored = new Map<string, Item>();
  const subjects = new Set<string>();
  for await (const item of system.store.scan('profile')) {
    const subject = subjectOfPartition(item.pk);
    if (subject !== undefined) subjects.add(subject);
    if (/^(STATE|VIEW|WAS)#/.test(item.sk)) stored.set(keyOf(item), item);
  }
  const rebuilt = new Map<string, Item>();
  const states = new Map<string, States>();
  for (const subject of subjects)
    states.set(subject, rebuildStates(await readFactsOf(system.profile, system.sealer, subject)));
  const pairsOf = (premise: string) =>
    [...states]
      .filter(([subject]) => subjectKindOf(subject) === 'account')
      .flatMap(([subject, held]) => {
        const { state } = stateOf(held, account);
        const takes = state.agreements.some((one) => one.premise === premise && (one.to === null || one.to > today));
        return takes ? readersOf(state, today).map((customer) => [customer, subject] as const) : [];
      })
      .sort(([, a], [, b]) => (a < b ? -1 : a > b ? 1 : 0));
  for (const [subject, held] of states) {
    const head = await system.profile.get(headKey(subject), { consistent: true });
    if (head === undefined) throw new Error(`${subject} has no head`);
    const pairs = subjectKindOf(subject) === 'premise' ? pairsOf(subject) : [];
    for (const [family, state] of held) {
      const item = writeState(subject, family, state);
      rebuilt.set(keyOf(item), item);
    }
    for (const item of renderView(subject, held, readHead(head), today, pairs).items) rebuilt.set(keyOf(item), item);
  }
  return { stored, rebuilt };
};

const runs = Number(process.env.ROTUNDA_PROPERTY_RUNS ?? 500);

describe('any order of arrival', () => {
  it(`gives states, views and digests byte-equal to a rebuild from facts alone (${runs} runs)`, {
    timeout: 300_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(history, async ({ acts, retractions, shuffle, repeats }) => {
        const system = await openProfileSystem({ staleReads: true });
        await system.submit(founding, machine);
        const events = acts.map(([kind, when, a, b, c], n) => act(`e${n}`, kind, when, a, b, c));
        const inOrder = [...events].sort((a, b) => (a.occurredAt < b.occurredAt ? -1 : 1));
        const late = inOrder.filter((_, n) => (shuffle[n] ?? 0) % 10 < 3);
        const first = [...inOrder.filter((event) => !late.includes(event)), ...late];
        const half = Math.floor(first.length / 2);
        const ids = await sendAll(system, first.slice(0, half));
        const retracts = (event: Sent, name: string): Sent =>
          sent(
            name,
            `${event.type.split('.', 2).join('.')}.retracted.v1`,
            '2026-11-01T00:00:00.000Z',
            { factId: ids.get(event.sourceEventId) ?? '', reason: 'entered in error' },
            event.source.system,
          );
        // Some facts are taken out before others that stand on them come in, some at the end.
        const early = retractions.slice(0, 2).map((n, index) => retracts(pick(first.slice(0, half), n), `x${index}`));
        await sendAll(system, early);
        for (const [event, id] of await sendAll(system, [...first.slice(half), ...repeats.map((n) => pick(events, n))]))
          ids.set(event, id);
        await sendAll(
          system,
          retractions.slice(2).map((n, index) => retracts(pick(events, n), `y${index}`)),
        );
        await system.settle();
        const { stored, rebuilt } = await compare(system, '2026-11-24');
        expect([...stored.keys()].sort()).toEqual([...rebuilt.keys()].sort());
        for (const [key, item] of stored) expect(item, key).toEqual(rebuilt.get(key));
        await system.store.close();
      }),
      { numRuns: runs },
    );
  });
});
