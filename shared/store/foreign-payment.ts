import { mayTakeBack } from '#shared/domain/profile/reversals.ts';
import { idNamespace } from './fold-family.ts';
import { optionalText } from './items.ts';
import { factIdKey, referenceKey } from './keys.ts';
import type { Table } from './table.ts';

/**
 * Whether a fact takes back a payment that is another system's to take back. One that is not there yet is judged when it comes: such
 * a reversal has no effect.
 */
export const isForeignReversal = async (
  profile: Table,
  type: string,
  system: string,
  data: Readonly<Record<string, unknown>>,
): Promise<boolean> => {
  if (type !== 'billing.payment.reversed.v1') return false;
  const payment = referenceKey('payment', { namespace: idNamespace, value: String(data.payment) });
  const claim = await profile.get(payment, { consistent: true });
  const fact = claim === undefined ? undefined : optionalText(claim, 'fact');
  const place = fact === undefined ? undefined : await profile.get(factIdKey(fact), { consistent: true });
  const booked = place === undefined ? undefined : optionalText(place, 'system');
  return booked !== undefined && !mayTakeBack(system, booked);
};
