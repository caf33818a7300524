import type { FoldState } from '#shared/profile/rules/fold.ts';
import { partsPrefix, subjectPartition } from '#shared/table/keys.ts';
import type { Table } from '#shared/table/table.ts';
import type { FamilyName } from '#shared/vocabulary/fact.ts';
import { partOfState } from './items.ts';
import { readCurrentState } from './subjects.ts';

/** A page of the parts of a family, in the order of their names; refuses (`rules.older`) where other rules folded one. */
export const readPartsPage = async (
  profile: Table,
  subject: string,
  family: FamilyName,
  { limit, after }: { readonly limit: number; readonly after: string | undefined },
): Promise<{ readonly parts: ReadonlyMap<string, FoldState<unknown>>; readonly next: string | null }> => {
  const prefix = partsPrefix(family);
  const { items } = await profile.query({
    pk: subjectPartition(subject),
    from: after === undefined ? prefix : `${prefix}${after}~`,
    to: `${prefix}~`,
    limit: limit + 1,
    consistent: true,
  });
  const named = items.flatMap((item) => {
    const part = partOfState(item.sk)?.part;
    return part === undefined ? [] : [[part, readCurrentState(subject, family, item)] as const];
  });
  const shown = named.slice(0, limit);
  return { parts: new Map(shown), next: named.length > limit ? (shown.at(-1)?.[0] ?? null) : null };
};
