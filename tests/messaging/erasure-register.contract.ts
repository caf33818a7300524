import { beforeEach, describe, expect, test } from 'vitest';
import { createErasureRegister } from '#shared/messaging/erasure-register.ts';
import type { Objects } from '#shared/messaging/ports.ts';
import { StoryClock } from '#shared/runtime/clock.ts';

const [ada, ben] = ['cus_01J00000000000000000000ADA', 'cus_01J00000000000000000000BEN'];
const [first, later] = ['2026-03-01T00:00:00.000Z', '2026-03-05T12:00:00.000Z'];

/** What the register of who was erased keeps to, over every body of objects. `make` gives an empty one. */
export const erasureRegisterContract = (body: string, make: (clock: StoryClock) => Promise<Objects>): void => {
  describe(`the register of who was erased, ${body}`, () => {
    let objects: Objects;
    beforeEach(async () => {
      objects = await make(new StoryClock(first));
    });

    test('lists everybody who was written down, and nobody at first', async () => {
      const register = createErasureRegister(objects);
      expect(await register.list()).toEqual([]);
      await register.add({ customer: ben, erasedAt: later });
      await register.add({ customer: ada, erasedAt: first });
      const all = [
        { customer: ada, erasedAt: first },
        { customer: ben, erasedAt: later },
      ];
      expect(await register.list()).toEqual(all);
      expect(await createErasureRegister(objects).list()).toEqual(all);
    });

    test('keeps whoever is written down twice, also at once, as they were first', async () => {
      const register = createErasureRegister(objects);
      await Promise.all([1, 2, 3].map(() => register.add({ customer: ada, erasedAt: first })));
      expect(await register.add({ customer: ada, erasedAt: later })).toEqual({ customer: ada, erasedAt: first });
      expect(await register.list()).toEqual([{ customer: ada, erasedAt: first }]);
    });

    test('lists more than are read at once', async () => {
      const register = createErasureRegister(objects);
      const customers = Array.from({ length: 40 }, (_, at) => `cus_01J000000000000000000000${at + 10}`);
      for (const customer of customers) await register.add({ customer, erasedAt: first });
      expect((await register.list()).map(({ customer }) => customer)).toEqual(customers);
    });

    test('fails rather than leave out an entry that is damaged, or stands under another name', async () => {
      const register = createErasureRegister(objects);
      await register.add({ customer: ada, erasedAt: first });
      const bytes = (await objects.get(`erasures/${ada}.json`)) ?? new Uint8Array();
      await objects.put(`erasures/${ben}.json`, bytes);
      await expect(register.list()).rejects.toThrow('names another customer');
      await objects.put(`erasures/${ben}.json`, bytes.subarray(0, 9));
      await expect(register.list()).rejects.toThrow(
        `erasures/${ben}.json in the register of who was erased is damaged`,
      );
    });

    test('takes no entry that it could not read', async () => {
      await expect(createErasureRegister(objects).add({ customer: ada, erasedAt: 'today' })).rejects.toThrow();
      expect(await objects.list('')).toEqual([]);
    });
  });
};
