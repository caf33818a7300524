import type { ListedGroup } from '#shared/profile/rules/fold.ts';
import { readTaken, writeTaken } from '#shared/profile/store/items.ts';
import { readAll } from '#shared/profile/store/subjects.ts';
import { subjectPartition, takesKey, takesPrefix } from '#shared/table/keys.ts';
import type { Key, Query, Table, Write } from '#shared/table/table.ts';

/** The list of groups where some changed, and what is written of that. */
export const listWrites = (
  homeOf: (group: string) => string,
  before: readonly (ListedGroup | undefined)[],
  after: readonly (ListedGroup | undefined)[],
): readonly Write[] => {
  const [was, is] = [before, after].map((all) => all.flatMap((one) => one ?? []));
  const keyOf = ({ group, until }: ListedGroup): Key => takesKey(homeOf(group), group, until);
  const kept = new Set((is ?? []).map((one) => keyOf(one).sk));
  return [
    ...(is ?? []).map((one): Write => ({ put: writeTaken(homeOf(one.group), one) })),
    ...(was ?? []).flatMap((one): readonly Write[] => (kept.has(keyOf(one).sk) ? [] : [{ remove: keyOf(one) }])),
  ];
};

/** The list of groups as it lies with a record, and with those that lead to it. */
export const readListed = async (
  profile: Table,
  records: readonly string[],
  range: Pick<Query, 'from' | 'to' | 'prefix'> = { prefix: takesPrefix },
): Promise<readonly ListedGroup[]> => {
  const pages = await Promise.all(
    records.map((record) => readAll(profile, { pk: subjectPartition(record), ...range, consistent: true })),
  );
  return pages.flat().map(readTaken);
};

/** The first of each record's list. */
export const readLatest = async (
  profile: Table,
  records: readonly string[],
  most: number,
): Promise<readonly ListedGroup[]> => {
  const place = { prefix: takesPrefix, descending: true, limit: most, consistent: true };
  const pages = await Promise.all(records.map((record) => profile.query({ pk: subjectPartition(record), ...place })));
  return pages.flatMap(({ items }) => items).map(readTaken);
};
