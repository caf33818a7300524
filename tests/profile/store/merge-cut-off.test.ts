import { describe, expect, it } from 'vitest';
import { memoryMasterKey } from '#shared/messaging/local/local-master-key.ts';
import { readHead } from '#shared/profile/store/items.ts';
import { show360 } from '#shared/profile/store/show-360.ts';
import { loadSubject, loadSurvivor } from '#shared/profile/store/subjects.ts';
import { headKey, subjectOfPartition } from '#shared/table/keys.ts';
import { type Item, type Table, Unanswered } from '#shared/table/table.ts';
import { drawn } from '#tests/support/drawn-runs.ts';
import { sent } from '#tests/support/meters/shared-households.ts';
import { machine, openProfileSystem, type ProfileSystem } from '#tests/support/profile-system.ts';

/** A landlord known twice, once with many accounts, and the work of making one of the two cut off at every write. */

const accountsHeld = drawn(10, 25);
const at = '2026-01-05T08:00:00.000Z';
const later = (seconds: number): string => new Date(Date.parse(at) + seconds * 1000).toISOString();
const landlord = { namespace: 'crm', value: 'landlord' };
const again = { namespace: 'crm', value: 'landlord-again' };

const registered = (event: string, reference: typeof landlord, given: string) =>
  sent(
    event,
    'customer.profile.registered.v1',
    at,
    { kind: 'person', name: { given, family: 'Okafor' }, references: [reference] },
    'crm',
  );
const email = (event: string, customer: typeof landlord, value: string) =>
  sent(event, 'customer.contact-point.added.v1', later(1), { customer, kind: 'email', value }, 'crm');

const house = (n: number) => {
  const [account, premise] = [
    { namespace: 'billing', value: `A-${n}` },
    { namespace: 'uprn', value: `P-${n % 3}` },
  ];
  const point = { namespace: 'mpan', value: `S-${n}` };
  return [
    ...(n < 3
      ? [
          sent(`prm${n}`, 'premise.premise.registered.v1', at, {
            address: { lines: [`${n + 1} Quay Street`], postcode: 'ZZ1 4QS', country: 'GB' },
            references: [premise],
          }),
        ]
      : []),
    sent(`svp${n}`, 'premise.service-point.registered.v1', later(1), {
      premise,
      commodity: 'electricity',
      zone: 'Europe/London',
      references: [point],
    }),
    sent(`acc${n}`, 'account.account.opened.v1', at, { currency: 'GBP', references: [account] }),
    sent(`rol${n}`, 'account.role.granted.v1', later(2), {
      account,
      customer: n === 0 ? landlord : again,
      role: 'holder',
      from: '2026-01-05',
    }),
    sent(`agr${n}`, 'account.agreement.started.v1', later(3), {
      account,
      servicePoint: point,
      tariff: 'T1',
      from: '2026-01-05',
    }),
  ];
};

const founding = [
  registered('reg1', landlord, 'Amara'),
  registered('reg2', again, 'A.'),
  email('cpt1', landlord, 'amara@example.com'),
  email('cpt2', again, 'letting@example.com'),
  ...Array.from({ length: accountsHeld + 1 }, (_, n) => house(n)).flat(),
];

/** Passes `left` writes and is then gone, as far as its user can tell. */
class CutOff {
  left = Number.POSITIVE_INFINITY;
  passed = 0;
  readonly around = (table: Table): Table => {
    const write =
      <Args extends readonly unknown[]>(act: (...args: Args) => Promise<void>) =>
      async (...args: Args): Promise<void> => {
        if (this.passed >= this.left) throw new Error('cut off');
        await act(...args);
        this.passed += 1;
      };
    return {
      name: table.name,
      get: (key, options) => table.get(key, options),
      query: (query) => table.query(query),
      scan: (scan) => table.scan(scan),
      commit: write((writes) => table.commit(writes)),
      batchPut: write((items) => table.batchPut(items)),
      close: () => table.close(),
    };
  };
  reset(left: number): void {
    this.left = left;
    this.passed = 0;
  }
}

interface Standing {
  readonly system: ProfileSystem;
  readonly cut: CutOff;
}

/** One utility's keys, for all the copies of its table. */
const master = memoryMasterKey();
/** A system of its own on a copy of what was kept; `keys` are those of the system it was copied from. */
const opened = async (items: readonly Item[] = [], keys?: Table): Promise<Standing> => {
  const cut = new CutOff();
  const shared = keys === undefined ? {} : { keys };
  const system = await openProfileSystem({ profile: cut.around, staleReads: false, master, ...shared });
  if (items.length > 0) await system.store.table('profile').batchPut(items);
  return { system, cut };
};

const itemsOf = async (system: ProfileSystem): Promise<readonly Item[]> => {
  const items: Item[] = [];
  for await (const item of system.store.scan('profile')) items.push(item);
  return items;
};

const submitted = async (system: ProfileSystem, fact: unknown) => {
  const [result] = await system.submit([fact], machine);
  if (result === undefined || !('fact' in result)) throw new Error(JSON.stringify(result));
  return result.fact;
};

/** What is shown, folded, found and claimed, decisions about links left out. */
const content = async (system: ProfileSystem): Promise<ReadonlyMap<string, Item>> => {
  const found = new Map<string, Item>();
  for (const item of await itemsOf(system)) {
    const isOfSubject = subjectOfPartition(item.pk) !== undefined && /^(STATE|VIEW|WAS)#/.test(item.sk);
    if (item.sk === 'STATE#links' || /^REF#merge/.test(item.pk)) continue;
    if (isOfSubject || /^(SRC|SRN|REF#)/.test(item.pk)) found.set(`${item.pk} ${item.sk}`, item);
  }
  return found;
};

const expectSame = (actual: ReadonlyMap<string, Item>, expected: ReadonlyMap<string, Item>): void => {
  expect([...actual.keys()].sort()).toEqual([...expected.keys()].sort());
  for (const [key, item] of expected) expect(actual.get(key), key).toEqual(item);
};

/** The 360 document as a route answers it for an id. */
const shown = async ({ system }: Standing, id: string): Promise<string> => {
  const profile = system.store.table('profile');
  const { subject } = await loadSurvivor(profile, await loadSubject(profile, id));
  const today = () => new Date(system.clock.now()).toISOString().slice(0, 10);
  const view = await show360({ profile, now: () => system.clock.now(), today }, subject);
  return JSON.stringify(view);
};

const rebuildingOf = async ({ system }: Standing, id: string) => {
  const item = await system.store.table('profile').get(headKey(id), { consistent: true });
  return item === undefined ? undefined : readHead(item).rebuilding;
};

interface Case {
  readonly records: readonly string[];
  /** Everything as it stood when the fact had been kept and nothing else done. */
  readonly kept: readonly Item[];
  readonly keys: Table;
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly end: ReadonlyMap<string, Item>;
  readonly writes: number;
}

/** Whether what was asked for is kept and not shown yet. */
const isToCome = async (standing: Standing, records: readonly string[]): Promise<boolean> =>
  (await Promise.all(records.map((id) => rebuildingOf(standing, id)))).some((mark) => mark?.flipped === false);

const allShown = (standing: Standing, records: readonly string[]): Promise<readonly string[]> =>
  Promise.all(records.map((id) => shown(standing, id)));

/** Cuts the work off after each number of writes; then it is gone on with. */
const cutAtEveryWrite = async ({ records, kept, keys, before, after, end, writes }: Case): Promise<void> => {
  const [first = ''] = records;
  for (let n = 0; n < writes; n += 1) {
    const one = await opened(kept, keys);
    one.cut.reset(n);
    await expect(one.system.committer.rebuild(first), `write ${n}`).rejects.toThrow('cut off');
    const expected = (await isToCome(one, records)) ? before : after;
    expect(await allShown(one, records), `after write ${n}`).toEqual(expected);
    one.cut.reset(Number.POSITIVE_INFINITY);
    // Who goes on: somebody who asks for it, or an operator's replay, whichever record that meets first.
    if (n % 2 === 0) expect(await one.system.committer.rebuild(first)).toBe(true);
    else for (const met of n % 4 === 1 ? records.toReversed() : records) await one.system.committer.refold(met);
    for (const id of records) expect(await rebuildingOf(one, id)).toBeUndefined();
    expectSame(await content(one.system), end);
    await one.system.store.close();
  }
};

const landlordTwice = async () => {
  const standing = await opened();
  const { system } = standing;
  for (const fact of founding) await submitted(system, fact);
  const [one, two] = [
    await submitted(system, email('same1', landlord, 'amara@example.com')),
    await submitted(system, email('same2', again, 'letting@example.com')),
  ];
  await system.settle();
  return {
    standing,
    survivor: one.subjects[0] ?? '',
    alias: two.subjects[0] ?? '',
    never: await content(system),
  };
};

/** Lets the kept fact be worked off undisturbed, and says what that gives. */
const undisturbed = async (kept: readonly Item[], keys: Table, records: readonly string[]) => {
  const [first = ''] = records;
  const one = await opened(kept, keys);
  one.cut.reset(Number.POSITIVE_INFINITY);
  const before = await allShown(one, records);
  await one.system.committer.rebuild(first);
  const writes = one.cut.passed;
  const after = await allShown(one, records);
  const end = await content(one.system);
  await one.system.store.close();
  return { before, after, end, writes };
};

describe(`a merge of a landlord with ${accountsHeld} accounts, cut off at any write`, () => {
  it('shows both as before until both are one, goes on from there, and ends like one that was not disturbed; so does its undoing, which leaves what had never been merged', {
    timeout: 600_000,
  }, async () => {
    const { standing, survivor, alias, never } = await landlordTwice();
    const keys = standing.system.store.table('keys');
    const merge = sent('merge', 'customer.identity.merged.v1', at, { survivor, alias, reason: 'One person.' }, 'crm');
    const { entity } = await submitted(standing.system, merge);
    const marked = await itemsOf(standing.system);
    const merging = await undisturbed(marked, keys, [survivor, alias]);
    expect(merging.writes).toBeGreaterThan(2 * accountsHeld);
    expect(merging.before[0]).not.toBe(merging.after[0]);
    expect(merging.after[0]).toBe(merging.after[1]);
    await cutAtEveryWrite({ records: [survivor, alias], kept: marked, keys, ...merging });

    await standing.system.committer.rebuild(survivor);
    await submitted(
      standing.system,
      sent('undo', 'customer.identity.unmerged.v1', at, { merge: entity, reason: 'Two.' }, 'crm'),
    );
    const parted = await itemsOf(standing.system);
    const parting = await undisturbed(parted, keys, [survivor, alias]);
    expect(parting.after).toEqual(merging.before);
    expectSame(parting.end, never);
    await cutAtEveryWrite({ records: [survivor, alias], kept: parted, keys, ...parting });
    await standing.system.store.close();
  });

  it('goes on where a caller waits no longer, and says so', { timeout: 120_000 }, async () => {
    const { standing, survivor, alias } = await landlordTwice();
    const { system } = standing;
    await submitted(
      system,
      sent('merge', 'customer.identity.merged.v1', at, { survivor, alias, reason: 'One.' }, 'crm'),
    );
    expect(await system.committer.rebuild(survivor, system.clock.now())).toBe(false);
    expect((await rebuildingOf(standing, survivor))?.flipped).toBe(false);
    await system.settle();
    expect(await rebuildingOf(standing, survivor)).toBeUndefined();
    expect(await shown(standing, alias)).toBe(await shown(standing, survivor));
  });

  it('is not undone by one who was held up in the middle of it and comes back after it was ended, undone and forgotten', async () => {
    const { standing, survivor, alias, never } = await landlordTwice();
    const keys = standing.system.store.table('keys');
    const { system } = standing;
    const merge = sent('merge', 'customer.identity.merged.v1', at, { survivor, alias, reason: 'One.' }, 'crm');
    const { entity } = await submitted(system, merge);
    const marked = await itemsOf(system);
    const { writes } = await undisturbed(marked, keys, [survivor, alias]);
    // The one who is held up stands before its n-th write while others do all the rest.
    for (const n of [0, 1, 12, Math.floor(writes / 2), writes - 12, writes - 3, writes - 1]) {
      const held = await opened(marked, keys);
      const profile = held.system.store.table('profile');
      const others = await openProfileSystem({ profile: () => profile, staleReads: false, keys, master });
      held.cut.reset(n);
      await expect(held.system.committer.rebuild(survivor)).rejects.toThrow('cut off');
      // What it was about to write, it writes when all is over.
      const late: (() => Promise<void>)[] = [];
      const slow = await openProfileSystem({
        profile: () => ({
          ...held.cut.around(profile),
          commit: (writes) => {
            late.push(() => profile.commit(writes));
            return Promise.reject(new Unanswered());
          },
        }),
        staleReads: false,
        keys,
        master,
      });
      await expect(slow.committer.rebuild(survivor)).rejects.toThrow();
      await others.committer.rebuild(survivor);
      await submitted(
        others,
        sent('undo', 'customer.identity.unmerged.v1', at, { merge: entity, reason: 'Two.' }, 'crm'),
      );
      await others.committer.rebuild(survivor);
      for (const write of late) await expect(write(), `write ${n}`).rejects.toThrow();
      expectSame(await content(held.system), never);
    }
  }, 300_000);
});

describe('what turns records that are merged already, cut off at any write', () => {
  const turns: readonly (readonly [string, readonly string[], string])[] = [
    ['the undoing of a merge in the middle, by which some leave', ['12', '23', '34'], 'undo 1'],
    ['a merge within a group that gives it another root', ['12', '32', '20'], '13 first'],
    ['a merge of two groups by records that lead to others', ['12', '34'], '24'],
  ];

  it.each(turns)(
    'shows all as before until it shows all as after: %s',
    { timeout: 300_000 },
    async (_name, told, turn) => {
      const { system, cut } = await opened();
      const keys = system.store.table('keys');
      const events = ['one', 'two', 'three', 'four', 'five'];
      const records: string[] = [];
      for (const [n, event] of events.entries()) {
        const reference = { namespace: 'crm', value: event };
        records.push((await submitted(system, registered(event, reference, event))).entity ?? '');
        await submitted(system, email(`mail-${event}`, reference, `${event}@example.com`));
        const account = { namespace: 'billing', value: event };
        await submitted(
          system,
          sent(`acc-${event}`, 'account.account.opened.v1', at, { currency: 'GBP', references: [account] }),
        );
        const role = { account, customer: reference, role: 'holder', from: '2026-01-05' };
        await submitted(system, sent(`rol-${event}`, 'account.role.granted.v1', later(2 + n), role));
      }
      const merge = (pair: string, second: number) => {
        const [survivor, alias] = [...pair].map((n) => records[Number(n)]);
        return sent(
          `merge-${pair}`,
          'customer.identity.merged.v1',
          later(second),
          { survivor, alias, reason: 'One.' },
          'crm',
        );
      };
      const merges: string[] = [];
      for (const [n, pair] of told.entries()) merges.push((await submitted(system, merge(pair, 10 + n))).entity ?? '');
      await system.settle();
      const [what = '', which] = turn.split(' ');
      const undo = { merge: merges[Number(which)], reason: 'Two.' };
      await submitted(
        system,
        what === 'undo'
          ? sent('undo', 'customer.identity.unmerged.v1', later(60), undo, 'crm')
          : merge(what, which === 'first' ? 5 : 60),
      );
      const kept = await itemsOf(system);
      cut.reset(Number.POSITIVE_INFINITY);
      const touched = records.filter((_, n) => told.join('').includes(String(n)));
      const calm = await undisturbed(kept, keys, touched);
      expect(calm.before).not.toEqual(calm.after);
      await cutAtEveryWrite({ records: touched, kept, keys, ...calm });
      await system.store.close();
    },
  );
});
