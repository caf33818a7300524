import { openBenchSystem } from '#scripts/bench/bench-system.ts';
import { judgingOn } from '#scripts/bench/judged-homes.ts';
import { dayMeter, openHomes, takeRecords } from '#scripts/bench/metered-homes.ts';
import { addDays, daysBetween } from '#shared/vocabulary/time.ts';

/** What judging a day of a register costs in units, the closing of its months shared out, counted by DynamoDB's size rules. */
export interface JudgeUnits {
  readonly days: number;
  readonly writes: number;
  readonly reads: number;
}

const zone = 'Europe/London';
const from = '2025-03-01';
/** Long enough that a day is judged with all the days before it that a judgement looks at. */
const counted = { first: '2025-05-01', last: '2025-06-30' };
/**
 * Lets a home send two months of sound days, night by night, after two months that were judged before, and counts what judging them
 * asks of the tables: digests, months that close and the facts of these, and usage that follows. What G1b counts is not among it.
 */
export const countJudgeUnits = async (): Promise<JudgeUnits> => {
  const system = await openBenchSystem(`${from}T12:00:00.000Z`);
  const [home] = await openHomes(system, { names: ['cost'], zone, intervalSeconds: 1800, from });
  if (home === undefined) throw new Error('no home');
  const meter = dayMeter(home);
  const { judgeAll } = judgingOn(system);
  let [days, writes, reads] = [0, 0, 0];
  for (let left = daysBetween(from, counted.last); left >= 0; left -= 1) {
    const date = addDays(counted.last, -left);
    await takeRecords(system, await meter.day(date));
    await system.settle();
    system.reset();
    await judgeAll();
    if (date < counted.first) continue;
    const { writeUnits, readUnits } = system.counts();
    [days, writes, reads] = [days + 1, writes + writeUnits, reads + readUnits];
  }
  await system.close();
  return { days, writes: writes / days, reads: reads / days };
};
