import { describe, expect, it } from 'vitest';
import { eraseAgainInSteps } from '#functions/operations/erase-again.ts';
import { eraseAgain } from '#functions/privacy/erase-again.ts';
import { eraseCustomer } from '#functions/privacy/erase-customer.ts';
import type { Table } from '#shared/table/table.ts';
import { inSteps } from '#tests/functions/operations/operator-ground.ts';
import { found, markers, openHousehold } from './erased-household.ts';

const erasedAt = '2026-11-01T12:00:00.000Z';
const elsewhere = { customer: 'cus_00000000000000000000000000', erasedAt };

/** A table that takes so many commits, as of a process that is killed then. */
const endingAfter = (table: Table, commits: number): Table => {
  let left = commits;
  return {
    name: table.name,
    get: (key, options) => table.get(key, options),
    query: (query) => table.query(query),
    scan: (scan) => table.scan(scan),
    batchPut: (items) => table.batchPut(items),
    commit: (writes) => {
      left -= 1;
      return left < 0 ? Promise.reject(new Error('killed')) : table.commit(writes);
    },
    close: () => table.close(),
  };
};

/** Tables as they were before she was erased, and a register that has her. */
const setBack = async () => {
  const household = await openHousehold();
  const { system, customer } = household;
  return {
    ...household,
    entries: [elsewhere, { customer, erasedAt }].sort((a, b) => (a.customer < b.customer ? -1 : 1)),
    system,
  };
};

const goneFrom = async (system: Awaited<ReturnType<typeof setBack>>['system']): Promise<void> => {
  await system.settle();
  for (const [name, text] of Object.entries(markers)) expect(await found(system, text), name).toEqual([]);
};

describe('tables that were set back to before an erasing', () => {
  it('have whoever is in the register erased again, since when they were erased first; the next time there is nothing to do', async () => {
    const { system, desk, customer, entries } = await setBack();
    expect(await found(system, markers.given)).not.toEqual([]);
    expect(await eraseAgain(system.erase, entries)).toEqual({ looked: 2, erased: 1 });
    await goneFrom(system);
    expect((await desk.look(customer)).body).toMatchObject({ status: 'erased', erasedAt });
    const known = entries.filter((one) => one.customer === customer);
    expect(await eraseAgain(system.erase, known)).toEqual({ looked: 1, erased: 0 });
  });

  it('have a key that came back destroyed before anything else is done', async () => {
    const { system, customer, entries } = await setBack();
    const sealed = await system.sealer.seal(customer, 'c', 'secret');
    await expect(eraseAgain({ ...system.erase, profile: endingAfter(system.profile, 0) }, entries)).rejects.toThrow(
      'killed',
    );
    expect(await system.sealer.open(customer, 'c', sealed)).toBe('erased');
  });

  it('end the same wherever it is killed, once it was done again', async () => {
    for (let commits = 0; commits < 40; commits += 3) {
      const { system, entries, customer } = await setBack();
      const parts = { ...system.erase, profile: endingAfter(system.profile, commits) };
      const first = await eraseAgain(parts, entries).catch(() => undefined);
      await eraseAgain(system.erase, entries);
      await goneFrom(system);
      expect(
        await eraseAgain(
          system.erase,
          entries.filter((one) => one.customer === customer),
        ),
      ).toMatchObject({ erased: 0 });
      if (first !== undefined) break;
    }
  });

  it('are gone through in steps, each of which says what came of it so far', async () => {
    const { system, entries } = await setBack();
    const act = {
      eraseAgain: (from: string | undefined, isOver: () => boolean) => eraseAgain(system.erase, entries, from, isOver),
    };
    const steps = await inSteps((from, isOver) => eraseAgainInSteps(act, from, isOver));
    expect(steps.map(({ looked }) => looked)).toEqual([1, 2]);
    await goneFrom(system);
  });

  it('may be erased by the act itself, too: it is the same', async () => {
    const { system, customer, entries } = await setBack();
    await eraseCustomer(system.erase, customer, { erasedAt });
    expect(
      await eraseAgain(
        system.erase,
        entries.filter((one) => one.customer === customer),
      ),
    ).toEqual({ looked: 1, erased: 0 });
  });
});
