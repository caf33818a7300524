import { type AuditEntry, entryOf, pointerTarget } from '#shared/facts/audit.ts';
import { auditPartition, sealKey } from '#shared/table/keys.ts';
import type { Item, Table } from '#shared/table/table.ts';

/** An entry of the access log, and whether it stands in a chain already. */
export interface LoggedAccess {
  readonly entry: AuditEntry;
  readonly sealed: boolean;
}

export interface AccessLogPage {
  readonly entries: readonly LoggedAccess[];
  /** Position to go on from; null at the end. */
  readonly next: string | null;
}

/** The entry in an item, or the one a pointer leads to. */
const follow = async (audit: Table, item: Item): Promise<AuditEntry | undefined> => {
  const target = pointerTarget(item);
  const standing = target === undefined ? item : await audit.get(target, { consistent: true });
  return standing === undefined ? undefined : entryOf(standing);
};

const logged = async (audit: Table, item: Item): Promise<LoggedAccess | undefined> => {
  const entry = await follow(audit, item);
  if (entry === undefined) return undefined;
  return { entry, sealed: (await audit.get(sealKey(entry.id))) !== undefined };
};

/** Who looked at a subject and at the records merged into it, when, why and at what, newest first. */
export const readAccessLog = async (
  audit: Table,
  records: readonly string[],
  page: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<AccessLogPage> => {
  const { limit, cursor } = page;
  const read = async (record: string): Promise<readonly Item[]> => {
    // One more than fits, and the one the page before ended with.
    const query = { pk: auditPartition(record), descending: true, limit: limit + 2, consistent: true };
    const { items } = await audit.query(cursor === undefined ? query : { ...query, to: cursor });
    return items.filter(({ sk }) => sk !== cursor);
  };
  const found = (await Promise.all(records.map(read))).flat();
  // An entry that names several of the records stands with each of them.
  const bySk = new Map(found.map((item) => [item.sk, item] as const));
  const newest = [...bySk.values()].sort((a, b) => (a.sk < b.sk ? 1 : -1));
  const shown = newest.slice(0, limit);
  const entries = await Promise.all(shown.map((item) => logged(audit, item)));
  return {
    entries: entries.filter((entry) => entry !== undefined),
    next: newest.length > limit ? (shown.at(-1)?.sk ?? null) : null,
  };
};
