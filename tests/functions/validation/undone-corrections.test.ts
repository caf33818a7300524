import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readBlocks } from '#functions/readings/store/readings.ts';
import { readFacts } from '#shared/profile/store/subjects.ts';
import { startOfDate } from '#shared/vocabulary/time.ts';
import { dayOf, judgedHome, usual, zone } from './judged-home.ts';

const spiked = dayOf('2026-05-04', (index) => (index === 10 ? 9000 : usual(index)));
const correction = {
  register: 'E1',
  start: '2026-05-04T04:00:00.000Z',
  values: [777, 778],
  quality: 7 as const,
  reason: 'Read from the display on site.',
};
const undoing = { reason: 'The display of the neighbour was read.' };

const correctedHome = async () => {
  const ground = await judgedHome(spiked);
  const { home, operations, asked } = ground;
  const correct = async (body = correction) => {
    const { factId } = (await operations.correctReadings({ ...asked(), body })).body;
    await home.settleAll();
    return factId;
  };
  const undo = async (factId: string) => {
    const answer = await operations.undoCorrection({ ...asked(), params: { factId }, body: undoing });
    await home.settleAll();
    return answer;
  };
  const blocks = async () => {
    const { home: within } = ground;
    const from = startOfDate(zone, '2026-05-04');
    const meter = await ground.meterOf();
    return (await readBlocks(within.readings, meter, 'E1', from, from + 86_400)).filter(
      ({ kind }) => kind === 'correction',
    );
  };
  return { ...ground, correct, undo, blocks };
};

describe('a correction that is taken back', () => {
  it('leaves the readings: what the meter sent counts again, and what was wrong with it stands', async () => {
    const { correct, undo, blocks, list, day } = await correctedHome();
    const factId = await correct();
    expect((await list()).data).toEqual([]);
    expect(await undo(factId)).toMatchObject({
      status: 201,
      body: { correction: factId, start: '2026-05-04T04:00:00.000Z', end: '2026-05-04T05:00:00.000Z' },
    });
    expect(await blocks()).toEqual([]);
    expect((await list()).data.map(({ rule, state }) => [rule, state])).toEqual([['spike', 'open']]);
    expect((await day('2026-05-04')).data.slice(10, 12).map(({ value, quality }) => [value, quality])).toEqual([
      [9000, 10],
      [usual(11), 0],
    ]);
  });

  it('stands on the record as taken back, with the reason', async () => {
    const { home, correct, undo } = await correctedHome();
    const factId = await correct();
    await undo(factId);
    const facts = await readFacts(home.profile, home.sealer, [home.idOf('prm')], 'metering');
    expect(facts.find(({ fact }) => fact.id === factId)?.stored.retractedBy).toBeDefined();
    expect(facts.find(({ fact }) => fact.type === 'metering.correction.retracted.v1')?.fact.data).toEqual({
      factId,
      ...undoing,
    });
  });

  it('is found in the list of those that stand by the days it speaks of, and no longer once it is taken back', async () => {
    const { operations, asked, correct, undo } = await correctedHome();
    const [first, second] = [await correct(), await correct({ ...correction, values: [555] })];
    const listed = async (from: string, to: string) => {
      const { body } = await operations.listCorrections({ ...asked(), query: { from, to }, body: undefined });
      return body.data.map(({ factId, start, values, quality, revision }) => [
        factId,
        start,
        values,
        quality,
        revision,
      ]);
    };
    expect(await listed('2026-05-04', '2026-05-05')).toEqual([
      [first, correction.start, [777, 778], 7, 0],
      [second, correction.start, [555], 7, 1],
    ]);
    expect(await listed('2026-05-05', '2026-05-06')).toEqual([]);
    await undo(first);
    expect((await listed('2026-03-01', '2026-06-01')).map(([factId]) => factId)).toEqual([second]);
    await expect(listed('2026-05-05', '2026-05-05')).rejects.toMatchObject({ code: 'range.empty' });
    await expect(listed('2026-01-01', '2026-06-01')).rejects.toMatchObject({ code: 'range.too-long' });
  });

  it('is taken back once: again is told so, and takes no other correction with it', async () => {
    const { correct, undo, blocks } = await correctedHome();
    const first = await correct();
    await undo(first);
    // Stands under the revision that became free.
    await correct({ ...correction, values: [555] });
    await expect(undo(first)).rejects.toMatchObject({ kind: 'conflict', code: 'correction.undone' });
    expect((await blocks()).map(({ run }) => run.values)).toEqual([[555]]);
  });

  it('does not come back with what the meter or anybody sends later', async () => {
    const { home, correct, undo, blocks, day } = await correctedHome();
    await undo(await correct());
    await home.ingest.take([spiked, spiked]);
    await home.settleAll();
    expect(await blocks()).toEqual([]);
    expect((await day('2026-05-04')).data[10]).toMatchObject({ value: 9000, quality: 10 });
  });

  it.each([
    ['a fact that is none', 'fct_00000000000000000000000000'],
    ['nothing', ''],
  ])('is not found where it is %s', async (_what, factId) => {
    const { undo } = await correctedHome();
    await expect(undo(factId)).rejects.toMatchObject({ kind: 'not-found' });
  });

  it('is not found where the fact is of another kind', async () => {
    const { home, undo } = await correctedHome();
    const facts = await readFacts(home.profile, home.sealer, [home.idOf('prm')], 'metering');
    const raised = facts.find(({ fact }) => fact.type === 'metering.exception.raised.v1');
    await expect(undo(raised?.fact.id ?? '')).rejects.toMatchObject({ kind: 'not-found' });
  });

  it('leaves, with others in any order and blocks that come again between, what those that stand say', async () => {
    const step = fc.oneof(
      fc.record({ act: fc.constant('correct' as const), at: fc.nat(3), value: fc.integer({ min: 1, max: 900 }) }),
      fc.record({ act: fc.constant('undo' as const), which: fc.nat(5) }),
      fc.record({ act: fc.constant('redelivered' as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
        const { home, correct, undo, day } = await correctedHome();
        const made: { readonly id: string; readonly at: number; readonly value: number; stands: boolean }[] = [];
        for (const one of steps) {
          if (one.act === 'redelivered') {
            await home.ingest.take([spiked]);
            await home.settleAll();
          } else if (one.act === 'correct') {
            const start = new Date((startOfDate(zone, '2026-05-04') + one.at * 1800) * 1000).toISOString();
            const id = await correct({ ...correction, start, values: [one.value] });
            made.push({ id, at: one.at, value: one.value, stands: true });
          } else {
            const target = made[one.which % Math.max(1, made.length)];
            if (target === undefined) continue;
            const undone = undo(target.id);
            if (target.stands) await undone;
            else await expect(undone).rejects.toMatchObject({ code: 'correction.undone' });
            target.stands = false;
          }
        }
        const shown = (await day('2026-05-04')).data.slice(0, 4).map(({ value, quality }) => [value, quality]);
        expect(shown).toEqual(
          [0, 1, 2, 3].map((at) => {
            const last = made.findLast((one) => one.stands && one.at === at);
            return last === undefined ? [usual(at), 0] : [last.value, 7];
          }),
        );
      }),
      { numRuns: 20 },
    );
  });
});
