import { describe, expect, it } from 'vitest';
import { readHead } from '#shared/profile/store/items.ts';
import { loadHead, loadSubject } from '#shared/profile/store/subjects.ts';
import { factIdOf } from '#shared/runtime/identify.ts';
import { headKey, referenceKey } from '#shared/table/keys.ts';
import { type Sent, sent } from '#tests/support/meters/shared-households.ts';
import { machine, openProfileSystem, type ProfileSystem } from '#tests/support/profile-system.ts';

/** What comes while two records are being parted is only kept; what it makes true is so in the end. */

const minute = (n: number): string => new Date(Date.UTC(2026, 0, 5, 8, n)).toISOString();
const crm = (value: string) => ({ namespace: 'crm', value });
const person = (value: string, n: number): Sent =>
  sent(
    value,
    'customer.profile.registered.v1',
    minute(n),
    { kind: 'person', name: { given: value, family: 'Okafor' }, references: [crm(value)] },
    'crm',
  );
const email = (event: string, customer: string, value: string): Sent =>
  sent(event, 'customer.contact-point.added.v1', minute(5), { customer: crm(customer), kind: 'email', value }, 'crm');
const retraction = (event: string, type: string, of: string): Sent =>
  sent(event, type, minute(9), { factId: factIdOf('crm', of), reason: 'Entered in error.' }, 'crm');

const kept = async (system: ProfileSystem, fact: Sent) => {
  const [result] = await system.submit([fact], machine);
  if (result?.status !== 'accepted') throw new Error(JSON.stringify(result));
  return result.fact;
};

const found = async (system: ProfileSystem): Promise<readonly string[]> => {
  const entries: string[] = [];
  for await (const { pk, sk, says } of system.store.scan('profile'))
    if (pk.startsWith('SRC#') && JSON.stringify(says).startsWith('[["email"'))
      entries.push(`${JSON.stringify(says)} ${sk}`);
  return entries.sort();
};

/** The entries of an address: whole, and by what stands before the @. */
const foundBy = (address: string, customer: string): readonly string[] =>
  Array.from({ length: 2 }, () => `[["email","${address}"]] ${customer}`);

/** Two records that were one, whose undoing is kept and has not begun. */
const beingParted = async () => {
  const system = await openProfileSystem();
  const [ana, ann] = [await kept(system, person('ana', 0)), await kept(system, person('ann', 1))];
  const [survivor, alias] = [ana.entity ?? '', ann.entity ?? ''];
  await kept(system, email('mail1', 'ana', 'ana@example.com'));
  await kept(system, email('mail2', 'ann', 'ann@example.com'));
  const merge = await kept(
    system,
    sent('merge', 'customer.identity.merged.v1', minute(6), { survivor, alias, reason: 'One.' }, 'crm'),
  );
  await system.committer.rebuild(survivor);
  expect(await found(system)).toEqual([
    ...foundBy('ana@example.com', survivor),
    ...foundBy('ann@example.com', survivor),
  ]);
  await kept(
    system,
    sent('undo', 'customer.identity.unmerged.v1', minute(7), { merge: merge.entity, reason: 'Two.' }, 'crm'),
  );
  return { system, survivor, alias };
};

describe('two records that are being parted', () => {
  it('are each found by what is theirs', async () => {
    const { system, survivor, alias } = await beingParted();
    await system.committer.rebuild(survivor);
    expect(await found(system)).toEqual([
      ...foundBy('ana@example.com', survivor),
      ...foundBy('ann@example.com', alias),
    ]);
  });

  it.each([
    ['mail1', 'ann'],
    ['mail2', 'ana'],
  ])('are not found by an address that is taken back meanwhile (%s)', async (event, other) => {
    const { system, survivor, alias } = await beingParted();
    await kept(system, retraction('back', 'customer.contact-point.retracted.v1', event));
    await system.committer.rebuild(survivor);
    expect(await found(system)).toEqual(foundBy(`${other}@example.com`, other === 'ana' ? survivor : alias));
  });

  it('are found by an address that comes meanwhile', async () => {
    const { system, survivor, alias } = await beingParted();
    await kept(system, email('mail3', 'ann', 'new@example.com'));
    await system.committer.rebuild(survivor);
    expect(await found(system)).toEqual([
      ...foundBy('ana@example.com', survivor),
      ...foundBy('ann@example.com', alias),
      ...foundBy('new@example.com', alias),
    ]);
  });

  it('gives up a number of another system that is taken back meanwhile', async () => {
    const { system, survivor } = await beingParted();
    await kept(system, retraction('back', 'customer.profile.retracted.v1', 'ann'));
    await system.committer.rebuild(survivor);
    const claimed = async (value: string) =>
      system.profile.get(referenceKey('customer', crm(value)), { consistent: true });
    expect(await claimed('ann')).toBeUndefined();
    expect((await claimed('ana'))?.id).toBe(survivor);
  });
});

describe('an account of a record that was merged and parted', () => {
  it('knows of nobody whom no role names', async () => {
    const { system, survivor, alias } = await beingParted();
    await system.committer.rebuild(survivor);
    const account = { namespace: 'billing', value: 'A-1' };
    const opened = await kept(
      system,
      sent('acc', 'account.account.opened.v1', minute(0), { currency: 'GBP', references: [account] }),
    );
    const granted = { account, customer: crm('ana'), role: 'holder', from: '2026-01-05' };
    await kept(system, sent('role', 'account.role.granted.v1', minute(1), granted));
    const merge = await kept(
      system,
      sent('merge2', 'customer.identity.merged.v1', minute(10), { survivor, alias, reason: 'One.' }, 'crm'),
    );
    await system.committer.rebuild(survivor);
    const stands = async () => {
      const head = await system.profile.get(headKey(opened.entity ?? ''), { consistent: true });
      return head === undefined ? undefined : readHead(head).stands;
    };
    expect(await stands()).toEqual({});
    await kept(system, sent('role2', 'account.role.granted.v1', minute(2), { ...granted, customer: crm('ann') }));
    expect(await stands()).toEqual({ [alias]: survivor });
    const undo = { merge: merge.entity, reason: 'Two.' };
    await kept(system, sent('undo2', 'customer.identity.unmerged.v1', minute(11), undo, 'crm'));
    await system.committer.rebuild(survivor);
    expect(await stands()).toEqual({});
  });
});

describe('an account of a record that is being merged', () => {
  it('is let go where its role is taken back after it was made ready for the merge', async () => {
    let left = Number.POSITIVE_INFINITY;
    const system = await openProfileSystem({
      profile: (table) => ({
        ...table,
        get: (key, options) => table.get(key, options),
        query: (query) => table.query(query),
        scan: (scan) => table.scan(scan),
        batchPut: (items) => table.batchPut(items),
        close: () => table.close(),
        commit: async (writes) => {
          if (left <= 0) throw new Error('cut off');
          left -= 1;
          await table.commit(writes);
        },
      }),
    });
    const [ana, ann] = [await kept(system, person('ana', 0)), await kept(system, person('ann', 1))];
    const account = { namespace: 'billing', value: 'A-1' };
    const opened = await kept(
      system,
      sent('acc', 'account.account.opened.v1', minute(0), { currency: 'GBP', references: [account] }),
    );
    const role = { account, customer: crm('ann'), role: 'holder', from: '2026-01-05' };
    await kept(system, sent('role', 'account.role.granted.v1', minute(1), role, 'crm'));
    const pair = { survivor: ana.entity, alias: ann.entity, reason: 'One.' };
    const merge = await kept(system, sent('merge', 'customer.identity.merged.v1', minute(6), pair, 'crm'));
    const pending = async () => (await loadHead(system.profile, opened.entity ?? '')).pending?.id;
    left = 1;
    await expect(system.committer.rebuild(ana.entity ?? '')).rejects.toThrow('cut off');
    left = Number.POSITIVE_INFINITY;
    expect(await pending()).toBe(merge.id);
    await kept(system, retraction('back', 'account.role.retracted.v1', 'role'));
    await kept(system, sent('role2', 'account.role.granted.v1', minute(2), { ...role, customer: crm('ana') }, 'crm'));
    await kept(system, retraction('back2', 'account.role.retracted.v1', 'role2'));
    await system.committer.rebuild(ana.entity ?? '');
    expect(await pending()).toBeUndefined();
  });
});

describe('two records that are being merged', () => {
  it('are brought to their end by an undoing that comes meanwhile, and parted; undone twice, they stay so', async () => {
    const system = await openProfileSystem();
    const [ana, ann] = [await kept(system, person('ana', 0)), await kept(system, person('ann', 1))];
    const [survivor, alias] = [ana.entity ?? '', ann.entity ?? ''];
    const merge = await kept(
      system,
      sent('merge', 'customer.identity.merged.v1', minute(6), { survivor, alias, reason: 'One.' }, 'crm'),
    );
    const undo = { merge: merge.entity, reason: 'Two.' };
    await kept(system, sent('undo', 'customer.identity.unmerged.v1', minute(7), undo, 'crm'));
    await system.committer.rebuild(survivor);
    await kept(system, sent('undo2', 'customer.identity.unmerged.v1', minute(8), undo, 'crm'));
    await system.committer.rebuild(survivor);
    for (const id of [survivor, alias])
      expect(await loadHead(system.profile, id)).toMatchObject({
        aliasOf: undefined,
        aliases: [],
        rebuilding: undefined,
      });
    const { states } = await loadSubject(system.profile, survivor);
    expect(states.get('links')?.groundless.count).toBe(1);
  });

  it('are undone by nothing that names other records', async () => {
    const system = await openProfileSystem();
    const [ana, ann] = [await kept(system, person('ana', 0)), await kept(system, person('ann', 1))];
    const [survivor, alias] = [ana.entity ?? '', ann.entity ?? ''];
    const third = (await kept(system, person('anna', 2))).entity ?? '';
    const merge = await kept(
      system,
      sent('merge', 'customer.identity.merged.v1', minute(6), { survivor, alias, reason: 'One.' }, 'crm'),
    );
    const undo = { merge: merge.entity, survivor: third, reason: 'Two.' };
    const [other] = await system.submit(
      [sent('undo', 'customer.identity.unmerged.v1', minute(7), undo, 'crm')],
      machine,
    );
    expect(other).toMatchObject({ status: 'quarantined', reason: 'reference.foreign' });
  });
});
