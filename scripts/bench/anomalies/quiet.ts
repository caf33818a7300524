import type { SeriesReading } from '#functions/insight/rules/detect/detect.ts';
import { Draws } from './draws.ts';

/** A made-up series in which nothing happens. */
export interface QuietSeries {
  readonly name: string;
  readonly step: number;
  readonly rows: readonly SeriesReading[];
}

type Shape = (draws: Draws) => (hour: number, day: number) => number;

const evening = (hour: number): number => Math.exp(-((hour - 19) ** 2) / 6) + 0.5 * Math.exp(-((hour - 8) ** 2) / 3);
const isWeekend = (day: number): boolean => day % 7 >= 5;

const shapes: Readonly<Record<string, Shape>> = {
  constant: () => () => 45,
  noise: (draws) => () => 100 + 5 * draws.normal(),
  'sine and noise': (draws) => (hour) => 50 + 20 * Math.sin((2 * Math.PI * hour) / 24) + 2 * draws.normal(),
  'random walk': (draws) => {
    let place = 1000;
    return () => {
      place += draws.normal();
      return place;
    };
  },
  'mean-reverting walk': (draws) => {
    let off = 0;
    return () => {
      off = 0.97 * off + draws.normal();
      return 200 + off;
    };
  },
  'heavy tails': (draws) => () => 100 + 5 * draws.student(3),
  'heavy tails, one-sided': (draws) => () => 10 * Math.exp(0.8 * draws.normal()),
  counts: (draws) => (hour) => draws.count(3 + 2 * Math.sin((2 * Math.PI * hour) / 24)),
  'rare counts': (draws) => () => draws.count(0.2),
  'daily profile': (draws) => (hour, day) =>
    (0.2 + evening(hour) * (isWeekend(day) ? 1.4 : 1)) * Math.exp(0.3 * draws.normal()),
};

const begin = Date.UTC(2024, 0, 1) / 1000;

const seriesOf = (name: string, shape: Shape, step: number, seed: number, count: number): QuietSeries => {
  const value = shape(new Draws(seed));
  const rows = Array.from({ length: count }, (_, row) => {
    const seconds = row * step;
    const day = Math.floor(seconds / 86_400);
    return { at: begin + seconds, value: value((seconds % 86_400) / 3600, day) };
  });
  return { name, step, rows };
};

/** Twenty series: each shape in two steps, 10,000 rows each. */
export const quietSeries = (seed = 1): readonly QuietSeries[] =>
  Object.entries(shapes).flatMap(([name, shape], place) =>
    (place % 2 === 0 ? [300, 3600] : [300, 1800]).map((step, turn) =>
      seriesOf(name, shape, step, seed * 1000 + place * 10 + turn, 10_000),
    ),
  );
