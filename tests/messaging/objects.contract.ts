import { beforeEach, describe, expect, test } from 'vitest';
import type { Objects } from '#shared/messaging/ports.ts';
import { StoryClock } from '#shared/runtime/clock.ts';

/** What every body of the Objects port keeps to. `make` gives an empty one. */
export const objectsContract = (body: string, make: (clock: StoryClock) => Promise<Objects>): void => {
  describe(`objects ${body}`, () => {
    let clock: StoryClock;
    let objects: Objects;
    beforeEach(async () => {
      clock = new StoryClock('2026-03-01T00:00:00.000Z');
      objects = await make(clock);
    });
    const bytes = (...values: number[]) => new Uint8Array(values);

    test('an object is given back byte by byte, and an absent one is undefined', async () => {
      expect(await objects.get('audit/1.json')).toBeUndefined();
      await objects.put('audit/1.json', bytes(0, 255, 10));
      expect(await objects.get('audit/1.json')).toEqual(bytes(0, 255, 10));
      await objects.put('audit/1.json', bytes());
      expect(await objects.get('audit/1.json')).toEqual(bytes());
    });

    test('what the giver or the reader does to their bytes later does not touch the object', async () => {
      const given = bytes(1, 2);
      await objects.put('a', given);
      given[0] = 9;
      const read = await objects.get('a');
      if (read !== undefined) read[1] = 9;
      expect(await objects.get('a')).toEqual(bytes(1, 2));
    });

    test('put if absent keeps the first, also of two at once', async () => {
      const puts = await Promise.allSettled(
        [1, 2, 3].map((value) => objects.put('once', bytes(value), { ifAbsent: true })),
      );
      expect(puts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await objects.get('once')).toEqual(bytes(1));
      await expect(objects.put('once', bytes(4), { ifAbsent: true })).rejects.toMatchObject({ code: 'object.taken' });
    });

    test('an object that is retained is not overwritten before its date', async () => {
      await objects.put('chain/0', bytes(1), { retainUntil: '2026-03-02T00:00:00.000Z' });
      await expect(objects.put('chain/0', bytes(2))).rejects.toMatchObject({ code: 'object.retained' });
      expect(await objects.get('chain/0')).toEqual(bytes(1));
      clock.set('2026-03-02T00:00:00.000Z');
      await objects.put('chain/0', bytes(2));
      await objects.put('chain/0', bytes(3));
      expect(await objects.get('chain/0')).toEqual(bytes(3));
    });

    test('a list gives the names that begin with a prefix, sorted', async () => {
      for (const name of ['b/2', 'b/10', 'a', 'b/1/x', 'c'])
        await objects.put(name, bytes(1), { retainUntil: '2026-03-01T00:00:00.000Z' });
      expect(await objects.list('b/1')).toEqual(['b/1/x', 'b/10']);
      expect(await objects.list('')).toEqual(['a', 'b/1/x', 'b/10', 'b/2', 'c']);
      expect(await objects.list('zz')).toEqual([]);
    });

    test('an object that is removed is gone, earlier versions too, and its name is free', async () => {
      await objects.put('a/b', bytes(1));
      await objects.put('a/b', bytes(2));
      await objects.put('a/bc', bytes(3));
      await objects.remove('a/b');
      await objects.remove('a/b');
      expect(await objects.get('a/b')).toBeUndefined();
      expect(await objects.list('')).toEqual(['a/bc']);
      await objects.put('a/b', bytes(4), { ifAbsent: true });
      expect(await objects.get('a/b')).toEqual(bytes(4));
    });

    test('an object that is retained is not removed before its date', async () => {
      await objects.put('chain/0', bytes(1), { retainUntil: '2026-03-02T00:00:00.000Z' });
      await expect(objects.remove('chain/0')).rejects.toMatchObject({ code: 'object.retained' });
      expect(await objects.get('chain/0')).toEqual(bytes(1));
      clock.set('2026-03-02T00:00:00.000Z');
      await objects.remove('chain/0');
      expect(await objects.list('')).toEqual([]);
    });

    test('a name that leads elsewhere is refused', async () => {
      for (const name of ['', '/etc/passwd', '../x', 'a/../../x', 'a//b', 'a/', '.retain/a', 'a\\b', 'a\u0000b'])
        await expect((async () => objects.put(name, bytes(1)))()).rejects.toThrow(TypeError);
      await expect((async () => objects.get('../x'))()).rejects.toThrow(TypeError);
    });
  });
};
