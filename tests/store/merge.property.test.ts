import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { subjectOfPartition } from '#shared/store/keys.ts';
import type { Item } from '#shared/store/table.ts';
import { machine, openProfileSystem, type ProfileSystem } from '#tests/support/profile-system.ts';
import { act, customers, founding, pick, sendAll, sent, small } from '#tests/support/shared-households.ts';

/** What is shown and folded, by key; decisions about links left out. */
const content = async (system: ProfileSystem): Promise<Map<string, Item>> => {
  const found = new Map<string, Item>();
  for await (const item of system.store.scan('profile')) {
    if (subjectOfPartition(item.pk) === undefined || item.sk === 'STATE#links') continue;
    if (/^(STATE|VIEW|WAS)#/.test(item.sk)) found.set(`${item.pk} ${item.sk}`, item);
  }
  return found;
};

const searchEntries = async (system: ProfileSystem): Promise<readonly string[]> => {
  const found: string[] = [];
  for await (const item of system.store.scan('profile'))
    if (/^(SRC|SRN|REF#(?!merge))/.test(item.pk)) found.push(JSON.stringify(item));
  return found.sort();
};

const at = (n: number): string => new Date(Date.UTC(2026, 10, 1, 0, n)).toISOString();

interface Standing {
  readonly merge: string;
}

/** Merges two records, or undoes a merge that stands; answers the merges that stand then. */
const link = async (
  system: ProfileSystem,
  standing: readonly Standing[],
  n: number,
  [kind, a, b]: readonly [number, number, number],
): Promise<readonly Standing[]> => {
  const [survivor, alias] = [a % customers.length, b % customers.length];
  const undone = kind % 3 === 0 ? standing[a % Math.max(1, standing.length)] : undefined;
  if (undone !== undefined) {
    await undo(system, undone, n);
    return standing.filter((one) => one !== undone);
  }
  const fact = sent(
    `merge${n}`,
    'customer.identity.merged.v1',
    at(n),
    { survivor: pick(customers, survivor), alias: pick(customers, alias), reason: 'One person.' },
    'crm',
  );
  const [result] = await system.submit([fact], machine);
  if (result?.status === 'rejected' && result.code === 'merge.same-customer') return standing;
  if (result === undefined || !('fact' in result)) throw new Error(JSON.stringify(result));
  await rebuildAll(system);
  return [...standing, { merge: result.fact.entity ?? '' }];
};

const undo = async (system: ProfileSystem, { merge }: Standing, n: number): Promise<void> => {
  const data = { merge, reason: 'Two after all.' };
  const [result] = await system.submit(
    [sent(`undo${n}`, 'customer.identity.unmerged.v1', at(n), data, 'crm')],
    machine,
  );
  if (result === undefined || !('fact' in result)) throw new Error(JSON.stringify(result));
  await rebuildAll(system);
};

const rebuildAll = async (system: ProfileSystem): Promise<void> => {
  for await (const item of system.store.scan('profile')) {
    const subject = item.sk === 'HEAD' && item.rebuilding !== undefined ? subjectOfPartition(item.pk) : undefined;
    if (subject !== undefined) await system.committer.rebuild(subject);
  }
};

const story = fc.record({
  acts: fc.array(fc.tuple(small, small, small, small, small), { minLength: 24, maxLength: 40 }),
  links: fc.array(fc.tuple(small, small, small), { minLength: 1, maxLength: 6 }),
  lastFirst: fc.boolean(),
});

// Each run builds two utilities: 60 by default, more with ROTUNDA_PROPERTY_RUNS.
const runs = Number(process.env.ROTUNDA_PROPERTY_RUNS ?? 60);

describe('merges that were all undone', () => {
  it(`leave every record as if they had never been, facts that came in between included (${runs} runs)`, {
    timeout: 600_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(story, async ({ acts, links, lastFirst }) => {
        const events = acts.map(([kind, when, a, b, c], n) => act(`e${n}`, kind, when, a, b, c));
        const [merged, never] = [await openProfileSystem(), await openProfileSystem()];
        for (const system of [merged, never]) await system.submit(founding, machine);
        const share = Math.ceil(events.length / (links.length + 1));
        let standing: readonly Standing[] = [];
        for (let n = 0; n <= links.length; n += 1) {
          const part = events.slice(n * share, (n + 1) * share);
          for (const system of [merged, never]) await sendAll(system, part);
          const next = links[n];
          if (next !== undefined) standing = await link(merged, standing, n, next);
          if (n % 2 === 0) await merged.settle();
        }
        const left = lastFirst ? [...standing].reverse() : standing;
        for (const [n, one] of left.entries()) await undo(merged, one, 100 + n);
        for (const system of [merged, never]) await system.settle();
        const [after, plain] = [await content(merged), await content(never)];
        expect([...after.keys()].sort()).toEqual([...plain.keys()].sort());
        for (const [key, item] of plain) expect(after.get(key), key).toEqual(item);
        expect(await searchEntries(merged)).toEqual(await searchEntries(never));
        await Promise.all([merged.store.close(), never.store.close()]);
      }),
      { numRuns: runs },
    );
  });
});
