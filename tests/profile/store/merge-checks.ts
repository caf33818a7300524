import fc from 'fast-check';
import { expect } from 'vitest';
import type { Fact } from '#shared/contracts/facts/fact.ts';
import { memoryMasterKey } from '#shared/messaging/local/local-master-key.ts';
import type { MasterKey } from '#shared/messaging/ports.ts';
import { loadHead } from '#shared/profile/store/subjects.ts';
import { factIdOf, mintedId } from '#shared/runtime/identify.ts';
import { subjectOfPartition } from '#shared/table/keys.ts';
import type { Item, Table } from '#shared/table/table.ts';
import { customers, founding, pick, type Sent, sent, small } from '#tests/support/meters/shared-households.ts';
import { machine, openProfileSystem, type ProfileSystem } from '#tests/support/profile-system.ts';
import { allItems } from '#tests/support/walked-changes.ts';
import { factsOf, founding as forestFounding, forests, inAnyOrder, recordIds, rootsBy } from './merge-forests.ts';
import { amid, type Deed, historyOf, inOrder, type Link } from './merged-households.ts';

/** Tells histories of merged households to systems of either body of the table, and compares what they keep. */

/** The merge that a fact undoes. */
const mergeOf = (fact: Fact): string | undefined =>
  fact.type === 'customer.identity.unmerged.v1' ? fact.data.merge : undefined;

/** Households as founded, and what opens their facts: systems of one test begin with copies. */
export interface Founded {
  readonly items: readonly Item[];
  readonly keys: Table;
  readonly master: MasterKey;
}

const found = async (facts: readonly Sent[], keyed?: Omit<Founded, 'items'>): Promise<Founded> => {
  const master = keyed?.master ?? memoryMasterKey();
  const system = await openProfileSystem({ master, ...(keyed === undefined ? {} : { keys: keyed.keys }) });
  await system.submit(facts, machine);
  await system.settle();
  const items: Item[] = [];
  for await (const item of allItems(system.profile)) items.push(item);
  return { items, keys: keyed?.keys ?? system.store.table('keys'), master };
};

const customerIds = founding
  .filter(({ type }) => type === 'customer.profile.registered.v1')
  .map(({ source, sourceEventId }) => mintedId('customer', factIdOf(source.system, sourceEventId)));

/** Sends facts until each is kept, waits for what it names, or is put aside. */
const send = async (system: ProfileSystem, facts: readonly Sent[]): Promise<void> => {
  let left = facts;
  for (let tries = 0; left.length > 0; tries += 1) {
    if (tries > 50) throw new Error('never kept');
    const results = await system.submit(left, machine);
    for (const result of results) if (result.status === 'rejected') throw new Error(JSON.stringify(result));
    left = left.filter((_, n) => results[n]?.status === 'retry');
  }
};

/** The merges of a system: which stand, and whether the records of one are still to be brought to where its fact says. */
class Links {
  standing: readonly string[] = [];
  readonly #system: ProfileSystem;
  #underWay = false;

  constructor(system: ProfileSystem) {
    this.#system = system;
  }

  /** Keeps the fact of a merge or undoing. */
  async keep(deed: Link): Promise<void> {
    if (deed.do === 'undo' && this.standing.length === 0) return;
    const [result] = await this.#system.submit([this.#factOf(deed)], machine);
    if (result?.status !== 'accepted') throw new Error(JSON.stringify(result));
    this.#underWay = true;
    this.standing =
      deed.do === 'merge'
        ? [...this.standing, result.fact.entity ?? '']
        : this.standing.filter((one) => one !== mergeOf(result.fact));
  }

  /** Brings the records to their end. */
  async end(): Promise<void> {
    if (!this.#underWay) return;
    for (const customer of customerIds) await this.#system.committer.rebuild(customer);
    this.#underWay = false;
  }

  #factOf({ do: act, event, at, a, ...more }: Link): Sent {
    if (act === 'undo') {
      const data = { merge: pick(this.standing, a), reason: 'Two after all.' };
      return sent(event, 'customer.identity.unmerged.v1', at, data, 'crm');
    }
    const other = 'b' in more ? more.b : 0;
    const [survivor, alias] = [pick(customers, a), pick(customers, a + 1 + (other % 2))];
    return sent(event, 'customer.identity.merged.v1', at, { survivor, alias, reason: 'One person.' }, 'crm');
  }
}

/** Does what a history says, facts that follow each other in one batch; answers its merges. */
const perform = async (system: ProfileSystem, deeds: readonly Deed[]): Promise<Links> => {
  const links = new Links(system);
  let batch: Sent[] = [];
  let beside = async (): Promise<void> => {};
  const flush = async (): Promise<void> => {
    const [facts, act] = [batch, beside];
    batch = [];
    beside = async () => {};
    await Promise.all([send(system, facts), act()]);
  };
  for (const deed of deeds) {
    if (deed.do === 'send') {
      batch.push(deed.fact);
      continue;
    }
    await flush();
    if (deed.do === 'settle') {
      await system.settle();
      continue;
    }
    await links.end();
    await links.keep(deed);
    if (deed.ended === 'at once') await links.end();
    if (deed.ended === 'meanwhile') beside = () => links.end();
  }
  await flush();
  await links.end();
  return links;
};

/** Undoes all merges, the last first or the first first. */
const undoAll = async (links: Links, lastFirst: boolean): Promise<void> => {
  const at = '2026-11-02T00:00:00.000Z';
  for (let left = links.standing.length; left > 0; left -= 1) {
    const a = lastFirst ? left - 1 : 0;
    await links.keep({ do: 'undo', a, ended: 'at once', event: `end${left}`, at });
    await links.end();
  }
};

/** A HEAD without what counts its writes and its facts since checkpoints. */
const headOf = ({ version: _writes, published: _sequence, since: _checkpoints, ...head }: Item): Item => head;

const isDecision = ({ pk, sk }: Item): boolean => sk === 'STATE#links' || pk.startsWith('REF#merge');

/**
 * What is shown, folded, found and claimed, by key. What was decided about who is one with whom is left out where that is not to be
 * compared; facts, checkpoints and counts of writes always are.
 */
const contentOf = async (system: ProfileSystem, decisions: boolean): Promise<ReadonlyMap<string, Item>> => {
  const content = new Map<string, Item>();
  for await (const item of allItems(system.profile)) {
    const ofSubject = subjectOfPartition(item.pk) !== undefined;
    const counts = ofSubject ? /^(HEAD|STATE|TAKES|VIEW|WAS)/.test(item.sk) : /^(SRC|SRN|REF#)/.test(item.pk);
    if (!counts || (!decisions && isDecision(item))) continue;
    content.set(`${item.pk} ${item.sk}`, item.sk === 'HEAD' ? headOf(item) : item);
  }
  return content;
};

const expectSame = (actual: ReadonlyMap<string, Item>, expected: ReadonlyMap<string, Item>): void => {
  expect([...actual.keys()].sort()).toEqual([...expected.keys()].sort());
  for (const [key, item] of expected) expect(actual.get(key), key).toEqual(item);
};

/** Opens a system whose table holds what was founded, on the body that is tested. */
export type Opens = (founded: Founded) => Promise<ProfileSystem>;

/** The same on the embedded body, in memory. */
export const openInMemory: Opens = (founded) => openProfileSystem(founded);

/** Checks, run by run, that merges which were all undone leave every record as if they had never been. */
export const checkUndone = async (opens: Opens, runs: number, most: number): Promise<void> => {
  const founded = await found(founding);
  await fc.assert(
    fc.asyncProperty(historyOf(most), fc.boolean(), async (deeds, lastFirst) => {
      const [merged, never] = [await opens(founded), await openInMemory(founded)];
      await undoAll(await perform(merged, deeds), lastFirst);
      await perform(
        never,
        deeds.filter((deed) => deed.do !== 'merge' && deed.do !== 'undo'),
      );
      for (const system of [merged, never]) await system.settle();
      expectSame(await contentOf(merged, false), await contentOf(never, false));
      await Promise.all([merged.store.close(), never.store.close()]);
    }),
    { numRuns: runs },
  );
};

/**
 * Checks, run by run, that the same facts and merges end in the same whatever order the facts arrive in: accounts and premises
 * after what is told of them, late facts, repetitions and retractions before what they repeat or take back.
 */
export const checkArrival = async (opens: Opens, runs: number, most: number): Promise<void> => {
  const people = founding.filter(({ type }) => type === 'customer.profile.registered.v1');
  const places = founding.filter((fact) => !people.includes(fact));
  const known = await found(people);
  const all = await found(founding, known);
  const late = fc.array(small, { minLength: places.length, maxLength: places.length });
  await fc.assert(
    fc.asyncProperty(historyOf(most), late, async (deeds, where) => {
      const [mixed, ordered] = [await opens(known), await openInMemory(all)];
      await perform(mixed, amid(deeds, places, where));
      await perform(ordered, inOrder(deeds));
      for (const system of [mixed, ordered]) await system.settle();
      expectSame(await contentOf(mixed, true), await contentOf(ordered, true));
      await Promise.all([mixed.store.close(), ordered.store.close()]);
    }),
    { numRuns: runs },
  );
};

/** Sends facts batch by batch until none has to be sent again. */
const deliver = async (system: ProfileSystem, batches: readonly (readonly Sent[])[]): Promise<void> => {
  for (const batch of batches) await send(system, batch);
  await system.settle();
};

/** Each record as its HEAD has it, and as the merges have it. */
const expectRoots = async (system: ProfileSystem, roots: ReadonlyMap<string, string>): Promise<void> => {
  for (const id of recordIds) {
    const { aliasOf, aliases, rebuilding } = await loadHead(system.profile, id);
    const root = roots.get(id) ?? id;
    const own = recordIds.filter((one) => one !== id && roots.get(one) === id).sort();
    const expected = { aliasOf: root === id ? undefined : root, aliases: own, rebuilding: undefined };
    expect({ aliasOf, aliases, rebuilding }, id).toEqual(expected);
  }
};

/**
 * Checks, run by run, that merges, undoings and retractions come to the groups that the merges which stand make, in whatever order and
 * commits they arrive: HEADs by another reckoning of the same rule, and HEADs, states, views, names and search entries by a system
 * that got them in the order in which they occurred.
 */
export const checkForests = async (opens: Opens, runs: number, most: number): Promise<void> => {
  const founded = await found(forestFounding);
  await fc.assert(
    fc.asyncProperty(forests(most), async (forest) => {
      const facts = factsOf(forest);
      const [mixed, ordered] = [await opens(founded), await openInMemory(founded)];
      await deliver(mixed, inAnyOrder(facts, forest));
      await deliver(
        ordered,
        facts.map((fact) => [fact]),
      );
      await expectRoots(mixed, rootsBy(facts));
      expectSame(await contentOf(mixed, true), await contentOf(ordered, true));
      await Promise.all([mixed.store.close(), ordered.store.close()]);
    }),
    { numRuns: runs },
  );
};
