import { describe, expect, it } from 'vitest';
import { mostMerges } from '#shared/profile/rules/links.ts';
import { recordsAsOf } from '#shared/profile/store/as-of.ts';
import { loadHead } from '#shared/profile/store/subjects.ts';
import { factIdOf, mintedId } from '#shared/runtime/identify.ts';
import { ownSystem } from '#shared/vocabulary/fact.ts';
import { type Sent, sent } from '#tests/support/meters/shared-households.ts';
import { machine, openProfileSystem, type ProfileSystem } from '#tests/support/profile-system.ts';

/** Merges of records that are merged already: whoever is one with whom follows from what was said and undone, never from its coming. */

const minute = (n: number): string => new Date(Date.UTC(2026, 0, 5, 8, n)).toISOString();
const names = ['ana', 'ben', 'cat', 'dan', 'eva'] as const;
type Name = (typeof names)[number];
const idOf = (name: Name): string => mintedId('customer', factIdOf('crm', name));
const nameOf = (id: string): string => names.find((name) => idOf(name) === id) ?? id;

const registered = names.map((name, n) =>
  sent(
    name,
    'customer.profile.registered.v1',
    minute(-30 + n),
    { kind: 'person', name: { given: name, family: 'Okafor' }, references: [{ namespace: 'crm', value: name }] },
    'crm',
  ),
);

const merged = (event: string, at: number, survivor: Name, alias: Name): Sent =>
  sent(
    event,
    'customer.identity.merged.v1',
    minute(at),
    { survivor: idOf(survivor), alias: { namespace: 'crm', value: alias }, reason: 'One.' },
    ownSystem,
  );
const undone = (event: string, at: number, merge: string): Sent =>
  sent(
    event,
    'customer.identity.unmerged.v1',
    minute(at),
    { merge: mintedId('merge', factIdOf(ownSystem, merge)), reason: 'Two.' },
    ownSystem,
  );
const retracted = (event: string, at: number, of: string): Sent =>
  sent(
    event,
    'customer.identity.retracted.v1',
    minute(at),
    { factId: factIdOf(ownSystem, of), reason: 'A slip.' },
    ownSystem,
  );

const opened = async (): Promise<ProfileSystem> => {
  const system = await openProfileSystem();
  await system.submit(registered, machine);
  return system;
};

/** Sends facts one by one, and brings what they ask for to its end. */
const tell = async (system: ProfileSystem, facts: readonly Sent[]) => {
  const kept = [];
  for (const fact of facts) {
    const [result] = await system.submit([fact], machine);
    if (result?.status !== 'accepted' && result?.status !== 'waiting') throw new Error(JSON.stringify(result));
    if (result.status === 'accepted') kept.push(result.fact);
    await system.settle();
  }
  return kept;
};

/** Who holds others, and whom: `cat: ana ben`; whoever is alone is left out. */
const heldIn = async (system: ProfileSystem): Promise<readonly string[]> => {
  const held: string[] = [];
  for (const name of names) {
    const { aliasOf, aliases, rebuilding } = await loadHead(system.profile, idOf(name));
    expect(rebuilding).toBeUndefined();
    for (const alias of aliases) expect((await loadHead(system.profile, alias)).aliasOf).toBe(idOf(name));
    if (aliases.length > 0) held.push(`${name}: ${aliases.map(nameOf).sort().join(' ')}`);
    if (aliasOf !== undefined) expect((await loadHead(system.profile, aliasOf)).aliases).toContain(idOf(name));
  }
  return held;
};

const heldAfter = async (...facts: readonly Sent[]): Promise<readonly string[]> => {
  const system = await opened();
  await tell(system, facts);
  return heldIn(system);
};

const everyOrder = <Value>(values: readonly Value[]): readonly (readonly Value[])[] =>
  values.length < 2
    ? [values]
    : values.flatMap((first, n) => everyOrder(values.filter((_, m) => m !== n)).map((rest) => [first, ...rest]));

describe('a merge of a record that is merged', () => {
  it('keeps both records as they were said, and leads all to whoever holds the survivor', async () => {
    const system = await opened();
    const chain = [merged('m1', 1, 'ana', 'ben'), merged('m2', 2, 'ben', 'cat')];
    const [, second] = await tell(system, chain);
    expect(second?.subjects).toEqual([idOf('ben'), idOf('cat')]);
    expect(await heldIn(system)).toEqual(['ana: ben cat']);
  });

  it.each([
    ['a chain', [merged('m1', 1, 'ana', 'ben'), merged('m2', 2, 'ben', 'cat')], ['ana: ben cat']],
    ['two that want the same record', [merged('m1', 1, 'ana', 'ben'), merged('m2', 2, 'cat', 'ben')], ['cat: ana ben']],
    [
      'one within a group, which joins nothing',
      [merged('m1', 1, 'ana', 'ben'), merged('m2', 2, 'ben', 'cat'), merged('m3', 3, 'cat', 'ana')],
      ['ana: ben cat'],
    ],
    [
      'one within a group that was said first, and turns who holds the others',
      [merged('m1', 1, 'ana', 'cat'), merged('m2', 2, 'ana', 'ben'), merged('m3', 3, 'cat', 'ben')],
      ['ana: ben cat'],
    ],
    [
      'the undoing of the middle one',
      [
        merged('m1', 1, 'ana', 'ben'),
        merged('m2', 2, 'ben', 'cat'),
        merged('m3', 3, 'cat', 'dan'),
        undone('u', 4, 'm2'),
      ],
      ['ana: ben', 'cat: dan'],
    ],
    [
      'an undoing that another merge outlasts',
      [merged('m1', 1, 'ana', 'ben'), merged('m2', 2, 'ben', 'ana'), undone('u', 3, 'm1')],
      ['ben: ana'],
    ],
    [
      'a retracted merge',
      [merged('m1', 1, 'ana', 'ben'), merged('m2', 2, 'ben', 'cat'), retracted('r', 3, 'm1')],
      ['ben: cat'],
    ],
    [
      'a retracted undoing',
      [merged('m1', 1, 'ana', 'ben'), undone('u', 2, 'm1'), retracted('r', 3, 'u')],
      ['ana: ben'],
    ],
  ])('comes to the same in whatever order they arrive: %s', { timeout: 60_000 }, async (_name, facts, held) => {
    for (const order of everyOrder(facts))
      expect(await heldAfter(...order), order.map((fact) => fact.sourceEventId).join(' ')).toEqual(held);
  });

  it('comes to the same in one batch, its undoing with it', async () => {
    const system = await opened();
    const facts = [merged('m1', 1, 'ana', 'ben'), merged('m2', 2, 'ana', 'ben'), undone('u', 3, 'm1')];
    const results = await system.submit(facts, machine);
    expect(results.map(({ status }) => status)).toEqual(['accepted', 'accepted', 'accepted']);
    await system.settle();
    expect(await heldIn(system)).toEqual(['ana: ben']);
  });
});

describe('one customer', () => {
  it('is one by so many merges at most; one more is refused, and not forgotten in silence', {
    timeout: 60_000,
  }, async () => {
    const system = await opened();
    await tell(
      system,
      Array.from({ length: mostMerges }, (_, n) => merged(`m${n}`, n, n % 2 === 0 ? 'ana' : 'ben', 'cat')),
    );
    const more = merged('more', 99, 'cat', 'dan');
    const [refused] = await system.submit([more], machine);
    expect(refused).toMatchObject({ status: 'rejected', code: 'merge.too-many' });
    await tell(system, [undone('u', 100, 'm7'), more]);
    expect((await heldIn(system)).join()).toContain('dan');
  });

  it('was by what was known then', async () => {
    const system = await opened();
    const known: string[] = [];
    for (const fact of [merged('m2', 2, 'ben', 'cat'), merged('m1', 1, 'ana', 'ben'), undone('u', 3, 'm2')]) {
      known.push(new Date(system.clock.now()).toISOString());
      system.clock.set(system.clock.now() + 60_000);
      await tell(system, [fact]);
    }
    known.push(new Date(system.clock.now()).toISOString());
    const then = async (name: Name, at: string | undefined, standing = false) => {
      const { customer, aliases } = await recordsAsOf(system.profile, idOf(name), at ?? '', standing);
      return `${nameOf(customer)}: ${aliases.map(nameOf).sort().join(' ')}`;
    };
    expect(await Promise.all(known.map((at) => then('cat', at)))).toEqual([
      'cat: ',
      'ben: cat',
      'ana: ben cat',
      'cat: ',
    ]);
    expect(await Promise.all(known.map((at) => then('cat', at, true)))).toEqual(Array(4).fill('cat: '));
  });
});
