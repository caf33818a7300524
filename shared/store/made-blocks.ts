import type { BlockPlace } from '#shared/domain/metering/accept-block.ts';
import type { IntervalRun } from '#shared/domain/metering/runs.ts';
import { type Estimate, runOfEstimate } from '#shared/domain/vee/estimate.ts';
import { midnightBefore } from '#shared/vocabulary/time.ts';
import type { RegisterPlace } from './judged-registers.ts';
import { readingsKey } from './keys.ts';
import { readingsItem } from './readings.ts';
import type { Write } from './table.ts';

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
