import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { readStamp } from '#functions/imports/rules/stamps.ts';
import type { SeriesReading } from '#functions/insight/rules/detect/detect.ts';
import type { Window } from './nab-score.ts';

const folder = fileURLToPath(new URL('../../../../shared/data/', import.meta.url));

/** Whether a data set lies beside this checkout. */
export const isShared = (set: string): boolean => existsSync(`${folder}${set}`);

/** Text of a shared file, unpacked. Throws where there is none. */
export const sharedText = (path: string): string => {
  const bytes = readFileSync(`${folder}${path}`);
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
};

/** Cells of a file without quotes, the header left out. */
export const sharedRows = (path: string): readonly (readonly string[])[] =>
  sharedText(path)
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));

/** Unix seconds of a time of a file, in UTC where it has no offset. Throws where it is none. */
export const secondsOf = (text: string): number => {
  const at = readStamp(text, '+00:00', undefined);
  if (typeof at === 'string') throw new RangeError(`${at}: ${text}`);
  return at;
};

/** A labelled series of the Numenta Anomaly Benchmark. */
export interface NabSeries {
  readonly file: string;
  readonly rows: readonly SeriesReading[];
  readonly windows: readonly Window[];
}

const windowsIn = (rows: readonly SeriesReading[], labels: readonly (readonly [string, string])[]): readonly Window[] =>
  labels.map(([from, to]) => [
    rows.findIndex(({ at }) => at >= secondsOf(from)),
    rows.findLastIndex(({ at }) => at <= secondsOf(to)),
  ]);

/** The shared series of NAB with their windows. */
export const nabSeries = (): readonly NabSeries[] => {
  const labels: Readonly<Record<string, readonly (readonly [string, string])[]>> = JSON.parse(
    sharedText('anomaly-nab/windows.json'),
  );
  return Object.entries(labels).map(([file, windows]) => {
    const rows = sharedRows(`anomaly-nab/${file}.gz`).map(([at = '', value]) => ({
      at: secondsOf(at),
      value: Number(value),
    }));
    return { file, rows, windows: windowsIn(rows, windows) };
  });
};

/** Score of each peer in each file, at the peer's best threshold over NAB's whole corpus. */
export const peerScores = (): readonly { readonly detector: string; readonly file: string; readonly score: number }[] =>
  JSON.parse(sharedText('anomaly-nab/peer-scores-standard.json'));

/** Half-hourly kWh of the Australian homes, by customer. */
export const sharedHomes = (): ReadonlyMap<string, readonly SeriesReading[]> => {
  const homes = new Map<string, SeriesReading[]>();
  for (const [customer = '', at = '', value] of sharedRows('sgsc-au-halfhourly/households.csv.gz')) {
    const rows = homes.get(customer) ?? [];
    homes.set(customer, rows);
    rows.push({ at: secondsOf(at), value: Number(value) });
  }
  return homes;
};
