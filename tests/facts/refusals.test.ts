import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createCountedTable } from '#scripts/bench/counted-table.ts';
import { entryOf, type NewEntry } from '#shared/facts/audit.ts';
import { mostCounted, mostKinds, recordRefused } from '#shared/facts/refusals.ts';
import { newId } from '#shared/runtime/identify.ts';
import { isRefusalsKey } from '#shared/table/keys.ts';
import { openLevelStore } from '#shared/table/level/level-store.ts';
import { type ActName, actNames } from '#shared/vocabulary/acts.ts';

const words = 'chosen by the caller';

const attempt = (more: Partial<NewEntry> = {}): NewEntry => ({
  at: '2026-03-05T09:00:00.000Z',
  id: newId(),
  actor: 'cus_STRANGER',
  actorKind: 'customer',
  act: 'customer.read',
  reason: words,
  requestId: words,
  route: 'GET /v1/customers/{id}/360',
  asOf: words,
  outcome: 'refused:not-found',
  fields: [],
  count: 0,
  subject: 'cus_VICTIM',
  named: [],
  ...more,
});

/** One of the acts there are, by number. */
const actOf = (n: number): ActName => actNames[n] ?? 'public';

const opened = async () => {
  const audit = createCountedTable((await openLevelStore({ clock: { now: () => 0 } })).table('audit'));
  const items = async () => (await audit.scan({ consistent: true })).items;
  return { audit, items, told: async () => (await items()).map(entryOf).filter((entry) => entry !== undefined) };
};

it('a flood of one kind costs as many writes as are counted, three entries and one count', async () => {
  const { audit, items, told } = await opened();
  for (let nth = 0; nth < mostCounted + 500; nth += 1) await recordRefused(audit, attempt());
  expect((await told()).map(({ times }) => times).sort((a = 0, b = 0) => a - b)).toEqual([1, 100, 1000]);
  expect((await items()).filter(isRefusalsKey)).toHaveLength(1);
  const written = audit.counts().itemsWritten;
  for (let nth = 0; nth < 100; nth += 1) await recordRefused(audit, attempt());
  expect(audit.counts().itemsWritten).toBe(written);
  expect(JSON.stringify(await items())).not.toContain(words);
});

it('another caller, subject, act, code or day is told for itself', async () => {
  const { audit, told } = await opened();
  const others: readonly Partial<NewEntry>[] = [
    {},
    { actor: 'cus_OTHER' },
    { actorKind: 'staff' },
    { subject: 'cus_THIRD' },
    { act: 'customer.change' },
    { outcome: 'refused:access.denied' },
    { at: '2026-03-06T00:00:00.000Z' },
  ];
  for (const other of [...others, ...others]) await recordRefused(audit, attempt(other));
  expect(await told()).toHaveLength(others.length);
});

it('the first of a kind is told though many come at once', async () => {
  const { audit, told } = await opened();
  await Promise.all(Array.from({ length: 4 }, (_, nth) => recordRefused(audit, attempt({ act: actOf(nth % 2) }))));
  expect(new Set((await told()).map(({ act }) => act))).toEqual(new Set([actOf(0), actOf(1)]));
});

it('whatever a caller tries on a day, a bounded number of entries tells it, and the first of each kind is told', async () => {
  const tries = fc.array(fc.record({ act: fc.nat(30), code: fc.nat(3) }), { maxLength: 150 });
  await fc.assert(
    fc.asyncProperty(tries, async (tried) => {
      const { audit, items, told } = await opened();
      for (const { act, code } of tried)
        await recordRefused(audit, attempt({ act: actOf(act), outcome: `refused:code-${code}` }));
      const entries = await told();
      const kinds = new Set(tried.map(({ act, code }) => `${actOf(act)} refused:code-${code}`));
      const first = entries.filter(({ times }) => times === 1).map(({ act, outcome }) => `${act} ${outcome}`);
      const apart = first.filter((kind) => kinds.has(kind));
      expect(apart).toHaveLength(Math.min(kinds.size, mostKinds));
      expect(first.length).toBe(apart.length + (kinds.size > mostKinds ? 1 : 0));
      expect(entries.length).toBeLessThanOrEqual(mostKinds + 3);
      expect((await items()).length - entries.length).toBe(tried.length > 0 ? 1 : 0);
    }),
    { numRuns: 40 },
  );
});
