import { idNamespace } from '#shared/facts/grounds.ts';
import type { Sealer } from '#shared/facts/seal.ts';
import type { Merge } from '#shared/profile/rules/links.ts';
import { customersOf, type OneCustomer, recordsOfOne } from '#shared/profile/rules/one-customer.ts';
import { optionalText, textsOf } from '#shared/profile/store/items.ts';
import { standingMerges } from '#shared/profile/store/rebuild-merged.ts';
import { type LoadedSubject, loadSubject, loadSurvivor } from '#shared/profile/store/subjects.ts';
import { factIdKey, referenceKey } from '#shared/table/keys.ts';
import type { Table } from '#shared/table/table.ts';
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

export interface MergesDeps {
  readonly profile: Table;
  readonly sealer: Sealer;
}

const customerOf = ({ subject, head }: LoadedSubject): OneCustomer => ({ root: subject, aliases: head.aliases });

const standingOf = (deps: MergesDeps, holder: LoadedSubject): Promise<readonly Merge[]> =>
  standingMerges(deps, recordsOfOne(customerOf(holder)));

/** Whoever holds a record now. Throws DomainError where that is being merged or parted: it is shown as before. */
const holderOf = async ({ profile }: MergesDeps, record: string): Promise<LoadedSubject> => {
  const holder = await loadSurvivor(profile, await loadSubject(profile, record));
  if (holder.head.rebuilding?.flipped === false)
    throw new DomainError('unavailable', 'commit.busy', 'The record is being merged or parted; try again.', {
      retryAfterSeconds: 1,
    });
  return holder;
};

/** The merge of an id, and what its undoing would come to; undefined where there is none. */
export const mergeStanding = async (deps: MergesDeps, merge: string): Promise<MergeStanding | undefined> => {
  const { profile } = deps;
  const key = referenceKey('merge', { namespace: idNamespace, value: merge });
  const claim = await profile.get(key, { consistent: true });
  const fact = claim === undefined ? undefined : optionalText(claim, 'fact');
  const place = fact === undefined ? undefined : await profile.get(factIdKey(fact), { consistent: true });
  const [survivor, alias] = place === undefined ? [] : textsOf(place, 'subjects');
  if (survivor === undefined || alias === undefined) return undefined;
  const holder = await holderOf(deps, survivor);
  const now = customerOf(holder);
  const merges = await standingOf(deps, holder);
  const others = merges.filter(([id]) => id !== merge);
  const parts = customersOf(recordsOfOne(now), others);
  const stays = parts.find((one) => recordsOfOne(one).includes(now.root)) ?? now;
  const leaves = parts.find((one) => one !== stays);
  return { survivor, alias, stands: others.length < merges.length, stays, leaves };
};

/** Whether a merge of these two stands already, whichever of them it names first. */
export const areMerged = async (deps: MergesDeps, one: string, other: string): Promise<boolean> =>
  (await standingOf(deps, await holderOf(deps, one))).some(
    ([, survivor, alias]) => (survivor === one && alias === other) || (survivor === other && alias === one),
  );

/** Who would be one customer if two records were merged now. */
export const ifMerged = async (deps: MergesDeps, survivor: string, alias: string): Promise<OneCustomer> => {
  const [kept, taken] = [await holderOf(deps, survivor), await holderOf(deps, alias)];
  if (kept.subject === taken.subject) return customerOf(kept);
  const records = [kept, taken].flatMap((one) => recordsOfOne(customerOf(one)));
  const merges = [...(await standingOf(deps, kept)), ...(await standingOf(deps, taken))];
  const [joined] = customersOf(records, [...merges, ['', survivor, alias]]);
  return joined ?? customerOf(kept);
};
