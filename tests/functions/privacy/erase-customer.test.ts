import { describe, expect, it } from 'vitest';
import { balanceOf, billing } from '#functions/accounts/rules/billing.ts';
import { eraseCustomer } from '#functions/privacy/erase-customer.ts';
import { listQuarantine } from '#shared/facts/quarantine.ts';
import { stateOf } from '#shared/profile/rules/states.ts';
import { loadSubject } from '#shared/profile/store/subjects.ts';
import { machine } from '#tests/support/profile-system.ts';
import { scanAll } from '#tests/support/raw-items.ts';
import { found, markers, openHousehold, story } from './erased-household.ts';

const ledgerOf = async ({ system, account }: Awaited<ReturnType<typeof openHousehold>>) =>
  stateOf((await loadSubject(system.profile, account)).states, billing).state;

/** Asks, has it approved by a second person, and lets it be carried out. */
const erase = async ({ desk, customer, system }: Awaited<ReturnType<typeof openHousehold>>): Promise<void> => {
  const asked = await desk.ask('pam', customer);
  const decided = await desk.decide('pat', customer, String(asked.body.requestId));
  expect([asked.status, decided.status]).toEqual([202, 202]);
  await system.settle();
};

const erased = async () => {
  const household = await openHousehold();
  await erase(household);
  return household;
};

/** Household whose next entry that is kept aside, or waits, stands only after something else was done. */
const heldUp = async (meanwhile: (household: Awaited<ReturnType<typeof openHousehold>>) => Promise<unknown>) => {
  let isHeldUp = false;
  const household: Awaited<ReturnType<typeof openHousehold>> = await openHousehold(true, (inner) => ({
    name: inner.name,
    get: (...args) => inner.get(...args),
    query: (...args) => inner.query(...args),
    scan: (...args) => inner.scan(...args),
    batchPut: (...args) => inner.batchPut(...args),
    close: () => inner.close(),
    commit: async (writes) => {
      if (isHeldUp && writes.some((write) => 'put' in write && write.put.queue !== undefined)) {
        isHeldUp = false;
        await meanwhile(household);
      }
      await inner.commit(writes);
    },
  }));
  isHeldUp = true;
  return household;
};

describe('a person who is erased', () => {
  it('is found nowhere in any table, whatever was said of them', async () => {
    const before = await openHousehold();
    for (const text of [markers.given, markers.phone, markers.post])
      expect(await found(before.system, text), text).not.toEqual([]);
    const { system } = await erased();
    for (const [name, text] of Object.entries(markers)) expect(await found(system, text), name).toEqual([]);
    for (const text of ['zeldamarker', 'qwertzfamily', 'hiddenmarker', '1632960987', '960987'])
      expect(await found(system, text), text).toEqual([]);
  });

  it('leaves the ledger as it was', async () => {
    const before = await ledgerOf(await openHousehold());
    const after = await ledgerOf(await erased());
    expect(balanceOf(after)).toBe(0);
    expect(after).toEqual(before);
  });

  it('shows as erased, since when, on which ground, who asked and who seconded', async () => {
    const { desk, customer } = await erased();
    expect((await desk.look(customer)).body).toMatchObject({
      status: 'erased',
      ground: 'no-longer-needed',
      requestedBy: 'staff:pam',
      approvedBy: 'staff:pat',
      erasedAt: '2026-11-24T12:00:00.000Z',
    });
    expect((await desk.list()).body.data).toEqual([]);
  });

  it('does not come back, whatever is told of them later', async () => {
    const { system, customer } = await erased();
    const again = await system.submit(story(), machine);
    expect([...new Set(again.map(({ status }) => status))]).toEqual(['duplicate']);
    const [first] = story();
    const anew = { ...first, sourceEventId: 'cus-zelda-again' };
    const other = { ...first, data: { ...first?.data, name: { family: 'Otherqwertz' } } };
    const waits = {
      type: 'customer.contact-point.changed.v1',
      source: { system: 'billing' },
      sourceEventId: 'later',
      occurredAt: '2026-11-01T08:00:00.000Z',
      data: { customer, point: 'cpt_0123456789ABCDEFGHJKMNPQRS', value: markers.phone },
    };
    for (const raw of [anew, other, waits]) {
      const [result] = await system.submit([raw], machine, { keepRejected: true });
      expect(result).toMatchObject({ status: 'rejected', code: 'owner.erased' });
    }
    // A sender that is ahead of this version: its type is not known here.
    const newer = { ...anew, type: 'customer.profile.registered.v9' };
    expect(await system.submit([newer], machine, { keepRejected: true })).toMatchObject([{ code: 'owner.erased' }]);
    expect((await listQuarantine(system.profile, { limit: 10 })).entries).toEqual([]);
    await system.settle();
    for (const text of [markers.given, 'Otherqwertz', markers.phone]) expect(await found(system, text)).toEqual([]);
  });

  it('leaves nothing kept aside or waiting that was put there in the very moment of it', async () => {
    const contactPoint = (type: string, data: object) => (customer: string) => ({
      type,
      source: { system: 'billing' },
      sourceEventId: 'in-the-moment',
      occurredAt: '2026-11-01T08:00:00.000Z',
      data: { customer, value: markers.phone, ...data },
    });
    for (const told of [
      contactPoint('customer.contact-point.changed.v1', { point: 'cpt_0123456789ABCDEFGHJKMNPQRS' }),
      contactPoint('customer.contact-point.added.v1', { kind: 'nonsense' }),
    ]) {
      const { system, customer } = await heldUp(erase);
      await system.submit([told(customer)], machine, { keepRejected: true });
      await system.settle();
      const kept = await scanAll(system.store.table('profile'));
      expect(kept.filter(({ queue }) => queue !== undefined)).toEqual([]);
    }
  });

  it('is in the register, and may be erased again by it, with nothing left to do', async () => {
    const { system, customer } = await erased();
    expect(await system.register.list()).toEqual([{ customer, erasedAt: '2026-11-24T12:00:00.000Z' }]);
    const version = (await loadSubject(system.profile, customer)).head.version;
    await eraseCustomer(system.erase, customer, { erasedAt: '2026-11-24T12:00:00.000Z' });
    expect((await loadSubject(system.profile, customer)).head.version).toBe(version);
  });
});
