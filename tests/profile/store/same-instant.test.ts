import { describe, expect, it } from 'vitest';
import { balanceOf, billing } from '#functions/accounts/rules/billing.ts';
import { stateOf } from '#shared/profile/rules/states.ts';
import { statesAsOf } from '#shared/profile/store/as-of.ts';
import { readFactsOf, rebuildStates } from '#shared/profile/store/rebuild.ts';
import { loadSubject, readAll } from '#shared/profile/store/subjects.ts';
import { factIdOf, mintedId } from '#shared/runtime/identify.ts';
import { checkpointKey, checkpointPrefix, groupOfCheckpoint, subjectPartition } from '#shared/table/keys.ts';
import { type Sent, sent } from '#tests/support/meters/shared-households.ts';
import { leaveByOtherRules } from '#tests/support/other-rules.ts';
import { machine, openProfileSystem, type ProfileSystem } from '#tests/support/profile-system.ts';

/** Facts of one instant, and facts whose clock was behind that of what they name. */

const account = mintedId('account', factIdOf('billing', 'acc'));
const other = mintedId('account', factIdOf('billing', 'other'));
const at = '2026-03-01T08:00:00.000Z';
const before = '2026-02-28T23:30:00.000Z';
const after = '2026-04-01T08:00:00.000Z';
const opened = (event: string): Sent =>
  sent(event, 'account.account.opened.v1', '2026-01-01T00:00:00.000Z', { currency: 'GBP' });
const paid = (n: number, when = at, more: Readonly<Record<string, unknown>> = {}): Sent =>
  sent(`p${n}`, 'billing.payment.received.v1', when, {
    account,
    amount: { amountMinor: 100 + n, currency: 'GBP' },
    ...more,
  });
const payment = (n: number): string => mintedId('payment', factIdOf('billing', `p${n}`));
const reversed = (n: number, when = at, of = account): Sent =>
  sent(`r${n}`, 'billing.payment.reversed.v1', when, { account: of, payment: payment(n) });

const open = async (): Promise<ProfileSystem> => {
  const system = await openProfileSystem({ staleReads: false });
  await system.submit([opened('acc'), opened('other')], machine);
  return system;
};
const ledger = async ({ profile }: ProfileSystem) => stateOf((await loadSubject(profile, account)).states, billing);
const checkpoints = async ({ profile }: ProfileSystem) => {
  const prefix = checkpointPrefix('billing');
  return readAll(profile, { pk: subjectPartition(account), prefix, consistent: true });
};
const rebuilt = async ({ profile, sealer }: ProfileSystem) =>
  JSON.stringify([...rebuildStates(await readFactsOf(profile, sealer, account))].sort());
const stored = async ({ profile }: ProfileSystem) =>
  JSON.stringify([...(await loadSubject(profile, account)).states].sort());

describe('many facts of one instant', () => {
  it('have no checkpoint among them, and what comes to the instant later folds as if it had come with them', async () => {
    const system = await open();
    const many = Array.from({ length: 450 }, (_, n) => paid(n));
    for (let from = 0; from < many.length; from += 50) await system.submit(many.slice(from, from + 50), machine);
    const groups = (await checkpoints(system)).map(({ sk }) => groupOfCheckpoint('billing', sk));
    expect(groups).toEqual([`${at}#billing#${'0'.repeat(16)}`]);
    await system.submit([paid(1000, after), ...Array.from({ length: 20 }, (_, n) => reversed(n * 7))], machine);
    const { state, groundless } = await ledger(system);
    const all = [...many.keys(), 1000].reduce((sum, n) => sum + 100 + n, 0);
    const gone = Array.from({ length: 20 }, (_, n) => 100 + n * 7).reduce((sum, one) => sum + one, 0);
    expect([-balanceOf(state), groundless.count]).toEqual([all - gone, 0]);
    expect(await stored(system)).toBe(await rebuilt(system));
    await system.store.close();
  }, 60_000);

  it('come out the same where they come twice, and where what they name is taken back and told anew', async () => {
    const system = await open();
    const both = [reversed(1), paid(1)];
    await system.submit(both, machine);
    await system.settle();
    await system.submit(both, machine);
    const retracted = sent('x1', 'billing.payment.retracted.v1', after, {
      factId: factIdOf('billing', 'p1'),
      reason: 'Entered twice.',
    });
    expect([-balanceOf((await ledger(system)).state), (await ledger(system)).groundless.count]).toEqual([-0, 0]);
    await system.submit([retracted], machine);
    const { state, groundless } = await ledger(system);
    expect([balanceOf(state), groundless.latest]).toEqual([0, [factIdOf('billing', 'r1')]]);
    expect(await stored(system)).toBe(await rebuilt(system));
    await system.store.close();
  });
});

describe('a reversal whose clock was behind that of its payment', () => {
  it('stands right behind it, under its own id, and counts in the month in which the money came in', async () => {
    const system = await open();
    await system.submit([paid(1, at, { receivedOn: '2026-03-02' }), reversed(1, before)], machine);
    const { state } = await ledger(system);
    expect([balanceOf(state), Object.keys(state.months)]).toEqual([0, ['2026-03']]);
    const facts = (await readFactsOf(system.profile, system.sealer, account)).get('billing') ?? [];
    const own = facts.find(({ fact }) => fact.id === factIdOf('billing', 'r1'));
    expect([own?.order, own?.fact.occurredAt]).toEqual([
      `${at}#billing#${'0'.repeat(16)}#${factIdOf('billing', 'r1')}`,
      before,
    ]);
    await system.store.close();
  });

  it('has no effect as of a moment, or by what was known, before the payment was there', async () => {
    const system = await open();
    system.clock.set('2026-11-24T12:00:00.000Z');
    await system.submit([reversed(1, before)], machine);
    system.clock.set('2026-11-24T12:01:00.000Z');
    await system.submit([paid(1)], machine);
    await system.settle();
    const then = async (asOf: string, knownAt: string) => {
      const { state, groundless } = stateOf(await statesAsOf(system, [account], { asOf, knownAt }), billing);
      return [state.paid, state.reversed.length, groundless.count];
    };
    const now = '2026-11-24T12:02:00.000Z';
    expect(await then(before, now)).toEqual([0, 0, 0]);
    expect(await then(at, now)).toEqual([0, 1, 0]);
    expect(await then(at, '2026-11-24T12:00:30.000Z')).toEqual([0, 0, 0]);
    await system.store.close();
  });

  it('of a payment of another account is kept aside with its reason, whichever comes first', async () => {
    const system = await open();
    await system.submit([paid(1)], machine);
    const [known] = await system.submit([reversed(1, at, other)], machine);
    const [early] = await system.submit([reversed(2, at, other)], machine);
    expect([known, early]).toMatchObject([
      { status: 'quarantined', reason: 'reference.foreign' },
      { status: 'waiting' },
    ]);
    await system.submit([paid(2)], machine);
    await system.settle();
    const kept: unknown[] = [];
    for await (const { pk, reason } of system.store.scan('profile')) if (/^(QAR|WAI)#/.test(pk)) kept.push(reason);
    expect(kept).toEqual(['reference.foreign', 'reference.foreign']);
    expect((await ledger(system)).state.reversed).toEqual([]);
    await system.store.close();
  });
});

describe('a folder of the old rules', () => {
  it('is folded anew without the checkpoints that stood behind single facts', async () => {
    const system = await open();
    const many = Array.from({ length: 210 }, (_, n) => paid(n, new Date(Date.parse(at) + n * 1000).toISOString()));
    for (let from = 0; from < many.length; from += 50) await system.submit(many.slice(from, from + 50), machine);
    const [one] = await checkpoints(system);
    if (one === undefined) throw new Error('no checkpoint');
    const group = groupOfCheckpoint('billing', one.sk) ?? '';
    const old = { ...one, sk: `${checkpointPrefix('billing')}${group}#${factIdOf('billing', 'p199')}` };
    await system.profile.commit([{ remove: { pk: one.pk, sk: one.sk } }, { put: old }]);
    await leaveByOtherRules(system.profile, [account]);
    await system.committer.refold(account);
    const after = await checkpoints(system);
    expect(after.map(({ sk }) => sk)).toEqual([checkpointKey(account, 'billing', group).sk]);
    await system.submit([reversed(3, before)], machine);
    expect(await stored(system)).toBe(await rebuilt(system));
    expect((await ledger(system)).state.reversed).toHaveLength(1);
    await system.store.close();
  });
});
