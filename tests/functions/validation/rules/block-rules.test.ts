import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { acceptBlock } from '#functions/readings/rules/accept-block.ts';
import { blockChanges, judgeBlock } from '#functions/validation/rules/block-rules.ts';
import { judgeDays } from '#functions/validation/rules/judge-day.ts';
import { quality, type Register } from '#shared/vocabulary/measures.ts';
import { nextMidnight, startOfDate } from '#shared/vocabulary/time.ts';
import { alone, groundOf, hourly, wholeDay } from './judged-days.ts';

const installed = { from: Date.parse('2026-03-01T00:00:00Z') / 1000, to: Date.parse('2026-06-01T00:00:00Z') / 1000 };
const register: Register = { ...hourly, acceptFrom: '2026-03-01T00:00:00.000Z' };

describe('a block as it arrives', () => {
  it('is refused by the rules exactly where the door of the telemetry refuses it', () => {
    const ground = { ...groundOf(register), installed: [installed] };
    const meter = {
      registers: [register],
      installations: [
        { from: new Date(installed.from * 1000).toISOString(), to: new Date(installed.to * 1000).toISOString() },
      ],
    };
    fc.assert(
      fc.property(
        fc.integer({ min: installed.from - 3 * 86_400, max: installed.to + 3 * 86_400 }),
        fc.constantFrom(0, 0, 0, 1, 60, 900),
        fc.constantFrom(3600, 3600, 3600, 1800),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: -7200, max: 7200 }),
        (near, off, interval, count, late) => {
          const start = Math.floor(near / 3600) * 3600 + off;
          const run = { start, interval, values: new Array<number>(count).fill(5) };
          const end = start + interval * count;
          // Blocks that cross midnight or an end of the installation are the door's own business.
          fc.pre(end - interval < nextMidnight(register.zone, start));
          fc.pre([installed.from, installed.to].every((edge) => edge <= start || end <= edge));
          const refused = judgeBlock({ run, receivedAt: end + late }, ground).some(
            ({ severity }) => severity === 'reject' || severity === 'quarantine',
          );
          expect(refused).toBe('reason' in acceptBlock(meter, register.id, run, end + late));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('is judged worst first', () => {
    const start = startOfDate(hourly.zone, '2026-03-04') + 60;
    const found = judgeBlock(
      {
        run: { start, interval: 1800, values: [1] },
        receivedAt: start,
        unit: 'varh',
        multiplier: 3,
        meterClock: start + 600,
      },
      { ...groundOf(), installed: [] },
    );
    expect(found.map(({ ruleId, severity }) => `${severity} ${ruleId}`)).toEqual([
      'reject future-time',
      'reject interval-size',
      'reject alignment',
      'reject unit-of-measure',
      'quarantine inactive-device',
      'fail multiplier',
      'warn time-drift',
    ]);
  });

  it('that failed stands over its intervals when the day is judged', () => {
    const date = '2026-03-04';
    const start = startOfDate(hourly.zone, date) + 3 * 3600;
    const found = judgeBlock(
      { run: { start, interval: 3600, values: [103, 104] }, receivedAt: start + 7200, multiplier: 40 },
      groundOf(),
    );
    const input = alone(groundOf(), [{ date, blocks: [wholeDay(hourly, date, (index) => 100 + index)] }]);
    const known = found.map((exception) => ({ exception, state: 'open' as const }));
    const [day] = judgeDays({ ...input, known }).days;
    const questionable = day?.intervals.flatMap((one, index) => (one.quality === quality.questionable ? [index] : []));
    expect(questionable).toEqual([3, 4]);
    expect(day?.rules.find(({ ruleId }) => ruleId === 'multiplier')?.verdict).toBe('fail');
    expect(judgeDays({ ...input, known }).changes).toEqual([]);
  });

  it('that is sent again rightly resolves what it left', () => {
    const start = startOfDate(hourly.zone, '2026-03-04');
    const run = { start, interval: 3600, values: [103, 104] };
    const wrong = judgeBlock({ run, receivedAt: start + 7200, multiplier: 40 }, groundOf());
    const opened = blockChanges([], wrong, run);
    expect(opened).toMatchObject([{ was: null, state: 'open', exception: { ruleId: 'multiplier' } }]);
    expect(blockChanges(opened, wrong, run)).toEqual([]);
    const right = judgeBlock({ run, receivedAt: start + 7200, multiplier: 1 }, groundOf());
    expect(blockChanges(opened, right, run)).toMatchObject([{ was: 'open', state: 'resolved' }]);
    const shorter = { ...run, values: [103] };
    expect(blockChanges(opened, [], shorter)).toEqual([]);
  });
});
