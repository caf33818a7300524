import type { Merge } from './links.ts';

/** Records that are one customer: the root holds them all, the ids of the others lead to it. */
export interface OneCustomer {
  readonly root: string;
  /** In the order of the alphabet. */
  readonly aliases: readonly string[];
}

/**
 * Which of some records are one customer. What merges join, directly or by others, is one; the root of the group of the survivor that
 * a merge names becomes the root of both groups. A merge within one group joins nothing, until one that did is taken away.
 * @param records all that are looked at; merges that name others count for nothing
 * @param merges those that stand, in fold order
 */
export const customersOf = (records: readonly string[], merges: readonly Merge[]): readonly OneCustomer[] => {
  const groups = new Map<string, { readonly root: string; readonly members: readonly string[] }>(
    records.map((id) => [id, { root: id, members: [id] }]),
  );
  for (const [, survivor, alias] of merges) {
    const [kept, taken] = [groups.get(survivor), groups.get(alias)];
    if (kept === undefined || taken === undefined || kept === taken) continue;
    const joined = { root: kept.root, members: [...kept.members, ...taken.members] };
    for (const id of joined.members) groups.set(id, joined);
  }
  return [...new Set(groups.values())].map(({ root, members }) => ({
    root,
    aliases: members.filter((id) => id !== root).sort(),
  }));
};

/** The records of a customer, the root first. */
export const recordsOfOne = ({ root, aliases }: OneCustomer): readonly string[] => [root, ...aliases];

/** Whom a record is one with; itself alone where no merge says otherwise. */
export const customerOf = (id: string, records: readonly string[], merges: readonly Merge[]): OneCustomer =>
  customersOf(records, merges).find((one) => recordsOfOne(one).includes(id)) ?? { root: id, aliases: [] };
