import type { MeterGround } from '#shared/vocabulary/measures.ts';
import type { QuarantineReason } from '#shared/vocabulary/statuses.ts';
import { futureTolerance } from './accept-block.ts';

/** Why what a meter told of one instant cannot be kept. */
export interface MessageRefusal {
  readonly reason: QuarantineReason;
  readonly code: string;
}

/** Where the meter measured at an instant (Unix seconds); undefined where it measured nowhere. */
export const installationAt = <Installation extends MeterGround['installations'][number]>(
  installations: readonly Installation[],
  at: number,
): Installation | undefined =>
  installations.findLast(
    ({ from, to }) => Date.parse(from) <= at * 1000 && (to === null || at * 1000 < Date.parse(to)),
  );

/**
 * Whether what a meter told of an instant can be kept: the register (where it is about one) is the meter's, the instant is not
 * ahead of its receipt by more than clocks may be, not before readings are accepted, and the meter was installed then.
 * `at` and `receivedAt` are Unix seconds.
 */
export const acceptMessage = (
  ground: MeterGround,
  message: { readonly at: number; readonly register?: string },
  receivedAt: number,
): MessageRefusal | undefined => {
  const register = ground.registers.find(({ id }) => id === message.register);
  if (message.register !== undefined && register === undefined) {
    return { reason: 'register.unknown', code: 'unknown-register' };
  }
  if (message.at > receivedAt + futureTolerance) return { reason: 'block.future', code: 'after-receipt' };
  if (register?.acceptFrom !== undefined && message.at * 1000 < Date.parse(register.acceptFrom)) {
    return { reason: 'block.too-old', code: 'before-accept-from' };
  }
  return installationAt(ground.installations, message.at) === undefined
    ? { reason: 'meter.not-installed', code: 'not-installed' }
    : undefined;
};
