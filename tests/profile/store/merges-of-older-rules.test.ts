import { describe, expect, it } from 'vitest';
import { links } from '#shared/profile/rules/links.ts';
import { stateOf } from '#shared/profile/rules/states.ts';
import { loadHead, loadSubject } from '#shared/profile/store/subjects.ts';
import { factIdOf, mintedId } from '#shared/runtime/identify.ts';
import { headKey, stateKey } from '#shared/table/keys.ts';
import type { Value } from '#shared/table/table.ts';
import { ownSystem } from '#shared/vocabulary/fact.ts';
import { type Sent, sent } from '#tests/support/meters/shared-households.ts';
import { machine, openProfileSystem, type ProfileSystem } from '#tests/support/profile-system.ts';

/** Records that were merged by the rules of before 2026-12-01: an alias led to the one it was merged into, by the fact that did it. */

const minute = (n: number): string => new Date(Date.UTC(2026, 0, 5, 8, n)).toISOString();
const names = ['ana', 'ben', 'cat'] as const;
const idOf = (name: (typeof names)[number]): string => mintedId('customer', factIdOf('crm', name));
const [ana, ben, cat] = [idOf('ana'), idOf('ben'), idOf('cat')] as const;
const told = (event: string, n: number, survivor: string, alias: string): Sent =>
  sent(event, 'customer.identity.merged.v1', minute(n), { survivor, alias, reason: 'One.' }, ownSystem);
const undo = sent(
  'undo',
  'customer.identity.unmerged.v1',
  minute(9),
  { merge: mintedId('merge', factIdOf(ownSystem, 'm1')), reason: 'Two.' },
  ownSystem,
);

const keep = async (system: ProfileSystem, facts: readonly Sent[]): Promise<void> => {
  for (const fact of facts) {
    const [result] = await system.submit([fact], machine);
    if (result?.status !== 'accepted') throw new Error(JSON.stringify(result));
  }
};

const opened = async (): Promise<ProfileSystem> => {
  const system = await openProfileSystem();
  const people = names.map((name, n) =>
    sent(
      name,
      'customer.profile.registered.v1',
      minute(-30 + n),
      { kind: 'person', name: { given: name, family: 'Okafor' }, references: [{ namespace: 'crm', value: name }] },
      'crm',
    ),
  );
  await keep(system, people);
  return system;
};

const change = async (system: ProfileSystem, id: string, members: Readonly<Record<string, Value>>): Promise<void> => {
  const item = await system.profile.get(headKey(id), { consistent: true });
  await system.profile.batchPut([{ ...item, ...headKey(id), ...members }]);
};

/** Ben merged into Ana, then Ana into Cat, as HEADs and states had it. */
const chainOfBefore = async (): Promise<ProfileSystem> => {
  const system = await opened();
  await keep(system, [told('m1', 1, ana, ben), told('m2', 2, cat, ana)]);
  await system.settle();
  await change(system, cat, { aliases: [ana, ben].sort().reverse() });
  await change(system, ana, { mergedBy: factIdOf(ownSystem, 'm2'), aliases: [ben] });
  await change(system, ben, { mergedBy: factIdOf(ownSystem, 'm1'), aliasOf: ana });
  const held = await system.profile.get(stateKey(cat, 'links'), { consistent: true });
  const { state: _state, ...rest } = JSON.parse(String(held?.b));
  const merge = (id: string, survivor: string, alias: string, at: number) => {
    const fact = factIdOf(ownSystem, id);
    return { id: mintedId('merge', fact), survivor, alias, at: minute(at), fact, undone: false };
  };
  const merges = [merge('m1', ana, ben, 1), merge('m2', cat, ana, 2)];
  const b = JSON.stringify({ ...rest, state: { merges, distinct: [], claims: [] } });
  await system.profile.batchPut([{ ...stateKey(cat, 'links'), ...held, rules: 3, b }]);
  return system;
};

const heads = async (system: ProfileSystem) =>
  Promise.all(
    [ana, ben, cat].map(async (id) => {
      const { aliasOf, aliases, rebuilding } = await loadHead(system.profile, id);
      return { aliasOf, aliases, rebuilding };
    }),
  );
const alone = { aliasOf: undefined, aliases: [], rebuilding: undefined };

describe('records that were merged by older rules', () => {
  it('are led straight to who holds them by a refold, in any order of records', async () => {
    for (const order of [
      [ana, ben, cat],
      [cat, ben, ana],
    ]) {
      const system = await chainOfBefore();
      for (const id of order) await system.committer.refold(id);
      expect(await heads(system)).toEqual([
        { ...alone, aliasOf: cat },
        { ...alone, aliasOf: cat },
        { ...alone, aliases: [ana, ben].sort() },
      ]);
      expect(await system.profile.get(headKey(ana), { consistent: true })).not.toHaveProperty('mergedBy');
      const { states } = await loadSubject(system.profile, cat);
      const { standing } = stateOf(states, links).state;
      expect(standing.map(([, survivor, alias]) => [survivor, alias])).toEqual([
        [ana, ben],
        [cat, ana],
      ]);
    }
  });

  it('are parted by an undoing that comes before anything was refolded', async () => {
    const system = await chainOfBefore();
    await keep(system, [undo]);
    await system.settle();
    expect(await heads(system)).toEqual([{ ...alone, aliasOf: cat }, alone, { ...alone, aliases: [ana] }]);
  });

  it.each(['kept', 'shown'])('whose merge was %s and not ended are brought to its end', async (reached) => {
    const system = await opened();
    await keep(system, [told('m1', 1, ana, ben)]);
    const [id, alias] = [factIdOf(ownSystem, 'm1'), ben];
    const mark = (flipped: boolean) => ({ rebuilding: { id, act: 'merge', alias, flipped } });
    if (reached === 'kept') {
      await change(system, ana, mark(false));
      await change(system, ben, mark(false));
    } else {
      await system.committer.rebuild(ana);
      await change(system, ana, mark(true));
    }
    await system.committer.rebuild(ana);
    expect(await heads(system)).toEqual([{ ...alone, aliases: [ben] }, { ...alone, aliasOf: ana }, alone]);
  });
});
