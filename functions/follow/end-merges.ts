import type { Committer } from '#shared/facts/commit.ts';
import { readHead } from '#shared/profile/store/items.ts';
import { headKey, subjectKindOf, subjectOfPartition } from '#shared/table/keys.ts';
import type { Change } from '#shared/table/table.ts';

/**
 * Goes on with a merge or undoing that a customer's HEAD says is under way, whoever began it and wherever they stopped: one that
 * came by the bus has nobody else. What has been done meanwhile is not done again; where others write the same records the change
 * fails and comes again.
 */
export const endMerges = async (deps: { readonly committer: Committer }, change: Change): Promise<void> => {
  const subject = subjectOfPartition(change.key.pk);
  if (subject === undefined || change.key.sk !== headKey(subject).sk || subjectKindOf(subject) !== 'customer') return;
  if (change.after === undefined || readHead(change.after).rebuilding === undefined) return;
  await deps.committer.rebuild(subject);
};
