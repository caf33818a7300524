import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accountView } from '#functions/accounts/show-account.ts';
import { show360 } from '#shared/profile/store/show-360.ts';
import { loadSubject } from '#shared/profile/store/subjects.ts';
import type { Table } from '#shared/table/table.ts';
import { addDays } from '#shared/vocabulary/time.ts';
import {
  bill,
  billed,
  entityOf,
  gbp,
  granted,
  minute,
  noService,
  opened,
  payment,
  person,
  reversal,
  type Sent,
  sent,
  tell,
} from '#tests/functions/told-household.ts';
import { machine, openProfileSystem } from '#tests/support/profile-system.ts';

/** The day on which all of it is written; nothing is written later. */
const written = '2026-11-24';
const later = (days: number): string => addDays(written, days);
/** Every date of the next 24 months. */
const dates = Array.from({ length: 731 }, (_, n) => later(n));

/** A profile table that notes what is asked of it. */
const noting = (asked: string[]) => (table: Table) => ({
  name: table.name,
  get: (...args: Parameters<Table['get']>) => {
    asked.push('get');
    return table.get(...args);
  },
  query: (...args: Parameters<Table['query']>) => {
    asked.push('query');
    return table.query(...args);
  },
  scan: (...args: Parameters<Table['scan']>) => table.scan(...args),
  batchPut: (...args: Parameters<Table['batchPut']>) => table.batchPut(...args),
  commit: (...args: Parameters<Table['commit']>) => table.commit(...args),
  close: () => table.close(),
});

const household = async (...facts: readonly Sent[]) => {
  const asked: string[] = [];
  const system = await openProfileSystem({ start: `${written}T12:00:00.000Z`, profile: noting(asked) });
  const [ana = '', account = ''] = (await tell(system, person('ana'), opened, granted('ana', 'holder'))).map(entityOf);
  for (const fact of facts) await system.submit([fact], machine);
  await system.settle();
  const { states } = await loadSubject(system.profile, account);
  const view = async (today: string) => {
    asked.splice(0);
    const shown = await show360({ profile: system.profile, now: () => system.clock.now(), today: () => today }, ana);
    if (shown?.accounts[0] === undefined) throw new Error('no account is shown');
    return { ...shown, account: shown.accounts[0] };
  };
  const inView = async (today: string) => {
    const { balance, overdue, nextDue, lastBill, lastPayments } = (await view(today)).account;
    return { balance, overdue, nextDue, lastBill, lastPayments };
  };
  const alone = (today: string) => {
    const { balance, overdue, nextDue, lastBill, lastPayments } = accountView(account, states, noService, today);
    const { number: _number, ...newest } = lastBill ?? {};
    return { balance, overdue, nextDue, lastBill: lastBill === null ? null : newest, lastPayments };
  };
  return { system, view, inView, alone, asked };
};

const due = (n: number, dueOn: string, amount = 1_000) => bill(`b${n}`, minute(n), amount, dueOn);

describe('nine open bills', () => {
  it('seen four months on tell as overdue those that fell due, and no other', async () => {
    const bills = Array.from({ length: 9 }, (_, n) => due(n, addDays('2026-12-15', 30 * n)));
    const { inView, alone } = await household(...bills);
    const figures = { overdue: gbp(5_000), nextDue: { amount: gbp(1_000), dueOn: '2027-05-14', bills: 1 } };
    expect([await inView('2027-04-20'), alone('2027-04-20')]).toMatchObject([figures, figures]);
  });
});

describe('bills of one day', () => {
  it('fall due together, and are overdue together, as many as they are', async () => {
    const { view, inView, alone } = await household(due(1, later(10)), due(2, later(10), 2_000), due(3, later(20)));
    const next = { nextDue: { amount: gbp(3_000), dueOn: later(10), bills: 2 } };
    expect([await inView(written), alone(written)]).toMatchObject([next, next]);
    const { alerts, account } = await view(later(11));
    expect(account).toMatchObject({ overdue: gbp(3_000), nextDue: { amount: gbp(1_000), dueOn: later(20), bills: 1 } });
    expect(alerts[0]?.because[0]).toBe('2 bills are past their due dates and not settled.');
  });

  it('have the one said last as the last bill, in every view and whatever their ids', async () => {
    for (let n = 0; n < 6; n += 1) {
      const { view, alone } = await household(due(20 + n, later(1), 100), due(40 + n, later(2), 200));
      const { account } = await view(written);
      expect([account.lastBill?.amount, account.previousBill?.amount]).toEqual([gbp(200), gbp(100)]);
      expect(alone(written).lastBill).toEqual(account.lastBill);
    }
  });
});

describe('bills due on more days than a view holds', () => {
  const bills = Array.from({ length: 40 }, (_, n) => due(n, later(10 * (n + 1))));

  it('are counted beyond those, and none of them is told of another day', async () => {
    const { view, inView, alone, asked } = await household(...bills);
    const { omitted } = await view(written);
    expect([omitted, asked]).toEqual([['due dates: 16 more'], ['query']]);
    for (const date of dates.slice(0, 420)) expect([date, await inView(date)]).toEqual([date, alone(date)]);
  });

  it('are read from the account once the days that are held are over', async () => {
    const { view, asked } = await household(...bills);
    expect((await view(later(240))).omitted).toEqual(['due dates: 16 more']);
    expect(asked).toEqual(['query']);
    const { account, omitted } = await view(later(241));
    expect(account).toMatchObject({ overdue: gbp(24_000), nextDue: { dueOn: later(250) } });
    expect([omitted, asked]).toEqual([[], ['query', 'get']]);
  });
});

describe('payments', () => {
  const received = (event: string, at: string, receivedOn: string, amount = 100) => ({
    ...payment(event, at, amount),
    data: { ...payment(event, at, amount).data, receivedOn },
  });

  it('are listed by value date, whenever they were said; of one day, what was said last comes first', async () => {
    const told = [
      received('new', minute(1), '2026-02-20', 1),
      ...[2, 3, 4, 5, 6, 7, 8].map((n) => received(`old${n}`, minute(n), '2026-01-10', n)),
      received('same', minute(9), '2026-02-20', 9),
    ];
    const { inView, alone } = await household(...told);
    const amounts = ({
      lastPayments,
    }: {
      readonly lastPayments: readonly { readonly amount: { amountMinor: number } }[];
    }) => lastPayments.map(({ amount }) => amount.amountMinor);
    expect([amounts(await inView(written)), amounts(alone(written))]).toEqual([
      [9, 1, 8],
      [9, 1, 8],
    ]);
  });
});

/** What is overdue on a date, worked out once more: money settles what was due first. */
const overdueByHand = ({ bills, payments }: History, date: string): number => {
  const amounts = bills.map(({ amount, due }) => ({ amount: amount === 0 ? 1 : amount, dueOn: later(due) }));
  const credit = amounts.reduce((sum, { amount }) => sum + Math.max(0, -amount), 0);
  const came = payments.reduce((sum, { amount, back }) => (back ? sum : sum + amount), credit);
  const dueBefore = amounts.filter(({ amount, dueOn }) => amount > 0 && dueOn < date);
  return Math.max(0, dueBefore.reduce((sum, { amount }) => sum + amount, 0) - came);
};

/** Days around the one of writing, most of them to come, with several bills on many of them. */
const days = fc.integer({ min: -12, max: 48 }).map((n) => n * 15);
const histories = fc.record({
  bills: fc.array(fc.record({ amount: fc.integer({ min: -3_000, max: 9_000 }), issued: days, due: days }), {
    maxLength: 36,
    size: 'max',
  }),
  payments: fc.array(fc.record({ amount: fc.integer({ min: 1, max: 4_000 }), on: days, back: fc.boolean() }), {
    maxLength: 8,
  }),
  shuffle: fc.infiniteStream(fc.nat({ max: 1_000 })),
});
type History = typeof histories extends fc.Arbitrary<infer Value> ? Value : never;

/** A history as facts, in some order of arrival; what takes a payment back comes after all of them. */
const factsOf = ({ bills, payments, shuffle }: History): readonly Sent[] => {
  const issued = bills.map((one, n) =>
    sent(`b${n}`, 'billing.bill.issued.v1', minute(n % 7), {
      account: billed,
      amount: gbp(one.amount === 0 ? 1 : one.amount),
      issuedOn: later(one.issued),
      dueOn: later(one.due),
    }),
  );
  const paid = payments.map((one, n) => {
    const fact = payment(`p${n}`, minute(n % 5), one.amount);
    return { ...fact, data: { ...fact.data, receivedOn: later(one.on) } };
  });
  const back = payments.flatMap((one, n) => (one.back ? [reversal(`r${n}`, minute(100 + n), `p${n}`)] : []));
  const mixed = [...issued, ...paid].map((fact) => ({ fact, place: shuffle.next().value ?? 0 }));
  return [...mixed.sort((a, b) => a.place - b.place).map(({ fact }) => fact), ...back];
};

describe('whatever was billed and paid, in whatever order it came,', () => {
  it('the 360 view and the account say the same on every date of the next 24 months, with nothing written', async () => {
    await fc.assert(
      fc.asyncProperty(histories, async (history) => {
        const { system, inView, alone } = await household(...factsOf(history));
        for (const date of dates) {
          const figures = await inView(date);
          expect([date, figures]).toEqual([date, alone(date)]);
          expect([date, figures.overdue?.amountMinor]).toEqual([date, overdueByHand(history, date)]);
        }
        await system.store.close();
      }),
      { numRuns: 15 },
    );
  }, 240_000);
});
