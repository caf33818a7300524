import { addDays, daysBetween } from '#shared/vocabulary/time.ts';
import { type BenchSystem, openBenchSystem } from './bench-system.ts';
import { judgingOn } from './judged-homes.ts';
import type { Figure, Measurement } from './measurement.ts';
import { dayMeter, openHomes, takeRecords } from './metered-homes.ts';

const zone = 'Europe/London';
const intervalSeconds = 1800;
const from = '2025-03-01';
/** A day in the middle of a month, with all the days before it that a judgement looks at, and nothing unusual in it. */
const quiet = '2025-05-14';
const history = { homes: 8, last: '2025-06-30' };

/** What one more day of a home asks of the tables. */
interface QuietDay {
  readonly judged: { readonly requests: number; readonly readUnits: number; readonly writeUnits: number };
  readonly whole: { readonly requests: number; readonly readUnits: number; readonly writeUnits: number };
}

const homesOf = async (system: BenchSystem, names: readonly string[]) =>
  (await openHomes(system, { names, zone, intervalSeconds, from })).map(dayMeter);

/** Judges a home night by night, and counts the night of the quiet day. */
export const countQuietDay = async (): Promise<QuietDay> => {
  const system = await openBenchSystem(`${from}T12:00:00.000Z`);
  const [meter] = await homesOf(system, ['judged']);
  if (meter === undefined) throw new Error('no home');
  const { judge, judgeAll } = judgingOn(system);
  for (let left = daysBetween(from, quiet); left > 0; left -= 1) {
    await takeRecords(system, await meter.day(addDays(quiet, -left)));
    await system.settle();
    await judgeAll();
  }
  await takeRecords(system, await meter.day(quiet));
  await system.settle();
  system.reset();
  await judge();
  const judged = system.counts();
  await judgeAll();
  const whole = system.counts();
  await system.close();
  return { judged, whole };
};

/** Judges a history of homes that comes at once, and takes the time of it. */
const judgeHistory = async () => {
  const system = await openBenchSystem(`${from}T12:00:00.000Z`);
  const names = Array.from({ length: history.homes }, (_, index) => `history-${index}`);
  let days = 0;
  for (const meter of await homesOf(system, names)) {
    for (let left = daysBetween(from, history.last); left >= 0; left -= 1) {
      await takeRecords(system, await meter.day(addDays(history.last, -left)));
      days += 1;
    }
  }
  await system.settle();
  system.reset();
  const { judge, judgeAll } = judgingOn(system);
  const before = process.cpuUsage();
  while ((await judge()) > 0);
  const judged = process.cpuUsage(before);
  const { requests } = system.counts();
  await judgeAll();
  const whole = process.cpuUsage(before);
  await system.close();
  const seconds = ({ user, system: inSystem }: NodeJS.CpuUsage): number => (user + inSystem) / 1_000_000;
  return { days, requests, judging: seconds(judged), whole: seconds(whole) };
};

const notCounted = "counted by DynamoDB's size rules, not billed by AWS; the readings themselves, usage, insights";

/** What it takes to judge days of registers: of a live feed, where one closes, and of a history that comes at once. */
export const judging: Measurement = {
  name: 'judging',
  title: 'Days of registers judged',
  measure: async () => {
    const { judged, whole } = await countQuietDay();
    const { days, requests, judging: seconds, whole: all } = await judgeHistory();
    const ofADay = (what: string, value: number, unit: string, exactly: number): Figure => ({
      name: 'judging',
      what: `a quiet day of a live feed closes: ${what}`,
      value,
      unit,
      goal: { exactly },
      notCounted,
    });
    return [
      {
        ...ofADay('requests of judging', judged.requests, 'requests', 12),
        beside: [{ what: 'consistent reads', value: judged.readUnits, unit: 'RRU' }],
      },
      ofADay('units written', judged.writeUnits, 'WRU', 1),
      ofADay('requests with all that follows: months, tasks, facts', whole.requests, 'requests', 13),
      {
        name: 'judging',
        what: `a history of ${days} days at once: days judged a second of processor time`,
        value: days / seconds,
        unit: 'days a second',
        beside: [
          { what: 'with months closed and facts told', value: days / all, unit: 'days a second' },
          { what: 'requests of judging', value: requests / days, unit: 'a day' },
        ],
        notCounted,
      },
    ];
  },
};
