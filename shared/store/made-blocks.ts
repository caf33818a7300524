import type { BlockPlace } from '#shared/domain/metering/accept-block.ts';
import type { IntervalRun } from '#shared/domain/metering/runs.ts';
import { type Estimate, runOfEstimate } from '#shared/domain/vee/estimate.ts';
import { midnightBefore } from '#shared/vocabulary/time.ts';
import type { RegisterPlace } from './judged-registers.ts';
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

/** Puts a correction beside the readings of its day, where no other stands under its revision. */
export const correctionWrite = (
  { meter, register }: RegisterPlace,
  place: BlockPlace,
  revision: number,
  run: IntervalRun,
): Write => ({
  in: 'readings',
  put: readingsItem(meter, register, { ...place, completeDay: false }, revision, run, 'correction'),
  when: { kind: 'absent' },
});
