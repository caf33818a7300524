import type { FoundGrounds } from '#shared/facts/grounds.ts';
import { mayTakeBack } from '#shared/profile/rules/reversals.ts';

/** Whether a fact takes back a payment that is another system's to take back. */
export const isForeignReversal = (type: string, system: string, { payment }: FoundGrounds): boolean =>
  type === 'billing.payment.reversed.v1' && payment?.system !== undefined && !mayTakeBack(system, payment.system);
