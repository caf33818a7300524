import type { Erasure } from '#shared/messaging/ports.ts';
import { factIdKey, headKey } from '#shared/table/keys.ts';
import type { Key } from '#shared/table/table.ts';
import { completedIdOf, type EraseParts, eraseCustomer } from './erase-customer.ts';

/** How far the register was gone through. */
export interface ErasedAgain {
  /** Entries that were looked at, and those whose erasure had to be done again. */
  readonly looked: number;
  readonly erased: number;
  /** The customer to go on behind, where time was over before all were looked at. */
  readonly next?: string;
}

/** Whether they are told to be erased, or nobody is known by that id. */
const isDone = async ({ profile }: EraseParts, customer: string): Promise<boolean> => {
  const isThere = async (key: Key): Promise<boolean> => (await profile.get(key, { consistent: true })) !== undefined;
  return (await isThere(factIdKey(completedIdOf(customer)))) || !(await isThere(headKey(customer)));
};

/**
 * Holds what is stored against the register of who was erased, as is to be done with tables that were set back before anybody is
 * shown anything: keys that came back are destroyed again, all of them first, and whoever is not told to be erased is erased again.
 * Where nothing came back it is two reads for each. May be stopped anywhere and called again.
 * @param from `next` of the call before
 */
export const eraseAgain = async (
  parts: EraseParts,
  erasures: readonly Erasure[],
  from?: string,
  isOver: () => boolean = () => false,
): Promise<ErasedAgain> => {
  if (from === undefined) for (const { customer } of erasures) await parts.sealer.erase(customer);
  const left = erasures.filter(({ customer }) => from === undefined || customer > from);
  let [looked, erased] = [0, 0];
  for (const { customer, erasedAt } of left) {
    looked += 1;
    if (!(await isDone(parts, customer))) {
      await eraseCustomer(parts, customer, { erasedAt });
      erased += 1;
    }
    if (looked < left.length && isOver()) return { looked, erased, next: customer };
  }
  return { looked, erased };
};
