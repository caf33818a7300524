import { oneByOne, type TakeChanges } from '#shared/edge/changes.ts';
import { stateOf } from '#shared/profile/rules/states.ts';
import { readFact } from '#shared/profile/store/items.ts';
import { loadStored, loadSurvivor } from '#shared/profile/store/subjects.ts';
import type { Change } from '#shared/table/table.ts';
import { type EraseParts, eraseCustomer } from './erase-customer.ts';
import { erasure } from './rules/erasure.ts';

/** The customer whose erasure a change says was approved: its first copy, so that it is taken once. */
const approvedIn = ({ key, before, after }: Change): string | undefined => {
  if (before !== undefined || after === undefined || !key.sk.startsWith('FACT#erasure#')) return undefined;
  const { fact } = readFact(after);
  return fact.type === 'customer.erasure.approved.v1' ? fact.subjects[0] : undefined;
};

/** Carries out what was approved. A change may come twice: what was erased then is erased again, and finds nothing left. */
export const erasureReader = (parts: EraseParts): TakeChanges =>
  oneByOne(async (change) => {
    const named = approvedIn(change);
    if (named === undefined) return;
    const customer = await loadSurvivor(parts.profile, await loadStored(parts.profile, named));
    const { approved } = stateOf(customer.states, erasure).state;
    if (approved !== null) await eraseCustomer(parts, customer.subject);
  });
