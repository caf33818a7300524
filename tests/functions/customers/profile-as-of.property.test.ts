import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { profileAsOf } from '#functions/customers/profile-as-of.ts';
import { show360 } from '#functions/customers/show-360.ts';
import type { View360 } from '#shared/contracts/api/view.ts';
import { isRetraction } from '#shared/contracts/facts/catalogue.ts';
import { viewUsage } from '#shared/domain/metering/usage-view.ts';
import { type Moment, recordsAsOf } from '#shared/store/as-of.ts';
import { readFact } from '#shared/store/items.ts';
import { resolveNamed } from '#shared/store/references.ts';
import { unsealFact } from '#shared/store/subjects.ts';
import type { Fact } from '#shared/vocabulary/fact.ts';
import { machine, openProfileSystem, type ProfileSystem } from '#tests/support/profile-system.ts';
import { act, customers, day, founding, pick, sent, small } from '#tests/support/shared-households.ts';

const mergedType = 'customer.identity.merged.v1';
const unmergedType = 'customer.identity.unmerged.v1';
const isLink = (type: string): boolean => type === mergedType || type === unmergedType;
/** Links happened long ago, so that what is known of them alone decides. */
const longAgo = '2024-12-31T00:00:00.000Z';

/** Every fact a system keeps, opened, each once, in the order it was kept. */
const factsOf = async (system: ProfileSystem): Promise<readonly Fact[]> => {
  const found = new Map<string, Fact>();
  for await (const item of system.store.scan('profile')) {
    if (item.sk.startsWith('FACT#')) {
      const fact = await unsealFact(system.sealer, readFact(item));
      found.set(fact.id, fact);
    }
  }
  return [...found.values()].sort((a, b) =>
    a.recordedAt === b.recordedAt ? (a.occurredAt < b.occurredAt ? -1 : 1) : a.recordedAt < b.recordedAt ? -1 : 1,
  );
};

const raw = ({ type, source, sourceEventId, sourceSequence, occurredAt, data }: Fact) => ({
  type,
  source: { system: source.system },
  sourceEventId,
  sourceSequence,
  occurredAt,
  data,
});

/** What had happened and was known; links and retractions count by what was known alone. */
const within = (facts: readonly Fact[], { asOf, knownAt }: Moment): readonly Fact[] => {
  const known = facts.filter((fact) => fact.recordedAt <= knownAt);
  const ids = new Set(
    known
      .filter((fact) => !isRetraction(fact.type) && (isLink(fact.type) || fact.occurredAt <= asOf))
      .map(({ id }) => id),
  );
  return known.filter((fact) => (isRetraction(fact.type) ? ids.has(String(fact.data.factId)) : ids.has(fact.id)));
};

const submitOne = async (system: ProfileSystem, fact: unknown) => {
  const [result] = await system.submit([fact], machine);
  await system.settle();
  return result;
};

/** A system that never knew anything else. */
const freshSystem = async (facts: readonly Fact[], moment: Moment): Promise<ProfileSystem> => {
  const system = await openProfileSystem({ start: moment.asOf });
  for (const fact of within(facts, moment)) await submitOne(system, raw(fact));
  return system;
};

const withoutUsage = (view: View360 | undefined): View360 | undefined =>
  view === undefined ? undefined : { ...view, omitted: view.omitted.filter((text) => !text.startsWith('usage:')) };

const today =
  (moment: Moment) =>
  (at = Date.parse(moment.asOf)): string =>
    new Date(at).toISOString().slice(0, 10);

const story = fc.record({
  acts: fc.array(fc.tuple(small, small, small, small, small), { minLength: 10, maxLength: 25 }),
  links: fc.array(fc.tuple(small, small, small, small), { maxLength: 4 }),
  retracted: fc.array(small, { maxLength: 3 }),
  moments: fc.array(fc.tuple(small, small), { minLength: 2, maxLength: 3 }),
});

// Each run builds two utilities: 60 by default, more with ROTUNDA_PROPERTY_RUNS.
const runs = Number(process.env.ROTUNDA_PROPERTY_RUNS ?? 60);

/** Tells a story whose clock goes on by a minute with each fact; answers how many minutes it took. */
const tell = async (
  system: ProfileSystem,
  { acts, links, retracted }: { acts: readonly number[][]; links: readonly number[][]; retracted: readonly number[] },
): Promise<number> => {
  let minutes = 0;
  const on = async (fact: unknown) => {
    system.clock.set(system.clock.now() + 60_000);
    minutes += 1;
    return submitOne(system, fact);
  };
  for (const fact of founding) await submitOne(system, fact);
  const merges: string[] = [];
  const kept: { readonly id: string; readonly type: string }[] = [];
  for (const [n, [kind = 0, when = 0, a = 0, b = 0, c = 0]] of acts.entries()) {
    const result = await on(act(`e${n}`, kind, when, a, b, c));
    if (result !== undefined && 'fact' in result) kept.push({ id: result.factId, type: result.fact.type });
    for (const [m, [at = 0, undoes = 0, x = 0, y = 0]] of links.entries()) {
      if (at % acts.length !== n) continue;
      const merge = merges[x % Math.max(1, merges.length)];
      const [survivor, alias] = [pick(customers, x), pick(customers, y)];
      const link =
        undoes % 3 === 0 && merge !== undefined
          ? sent(`undo${m}`, unmergedType, longAgo, { merge, reason: 'Two after all.' }, 'crm')
          : sent(`merge${m}`, mergedType, longAgo, { survivor, alias, reason: 'One person.' }, 'crm');
      const linked = await on(link);
      if (linked !== undefined && 'fact' in linked && linked.fact.entity !== undefined) merges.push(linked.fact.entity);
    }
  }
  for (const [n, which] of retracted.entries()) {
    const target = kept[which % Math.max(1, kept.length)];
    if (target === undefined) continue;
    const type = `${target.type.split('.').slice(0, 2).join('.')}.retracted.v1`;
    const by = /^(customer|contact)\./.test(target.type) ? 'crm' : /^service\./.test(target.type) ? 'field' : 'billing';
    await on(sent(`ret${n}`, type, longAgo, { factId: target.id, reason: 'Sent in error.' }, by));
  }
  return minutes;
};

describe('the view as of a moment in both times', () => {
  it(`is the fold over the facts up to it in a system that never knew anything else, merges included (${runs} runs)`, {
    timeout: 900_000,
  }, async () => {
    const start = Date.parse('2026-11-24T12:00:00.000Z');
    await fc.assert(
      fc.asyncProperty(story, async ({ moments, ...told }) => {
        const system = await openProfileSystem();
        const minutes = await tell(system, told);
        const facts = await factsOf(system);
        for (const [asOfDay, minute] of moments) {
          const moment: Moment = {
            asOf: `${day(1 + (asOfDay % 560))}T12:00:00.000Z`,
            knownAt: new Date(start + (minute % (minutes + 1)) * 60_000).toISOString(),
          };
          const fresh = await freshSystem(facts, moment);
          for (const reference of customers) {
            const id = (await resolveNamed(system.profile, 'customer', reference)) ?? '';
            const then = await profileAsOf({ ...system, today: today(moment) }, id, moment);
            const { customer } = await recordsAsOf(system.profile, id, moment.knownAt);
            const deps = {
              profile: fresh.profile,
              now: () => Date.parse(moment.asOf),
              today: today(moment),
              readUsage: viewUsage,
            };
            const plain = await show360(deps, customer);
            expect(JSON.stringify(withoutUsage(then?.view))).toBe(JSON.stringify(plain));
          }
          await fresh.store.close();
        }
        await system.store.close();
      }),
      { numRuns: runs },
    );
  });
});
