import { createHash } from 'node:crypto';
import { crockford26 } from '#shared/runtime/identify.ts';
import { type AuditEntry, auditItems } from './audit.ts';
import type { CommitRequest, Kept } from './commit.ts';

/** A door that facts come in by without a person asking: the inbound bus, the telemetry of meters. */
export interface Door {
  /** Who sends, as the door has verified it, e.g. `system:billing`. */
  readonly actor: string;
  /** Id of the message or batch, for logs. */
  readonly requestId: string;
  /** Name of the door. */
  readonly route: 'inbound bus' | 'telemetry' | 'import';
  readonly now: () => number;
}

/** One audit entry for each commit of facts that came by a door, in the commit. */
export const doorAudit =
  ({ actor, requestId, route, now }: Door): NonNullable<CommitRequest['beside']> =>
  (kept: Kept) => {
    const [subject = ''] = kept.subjects;
    const ids = kept.facts.map((fact) => fact.id).join(' ');
    const entry: AuditEntry = {
      at: new Date(now()).toISOString(),
      id: crockford26(createHash('sha256').update(`inbound ${ids}`).digest()),
      actor,
      actorKind: 'system',
      act: 'facts.write',
      requestId,
      route,
      outcome: 'allowed',
      fields: [],
      count: kept.facts.length,
      subject,
      named: [...kept.subjects],
    };
    return auditItems(entry);
  };
