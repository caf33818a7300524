import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advanceImport } from '#functions/imports/advance-import.ts';
import type { AdvanceParts } from '#functions/imports/import-work.ts';
import { readRuns } from '#functions/readings/store/readings.ts';
import { listQuarantine } from '#shared/facts/quarantine.ts';
import type { Table } from '#shared/table/table.ts';
import { type Delivery, ImportGround, marketRegister, nem12, sameAllDay } from '#tests/support/import-ground.ts';
import { aBlock, arrived } from '#tests/support/meters/telemetry.ts';

class Killed extends Error {}

/** Lets the work die at its n-th act on the world: before it, or when it has taken effect. */
const mortal = (parts: AdvanceParts, dieAt: number, after: boolean): AdvanceParts => {
  let acts = 0;
  const act = async <Answer>(does: () => Promise<Answer>): Promise<Answer> => {
    acts += 1;
    if (acts === dieAt && !after) throw new Killed();
    const answer = await does();
    if (acts >= dieAt) throw new Killed();
    return answer;
  };
  const table = (of: Table): Table => ({
    name: of.name,
    get: (key, options) => of.get(key, options),
    query: (query) => of.query(query),
    scan: (scan) => of.scan(scan),
    batchPut: (items) => act(() => of.batchPut(items)),
    commit: (writes) => act(() => of.commit(writes)),
    close: () => of.close(),
  });
  return {
    ...parts,
    profile: table(parts.profile),
    readings: table(parts.readings),
    objects: { ...parts.objects, put: (...given) => act(() => parts.objects.put(...given)) },
    telemetry: { append: (...given) => act(() => parts.telemetry.append(...given)) },
    keepRows: (...given) => act(() => parts.keepRows(...given)),
    makePoints: (...given) => act(() => parts.makePoints(...given)),
  };
};

/** Works an import on while it is killed again and again, and at last in peace. */
const workThroughKills = async (at: ImportGround, id: string, kills: readonly (readonly [number, boolean])[]) => {
  for (const [dieAt, after] of kills) {
    await advanceImport(mortal(at.parts, dieAt, after), id).catch((error: unknown) => {
      if (!(error instanceof Killed)) throw error;
    });
    // What was sent before is stored before anybody takes the work up again.
    await at.bring();
  }
  await advanceImport(at.parts, id);
};

const [known, stranger] = ['6102000001', '6102000002'];

/** Days of a file: some twice with other values, some of a point that nobody knows, some that are no days. */
const file = fc
  .array(
    fc.record({
      nmi: fc.constantFrom(known, known, known, stranger),
      suffix: fc.constantFrom('E1', 'B1'),
      day: fc.integer({ min: 1, max: 9 }),
      value: fc.integer({ min: 0, max: 5 }),
      quality: fc.constantFrom('A', 'E52', 'broken'),
    }),
    { minLength: 1, maxLength: 16 },
  )
  .map((rows) => ({
    rows,
    text: nem12(
      rows.map(({ nmi, suffix, day, value, quality }) => ({
        nmi,
        suffix,
        days: [{ date: `2026010${day}`, values: sameAllDay(value), quality }],
      })),
    ),
  }));
const kills = fc.array(fc.tuple(fc.integer({ min: 1, max: 25 }), fc.boolean()), { maxLength: 8 });
const chunk = fc.record({ intervals: fc.integer({ min: 1, max: 200 }), events: fc.integer({ min: 1, max: 6 }) });
const delivery: fc.Arbitrary<Delivery> = fc.tuple(fc.boolean(), fc.boolean()).map(([twice, turned]) => (records) => {
  const all = twice ? [...records, ...records] : records;
  return turned ? all.toReversed() : all;
});

const open = async (deliver: Delivery, size: AdvanceParts['chunk'], onTheWay: number): Promise<ImportGround> => {
  const at = await ImportGround.open({ deliver, chunk: size, onTheWay });
  await at.meter('one', [marketRegister, { ...marketRegister, id: 'B1', flow: 'reverse' }], known);
  // What the meter itself said of a day before.
  await at.ground.ingest.take([arrived(aBlock('one', '2026-01-01T14:00:00Z', sameAllDay(2000)))]);
  return at;
};

const told = async (at: ImportGround, id: string) => ({
  ...(({ state, counts, readBytes }) => ({ state, counts, readBytes }))(await at.import(id)),
  errors: await at.errors(id),
  readings: await at.digest(),
  aside: (await listQuarantine(at.ground.profile, { limit: 100 })).entries.map((entry) => entry.id).sort(),
});

const valuesOf = async (at: ImportGround, meter: string, register: string) => {
  const runs = await readRuns(at.ground.readings, meter, register, 0, 4_000_000_000);
  return runs.flatMap(({ start, interval, values }) => values.map((value, place) => [start + place * interval, value]));
};

describe('an import that is stopped', () => {
  it('anywhere and taken up again ends as one that was not: nothing is lost, doubled or told twice', async () => {
    await fc.assert(
      fc.asyncProperty(file, kills, chunk, delivery, fc.integer({ min: 0, max: 4 }), async (given, ...how) => {
        const [stops, size, deliver, onTheWay] = how;
        const [calm, stopped] = [await open((records) => records, size, onTheWay), await open(deliver, size, onTheWay)];
        const { id } = await calm.run(given);
        await workThroughKills(stopped, await stopped.start(given), stops);
        const ended = await told(stopped, id);
        expect(ended).toEqual(await told(calm, id));
        expect(ended.state).toBe('done');
        const { read, sent, unchanged, aside } = ended.counts;
        expect(sent + unchanged + aside).toBe(read);
      }),
      { numRuns: 40 },
    );
  });

  it('leaves the last that the file says of each interval, in pieces of any size', async () => {
    await fc.assert(
      fc.asyncProperty(file, chunk, delivery, fc.integer({ min: 0, max: 4 }), async (given, ...how) => {
        const [size, deliver, onTheWay] = how;
        const at = await open(deliver, size, onTheWay);
        await at.run(given);
        const meter = aBlock('one', 0, [0]).meter;
        for (const register of ['E1', 'B1']) {
          const last = new Map<number, number>();
          if (register === 'E1') last.set(2, 2000);
          for (const { nmi, suffix, day, value, quality } of given.rows)
            if (nmi === known && suffix === register && quality !== 'broken') last.set(day, value * 1000);
          const wanted = [...last]
            .sort(([left], [right]) => left - right)
            .flatMap(([day, value]) => {
              const midnight = Date.parse(`2026-01-0${day}T00:00:00+10:00`) / 1000;
              return Array.from({ length: 48 }, (_, place) => [midnight + place * 1800, value]);
            });
          expect(await valuesOf(at, meter, register)).toEqual(wanted);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('while it is taken back leaves the readings as they were before the file came', async () => {
    await fc.assert(
      fc.asyncProperty(file, kills, chunk, delivery, async (given, stops, size, deliver) => {
        const at = await open(deliver, size, 2);
        const before = await at.digest();
        const id = await at.start(given);
        await workThroughKills(at, id, stops);
        await at.askUndo(id);
        await workThroughKills(at, id, stops);
        expect((await at.import(id)).state).toBe('undone');
        expect(await at.digest()).toBe(before);
        expect((await listQuarantine(at.ground.profile, { limit: 100 })).entries).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  it('and worked on by several at once counts everything once', async () => {
    await fc.assert(
      fc.asyncProperty(file, chunk, fc.integer({ min: 2, max: 4 }), async (given, size, workers) => {
        const [calm, busy] = [await open((records) => records, size, 3), await open((records) => records, size, 3)];
        const { id } = await calm.run(given);
        await busy.start(given);
        await Promise.all(Array.from({ length: workers }, () => advanceImport(busy.parts, id)));
        expect(await told(busy, id)).toEqual(await told(calm, id));
      }),
      { numRuns: 30 },
    );
  });
});
