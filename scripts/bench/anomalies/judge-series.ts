import {
  AnomalyDetector,
  type DetectorSettings,
  episodeSeconds,
  type Judged,
  type SeriesReading,
} from '#functions/insight/rules/detect/detect.ts';
import type { Draws } from './draws.ts';
import { type FaultKind, faultKinds, type InjectedFault, injectFault } from './faults.ts';
import { nabNorm, nabScore } from './nab-score.ts';
import { nabSeries, peerScores } from './shared-series.ts';

/** Judges a whole series, reading by reading. */
export const judgeSeries = (
  rows: readonly SeriesReading[],
  settings: DetectorSettings,
  detector = new AnomalyDetector(settings),
): readonly Judged[] => rows.map((row) => detector.judge(row));

/** Rows at which an episode opens, were the threshold another one. */
export const episodesAt = (judged: readonly Judged[], threshold: number): readonly number[] => {
  const opened: number[] = [];
  let last = Number.NEGATIVE_INFINITY;
  judged.forEach(({ at, score }, row) => {
    if (score < threshold) return;
    if (at - last > episodeSeconds) opened.push(row);
    last = at;
  });
  return opened;
};

/** Settings of the half-hourly homes, whose readings are kWh. */
export const homeSettings: DetectorSettings = { step: 1800, zone: '+10:00', wattHours: 1000 };

/** One column of the NAB table: a detector, its score in each file, and the normalised one. */
export interface NabColumn {
  readonly detector: string;
  readonly scores: readonly number[];
  readonly norm: number;
}

/** The NAB table: ours at a threshold, ours at the best single one, and the peers. Files in the order of the labels. */
export const nabTable = (
  threshold: number,
): { readonly files: readonly string[]; readonly columns: readonly NabColumn[]; readonly bestThreshold: number } => {
  const series = nabSeries().map((one) => {
    const [first, second] = one.rows;
    return { ...one, judged: judgeSeries(one.rows, { step: (second?.at ?? 0) - (first?.at ?? 0), zone: '+00:00' }) };
  });
  const windows = series.reduce((sum, one) => sum + one.windows.length, 0);
  const column = (detector: string, scores: readonly number[]): NabColumn => ({
    detector,
    scores,
    norm: nabNorm(
      scores.reduce((sum, score) => sum + score, 0),
      windows,
    ),
  });
  const oursAt = (at: number): readonly number[] =>
    series.map((one) => nabScore(one.rows.length, one.windows, episodesAt(one.judged, at)));
  const thresholds = Array.from({ length: 161 }, (_, place) => 2 + place / 20);
  const tried = thresholds.map((at) => ({ at, ...column('ours, best', oursAt(at)) }));
  const best = tried.reduce((left, right) => (right.norm > left.norm ? right : left));
  const files = series.map(({ file }) => file);
  const found = peerScores();
  const peers = new Set(found.map(({ detector }) => detector));
  const columns = [
    column('ours', oursAt(threshold)),
    { detector: best.detector, scores: best.scores, norm: best.norm },
    ...[...peers].map((detector) =>
      column(
        detector,
        files.map((file) => found.find((one) => one.detector === detector && one.file === file)?.score ?? 0),
      ),
    ),
  ];
  return { files, columns, bestThreshold: best.at };
};

/** How many faults of a kind were put in where the home raised nothing by itself, and how many of them were found. */
export interface FaultCount {
  readonly kind: FaultKind;
  readonly found: number;
  readonly injected: number;
}

const planOf = (rows: readonly SeriesReading[], draws: Draws, each: number): readonly InjectedFault[] =>
  faultKinds
    .flatMap((kind) => Array.from({ length: each }, () => injectFault(rows, kind, draws)))
    .filter((fault) => fault !== undefined)
    .sort((left, right) => left.first - right.first);

/** Puts faults of each kind into a home, one at a time, each into the home as it was; `untouched` is the home judged without. */
export const faultsFound = (
  rows: readonly SeriesReading[],
  untouched: readonly Judged[],
  draws: Draws,
  each: number,
  threshold: number,
): readonly FaultCount[] => {
  const detector = new AnomalyDetector(homeSettings);
  const counts = new Map(faultKinds.map((kind) => [kind, { kind, found: 0, injected: 0 }]));
  let row = 0;
  for (const { kind, first, readings } of planOf(rows, draws, each)) {
    for (; row < first; row += 1) {
      const reading = rows[row];
      if (reading !== undefined) detector.judge(reading);
    }
    if (untouched.slice(first, first + readings.length).some(({ score }) => score >= threshold)) continue;
    const judged = judgeSeries(readings, homeSettings, new AnomalyDetector(homeSettings, detector.state()));
    const count = counts.get(kind);
    if (count === undefined) continue;
    count.injected += 1;
    if (judged.some(({ score }) => score >= threshold)) count.found += 1;
  }
  return [...counts.values()];
};
