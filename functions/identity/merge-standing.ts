import { stateOf } from '#shared/domain/profile/families.ts';
import { links, type Merge } from '#shared/domain/profile/links.ts';
import { customersOf, type OneCustomer, recordsOfOne } from '#shared/domain/profile/one-customer.ts';
import { idNamespace } from '#shared/store/grounds.ts';
import { optionalText, textsOf } from '#shared/store/items.ts';
import { factIdKey, referenceKey } from '#shared/store/keys.ts';
import { type LoadedSubject, loadSubject, loadSurvivor } from '#shared/store/subjects.ts';
import type { Table } from '#shared/store/table.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';

/** What would come of a merge or of its undoing: who would be one customer. */
export interface Outcome {
  /** Who holds both records, or keeps what is theirs. */
  readonly stays: OneCustomer;
  /** Who would be a customer of their own; undefined where other merges hold all together. */
  readonly leaves: OneCustomer | undefined;
}

/** A merge as it stands now. */
export interface MergeStanding extends Outcome {
  /** Both records, as it names them. */
  readonly survivor: string;
  readonly alias: string;
  readonly stands: boolean;
}

const standingOf = ({ states }: LoadedSubject): readonly Merge[] => stateOf(states, links).state.standing;

const customerOf = ({ subject, head }: LoadedSubject): OneCustomer => ({ root: subject, aliases: head.aliases });

/** Whoever holds a record now. Throws DomainError where that is being merged or parted: nothing of it stands in the state yet. */
const holderOf = async (profile: Table, record: string): Promise<LoadedSubject> => {
  const holder = await loadSurvivor(profile, await loadSubject(profile, record));
  if (holder.head.rebuilding?.flipped === false)
    throw new DomainError('unavailable', 'commit.busy', 'The record is being merged or parted; try again.', {
      retryAfterSeconds: 1,
    });
  return holder;
};

/** The merge of an id, and what its undoing would come to; undefined where there is none. */
export const mergeStanding = async (profile: Table, merge: string): Promise<MergeStanding | undefined> => {
  const key = referenceKey('merge', { namespace: idNamespace, value: merge });
  const claim = await profile.get(key, { consistent: true });
  const fact = claim === undefined ? undefined : optionalText(claim, 'fact');
  const place = fact === undefined ? undefined : await profile.get(factIdKey(fact), { consistent: true });
  const [survivor, alias] = place === undefined ? [] : textsOf(place, 'subjects');
  if (survivor === undefined || alias === undefined) return undefined;
  const holder = await holderOf(profile, survivor);
  const now = customerOf(holder);
  const merges = standingOf(holder);
  const others = merges.filter(([id]) => id !== merge);
  const parts = customersOf(recordsOfOne(now), others);
  const stays = parts.find((one) => recordsOfOne(one).includes(now.root)) ?? now;
  const leaves = parts.find((one) => one !== stays);
  return { survivor, alias, stands: others.length < merges.length, stays, leaves };
};

/** Whether a merge of these two stands already, whichever of them it names first. */
export const areMerged = async (profile: Table, one: string, other: string): Promise<boolean> =>
  standingOf(await holderOf(profile, one)).some(
    ([, survivor, alias]) => (survivor === one && alias === other) || (survivor === other && alias === one),
  );

/** Who would be one customer if two records were merged now. */
export const ifMerged = async (profile: Table, survivor: string, alias: string): Promise<OneCustomer> => {
  const [kept, taken] = [await holderOf(profile, survivor), await holderOf(profile, alias)];
  if (kept.subject === taken.subject) return customerOf(kept);
  const records = [kept, taken].flatMap((one) => recordsOfOne(customerOf(one)));
  const [joined] = customersOf(records, [...standingOf(kept), ...standingOf(taken), ['', survivor, alias]]);
  return joined ?? customerOf(kept);
};
