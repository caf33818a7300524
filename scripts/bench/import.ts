import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FilePlan, FileTruth } from './import-files.ts';
import { larger, tellsMemory } from './import-processes.ts';
import { drawnKills, type EndState, type ImportRun, importThrough, type MadeFile, writeFileOf } from './import-run.ts';
import type { Figure, Measurement } from './measurement.ts';

/** 140 meters by 750 days of 96 quarter hours, less what never came: more than ten million intervals. */
const whole: FilePlan = { format: 'nem12', meters: 140, days: 750, first: '2024-01-01', seed: 1 };
const kills = 5;
/** The goals of memory: MB, and how much more twice the file may take. */
const mostMegabytes = { system: 700, command: 220 };
const mostGrowth = 1.2;
/** Somebody lives here already. */
const seed = ['--customers', '20', '--months', '2', '--until', '2026-11-01'];

/** The quality of what was measured (ESPI). */
const valid = 0;

/** Meters whose measured use, as the API tells it, is not to the Wh what the file says. */
export const metersThatDiffer = ({ meters }: FileTruth, { usage }: EndState): readonly string[] =>
  [...meters].flatMap(([name, { measured }]) => {
    const told = usage.get(name)?.byQuality.find(({ quality }) => quality === valid);
    return told?.count === measured.intervals && told.value === measured.wattHours ? [] : [name];
  });

/** Meters whose usage is told otherwise than in another run. */
export const metersToldOtherwise = (one: EndState, other: EndState): readonly string[] =>
  [...one.usage].flatMap(([name, told]) =>
    JSON.stringify(told) === JSON.stringify(other.usage.get(name)) ? [] : [name],
  );

const notCounted =
  'the network, and AWS: one process on this machine with its store on disk, and the command beside it; the file is made before';

interface Runs {
  readonly file: MadeFile;
  readonly small: ImportRun;
  readonly calm: ImportRun;
  readonly killed: ImportRun;
}

const figuresOf = ({ file, small, calm, killed }: Runs): readonly Figure[] => {
  const { truth } = file;
  const figure = (what: string, value: number, unit: string, more: Partial<Figure> = {}): Figure => ({
    name: 'import',
    what,
    value,
    unit,
    notCounted,
    ...more,
  });
  const stored = ({ end, storedBefore }: ImportRun): number => end.readings.intervals - storedBefore;
  const otherwise = metersToldOtherwise(calm.end, killed.end).length;
  return [
    figure('intervals stored of a file, undisturbed', stored(calm), 'intervals', {
      goal: { exactly: truth.intervals },
      beside: [
        { what: 'days of meters', value: truth.days, unit: 'blocks' },
        { what: 'bytes of the file', value: truth.bytes, unit: 'B' },
      ],
    }),
    figure(`the same, the system killed ${killed.kills.system} times`, stored(killed), 'intervals', {
      goal: { exactly: truth.intervals },
      beside: [{ what: 'kills of the command besides', value: killed.kills.command, unit: 'kills' }],
    }),
    figure(
      'digests of the readings of both, how many',
      new Set([calm, killed].map(({ end }) => end.readings.sha256)).size,
      'digests',
      {
        goal: { exactly: 1 },
      },
    ),
    figure(
      'meters whose measured use is not to the Wh what the file says',
      metersThatDiffer(truth, killed.end).length,
      'meters',
      {
        goal: { exactly: 0 },
        beside: [{ what: 'meters', value: truth.meters.size, unit: 'meters' }],
      },
    ),
    figure('meters told otherwise, estimates included, than undisturbed', otherwise, 'meters', {
      goal: { exactly: 0 },
    }),
    figure('most memory of the system of its own, killed or not', larger(calm.system, killed.system).own, 'MB', {
      goal: { atMost: mostMegabytes.system },
      beside: [
        { what: 'undisturbed', value: calm.system.own, unit: 'MB' },
        { what: 'with the pages of its files, undisturbed', value: calm.system.resident, unit: 'MB' },
        { what: 'the same, killed', value: killed.system.resident, unit: 'MB' },
      ],
    }),
    figure('of its own, against a file half as long', calm.system.own / small.system.own, 'times', {
      goal: { atMost: mostGrowth },
      beside: [
        { what: 'half as long', value: small.system.own, unit: 'MB' },
        { what: 'half as long, with the pages of its files', value: small.system.resident, unit: 'MB' },
      ],
    }),
    figure('most memory of the command, resident', larger(calm.command, killed.command).resident, 'MB', {
      goal: { atMost: mostMegabytes.command },
      beside: [{ what: 'half as long', value: small.command.resident, unit: 'MB' }],
    }),
    figure('from the command to its end, undisturbed', calm.importSeconds, 's', {
      beside: [
        { what: 'intervals', value: truth.intervals / calm.importSeconds, unit: 'a second' },
        { what: 'killed and started again', value: killed.importSeconds, unit: 's' },
      ],
    }),
    figure('from there until all days are judged', calm.behindSeconds, 's'),
  ];
};

/** The measurement at a size: a file, undisturbed and killed, and one of half its meters. */
export const measureImport = async (plan: FilePlan): Promise<readonly Figure[]> => {
  const folder = await mkdtemp(join(tmpdir(), 'rotunda-bench-import-'));
  const through = async (file: MadeFile, name: string, strikes: readonly number[]): Promise<ImportRun> => {
    const data = join(folder, name);
    const run = await importThrough(file, { folder: data, seed, kills: strikes });
    await rm(data, { recursive: true });
    return run;
  };
  try {
    const short = await writeFileOf(folder, { ...plan, meters: plan.meters / 2 });
    const file = await writeFileOf(folder, plan);
    const small = await through(short, 'small', []);
    const calm = await through(file, 'calm', []);
    const killed = await through(file, 'killed', drawnKills(kills, plan.seed));
    return figuresOf({ file, small, calm, killed });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** Ten million intervals by `rotunda import`, with the system killed on the way. */
export const importMeasurement: Measurement = {
  name: 'import',
  onlyByName: true,
  title: 'A file of ten million intervals, through the running system on disk',
  measure: async () =>
    tellsMemory ? measureImport(whole) : { skipped: 'memory is read from /proc, which is not here' },
};
