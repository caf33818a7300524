import type { Committer } from '#shared/facts/commit.ts';
import { readHead } from '#shared/profile/store/items.ts';
import { headKey, subjectKindOf, subjectOfPartition } from '#shared/table/keys.ts';
import type { Change, Item, Table } from '#shared/table/table.ts';

export interface PlaceReadersDeps {
  readonly profile: Table;
  readonly committer: Committer;
}

const placesOf = (item: Item | undefined): string => {
  if (item === undefined) return '';
  const head = readHead(item);
  return JSON.stringify([head.readers, head.premises]);
};

/**
 * Brings the readers of premises in step with the accounts that take service there: when the readers or premises of an
 * account change, each premise it takes or took service at is told who reads it now. Reads the account as it stands, so that a
 * change that comes twice or late ends the same.
 */
export const placeReaders = async (deps: PlaceReadersDeps, change: Change): Promise<void> => {
  const subject = subjectOfPartition(change.key.pk);
  if (subject === undefined || change.key.sk !== headKey(subject).sk || subjectKindOf(subject) !== 'account') return;
  if (placesOf(change.before) === placesOf(change.after)) return;
  const item = await deps.profile.get(headKey(subject), { consistent: true });
  const now = item === undefined ? undefined : readHead(item);
  const before = change.before === undefined ? [] : readHead(change.before).premises;
  const after = change.after === undefined ? [] : readHead(change.after).premises;
  const current = new Set(now?.premises ?? []);
  for (const premise of new Set([...before, ...after, ...current])) {
    await deps.committer.placeReaders(premise, subject, current.has(premise) ? (now?.readers ?? []) : []);
  }
};
