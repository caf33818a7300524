import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { factTypes } from '#shared/contracts/facts/catalogue.ts';
import { groundsOf } from '#shared/contracts/facts/place-in-fold.ts';
import type { Sender } from '#shared/facts/placing/placement.ts';
import { readFactsOf, rebuildStates } from '#shared/profile/store/rebuild.ts';
import { loadSubject } from '#shared/profile/store/subjects.ts';
import { propertyRuns } from '#tests/support/drawn-runs.ts';
import type { Sent } from '#tests/support/meters/shared-households.ts';
import { type NamingPair, namingPairs, takenBack } from '#tests/support/named-things.ts';
import { openProfileSystem, type ProfileSystem, saysAll } from '#tests/support/profile-system.ts';

/** A fact that names what another one made takes effect on it, whatever the order they come in and whatever their clocks say. */

const at = (milliseconds: number): string => new Date(Date.UTC(2026, 2, 1, 8) + milliseconds).toISOString();
/** Who decides on what others asked for: never the same person. */
const senderOf = (fact: Sent): Sender => ({
  actor: `staff:${fact.type.split('.')[1]}-${fact.type.split('.')[2]}`,
  speaksFor: saysAll,
  supervisor: false,
});

const send = async (system: ProfileSystem, facts: readonly Sent[]): Promise<void> => {
  for (const fact of facts) {
    const [result] = await system.submit([fact], senderOf(fact));
    if (result === undefined || !['accepted', 'duplicate', 'waiting'].includes(result.status))
      throw new Error(`${fact.sourceEventId}: ${JSON.stringify(result)}`);
  }
  await system.settle();
};

/** What is kept, without the time of receipt: facts by their keys, states by their bytes. */
const keptIn = async (system: ProfileSystem): Promise<readonly string[]> => {
  const kept: string[] = [];
  for await (const item of system.store.scan('profile')) {
    if (/^(FACT)#/.test(item.sk)) kept.push(`${item.pk} ${item.sk} ${String(item.retractedBy ?? '')}`);
    if (/^(STATE)#/.test(item.sk)) kept.push(`${item.pk} ${item.sk} ${JSON.stringify(item)}`);
  }
  return kept.sort();
};

/** What still waits, and what is kept aside. */
const setAside = async (system: ProfileSystem): Promise<readonly string[]> => {
  const found: string[] = [];
  for await (const item of system.store.scan('profile'))
    if (/^(WAI|QAR)#/.test(item.pk)) found.push(`${item.pk} ${String(item.reason)}`);
  return found;
};

interface Drawn {
  /** Of each thing: how much later it is named than made, in milliseconds, and whether it was taken back. */
  readonly things: readonly { readonly later: number; readonly gone: boolean }[];
  readonly order: readonly number[];
  readonly repeats: readonly number[];
}

const drawn: fc.Arbitrary<Drawn> = fc.record({
  things: fc.array(
    fc.record({
      later: fc.constantFrom(0, 0, 0, -60_000, -1, 1, 86_400_000, -86_400_000),
      gone: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
    }),
    { minLength: 1, maxLength: 7 },
  ),
  order: fc.array(fc.nat({ max: 999 }), { minLength: 24, maxLength: 24 }),
  repeats: fc.array(fc.nat({ max: 20 }), { maxLength: 4 }),
});

const told = (pair: NamingPair, { things, order, repeats }: Drawn) => {
  const facts = things.flatMap(({ later, gone }, n) => {
    const [thing, naming] = [pair.thing(n, at(0)), pair.naming(n, at(later))];
    return [thing, naming, ...(gone ? [takenBack(thing)] : [])];
  });
  const mixed = facts
    .map((fact, n) => ({ fact, place: order[n] ?? 0 }))
    .sort((a, b) => a.place - b.place)
    .map(({ fact }) => fact);
  return { inOrder: facts, mixed: [...mixed, ...repeats.flatMap((n) => facts[n] ?? [])] };
};

const check = async (pair: NamingPair, story: Drawn): Promise<void> => {
  const { inOrder, mixed } = told(pair, story);
  const [straight, any] = [await openProfileSystem(), await openProfileSystem()];
  for (const [system, facts] of [
    [straight, inOrder],
    [any, mixed],
  ] as const) {
    await send(system, pair.founding);
    await send(system, facts);
    expect(await setAside(system)).toEqual([]);
  }
  expect(await keptIn(any)).toEqual(await keptIn(straight));
  const groundless = new Map<string, number>();
  for (const [n, { gone }] of story.things.entries()) {
    const subject = pair.shownBy(n);
    const { states } = await loadSubject(any.profile, subject);
    const name = `thing ${n}, named ${story.things[n]?.later} ms later${gone ? ', taken back' : ''}`;
    if (!gone) expect(pair.shows(states, n), name).toBe(true);
    groundless.set(subject, (groundless.get(subject) ?? 0) + (gone && pair.staysWithout !== true ? 1 : 0));
    const rebuilt = rebuildStates(await readFactsOf(any.profile, any.sealer, subject));
    expect(JSON.stringify([...rebuilt].sort())).toEqual(JSON.stringify([...states].sort()));
  }
  for (const [subject, count] of groundless) {
    const { states } = await loadSubject(any.profile, subject);
    expect([...states.values()].reduce((sum, one) => sum + one.groundless.count, 0)).toBe(count);
  }
  await straight.store.close();
  await any.store.close();
};

const runs = propertyRuns(12, 200);

describe('what is named by an id', () => {
  it('is told of for every type that names something', () => {
    const naming = [...factTypes.values()]
      // An approval closes the doors: from then on nothing more is kept, and the order of what comes decides.
      .filter((one) => Object.keys(groundsOf(one)).length > 0 && one.type !== 'customer.erasure.approved.v1')
      .map(({ type }) => type);
    expect(Object.keys(namingPairs).sort()).toEqual(naming.sort());
  });

  for (const [type, pairs] of Object.entries(namingPairs)) {
    for (const [place, pair] of pairs.entries()) {
      const { thing } = pair;
      it(`${type} takes effect on ${thing(0, at(0)).type} (${place + 1}), in any order and at any instants (${runs} runs)`, {
        timeout: 300_000,
      }, async () => {
        await fc.assert(
          fc.asyncProperty(drawn, (story) => check(pair, story)),
          { numRuns: runs },
        );
      });
    }
  }

  it('twenty times at one instant takes effect twenty times', { timeout: 120_000 }, async () => {
    for (const pairs of Object.values(namingPairs)) {
      for (const pair of pairs) {
        const system = await openProfileSystem();
        const several = Array.from({ length: pair.thing(0, at(0)).type.startsWith('contact.') ? 8 : 20 }, (_, n) => n);
        await send(system, pair.founding);
        await send(
          system,
          several.flatMap((n) => [pair.thing(n, at(0)), pair.naming(n, at(0))]),
        );
        const shown = [];
        for (const n of several)
          if (pair.shows((await loadSubject(system.profile, pair.shownBy(n))).states, n)) shown.push(n);
        expect([pair.naming(0, at(0)).type, shown.length]).toEqual([pair.naming(0, at(0)).type, several.length]);
        await system.store.close();
      }
    }
  });
});
