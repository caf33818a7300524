import { describe, expect, it } from 'vitest';
import { fileNameOf } from '#functions/imports/chunk-plan.ts';
import { importsWork } from '#functions/imports/events-work.ts';
import { ImportGround, marketRegister, nem12, sameAllDay } from '#tests/support/import-ground.ts';

const nmi = '6102000001';
const text = nem12([
  {
    nmi,
    suffix: 'E1',
    days: Array.from({ length: 6 }, (_, day) => ({ date: `2026010${day + 1}`, values: sameAllDay(day) })),
  },
]);

/** The function with time for so many acts in each run, and what it asked to be woken for. */
const worker = (at: ImportGround, acts: number) => {
  const woken: string[] = [];
  const run = importsWork({ ...at.parts, wake: async (id) => void woken.push(id) });
  return {
    woken,
    run: (event: unknown) => {
      let left = acts;
      return run(event, {
        getRemainingTimeInMillis: () => {
          left -= 1;
          return left > 0 ? 900_000 : 0;
        },
      });
    },
  };
};

describe('the function that works imports off', () => {
  it('begins with a file that came, and hands itself on where its time is over', async () => {
    const at = await ImportGround.open({ chunk: { intervals: 48, events: 1 } });
    await at.meter('one', [marketRegister], nmi);
    const id = await at.start({ text });
    const { run, woken } = worker(at, 4);
    await run({ source: 'aws.s3', detail: { bucket: { name: 'files' }, object: { key: fileNameOf(id) } } });
    let runs = 1;
    for (let next = woken.shift(); next !== undefined; next = woken.shift()) {
      expect(next).toBe(id);
      await run({ import: next });
      runs += 1;
    }
    expect(runs).toBeGreaterThan(2);
    expect(await at.import(id)).toMatchObject({ state: 'done', counts: { read: 288, sent: 288 } });
  });

  it('by the clock takes up what nobody worked on for minutes, and nothing else', async () => {
    const at = await ImportGround.open();
    const id = await at.start({ text });
    // The index of work is one commit behind.
    await at.meter('one', [marketRegister], nmi);
    const { run, woken } = worker(at, 100);
    await run({ source: 'aws.events' });
    expect(woken).toEqual([]);
    at.ground.clock.set(at.ground.clock.now() + 4 * 60_000);
    await run({ source: 'aws.events' });
    expect(woken).toEqual([id]);
    await run({ import: id });
    await at.meter('two', [marketRegister], '6102000002');
    at.ground.clock.set(at.ground.clock.now() + 4 * 60_000);
    await run({ source: 'aws.events' });
    expect(woken).toEqual([id]);
  });
});
