import { createHash } from 'node:crypto';
import { crockford26 } from '#shared/runtime/identify.ts';
import { ConditionFailed, type Table, type Write } from '#shared/table/table.ts';
import { auditItems, auditUnavailable, type NewEntry } from './audit.ts';
import type { Kept } from './plan-commit.ts';

/** What the entries of facts that come in by a door say alike: who sends, by which message, at which door. */
export interface Door
  extends Pick<NewEntry, 'actor' | 'actorKind' | 'act' | 'purpose' | 'reason' | 'requestId' | 'route'> {
  /** When the request came; the time of the commit where absent. */
  readonly at?: string;
}

/** A door that facts come in by without a request: the inbound bus, the telemetry of meters, files, what has waited. */
export const doorOf = (
  route: 'inbound bus' | 'telemetry' | 'import' | 'waiting' | 'seed' | 'inner',
  /** Who sends, as the door has verified it, e.g. `system:billing`. */
  actor: string,
  /** Id of the message or batch, for logs. */
  requestId: string,
): Door => ({
  actor,
  actorKind: 'system',
  act: 'facts.write',
  requestId,
  route,
});

const entryOf = (
  { at, actor, actorKind, act, purpose, reason, requestId, route }: Door,
  rest: Pick<NewEntry, 'outcome' | 'count' | 'named' | 'subject' | 'types'>,
  of: string,
  now: number,
): NewEntry => ({
  at: at ?? new Date(now).toISOString(),
  id: crockford26(createHash('sha256').update(of).digest()),
  actor,
  actorKind,
  act,
  ...(purpose === undefined ? {} : { purpose }),
  ...(reason === undefined ? {} : { reason }),
  requestId,
  route,
  fields: [],
  ...rest,
});

/** The entry of one commit of facts that came by a door, to stand in the commit. */
export const keptAudit = (door: Door, kept: Kept, now: number): readonly Write[] => {
  const [subject = ''] = kept.subjects;
  const ids = kept.facts.map((fact) => fact.id).join(' ');
  const rest = { outcome: 'allowed', count: kept.facts.length, subject, named: [...kept.subjects] };
  return auditItems(entryOf(door, rest, `inbound ${ids}`, now));
};

/** A fact that its sender may not say: the code it was refused with, its type and its own event id. */
export interface RefusedFact {
  readonly code: string;
  readonly type: string;
  readonly event: string;
}

/** The entry of facts that their sender may not say. It names nobody: who may not speak of a customer writes nothing into their log. */
const refusalEntry = (door: Door, code: string, refused: readonly RefusedFact[], now: number): NewEntry => {
  const types = [...new Set(refused.map(({ type }) => type))].sort();
  const rest = { outcome: `refused:${code}`, count: refused.length, named: [], types };
  const events = refused.map(({ event }) => event);
  return entryOf(door, rest, `refused ${JSON.stringify([door.requestId, code, events])}`, now);
};

/** Records what a sender may not say, an entry for each code. */
export const recordRefusedFacts = async (
  profile: Table,
  door: Door,
  refused: readonly RefusedFact[],
  now: number,
): Promise<void> => {
  for (const code of new Set(refused.map((one) => one.code))) {
    const those = refused.filter((one) => one.code === code);
    try {
      await profile.commit(auditItems(refusalEntry(door, code, those, now)));
    } catch (cause) {
      // It is there: put by a try whose answer was lost.
      if (!(cause instanceof ConditionFailed)) throw auditUnavailable(cause);
    }
  }
};
