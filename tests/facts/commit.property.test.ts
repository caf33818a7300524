import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { account, readersOf } from '#shared/profile/rules/account.ts';
import { effectiveAgreements } from '#shared/profile/rules/agreements.ts';
import { toldAgreements } from '#shared/profile/rules/service-at.ts';
import { type States, stateOf } from '#shared/profile/rules/states.ts';
import { readHead, writePart, writeState } from '#shared/profile/store/items.ts';
import { readFactsOf, rebuildStates } from '#shared/profile/store/rebuild.ts';
import { renderView } from '#shared/profile/store/view-writes.ts';
import { headKey, subjectKindOf, subjectOfPartition } from '#shared/table/keys.ts';
import type { Item } from '#shared/table/table.ts';
import { propertyRuns } from '#tests/support/drawn-runs.ts';
import { act, founding, pick, type Sent, sendAll, sent, small } from '#tests/support/meters/shared-households.ts';
import { machine, openProfileSystem, type ProfileSystem } from '#tests/support/profile-system.ts';

const history = fc.record({
  acts: fc.array(fc.tuple(small, small, small, small, small), { minLength: 32, maxLength: 48 }),
  retractions: fc.array(small, { minLength: 3, maxLength: 7 }),
  shuffle: fc.array(small, { minLength: 60, maxLength: 60 }),
  repeats: fc.array(small, { minLength: 5, maxLength: 5 }),
});

const keyOf = (item: Item): string => `${item.pk} ${item.sk}`;

/** STATE and VIEW items as the table holds them, and as the facts alone give them. */
const compare = async (system: ProfileSystem, today: string) => {
  const stored = new Map<string, Item>();
  const subjects = new Set<string>();
  for await (const item of system.store.scan('profile')) {
    const subject = subjectOfPartition(item.pk);
    if (subject !== undefined) subjects.add(subject);
    // Where facts of a part stand, and how many behind a checkpoint, is for the next fold alone.
    const { o: _orders, ...content } = item;
    if (/^STATE#/.test(item.sk)) stored.set(keyOf(item), { ...content, n: 0 });
    if (/^(VIEW|WAS)#/.test(item.sk)) stored.set(keyOf(item), item);
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
        const takes = effectiveAgreements(toldAgreements(held, account.name)).agreements.some(
          (one) => one.premise === premise && (one.to === null || one.to > today),
        );
        return takes ? readersOf(state, today).map((customer) => [customer, subject] as const) : [];
      })
      .sort(([, a], [, b]) => (a < b ? -1 : a > b ? 1 : 0));
  for (const [subject, held] of states) {
    const head = await system.profile.get(headKey(subject), { consistent: true });
    if (head === undefined) throw new Error(`${subject} has no head`);
    const pairs = subjectKindOf(subject) === 'premise' ? pairsOf(subject) : [];
    for (const [family, state] of held) {
      const parts = [...(state.parts ?? [])].map(([part, one]) => writePart(subject, family, part, one, { since: 0 }));
      for (const item of [writeState(subject, family, state), ...parts]) rebuilt.set(keyOf(item), { ...item, n: 0 });
    }
    for (const item of renderView(subject, held, readHead(head), today, pairs).items) rebuilt.set(keyOf(item), item);
  }
  return { stored, rebuilt };
};

const runs = propertyRuns(40, 1000);

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
