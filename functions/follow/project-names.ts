import { familyNamed } from '#functions/profile.ts';
import type { SearchKeys } from '#functions/search/rules/search-keys.ts';
import { projectWords } from '#functions/search/store/search.ts';
import { searchKeysOf } from '#functions/search/store/search-subjects.ts';
import type { FoldState } from '#shared/profile/rules/fold.ts';
import { familyOfState, readFoldState } from '#shared/profile/store/items.ts';
import { subjectOfPartition } from '#shared/table/keys.ts';
import type { Change, Item, Table } from '#shared/table/table.ts';
import type { Country } from '#shared/text/phone.ts';
import type { FamilyName } from '#shared/vocabulary/fact.ts';

const wordFamilies: ReadonlySet<FamilyName> = new Set<FamilyName>(['identity', 'contact', 'premise']);

const keysOf = (
  subject: string,
  family: FamilyName,
  item: Item | undefined,
  country: Country,
): SearchKeys | undefined => {
  if (item === undefined) return undefined;
  const held: FoldState<unknown> = readFoldState(item);
  // A state of other rules may have another shape; a refold by ours comes by as a change of its own.
  if (held.rules !== familyNamed(family).rules) return undefined;
  return searchKeysOf(subject, new Map([[family, held]]), country);
};

/** Projects the words of names and addresses after the commit that changed them: a customer's name, postal points, a premise's address. */
export const projectNames = async (profile: Table, country: Country, change: Change): Promise<void> => {
  const subject = subjectOfPartition(change.key.pk);
  const shape = change.after ?? change.before;
  if (subject === undefined || shape === undefined || !shape.sk.startsWith('STATE#')) return;
  const family = familyOfState(shape);
  if (family === undefined || !wordFamilies.has(family)) return;
  const before = keysOf(subject, family, change.before, country);
  const after = keysOf(subject, family, change.after, country);
  if (JSON.stringify(before?.words) === JSON.stringify(after?.words)) return;
  await projectWords(profile, { found: subject, before, after });
};
