import { wholeDay } from '#functions/readings/rules/runs.ts';
import { type ImportEvents, UnreadableFile } from './read-series.ts';
import type { MeasuredSeries, SeriesBlock } from './rules/interval-series.ts';

/** What a whole file says of one series. */
export interface SurveyedSeries {
  readonly series: MeasuredSeries;
  /** The power of ten in which every value is an integer. */
  readonly powerOfTen: number;
  /** The earliest start of an interval with a value, or register read, Unix seconds. */
  readonly first: number;
  /** The length most intervals have, seconds; a day where they last 23 to 25 hours; where dials are read at odd times, an hour or a day. */
  readonly intervalSeconds: number;
  readonly hasNegative: boolean;
}

interface Tally {
  readonly series: MeasuredSeries;
  powerOfTen: number;
  first: number;
  hasNegative: boolean;
  advances: boolean;
  readonly lengths: Map<number, number>;
}

/** Local days last as long as this, seconds. */
const [shortestDay, longestDay] = [82_800, 90_000];

const count = (tally: Tally, { powerOfTen, intervals, reads = [], advances = false }: SeriesBlock): void => {
  tally.advances ||= advances;
  for (const read of reads) {
    tally.powerOfTen = Math.min(tally.powerOfTen, read.powerOfTen);
    tally.first = Math.min(tally.first, read.at);
  }
  tally.powerOfTen = Math.min(tally.powerOfTen, powerOfTen);
  for (const { start, seconds, value } of intervals) {
    if (value === null) continue;
    tally.first = Math.min(tally.first, start);
    tally.hasNegative ||= value < 0;
    const length = seconds >= shortestDay && seconds <= longestDay ? wholeDay : seconds;
    tally.lengths.set(length, (tally.lengths.get(length) ?? 0) + 1);
  }
};

/** Dials that are read more often than this, at odd times, tell the use of hours; in seconds. */
const [hour, aboutHourly] = [3600, 5400];

/** The length that a register of a series has. */
const lengthOf = ({ lengths, advances }: Tally): number => {
  const [length] = [...lengths].reduce((best, one) => (one[1] > best[1] ? one : best), [wholeDay, 0]);
  if (!advances || (length <= wholeDay && length % 60 === 0)) return length;
  const [all, often] = [...lengths].reduce(
    ([sum, short], [seconds, count]) => [sum + count, seconds <= aboutHourly ? short + count : short],
    [0, 0],
  );
  return often * 2 > all ? hour : wholeDay;
};

/** A look through a whole file, which cannot be taken up again, does not fit into the time there is. */
export class LookTooLong extends Error {
  constructor() {
    super('the file is too long to be looked through at once');
    this.name = 'LookTooLong';
  }
}

/** Series that one look holds. */
export const mostSeries = 200_000;

/** Reads a file to its end and says what its series are; those without a value are left out. Throws LookTooLong, UnreadableFile. */
export const surveyFile = async (events: ImportEvents, isOver: () => boolean): Promise<readonly SurveyedSeries[]> => {
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
      advances: false,
      lengths: new Map(),
    };
    tallies.set(key, tally);
    if (tallies.size > mostSeries) throw new UnreadableFile('file.too-many-series');
    count(tally, block);
  }
  return [...tallies.values()]
    .filter(({ first }) => Number.isFinite(first))
    .map((tally) => {
      const { series, powerOfTen, first, hasNegative } = tally;
      return { series, powerOfTen, first, hasNegative, intervalSeconds: lengthOf(tally) };
    });
};
