import { writeFile } from 'node:fs/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import { alarmScore } from '#functions/insight/rules/detect/detect.ts';
import { type Episode, episodesOf } from '#functions/insight/rules/detect/episodes.ts';
import { waterAlerts, waterEpisodes } from '#functions/insight/rules/water-eras.ts';
import { isZone } from '#shared/vocabulary/zones.ts';
import { type JudgedFile, type JudgedRow, judgeFile } from './detect/judge-file.ts';
import { readSeriesFile, type SeriesRow } from './detect/series-file.ts';
import { CommandFailure, exitCodes } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

/** Wh or litres of a value of 1. */
const units = { Wh: { wattHours: 1 }, kWh: { wattHours: 1000 }, L: { litres: 1 } } as const;

interface DetectOptions {
  readonly scores?: string;
  readonly unit?: keyof typeof units;
  readonly zone: string;
  readonly timeColumn?: string;
  readonly valueColumn?: string;
  readonly json?: boolean;
}

const zoneOf = (text: string): string => {
  if (isZone(text)) return text;
  throw new InvalidArgumentError('a zone such as Australia/Sydney, or an offset such as +10:00');
};

const cell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** Score of a row, and whether it is an alarm: where an episode opens, and at each hour of water that is told. */
const shownOf = (row: JudgedRow | undefined): { readonly score: number; readonly alarm: boolean } => {
  if (row === undefined) return { score: 0, alarm: false };
  if (row.hour === undefined || row.hour.reasons.length === 0) return row;
  return { score: Math.max(row.score, alarmScore), alarm: true };
};

const scoreLines = (rows: readonly SeriesRow[], { judged }: JudgedFile): string =>
  [
    'timestamp,value,score,alarm',
    ...rows.map(({ timestamp, text }, place) => {
      const { score, alarm } = shownOf(judged[place]);
      return `${cell(timestamp)},${cell(text)},${score.toFixed(4)},${alarm ? 1 : 0}`;
    }),
  ].join('\n');

const read = async (path: string, options: DetectOptions): Promise<readonly [readonly SeriesRow[], JudgedFile]> => {
  try {
    const rows = await readSeriesFile(path, options);
    return [rows, judgeFile(rows, { zone: options.zone, ...(options.unit && units[options.unit]) })];
  } catch (cause) {
    throw new CommandFailure(exitCodes.failed, `${path}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
};

const instantText = (at: number): string => new Date(at * 1000).toISOString().replace('.000Z', 'Z');

const told = ({ from, to, reason, score, excess }: Episode) => ({
  from: instantText(from),
  to: instantText(to),
  reason,
  score: Math.round(score * 100) / 100,
  excess: Number(excess.toPrecision(6)),
});

/** Names of what is told of water, as the running system tells it. */
const waterNames = { steady: 'even-flow', high: 'high-flow', away: 'away-flow' } as const;

/** What the hours of water tell; a register that runs back is an exception of its readings in the running system. */
const waterTold = (judged: readonly JudgedRow[]) => {
  const hours = judged.flatMap(({ hour }) => hour ?? []);
  const endless = hours.filter(({ reasons }) => reasons.includes('endless')).map(({ at }) => instantText(at));
  const episodes = waterEpisodes(waterAlerts(hours)).map(({ reason, from, to, hours: count, most, total }) => ({
    from: instantText(from),
    to: instantText(to),
    reason: waterNames[reason],
    hours: count,
    most,
    total,
  }));
  return { episodes, endless, hoursBack: hours.filter(({ reasons }) => reasons.includes('negative')).length };
};

const notes = (
  { notTimes, notNumbers, repeated, apart, ordered, hourly, step }: JudgedFile,
  unit: DetectOptions['unit'],
): readonly string[] =>
  [
    unit === 'L' && !hourly
      ? `readings every ${step ?? 0} s make no hours: leaks, bursts and the like are not looked for`
      : '',
    notTimes > 0 ? `${notTimes} rows have no time that can be read` : '',
    notNumbers > 0 ? `${notNumbers} rows have no number` : '',
    repeated > 0 ? `${repeated} rows repeat a time: the first stands` : '',
    apart > 0 ? `${apart} rows lie far before all others: not judged` : '',
    ordered ? '' : 'the rows are not in order of time: judged in that order all the same',
  ].filter((text) => text !== '');

const detect = async (path: string, options: DetectOptions, terminal: Terminal): Promise<void> => {
  const started = performance.now();
  const [rows, file] = await read(path, options);
  for (const note of notes(file, options.unit)) terminal.note(note);
  if (options.scores !== undefined) await writeFile(options.scores, `${scoreLines(rows, file)}\n`);
  const judged = file.judged.filter((one) => one !== undefined).sort((left, right) => left.at - right.at);
  const episodes = episodesOf(judged).map(told);
  const water = file.hourly ? waterTold(judged) : undefined;
  const summary = {
    rows: rows.length,
    judged: judged.length,
    notTimes: file.notTimes,
    notNumbers: file.notNumbers,
    repeated: file.repeated,
    apart: file.apart,
    stepSeconds: file.step ?? null,
    alarms: judged.filter((row) => shownOf(row).alarm).length,
    seconds: Math.round(performance.now() - started) / 1000,
  };
  if (options.json) {
    terminal.out(JSON.stringify({ ...summary, episodes, ...(water === undefined ? {} : { water }) }));
    return;
  }
  for (const { from, to, reason, score } of episodes) terminal.out(`${from} to ${to}: ${reason}, score ${score}`);
  for (const { from, to, reason, hours, total } of water?.episodes ?? [])
    terminal.out(`${from} to ${to}: ${reason}, ${total} litres in ${hours} ${hours === 1 ? 'hour' : 'hours'}`);
  for (const at of water?.endless ?? []) terminal.out(`${at}: night-flow, the water has not stopped for a day`);
  if (water !== undefined && water.hoursBack > 0)
    terminal.out(`the register ran back, or was not back yet, in ${water.hoursBack} hours`);
  terminal.out(`${summary.judged} of ${summary.rows} rows judged, ${summary.alarms} alarms`);
};

/** `rotunda detect`: finds what is unusual in a series, with no running system. */
export const detectCommand = (terminal: Terminal): Command =>
  new Command('detect')
    .description(
      'find what is unusual in a series of readings, each judged from those before it; needs no running system',
    )
    .argument('<file>', 'file with a time and a value in each row, .gz or not')
    .addOption(new Option('--format <format>', 'format of the file').choices(['series-csv']).default('series-csv'))
    .option(
      '--scores <file>',
      'where to write each row: timestamp, value, score, alarm (1 where an episode opens, and at each hour of water that is told)',
    )
    .addOption(
      new Option(
        '--unit <unit>',
        'unit of the values: what is too small to matter is then left out, and water (L) is also looked at hour by hour',
      ).choices(Object.keys(units)),
    )
    .option('--zone <zone>', 'zone in which days are cut and times without an offset are read', zoneOf, '+00:00')
    .option('--time-column <column>', 'column with the time (else found by its name or by what it holds)')
    .option('--value-column <column>', 'column with the value (else found by its name or by what it holds)')
    .option('--json', 'print one summary object last')
    .action((file: string, options: DetectOptions) => detect(file, options, terminal));
