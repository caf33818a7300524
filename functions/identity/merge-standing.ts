import { idNamespace } from '#shared/store/grounds.ts';
import { optionalText, textsOf } from '#shared/store/items.ts';
import { factIdKey, referenceKey } from '#shared/store/keys.ts';
import { loadSubject, loadSurvivor } from '#shared/store/subjects.ts';
import type { Table } from '#shared/store/table.ts';

/** A merge as it stands now. */
export interface MergeStanding {
  /** Who holds the record now: where the survivor was merged further, the survivor of that. */
  readonly survivor: string;
  readonly alias: string;
  readonly stands: boolean;
  /** Records that stay the survivor's own if it is undone. */
  readonly own: readonly string[];
  /** Records that go with the alias. */
  readonly theirs: readonly string[];
}

/** The merge of an id; undefined where there is none. */
export const mergeStanding = async (profile: Table, merge: string): Promise<MergeStanding | undefined> => {
  const key = referenceKey('merge', { namespace: idNamespace, value: merge });
  const claim = await profile.get(key, { consistent: true });
  const fact = claim === undefined ? undefined : optionalText(claim, 'fact');
  const place = fact === undefined ? undefined : await profile.get(factIdKey(fact), { consistent: true });
  const [named = '', parted] = place === undefined ? [] : textsOf(place, 'subjects');
  if (parted === undefined) return undefined;
  const alias = await loadSubject(profile, parted);
  const survivor = await loadSurvivor(profile, alias);
  const theirs = new Set([alias.subject, ...alias.head.aliases]);
  const stands = alias.head.mergedBy === fact && survivor.subject !== alias.subject;
  return {
    survivor: stands ? survivor.subject : named,
    alias: alias.subject,
    stands,
    own: survivor.head.aliases.filter((id) => !theirs.has(id)),
    theirs: alias.head.aliases,
  };
};
