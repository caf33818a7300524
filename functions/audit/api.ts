import { notFound } from '#shared/edge/authorise.ts';
import type { Operations } from '#shared/edge/operation.ts';
import { loadHead } from '#shared/store/subjects.ts';
import type { Table } from '#shared/store/table.ts';
import { type LoggedAccess, readAccessLog } from './read-access-log.ts';

const describe = ({ entry, sealed }: LoggedAccess) => ({
  id: entry.id,
  at: entry.at,
  actor: entry.actor,
  actorKind: entry.actorKind,
  act: entry.act,
  ...(entry.purpose === undefined ? {} : { purpose: entry.purpose }),
  ...(entry.reason === undefined ? {} : { reason: entry.reason }),
  route: entry.route,
  ...(entry.asOf === undefined ? {} : { asOf: entry.asOf }),
  ...(entry.knownAt === undefined ? {} : { knownAt: entry.knownAt }),
  outcome: entry.outcome,
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
      return { body: { data: entries.map(describe), next } };
    },
  }) satisfies Partial<Operations>;
