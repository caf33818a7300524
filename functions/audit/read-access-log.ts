import { type AuditEntry, entryOf, pointerTarget } from '#shared/store/audit.ts';
import { auditPartition, sealKey } from '#shared/store/keys.ts';
import type { Item, Table } from '#shared/store/table.ts';

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

/** Who looked at a subject, when, why and at what, newest first. */
export const readAccessLog = async (
  audit: Table,
  subject: string,
  page: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<AccessLogPage> => {
  const { items, cursor } = await audit.query({
    pk: auditPartition(subject),
    descending: true,
    limit: page.limit,
    consistent: true,
    ...(page.cursor === undefined ? {} : { cursor: page.cursor }),
  });
  const entries = await Promise.all(items.map((item) => logged(audit, item)));
  return { entries: entries.filter((entry) => entry !== undefined), next: cursor ?? null };
};
