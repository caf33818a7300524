import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advanceImport } from '#functions/imports/advance-import.ts';
import { ImportGround, marketRegister, nem12, sameAllDay } from '#tests/support/import-ground.ts';
import { aBlock, arrived } from '#tests/support/meters/telemetry.ts';

const nmis = ['6102000001', '6102000002'] as const;

/** Files of a few days of two homes: many say the same of a day, others something else. */
const file = fc
  .array(
    fc.record({
      nmi: fc.constantFrom(...nmis),
      day: fc.integer({ min: 1, max: 4 }),
      value: fc.integer({ min: 0, max: 2 }),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((rows) =>
    nem12(
      rows.map(({ nmi, day, value }) => ({
        nmi,
        suffix: 'E1',
        days: [{ date: `2026010${day}`, values: sameAllDay(value) }],
      })),
    ),
  );

const open = async (): Promise<ImportGround> => {
  const at = await ImportGround.open({ chunk: { intervals: 48, events: 1 }, onTheWay: 2 });
  await at.meter('one', [marketRegister], nmis[0]);
  await at.meter('two', [marketRegister], nmis[1]);
  // What a meter itself said of a day before.
  await at.ground.ingest.take([arrived(aBlock('one', '2026-01-01T14:00:00Z', sameAllDay(2000)))]);
  return at;
};

/** A worker that may do so many acts before it is told to stop. */
const briefly = async (at: ImportGround, id: string, acts: number): Promise<void> => {
  let left = acts;
  await advanceImport({ ...at.parts, heldMilliseconds: 0 }, id, () => {
    left -= 1;
    return left < 0;
  });
};

/** Works on all that there is to do, one import after another, until all rest. */
const workOff = async (at: ImportGround, ids: readonly string[]): Promise<void> => {
  for (let round = 0; round < 20; round += 1) {
    const ends = [];
    for (const id of ids) ends.push(await advanceImport({ ...at.parts, heldMilliseconds: 0 }, id));
    if (ends.every((end) => end === 'rests')) {
      const states = await Promise.all(ids.map((id) => at.import(id)));
      if (states.every(({ state }) => state === 'done' || state === 'undone')) return;
    }
  }
  throw new Error('the imports do not come to rest');
};

const turns = fc.array(fc.tuple(fc.nat({ max: 2 }), fc.integer({ min: 1, max: 4 })), { maxLength: 30 });

describe('several imports of the same points', () => {
  it('worked on in turns, and some of them taken back, leave every value that one left says, and no other', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(file, { minLength: 2, maxLength: 3 }),
        turns,
        fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
        turns,
        async (files, before, undone, after) => {
          const at = await open();
          const atFirst = await at.values();
          const ids: string[] = [];
          for (const text of files) ids.push(await at.start({ text }));
          for (const [index, acts] of before) await briefly(at, ids[index % ids.length] ?? '', acts);
          await workOff(at, ids);
          const back = ids.filter((_, index) => undone[index]);
          for (const id of back) await at.askUndo(id);
          for (const [index, acts] of after) await briefly(at, ids[index % ids.length] ?? '', acts);
          await workOff(at, ids);
          const left = files.filter((_, index) => undone[index] !== true);
          const said = left.map((text) => at.saidBy(text));
          const stored = await at.values();
          for (const [key, value] of stored) {
            const sayings = said.flatMap((one) => one.get(key) ?? []);
            expect(sayings.length > 0 ? sayings : [atFirst.get(key)], key).toContain(value);
          }
          for (const one of said) for (const key of one.keys()) expect([...stored.keys()]).toContain(key);
          for (const key of atFirst.keys()) expect([...stored.keys()]).toContain(key);
        },
      ),
      { numRuns: 60 },
    );
  }, 120_000);

  it('of the same values: the second stores nothing, and stands for them when the first is taken back', async () => {
    const at = await open();
    const text = nem12([{ nmi: nmis[0], suffix: 'E1', days: [{ date: '20260103', values: sameAllDay(4) }] }]);
    const first = await at.run({ text });
    const second = await at.run({ text: `${text}\n` });
    const [before, digest] = [await at.values(), await at.digest()];
    await at.askUndo(first.id);
    await advanceImport(at.parts, first.id);
    expect(at.woken).toEqual([second.id]);
    await advanceImport(at.parts, second.id);
    expect([await at.values(), await at.digest()]).toEqual([before, digest]);
    // Taken back twice is taken back once; imported again it is there again.
    await at.askUndo(first.id);
    await advanceImport(at.parts, first.id);
    expect(await at.values()).toEqual(before);
    expect(await at.run({ text })).toMatchObject({ state: 'done', run: 2, counts: { sent: 0, unchanged: 48 } });
    await at.askUndo(second.id);
    await advanceImport(at.parts, second.id);
    await advanceImport(at.parts, first.id);
    expect(await at.values()).toEqual(before);
  });

  it('a file that grew is another import that brings what is new alone', async () => {
    const at = await open();
    const day = (date: string) => ({ date, values: sameAllDay(4) });
    const of = (...dates: readonly string[]) => nem12([{ nmi: nmis[0], suffix: 'E1', days: dates.map(day) }]);
    await at.run({ text: of('20260103') });
    const grown = await at.run({ text: of('20260103', '20260104') });
    expect(grown.counts).toMatchObject({ read: 96, sent: 48, unchanged: 48 });
  });

  it('waits while another one holds its registers, with nothing on its way, and goes on after it', async () => {
    const at = await open();
    const text = (value: number) =>
      nem12([
        {
          nmi: nmis[0],
          suffix: 'E1',
          days: [3, 4].map((day) => ({ date: `2026010${day}`, values: sameAllDay(value) })),
        },
      ]);
    const [one, two] = [await at.start({ text: text(1) }), await at.start({ text: text(2) })];
    await briefly(at, one, 2);
    expect((await at.import(one)).state).toBe('reading');
    expect(await advanceImport({ ...at.parts, heldMilliseconds: 0 }, two)).toBe('waits');
    expect(await at.import(two)).toMatchObject({ state: 'reading', waitsFor: one, counts: { sent: 0 } });
    expect(await advanceImport(at.parts, one)).toBe('rests');
    expect(await advanceImport(at.parts, two)).toBe('rests');
    expect(await at.import(two)).toMatchObject({ state: 'done', waitsFor: '', counts: { sent: 96 } });
  });
});
