import type { FactDefinition } from '#shared/contracts/facts/definition.ts';
import type { FoundGrounds } from '#shared/facts/grounds.ts';
import { mayTakeBack } from '#shared/vocabulary/payment-policy.ts';

/** Whether a fact takes back a payment that is another system's to take back. */
export const isForeignReversal = (
  { takesBack }: Pick<FactDefinition, 'takesBack'>,
  system: string,
  grounds: FoundGrounds,
): boolean => {
  const booked = takesBack === undefined ? undefined : grounds[takesBack]?.system;
  return booked !== undefined && !mayTakeBack(system, booked);
};
