import type { MeterGround } from '#shared/vocabulary/measures.ts';
import type { QuarantineReason } from '#shared/vocabulary/statuses.ts';
import { localDateAt, midnightBefore, nextMidnight } from '#shared/vocabulary/time.ts';
import { endOf, type IntervalRun, wholeDay } from './runs.ts';

/** Intervals may end this much after their receipt: the tolerance for clocks of meters, in seconds. */
export const futureTolerance = 300;

/** Where an accepted block is kept: local date as yyyymmdd, minutes since local midnight, whether it is the whole day. */
export interface BlockPlace {
  readonly date: string;
  readonly startMinute: number;
  readonly completeDay: boolean;
}

export type BlockVerdict =
  | { readonly place: BlockPlace }
  | { readonly reason: QuarantineReason; readonly code: string };

const refused = (reason: QuarantineReason, code: string): BlockVerdict => ({ reason, code });

const isInstalled = (ground: MeterGround, from: number, to: number): boolean =>
  ground.installations.some(
    (installation) =>
      Date.parse(installation.from) < to * 1000 &&
      (installation.to === null || from * 1000 < Date.parse(installation.to)),
  );

/**
 * Whether a block of a register can be kept, and where. `receivedAt` is in Unix seconds.
 * A block speaks of one local date of the register's zone, on the register's interval counted from local midnight.
 */
export const acceptBlock = (
  ground: MeterGround,
  registerId: string,
  run: IntervalRun,
  receivedAt: number,
): BlockVerdict => {
  const register = ground.registers.find(({ id }) => id === registerId);
  if (register === undefined) return refused('register.unknown', 'unknown-register');
  if (register.intervalSeconds !== run.interval) return refused('register.mismatch', 'other-interval');
  const end = endOf(run);
  if (end > receivedAt + futureTolerance) return refused('block.future', 'ends-after-receipt');
  const { acceptFrom, zone } = register;
  if (acceptFrom !== undefined && run.start * 1000 < Date.parse(acceptFrom)) {
    return refused('block.too-old', 'before-accept-from');
  }
  const midnight = midnightBefore(zone, run.start);
  if ((run.start - midnight) % run.interval !== 0) return refused('register.mismatch', 'off-the-grid');
  const next = nextMidnight(zone, run.start);
  if (end - run.interval >= next) return refused('block.invalid', 'crosses-midnight');
  if (!isInstalled(ground, run.start, end)) return refused('meter.not-installed', 'not-installed');
  return {
    place: {
      date: localDateAt(zone, run.start).replaceAll('-', ''),
      startMinute: (run.start - midnight) / 60,
      completeDay: run.start === midnight && (end >= next || run.interval === wholeDay),
    },
  };
};
