import { describe, expect, it } from 'vitest';
import { type CountedTable, createCountedTable } from '#scripts/bench/counted-table.ts';
import { addDays } from '#shared/vocabulary/time.ts';
import { sent } from '#tests/support/meters/shared-households.ts';
import { machine, openProfileSystem } from '#tests/support/profile-system.ts';

/** What a fact costs that comes late, on an account with ten years of bills, payments and what goes with them. */

const account = { namespace: 'billing', value: 'A-1' };
const customer = { namespace: 'crm', value: 'C-1' };
const first = '2016-11-24';
const days = 3652;
const factsInAll = 5000;

const instant = (n: number, count: number): string => {
  const seconds = Math.floor((n / count) * days * 86_400);
  return new Date(Date.parse(`${first}T00:00:00.000Z`) + seconds * 1000).toISOString();
};

const paid = (event: string, at: string) =>
  sent(event, 'billing.payment.received.v1', at, {
    account,
    amount: { amountMinor: 4000, currency: 'GBP' },
    method: 'direct-debit',
    references: [{ namespace: 'bank', value: event }],
  });
const billed = (event: string, at: string) =>
  sent(event, 'billing.bill.issued.v1', at, {
    account,
    number: event,
    amount: { amountMinor: 8000, currency: 'GBP' },
    issuedOn: at.slice(0, 10),
    dueOn: addDays(at.slice(0, 10), 14),
  });

/** Two payments for each bill, so that bills are settled as they go. */
const history = Array.from({ length: factsInAll }, (_, n) => {
  const at = instant(n, factsInAll);
  return n % 3 === 0 ? billed(`e${n}`, at) : paid(`e${n}`, at);
});

const opened = async () => {
  let counted: CountedTable | undefined;
  const system = await openProfileSystem({
    start: `${addDays(first, days)}T12:00:00.000Z`,
    staleReads: false,
    profile: (table) => {
      counted = createCountedTable(table);
      return counted;
    },
  });
  if (counted === undefined) throw new Error('nothing is counted');
  const at = `${first}T00:00:00.000Z`;
  const founding = [
    sent(
      'reg',
      'customer.profile.registered.v1',
      at,
      { kind: 'person', name: { family: 'Okafor' }, references: [customer] },
      'crm',
    ),
    sent('acc', 'account.account.opened.v1', at, { currency: 'GBP', references: [account] }),
    sent('rol', 'account.role.granted.v1', at, { account, customer, role: 'holder', from: first }),
  ];
  await system.submit(founding, machine);
  for (let from = 0; from < history.length; from += 20) {
    const results = await system.submit(history.slice(from, from + 20), machine);
    expect(results.every(({ status }) => status === 'accepted')).toBe(true);
  }
  await system.settle();
  return { system, counted };
};

describe('a late fact on an account with 5,000 facts of ten years', () => {
  it('reads at most 100 units where it is late by up to a year, and writes at most 60 items however late it is', {
    timeout: 120_000,
  }, async () => {
    const { system, counted } = await opened();
    const costs = [];
    for (const [name, late] of [
      ['a day', 1],
      ['a year', 365],
      ['nine years', 9 * 365],
    ] as const) {
      counted.reset();
      const at = `${addDays(addDays(first, days), -late)}T00:10:00.000Z`;
      const [result] = await system.submit([paid(`late-${late}`, at)], machine);
      expect(result?.status).toBe('accepted');
      const { readUnits, writeUnits, itemsWritten, requests } = counted.counts();
      costs.push({ late: name, readUnits, writeUnits, itemsWritten, requests });
    }
    console.table(costs);
    for (const { itemsWritten } of costs) expect(itemsWritten).toBeLessThanOrEqual(60);
    for (const { late, readUnits } of costs.slice(0, 2)) expect([late, readUnits <= 100]).toEqual([late, true]);
  });
});
