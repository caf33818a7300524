import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLedger } from '#functions/accounts/read-money.ts';
import { balanceOf, billing } from '#functions/accounts/rules/billing.ts';
import { toldAll } from '#functions/accounts/told-to-reader.ts';
import type { FactOutcome } from '#shared/facts/fact-outcome.ts';
import type { Sender } from '#shared/facts/placing/placement.ts';
import { listQuarantine } from '#shared/facts/quarantine.ts';
import { account } from '#shared/profile/rules/account.ts';
import { checkpointEvery } from '#shared/profile/rules/fold.ts';
import { rolesHeld } from '#shared/profile/rules/roles.ts';
import { stateOf } from '#shared/profile/rules/states.ts';
import { formerAccounts, visibleAccounts } from '#shared/profile/rules/view/view-360.ts';
import { readView } from '#shared/profile/store/read-view.ts';
import { readFactsOf, rebuildStates } from '#shared/profile/store/rebuild.ts';
import { loadSubject, readAll } from '#shared/profile/store/subjects.ts';
import {
  accountDigestKey,
  checkpointPrefix,
  formerAccountKey,
  referenceKey,
  subjectPartition,
} from '#shared/table/keys.ts';
import { machine, openProfileSystem, type ProfileSystem, saysAll } from '#tests/support/profile-system.ts';

const sent = (event: string, type: string, at: string, data: Record<string, unknown>, system = 'billing') => ({
  type,
  source: { system },
  sourceEventId: event,
  occurredAt: at,
  data,
});
const crm = (value: string) => ({ namespace: 'crm', value });
const theAccount = { namespace: 'billing', value: '000123' };
const gbp = (amountMinor: number) => ({ amountMinor, currency: 'GBP' });
const person = (name: string, references = [crm(name)]) =>
  sent(`cus-${name}`, 'customer.profile.registered.v1', '2025-01-01T08:00:00.000Z', {
    kind: 'person',
    name: { given: name, family: 'Okafor' },
    references,
  });
const opened = sent('acc', 'account.account.opened.v1', '2025-01-01T08:00:01.000Z', {
  currency: 'GBP',
  references: [theAccount],
});
const granted = (name: string, role: string, from = '2025-01-01') =>
  sent(`rol-${name}`, 'account.role.granted.v1', '2025-01-01T08:00:02.000Z', {
    account: theAccount,
    customer: crm(name),
    role,
    from,
  });
const ended = (name: string, role: string, to: string) =>
  sent(`end-${name}`, 'account.role.ended.v1', '2026-11-01T08:00:00.000Z', {
    account: theAccount,
    customer: crm(name),
    role,
    to,
  });
const minute = (n: number): string => new Date(Date.UTC(2025, 1, 1, 8, n)).toISOString();
const bill = (event: string, at: string, amountMinor: number, currency = 'GBP') =>
  sent(event, 'billing.bill.issued.v1', at, {
    account: theAccount,
    amount: { amountMinor, currency },
    issuedOn: at.slice(0, 10),
    dueOn: at.slice(0, 10),
  });
const payment = (event: string, at: string, amountMinor: number) =>
  sent(event, 'billing.payment.received.v1', at, {
    account: theAccount,
    amount: gbp(amountMinor),
    references: [{ namespace: 'pay', value: event }],
  });
const reversal = (event: string, at: string, of: string) =>
  sent(event, 'billing.payment.reversed.v1', at, { account: theAccount, payment: { namespace: 'pay', value: of } });
const retraction = (event: string, factId: string, system = 'billing', entity = 'billing.payment') =>
  sent(event, `${entity}.retracted.v1`, '2026-11-10T08:00:00.000Z', { factId, reason: 'Entered twice.' }, system);

const idOf = (result: FactOutcome | undefined): string =>
  result !== undefined && 'factId' in result ? result.factId : '';
const entityOf = (result: FactOutcome | undefined): string =>
  result !== undefined && 'fact' in result ? (result.fact.entity ?? '') : '';

/** A household of joint holders in a system of its own, and their ids. */
const household = async () => {
  const system = await openProfileSystem();
  const results = await system.submit(
    [person('ana'), person('ben'), opened, granted('ana', 'holder'), granted('ben', 'joint')],
    machine,
  );
  const [ana = '', ben = '', held = ''] = results.slice(0, 3).map(entityOf);
  await system.settle();
  return { ...system, ana, ben, account: held };
};

type MoneyEntry = Awaited<ReturnType<typeof readLedger>>['data'][number];

const balance = async (system: ProfileSystem, of: string): Promise<number> =>
  balanceOf(stateOf((await loadSubject(system.profile, of)).states, billing).state);

const supervisor: Sender = { actor: 'staff:ida', speaksFor: saysAll, supervisor: true };

describe('a retraction', () => {
  it('by the system that sent the fact takes it out of the balance, and stands beside it', async () => {
    const { account: of, ...system } = await household();
    const [paid] = await system.submit([payment('p1', minute(1), 5000)], machine);
    expect(await balance(system, of)).toBe(-5000);
    const [taken] = await system.submit([retraction('x1', idOf(paid))], machine);
    expect([taken?.status, await balance(system, of)]).toEqual(['accepted', 0]);
    const facts = (await readFactsOf(system.profile, system.sealer, of)).get('billing') ?? [];
    expect(facts.map(({ fact }) => fact.type)).toEqual(['billing.payment.received.v1', 'billing.payment.retracted.v1']);
  });

  it('by another system is refused, and by a supervisor is not', async () => {
    const { account: of, ...system } = await household();
    const [paid] = await system.submit([payment('p1', minute(1), 5000)], machine);
    const [refused] = await system.submit([retraction('x1', idOf(paid), 'crm')], machine);
    expect(refused).toMatchObject({ status: 'rejected', code: 'retraction.foreign-source' });
    expect(await balance(system, of)).toBe(-5000);
    const [taken] = await system.submit([retraction('x2', idOf(paid), 'rotunda')], supervisor);
    expect([taken?.status, await balance(system, of)]).toEqual(['accepted', 0]);
  });

  it('gives up the references of its fact also where that comes once more in the same batch', async () => {
    const system = await household();
    const paid = payment('p1', minute(1), 3000);
    const [first] = await system.submit([paid], machine);
    const results = await system.submit([paid, retraction('x1', idOf(first)), paid], machine);
    expect(results.map(({ status }) => status)).toEqual(['duplicate', 'accepted', 'duplicate']);
    const claim = referenceKey('payment', { namespace: 'pay', value: 'p1' });
    expect(await system.profile.get(claim, { consistent: true })).toBeUndefined();
  });

  it('cannot be retracted, and must name a fact of its own entity', async () => {
    const { account: of, ...system } = await household();
    const [paid] = await system.submit([payment('p1', minute(1), 5000)], machine);
    const [wrong] = await system.submit([retraction('x1', idOf(paid), 'billing', 'billing.bill')], machine);
    expect(wrong).toMatchObject({ status: 'rejected', code: 'retraction.wrong-entity' });
    const [taken] = await system.submit([retraction('x2', idOf(paid))], machine);
    const [again] = await system.submit([retraction('x3', idOf(taken))], machine);
    expect(again).toMatchObject({ status: 'rejected', code: 'retraction.of-retraction' });
    expect(await balance(system, of)).toBe(0);
  });

  it('of a fact that is not known yet waits for it, and takes it out when it comes', async () => {
    const elsewhere = await household();
    const [known] = await elsewhere.submit([payment('p1', minute(1), 5000)], machine);
    const { account: of, ...system } = await household();
    const [waiting] = await system.submit([retraction('x1', idOf(known))], machine);
    expect(waiting).toMatchObject({ status: 'waiting', awaited: { kind: 'fact' } });
    await system.submit([payment('p1', minute(1), 5000)], machine);
    await system.settle();
    expect(await balance(system, of)).toBe(0);
    expect((await system.submit([retraction('x1', idOf(known))], machine))[0]?.status).toBe('duplicate');
  });

  it('sent with the fact it names leaves no trace in the balance', async () => {
    const elsewhere = await household();
    const [known] = await elsewhere.submit([payment('p1', minute(1), 5000)], machine);
    const { account: of, ...system } = await household();
    const results = await system.submit([payment('p1', minute(1), 5000), retraction('x1', idOf(known))], machine);
    expect(results.map((result) => result.status)).toEqual(['accepted', 'accepted']);
    expect(await balance(system, of)).toBe(0);
  });
});

describe('late facts', () => {
  it('that come behind hundreds of others move every checkpoint they pass, to what a rebuild would have', async () => {
    const { account: of, ...system } = await household();
    const many = Array.from({ length: 2 * checkpointEvery + 60 }, (_, n) => payment(`p${n}`, minute(10 + n), 100 + n));
    for (let from = 0; from < many.length; from += 20) await system.submit(many.slice(from, from + 20), machine);
    const checkpoints = () =>
      readAll(system.profile, { pk: subjectPartition(of), prefix: checkpointPrefix('billing'), consistent: true });
    const before = await checkpoints();
    expect(before).toHaveLength(2);
    await system.submit([bill('late', minute(1), 77_777)], machine);
    const after = await checkpoints();
    expect(after.map((item) => item.sk)).toEqual(before.map((item) => item.sk));
    expect(after.map((item) => item.count)).toEqual(before.map((item) => Number(item.count) + 1));
    for (const item of after) expect(String(item.b)).toContain('77777');
    const rebuilt = rebuildStates(await readFactsOf(system.profile, system.sealer, of));
    expect((await loadSubject(system.profile, of)).states).toEqual(rebuilt);
    const [middle] = await system.submit(
      [retraction('x', idOf((await system.submit([many[150]], machine))[0]))],
      machine,
    );
    expect(middle?.status).toBe('accepted');
    const anew = rebuildStates(await readFactsOf(system.profile, system.sealer, of));
    expect((await loadSubject(system.profile, of)).states).toEqual(anew);
  });
});

describe('a reference', () => {
  it('that names another customer already keeps the second registration aside, and the first as it was', async () => {
    const { ana, ...system } = await household();
    const [second] = await system.submit([person('impostor', [crm('ana')])], machine);
    expect(second).toMatchObject({ status: 'quarantined', reason: 'reference.taken' });
    const [called] = await system.submit(
      [
        sent('i', 'contact.interaction.logged.v1', minute(1), {
          customer: crm('ana'),
          channel: 'phone',
          reason: 'billing',
        }),
      ],
      machine,
    );
    expect(called).toMatchObject({ status: 'accepted', fact: { subjects: [ana] } });
    const { entries } = await listQuarantine(system.profile, { limit: 10, after: undefined });
    expect(entries).toMatchObject([{ kind: 'fact', reason: 'reference.taken', source: 'billing' }]);
  });
});

describe('joint holders', () => {
  it('see one balance, each under their own role', async () => {
    const { ana, ben, ...system } = await household();
    await system.submit([bill('b1', minute(1), 8000), payment('p1', minute(2), 3000)], machine);
    for (const [customer, role] of [
      [ana, 'holder'],
      [ben, 'joint'],
    ] as const) {
      const parts = await readView(system.profile, customer);
      expect(parts?.accounts).toMatchObject([{ digest: { balance: 5000, roles: [{ role }] } }]);
    }
  });

  it('have left the account from the moment a role is over, and keep what was theirs', async () => {
    const { ana, ben, account: of, ...system } = await household();
    const paid = payment('p1', minute(1), 3000);
    await system.submit([paid, ended('ben', 'joint', '2026-11-24')], machine);
    const shown = await readView(system.profile, ben);
    if (shown === undefined) throw new Error('no view');
    expect([visibleAccounts(shown, '2026-11-24'), formerAccounts(shown, '2026-11-24')]).toMatchObject([
      [],
      [{ id: of, digest: { balance: 0, lastPayments: [{ amount: 3000 }] } }],
    ]);
    expect(await system.profile.get(accountDigestKey(ben, of), { consistent: true })).toBeUndefined();
    expect(await system.profile.get(formerAccountKey(ben, of), { consistent: true })).toBeDefined();
    const kept = await readView(system.profile, ana);
    expect(kept?.accounts).toHaveLength(1);
    const { state } = stateOf((await loadSubject(system.profile, of)).states, account);
    expect(rolesHeld(state.roles).map((role) => [role.role, role.to])).toEqual([
      ['holder', null],
      ['joint', '2026-11-24'],
    ]);
  });

  it('see the account to the last day of a role that ends later, and not on the day after, without anything being written', async () => {
    const { ben, ...system } = await household();
    await system.submit([ended('ben', 'joint', '2026-12-01')], machine);
    const parts = await readView(system.profile, ben);
    if (parts === undefined) throw new Error('no view');
    expect(visibleAccounts(parts, '2026-11-30')).toHaveLength(1);
    expect(visibleAccounts(parts, '2026-12-01')).toHaveLength(0);
  });
});

describe('the ledger', () => {
  it('of an account always ends in its balance, and each entry leads to the next', async () => {
    const acts = fc.array(
      fc.record({
        kind: fc.nat({ max: 5 }),
        amount: fc.integer({ min: 1, max: 99_999 }),
        at: fc.nat({ max: 600 }),
        of: fc.nat({ max: 89 }),
      }),
      { minLength: 5, maxLength: 90, size: 'max' },
    );
    await fc.assert(
      fc.asyncProperty(acts, fc.integer({ min: 1, max: 6 }), async (told, limit) => {
        const { account: of, ...system } = await household();
        const facts = told.map(({ kind, amount, at, of: which }, n) => {
          if (kind === 0) return bill(`e${n}`, minute(at), amount);
          if (kind === 1) return bill(`e${n}`, minute(at), -amount);
          if (kind === 2) return payment(`e${n}`, minute(at), amount);
          if (kind === 3) return bill(`e${n}`, minute(at), amount, 'EUR');
          return reversal(`e${n}`, minute(at), `e${which % told.length}`);
        });
        await system.submit(facts, machine);
        await system.settle();
        const entries: MoneyEntry[] = [];
        let before: string | undefined;
        const { states } = await loadSubject(system.profile, of);
        do {
          const page = await readLedger(
            system.profile,
            { account: of, states, told: toldAll, limit, before },
            '2026-03-31',
          );
          entries.push(...page.data);
          before = page.next ?? undefined;
        } while (before !== undefined);
        const expected = await balance(system, of);
        expect(entries.reduce((sum, entry) => sum + entry.amount.amountMinor, 0)).toBe(expected);
        expect(entries[0]?.balance?.amountMinor ?? 0).toBe(expected);
        entries.forEach((entry, index) => {
          const older = entries[index + 1]?.balance?.amountMinor ?? 0;
          expect(entry.balance?.amountMinor).toBe(older + entry.amount.amountMinor);
        });
        await system.store.close();
      }),
      { numRuns: 40, endOnFailure: true },
    );
  });
});
