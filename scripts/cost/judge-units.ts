import { FollowInsights } from '#functions/insight/follow-judged.ts';
import { openBenchSystem } from '#scripts/bench/bench-system.ts';
import { changesReader, judgingOn } from '#scripts/bench/judged-homes.ts';
import { dayMeter, openHomes, takeRecords } from '#scripts/bench/metered-homes.ts';
import { addDays, daysBetween } from '#shared/vocabulary/time.ts';

/** What judging a day of a register costs in units, the closing of its months shared out, counted by DynamoDB's size rules. */
export interface JudgeUnits {
  readonly days: number;
  readonly writes: number;
  readonly reads: number;
  /** Of looking at each day for what it tells, beside these. */
  readonly lookWrites: number;
  readonly lookReads: number;
}

const zone = 'Europe/London';
const from = '2025-03-01';
/** Long enough that a day is judged with all the days before it that a judgement looks at. */
const counted = { first: '2025-05-01', last: '2025-06-30' };
/** One day in so many is looked at, as that judges weeks each time. */
const lookedEach = 5;
/**
 * Lets a home send two months of sound days, night by night, after two months that were judged before, and counts what judging them
 * asks of the tables: digests, months that close and the facts of these, and usage that follows; and what looking at them for what they tell asks. What G1b counts is not among it.
 */
export const countJudgeUnits = async (): Promise<JudgeUnits> => {
  const system = await openBenchSystem(`${from}T12:00:00.000Z`);
  const [home] = await openHomes(system, { names: ['cost'], zone, intervalSeconds: 1800, from });
  if (home === undefined) throw new Error('no home');
  const meter = dayMeter(home);
  const { judgeAll } = judgingOn(system);
  const { profile, readings, clock } = system;
  const news = changesReader(system);
  const insights = new FollowInsights({ profile, readings, now: () => clock.now() });
  let [days, writes, reads] = [0, 0, 0];
  let [looks, lookWrites, lookReads] = [0, 0, 0];
  for (let left = daysBetween(from, counted.last); left >= 0; left -= 1) {
    const date = addDays(counted.last, -left);
    await takeRecords(system, await meter.day(date));
    await system.settle();
    system.reset();
    await judgeAll();
    const judged = system.counts();
    const changes = await news();
    if (date < counted.first) continue;
    [days, writes, reads] = [days + 1, writes + judged.writeUnits, reads + judged.readUnits];
    if (days % lookedEach !== 0) continue;
    system.reset();
    await insights.changes(changes);
    const looked = system.counts();
    [looks, lookWrites, lookReads] = [looks + 1, lookWrites + looked.writeUnits, lookReads + looked.readUnits];
  }
  await system.close();
  return {
    days,
    writes: writes / days,
    reads: reads / days,
    lookWrites: lookWrites / looks,
    lookReads: lookReads / looks,
  };
};
