import type { MeasuredSeries, SeriesBlock, SeriesEvents } from '#shared/domain/formats/interval-series.ts';

/** What a whole file says of one series. */
export interface SurveyedSeries {
  readonly series: MeasuredSeries;
  /** The power of ten in which every value is an integer. */
  readonly powerOfTen: number;
  /** Start of the earliest interval with a value, Unix seconds. */
  readonly first: number;
  /** The length most intervals have, seconds. */
  readonly intervalSeconds: number;
  readonly hasNegative: boolean;
}

interface Tally {
  readonly series: MeasuredSeries;
  powerOfTen: number;
  first: number;
  hasNegative: boolean;
  readonly lengths: Map<number, number>;
}

const count = (tally: Tally, { powerOfTen, intervals }: SeriesBlock): void => {
  tally.powerOfTen = Math.min(tally.powerOfTen, powerOfTen);
  for (const { start, seconds, value } of intervals) {
    if (value === null) continue;
    tally.first = Math.min(tally.first, start);
    tally.hasNegative ||= value < 0;
    tally.lengths.set(seconds, (tally.lengths.get(seconds) ?? 0) + 1);
  }
};

const commonest = (lengths: ReadonlyMap<number, number>): number =>
  [...lengths].reduce((best, one) => (one[1] > best[1] ? one : best), [0, 0])[0];

/** A look through a whole file, which cannot be taken up again, does not fit into the time there is. */
export class LookTooLong extends Error {
  constructor() {
    super('the file is too long to be looked through at once');
    this.name = 'LookTooLong';
  }
}

/** Reads a file to its end and says what its series are; those without a value are left out. Throws LookTooLong. */
export const surveyFile = async (events: SeriesEvents, isOver: () => boolean): Promise<readonly SurveyedSeries[]> => {
  const tallies = new Map<string, Tally>();
  for await (const { block } of events) {
    if (isOver()) throw new LookTooLong();
    if (block === undefined) continue;
    const { namespace, reference, register, unit } = block.series;
    const key = JSON.stringify([namespace, reference, register, unit]);
    const tally: Tally = tallies.get(key) ?? {
      series: block.series,
      powerOfTen: 0,
      first: Number.POSITIVE_INFINITY,
      hasNegative: false,
      lengths: new Map(),
    };
    tallies.set(key, tally);
    count(tally, block);
  }
  return [...tallies.values()]
    .filter(({ lengths }) => lengths.size > 0)
    .map(({ lengths, ...tally }) => ({ ...tally, intervalSeconds: commonest(lengths) }));
};
