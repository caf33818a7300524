import { isUnsaid } from '#shared/access/acts.ts';
import { notFound } from '#shared/edge/authorise.ts';
import type { Operations } from '#shared/edge/operation.ts';
import type { AuditEntry } from '#shared/facts/audit.ts';
import { loadHead } from '#shared/profile/store/subjects.ts';
import type { Table } from '#shared/table/table.ts';
import { type LoggedAccess, readAccessLog } from './read-access-log.ts';

/** What was done, as far as who asks is told of it: staff all of it, customers not what they are told of nowhere else. */
const doneIn = ({ act, route, outcome }: AuditEntry, isOwner: boolean) =>
  isOwner && isUnsaid(act) ? { outcome: outcome.replace(/:.*$/, '') } : { act, route, outcome };

const describe = ({ entry, sealed }: LoggedAccess, isOwner: boolean) => ({
  ...doneIn(entry, isOwner),
  id: entry.id,
  at: entry.at,
  actor: entry.actor,
  actorKind: entry.actorKind,
  ...(entry.purpose === undefined ? {} : { purpose: entry.purpose }),
  ...(entry.reason === undefined ? {} : { reason: entry.reason }),
  ...(entry.asOf === undefined ? {} : { asOf: entry.asOf }),
  ...(entry.knownAt === undefined ? {} : { knownAt: entry.knownAt }),
  fields: entry.fields,
  count: entry.count,
  ...(entry.times === undefined ? {} : { times: entry.times }),
  requestId: entry.requestId,
  sealed,
});

/** Operations on the audit: who looked at a customer's data. */
export const auditOperations = (parts: { readonly audit: Table; readonly profile: Table }) =>
  ({
    readAccessLog: async (request) => {
      if (request.subjectId === undefined) throw notFound();
      const { limit, cursor } = request.query;
      const { aliases } = await loadHead(parts.profile, request.subjectId);
      const records = [request.subjectId, ...aliases];
      const { entries, next } = await readAccessLog(parts.audit, records, { limit, cursor });
      return { body: { data: entries.map((one) => describe(one, request.own !== undefined)), next } };
    },
  }) satisfies Partial<Operations>;
