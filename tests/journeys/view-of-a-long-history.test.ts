import { beforeAll, describe, expect, it } from 'vitest';
import type { View360 } from '#functions/view.ts';
import { createCountedTable, type TableCounts } from '#scripts/bench/counted-table.ts';
import { viewBudgets } from '#shared/profile/rules/view/view-budgets.ts';
import { show360 } from '#shared/profile/store/show-360.ts';
import { readAll } from '#shared/profile/store/subjects.ts';
import { itemBytes } from '#shared/table/item-size.ts';
import { subjectPartition, viewPrefix } from '#shared/table/keys.ts';
import type { Item } from '#shared/table/table.ts';
import { addDays } from '#shared/vocabulary/time.ts';
import { type LongHistory, tellHistory } from '#tests/support/long-history.ts';
import { RunningSystem } from '#tests/support/running-system.ts';

/** What one read of the 360 view costs after years of bills, payments, calls and half-hours that came by the real doors. */

const until = `${new Date().toISOString().slice(0, 8)}01`;
const yearsBack = (years: number): string => `${Number(until.slice(0, 4)) - years}${until.slice(4)}`;

interface Told {
  readonly view: View360;
  readonly items: readonly Item[];
  readonly counts: TableCounts;
  readonly facts: number;
  readonly blocks: number;
}

const tell = async (story: LongHistory): Promise<Told> => {
  const system = await RunningSystem.start();
  try {
    const { customer, facts, blocks } = await tellHistory(system, story);
    const { store, clock, today } = system.served.system;
    const profile = createCountedTable(store.table('profile'));
    const view = await show360({ profile, now: () => clock.now(), today }, customer);
    if (view === undefined) throw new Error('there is no view');
    const counts = profile.counts();
    const query = { pk: subjectPartition(customer), prefix: viewPrefix, consistent: true };
    return { view, items: await readAll(profile, query), counts, facts, blocks };
  } finally {
    await system.stop();
  }
};

const billed = (told: Told): number => told.items.reduce((sum, item) => sum + itemBytes(item), 0);

describe('a customer with two accounts and two premises, one register each', () => {
  let [oneYear, tenYears]: Told[] = [];
  beforeAll(async () => {
    [oneYear, tenYears] = [
      await tell({ homes: 2, from: yearsBack(1), until, metered: yearsBack(1) }),
      await tell({ homes: 2, from: yearsBack(10), until, metered: yearsBack(10) }),
    ];
  }, 120_000);

  it('is shown with one consistent query of one read unit, after one year and after ten', () => {
    expect(tenYears?.blocks).toBeGreaterThanOrEqual(2 * 3652);
    expect(tenYears?.facts).toBeGreaterThan(8 * (oneYear?.facts ?? 0));
    for (const told of [oneYear, tenYears]) {
      expect(told?.counts).toMatchObject({ requests: 1, readUnits: 1, itemsRead: 10 });
    }
  });

  it('takes at most 4,096 bytes as they are billed, and ten years take no more room than one but for counters', () => {
    if (oneYear === undefined || tenYears === undefined) throw new Error('nothing was told');
    expect(billed(oneYear)).toBe(oneYear.counts.bytesRead);
    expect(billed(tenYears)).toBeLessThanOrEqual(4096);
    // Counts of facts and calls grow past 127 and then need a second byte each.
    expect(Math.abs(billed(tenYears) - billed(oneYear))).toBeLessThanOrEqual(8);
  });

  it('is shown whole: balances, bills, payments, contact points, calls, usage', () => {
    for (const told of [oneYear, tenYears]) {
      const { accounts, premises, usage, contact, interactions } = told?.view ?? {};
      expect(accounts).toHaveLength(2);
      for (const account of accounts ?? []) {
        expect(account.lastPayments).toHaveLength(3);
        expect(account.balance).toEqual(account.lastBill?.amount);
        expect(account.previousBill).not.toBeNull();
        expect(account.agreements).toHaveLength(1);
      }
      expect(premises).toHaveLength(2);
      expect(contact?.points).toHaveLength(4);
      expect(interactions?.recent).toHaveLength(5);
      expect(interactions?.handover).not.toBeNull();
      expect(usage?.map(({ months, recentDays }) => [months.length > 6, recentDays.length])).toEqual([
        [true, 7],
        [true, 7],
      ]);
    }
  });
});

it('a landlord with 12 flats, an account and a meter for each, is shown with one query of at most 16 KB', async () => {
  const told = await tell({ homes: 12, from: yearsBack(1), until, metered: addDays(until, -40) });
  expect(told.counts.requests).toBe(1);
  expect(told.counts.readUnits).toBeLessThanOrEqual(4);
  expect(told.counts.bytesRead).toBeLessThanOrEqual(16 * 1024);
  expect([told.view.accounts.length, told.view.premises.length, told.view.usage.length]).toEqual([12, 12, 12]);
  expect(told.view.omitted).toEqual(['alerts: 5 more']);
}, 60_000);

it('the budgets of all sections keep even the fullest view of two accounts within one read unit, and of twelve within 16 KB', () => {
  const { identity, contact, service, interactions, freshness, account, premise, usage } = viewBudgets;
  const own = identity + contact + service + interactions + freshness;
  expect(own + 2 * (account + premise + usage)).toBeLessThanOrEqual(4096);
  expect(own + 12 * (account + premise + usage)).toBeLessThanOrEqual(16 * 1024);
});
