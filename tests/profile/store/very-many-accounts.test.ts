import { describe, expect, it } from 'vitest';
import { listAccounts } from '#functions/customers/list-accounts.ts';
import { customerView } from '#functions/customers/show-customer.ts';
import { asFact } from '#shared/contracts/facts/as-fact.ts';
import { firstRoleOf } from '#shared/profile/rules/roles-read.ts';
import { knownGroundless } from '#shared/profile/rules/states.ts';
import { OwnTime } from '#shared/profile/store/own-time.ts';
import { readFactsOf, rebuildStates } from '#shared/profile/store/rebuild.ts';
import { accountsHeld, allRoles } from '#shared/profile/store/roles-held.ts';
import { show360 } from '#shared/profile/store/show-360.ts';
import { loadHead, loadSubject, loadWhole, readAll } from '#shared/profile/store/subjects.ts';
import { subjectPartition } from '#shared/table/keys.ts';
import { giveRoles, type LettingRole, lettingId } from '#tests/support/many-roles.ts';
import { type Sent, sent } from '#tests/support/meters/shared-households.ts';
import { leaveByOtherRules } from '#tests/support/other-rules.ts';
import { machine, openProfileSystem, type ProfileSystem } from '#tests/support/profile-system.ts';

const today = '2026-11-24';
const crm = (value: string) => ({ namespace: 'crm', value });
const billing = (value: string) => ({ namespace: 'billing', value });
const at = (minute: number): string => new Date(Date.UTC(2026, 0, 5, 8, minute)).toISOString();

const kept = async (system: ProfileSystem, fact: Sent) => {
  const [result] = await system.submit([fact], machine);
  if (result?.status !== 'accepted') throw new Error(JSON.stringify(result));
  return result.fact;
};

const person = async (system: ProfileSystem, name: string): Promise<string> => {
  const data = { kind: 'organisation', name: { organisation: `${name} Lettings` }, references: [crm(name)] };
  return (await kept(system, sent(name, 'customer.profile.registered.v1', at(0), data, 'crm'))).entity ?? '';
};

const opened = async (system: ProfileSystem, name: string): Promise<string> =>
  (
    await kept(
      system,
      sent(`open-${name}`, 'account.account.opened.v1', at(1), { currency: 'GBP', references: [billing(name)] }),
    )
  ).entity ?? '';

const granted = (event: string, account: string, customer: string, from: string, role = 'holder'): Sent =>
  sent(event, 'account.role.granted.v1', at(30), { account: billing(account), customer: crm(customer), role, from });

const numbers = (count: number, from = 1) => Array.from({ length: count }, (_, n) => from + n);

/** Of four accounts one is over, and one had nobody's role for a year. */
const lettings = (count: number, from = 1): readonly LettingRole[] =>
  numbers(count, from).flatMap((n): readonly LettingRole[] => {
    const begun = `2024-${String((n % 12) + 1).padStart(2, '0')}-01`;
    if (n % 4 === 0) return [{ n, from: begun, to: '2026-01-01' }];
    if (n % 4 === 1)
      return [
        { n, from: begun, to: '2026-01-01' },
        { n, from: '2027-01-01' },
      ];
    return [{ n, from: begun }];
  });

const listed = async ({ profile }: ProfileSystem, customer: string, limit: number): Promise<readonly string[]> => {
  const found: string[] = [];
  let after: string | undefined;
  do {
    const loaded = await loadSubject(profile, customer);
    const page: Awaited<ReturnType<typeof listAccounts>> = await listAccounts(profile, loaded, { limit, after, today });
    expect(page.data.length).toBeLessThanOrEqual(limit);
    found.push(...page.data.map(({ accountId, role, from, to }) => `${accountId} ${from} ${to ?? ''} ${role}`));
    after = page.next ?? undefined;
  } while (after !== undefined);
  return found;
};

const shown = async ({ profile, clock }: ProfileSystem, customer: string) => {
  const loaded = await loadSubject(profile, customer);
  const view = customerView(customer, loaded.states, await accountsHeld(profile, loaded, today), today);
  const deps = { profile, now: () => clock.now(), today: () => today };
  return { view, whole: await show360(deps, customer) };
};

const contentOf = async ({ profile }: ProfileSystem, records: readonly string[]): Promise<readonly string[]> => {
  const pages = await Promise.all(
    records.map((record) => readAll(profile, { pk: subjectPartition(record), consistent: true })),
  );
  return pages
    .flat()
    .filter(({ sk }) => /^(STATE|TAKES|VIEW|WAS)/.test(sk) && sk !== 'STATE#links')
    .map(({ r: _rules, ...item }) => JSON.stringify(item))
    .sort();
};

const expectFolded = async (system: ProfileSystem, customer: string): Promise<void> => {
  const { profile, sealer } = system;
  const { head, states } = await loadWhole(profile, customer);
  const facts = await Promise.all([customer, ...head.aliases].map((one) => readFactsOf(profile, sealer, one)));
  const all = new Map(
    [...new Set(facts.flatMap((one) => [...one.keys()]))].map((family) => {
      const byOrder = new Map(facts.flatMap((one) => one.get(family) ?? []).map((one) => [one.order, one] as const));
      return [family, [...byOrder.values()]] as const;
    }),
  );
  expect(states.get('roles')).toEqual(rebuildStates(all).get('roles'));
};

describe('a customer with roles on 3,000 accounts', { timeout: 120_000 }, () => {
  it('loses none: all are listed by pages, the first are shown with how many more there are', async () => {
    const system = await openProfileSystem();
    const customer = await person(system, 'harbour');
    await giveRoles(system, customer, lettings(3000));
    const list = await listed(system, customer, 100);
    expect([list.length, new Set(list).size]).toEqual([3750, 3750]);
    expect(list).toEqual([...list].sort());
    const { view, whole } = await shown(system, customer);
    expect([view.status, view.accounts.length, view.moreAccounts]).toEqual(['active', 100, 1400]);
    // No digest lies in the view, since the accounts know nothing of these roles: none of them is passed over.
    expect([whole?.customer.status, whole?.accounts, whole?.omitted]).toEqual(['active', [], ['accounts: 2250 more']]);
    await system.store.close();
  });

  it('gets one more like any other, knows since when it has had any, and stands as a fold of all facts', async () => {
    const system = await openProfileSystem();
    const { profile, committer } = system;
    const customer = await person(system, 'harbour');
    await giveRoles(system, customer, lettings(3000));
    const account = await opened(system, 'more');
    const before = await contentOf(system, [customer]);
    const firstNow = async () => firstRoleOf((await loadSubject(profile, customer)).states);
    expect(await firstNow()).toBe('2024-01-01');

    const more = await kept(system, granted('more', 'more', 'harbour', '2023-05-01'));
    expect(await firstNow()).toBe('2023-05-01');
    expect(await listed(system, customer, 500)).toContain(`${account} 2023-05-01  holder`);
    const loaded = await loadSubject(profile, customer);
    expect(loaded.states.get('roles')?.ofParts).toMatchObject({ facts: 3751, groundless: 0, counts: { open: 2251 } });
    await expectFolded(system, customer);
    expect(await committer.refold(customer, true)).toBe(false);

    const data = { factId: more.id, reason: 'Another landlord’s.' };
    await kept(system, sent('back', 'account.role.retracted.v1', at(40), data));
    expect(await firstNow()).toBe('2024-01-01');
    await expectFolded(system, customer);
    expect(await committer.refold(customer, true)).toBe(false);
    const after = await contentOf(system, [customer]);
    expect(after.filter((item) => item.includes('TAKES#'))).toEqual(before.filter((item) => item.includes('TAKES#')));
    await system.store.close();
  });

  it('is told by its roles what is its own, and which word on them had no effect', async () => {
    const system = await openProfileSystem();
    const { profile } = system;
    const customer = await person(system, 'harbour');
    await giveRoles(system, customer, lettings(3000));
    await opened(system, 'more');
    const more = await kept(system, granted('more', 'more', 'harbour', '2023-05-01'));
    const end = await kept(
      system,
      sent('end', 'account.role.ended.v1', at(31), {
        account: billing('more'),
        customer: crm('harbour'),
        role: 'holder',
        to: '2026-02-01',
      }),
    );
    const own = new OwnTime(profile, customer, today);
    expect(await own.told(more)).toBe('whole');
    const others = lettingId(9999);
    const ofOthers = asFact({ ...more, subjects: [others, customer], data: { ...more.data, account: others } });
    expect(await own.told(ofOthers)).toBe('nothing');
    expect([await own.isGroundless('roles', more), await own.isGroundless('roles', end)]).toEqual([false, false]);
    const latest = (await own.ownOfLatest(25)).roles;
    expect(new Set(latest.map((role) => role.account)).size).toBe(25);
    expect(latest.every(({ to, from }) => to === null || from === '2024-01-01' || to === '2026-01-01')).toBe(true);
    const { states } = await loadWhole(profile, customer);
    expect([...states.values()].flatMap(knownGroundless)).toEqual([]);
    await system.store.close();
  });
});

describe('two records of 300 accounts each, some of them the same', { timeout: 120_000 }, () => {
  const merged = async () => {
    const system = await openProfileSystem();
    const [one, two] = [await person(system, 'harbour'), await person(system, 'quay')];
    for (const name of ['a', 'b', 'c']) await opened(system, name);
    await giveRoles(system, one, lettings(300));
    await giveRoles(system, two, lettings(300, 291));
    await kept(system, granted('ra', 'a', 'harbour', '2023-01-01'));
    await kept(system, granted('rb', 'b', 'quay', '2022-01-01'));
    await kept(system, granted('rb1', 'b', 'harbour', '2025-01-01', 'joint'));
    await system.settle();
    const before = await contentOf(system, [one, two]);
    const alone = [await listed(system, one, 50), await listed(system, two, 50)] as const;
    const data = { survivor: one, alias: two, reason: 'One landlord.' };
    const merge = await kept(system, sent('merge', 'customer.identity.merged.v1', at(50), data, 'crm'));
    return { system, one, two, before, alone, merge };
  };
  const undo = (merge: { readonly entity?: string | undefined }): Sent =>
    sent('undo', 'customer.identity.unmerged.v1', at(60), { merge: merge.entity, reason: 'Two.' }, 'crm');

  it('are one with the accounts of both, and two again to the byte once that is undone', async () => {
    const { system, one, two, before, alone, merge } = await merged();
    await system.committer.rebuild(one);
    await system.settle();
    const both = [...alone[0], ...alone[1]].sort();
    expect(await listed(system, one, 50)).toEqual(both);
    expect(await listed(system, one, 7)).toEqual(both);
    const loaded = await loadSubject(system.profile, one);
    expect(loaded.head.aliases).toEqual([two]);
    expect(firstRoleOf(loaded.states)).toBe('2022-01-01');
    expect((await allRoles(system.profile, loaded)).length).toBe(both.length);
    const { view, whole } = await shown(system, one);
    const held = new Set(
      both
        .filter((entry) => !/ 20\d\d-\d\d-01 2026-01-01 | 2027-01-01 /.test(entry))
        .map((entry) => entry.slice(0, 30)),
    );
    expect([view.status, view.accounts.length + (view.moreAccounts ?? 0)]).toEqual(['active', held.size]);
    expect(whole?.accounts).toHaveLength(2);
    await expectFolded(system, one);
    expect(await system.committer.refold(one, true)).toBe(false);
    expect(await system.committer.refold(two, true)).toBe(false);

    await kept(system, undo(merge));
    await system.committer.rebuild(one);
    await system.settle();
    expect((await loadHead(system.profile, two)).aliasOf).toBeUndefined();
    expect([await listed(system, one, 50), await listed(system, two, 50)]).toEqual(alone);
    expect(await contentOf(system, [one, two])).toEqual(before);
    await system.store.close();
  });

  it('have what was told of either while they became one, late, ended and taken back', async () => {
    const { system, one, two, merge } = await merged();
    await kept(system, granted('late', 'c', 'quay', '2021-01-01'));
    const slip = await kept(system, granted('slip', 'a', 'quay', '2020-01-01'));
    const data = { account: billing('b'), customer: crm('quay'), role: 'holder', to: '2024-01-01' };
    await kept(system, sent('over', 'account.role.ended.v1', at(20), data));
    await kept(system, sent('slip-back', 'account.role.retracted.v1', at(55), { factId: slip.id, reason: 'A slip.' }));
    await system.committer.rebuild(one);
    await system.settle();
    expect(firstRoleOf((await loadSubject(system.profile, one)).states)).toBe('2021-01-01');
    await expectFolded(system, one);
    expect(await system.committer.refold(one, true)).toBe(false);

    // What is told of the record that leads on is folded by the one that holds it.
    await kept(system, granted('later', 'c', 'quay', '2026-05-01', 'joint'));
    await expectFolded(system, one);
    await kept(system, undo(merge));
    await kept(system, granted('meanwhile', 'a', 'quay', '2026-06-01', 'payer'));
    await system.committer.rebuild(one);
    await system.settle();
    for (const record of [one, two]) {
      await expectFolded(system, record);
      expect(await system.committer.refold(record, true)).toBe(false);
    }
    expect((await listed(system, two, 50)).filter((entry) => entry.endsWith(' payer'))).toHaveLength(1);
    expect((await listed(system, one, 50)).filter((entry) => entry.endsWith(' payer'))).toHaveLength(0);
    await system.store.close();
  });

  it('stand right where they were left by other rules in the middle of it', async () => {
    const { system, one, two } = await merged();

    await leaveByOtherRules(system.profile, [one, two]);
    await system.committer.rebuild(one);
    await expectFolded(system, one);
    await leaveByOtherRules(system.profile, [one, two]);
    await system.committer.refold(one);
    await expectFolded(system, one);
    expect(await system.committer.refold(one, true)).toBe(false);
    expect(await system.committer.refold(two, true)).toBe(false);
    await system.store.close();
  });
});
