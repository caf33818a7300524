import type { BlockPlace } from '#functions/readings/rules/accept-block.ts';
import { endOf, type IntervalRun } from '#functions/readings/rules/runs.ts';
import { blockOf, readingsItem } from '#functions/readings/store/readings.ts';
import { type Estimate, runOfEstimate } from '#functions/validation/rules/estimate/estimate.ts';
import { readingsBlockOf, readingsDatePrefix, readingsKey, readingsPartition } from '#shared/table/keys.ts';
import type { Key, Table, Write } from '#shared/table/table.ts';
import { addDays, localDateAt, midnightBefore } from '#shared/vocabulary/time.ts';
import { allItemsOf, type RegisterPlace } from './judged-registers.ts';

/** Puts an estimate into its layer of a day's blocks, where no other stands under its revision. */
export const estimateWrite = (
  { meter, register }: RegisterPlace,
  zone: string,
  estimate: Estimate,
  revision: number,
): Write => {
  const place = {
    date: estimate.date.replaceAll('-', ''),
    startMinute: (estimate.from - midnightBefore(zone, estimate.from)) / 60,
    completeDay: false,
  };
  return {
    in: 'readings',
    put: readingsItem(meter, register, place, revision, runOfEstimate(estimate), 'estimate'),
    when: { kind: 'absent' },
  };
};

/** Query of the blocks of a register on the days, of any zone, that [from, to) meets, and on those beside them. */
const daysAround = ({ meter, register }: RegisterPlace, from: number, to: number) => {
  const label = (at: number, days: number): string =>
    readingsDatePrefix(addDays(localDateAt('UTC', at), days).replaceAll('-', ''));
  // The date of any zone is within one day of that in UTC.
  return { pk: readingsPartition(meter, register), from: label(from, -2), to: `${label(to, 2)}~` };
};

/** The estimates of a register on the days of [from, to), Unix seconds, and on those beside them. */
export const estimateKeys = async (
  readings: Table,
  place: RegisterPlace,
  from: number,
  to: number,
): Promise<readonly Key[]> =>
  (await allItemsOf(readings, daysAround(place, from, to)))
    .filter(({ sk }) => readingsBlockOf(sk).kind === 'estimate')
    .map(({ pk, sk }) => ({ pk, sk }));

/** A correction among the blocks of a day: its place, and the revision it has there. */
export interface CorrectionPlace extends RegisterPlace {
  readonly block: BlockPlace;
  readonly revision: number;
}

/** Puts a correction beside the readings of its day, where no other stands under its revision. `fact` is the one that tells of it. */
export const correctionWrite = (
  { meter, register, block, revision }: CorrectionPlace,
  run: IntervalRun,
  fact: string,
): Write => ({
  in: 'readings',
  put: { ...readingsItem(meter, register, { ...block, completeDay: false }, revision, run, 'correction'), fact },
  when: { kind: 'absent' },
});

/** Takes a correction from the readings of its day, where it is the one that a fact told of. */
export const correctionRemoval = ({ meter, register, block, revision }: CorrectionPlace, fact: string): Write => ({
  in: 'readings',
  remove: readingsKey(meter, register, { ...block, completeDay: false, revision, kind: 'correction' }),
  when: { kind: 'equals', attribute: 'fact', is: fact },
});

/** A correction as it stands among the readings, with the fact that tells of it. */
export interface StandingCorrection extends RegisterPlace {
  readonly run: IntervalRun;
  readonly revision: number;
  readonly fact: string;
}

/** The corrections of a register that meet [from, to), Unix seconds, by day and start. */
export const readCorrections = async (
  readings: Table,
  { meter, register }: RegisterPlace,
  from: number,
  to: number,
): Promise<readonly StandingCorrection[]> => {
  const found = await allItemsOf(readings, daysAround({ meter, register }, from, to));
  return found.flatMap((item) => {
    if (typeof item.fact !== 'string') return [];
    const { run, revision } = blockOf(item);
    return run.start < to && from < endOf(run) ? [{ meter, register, run, revision, fact: item.fact }] : [];
  });
};
