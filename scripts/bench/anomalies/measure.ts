import { AnomalyDetector, alarmScore } from '#functions/insight/rules/detect/detect.ts';
import { packState } from '#functions/insight/rules/detect/pack-state.ts';
import type { Figure, Measurement, Skipped } from '../measurement.ts';
import { Draws } from './draws.ts';
import { faultKinds } from './faults.ts';
import { episodesAt, faultsFound, homeSettings, judgeSeries, nabTable } from './judge-series.ts';
import { quietSeries } from './quiet.ts';
import { isShared, sharedHomes } from './shared-series.ts';

const monthSeconds = (365.25 / 12) * 86_400;
const faultsEach = 10;

const nabFigures = (): readonly Figure[] => {
  const { files, columns, bestThreshold } = nabTable(alarmScore);
  const [ours, best, ...peers] = columns;
  const beside = peers.map(({ detector, norm }) => ({ what: detector, value: norm, unit: 'of 100' }));
  const notCounted = "the peers' own choice: each stands at its best threshold over NAB's whole corpus";
  const byFile = files.map((file, place): Figure => {
    const of = (scores: readonly number[] | undefined) => scores?.[place] ?? 0;
    return {
      name: `nab-${file.replace('.csv', '')}`,
      what: `NAB, score in ${file}`,
      value: of(ours?.scores),
      unit: '',
      beside: peers.map(({ detector, scores }) => ({ what: detector, value: of(scores), unit: '' })),
      notCounted,
    };
  });
  return [
    {
      name: 'nab-norm',
      what: `NAB, normalised score at the fixed threshold of ${alarmScore}`,
      value: ours?.norm ?? 0,
      unit: 'of 100',
      goal: { atLeast: 85 },
      beside,
      notCounted,
    },
    {
      name: 'nab-norm-best',
      what: `NAB, normalised score at the best single threshold, ${bestThreshold}`,
      value: best?.norm ?? 0,
      unit: 'of 100',
      goal: { atLeast: 90 },
      beside,
      notCounted,
    },
    ...byFile,
  ];
};

const faultGoals: Readonly<Record<string, number>> = { spike: 98, stuck: 98, dead: 93 };

const homeFigures = (): readonly Figure[] => {
  let [episodes, months, bytes] = [0, 0, 0];
  const counts = new Map(faultKinds.map((kind) => [kind, { found: 0, injected: 0 }]));
  for (const [customer, rows] of sharedHomes()) {
    const judged = judgeSeries(rows, homeSettings);
    episodes += episodesAt(judged, alarmScore).length;
    months += ((rows.at(-1)?.at ?? 0) - (rows[0]?.at ?? 0)) / monthSeconds;
    const inWattHours = new AnomalyDetector({ ...homeSettings, wattHours: 1 });
    for (const { at, value } of rows) inWattHours.judge({ at, value: Math.round(1000 * value) });
    bytes = Math.max(bytes, packState(inWattHours.state()).length);
    for (const { kind, found, injected } of faultsFound(
      rows,
      judged,
      new Draws(Number(customer)),
      faultsEach,
      alarmScore,
    )) {
      const count = counts.get(kind);
      if (count === undefined) continue;
      count.found += found;
      count.injected += injected;
    }
  }
  return [
    {
      name: 'home-episodes',
      what: 'episodes of a home in a month',
      value: episodes / months,
      unit: '',
      goal: { atMost: 0.8 },
      notCounted: 'whether they are true: nobody labelled these homes',
    },
    {
      name: 'detector-state',
      what: 'largest state of a half-hourly register, packed',
      value: bytes,
      unit: 'B',
      goal: { atMost: 12_288 },
      notCounted: 'compression',
    },
    ...[...counts].map(([kind, { found, injected }]): Figure => {
      const goal = faultGoals[kind];
      return {
        name: `fault-${kind.replaceAll(' ', '-')}`,
        what: `faults found: ${kind} (${found} of ${injected})`,
        value: (100 * found) / injected,
        unit: '%',
        ...(goal === undefined ? {} : { goal: { atLeast: goal } }),
        notCounted: 'places where the home raised an alarm by itself, or stood empty',
      };
    }),
  ];
};

const quietFigure = (): Figure => {
  let [alarms, rows] = [0, 0];
  for (const series of quietSeries()) {
    rows += series.rows.length;
    alarms += judgeSeries(series.rows, { step: series.step, zone: '+00:00' }).filter(({ alarm }) => alarm).length;
  }
  return {
    name: 'quiet-alarms',
    what: `alarms in ${rows} made-up rows in which nothing happens`,
    value: (10_000 * alarms) / rows,
    unit: 'in 10,000',
    goal: { atMost: 1 },
    notCounted: 'series of other shapes than the ten of quiet.ts',
  };
};

/** How well the detector does on series that others scored too, on homes, on faults and where nothing happens. */
export const anomalies: Measurement = {
  name: 'anomalies',
  title: 'Anomalies in reading streams',
  measure: async (): Promise<readonly Figure[] | Skipped> => {
    const absent = ['anomaly-nab', 'sgsc-au-halfhourly'].filter((set) => !isShared(set));
    if (absent.length > 0) return { skipped: `the data sets ${absent.join(' and ')} are not beside this checkout` };
    return [...nabFigures(), ...homeFigures(), quietFigure()];
  },
};
