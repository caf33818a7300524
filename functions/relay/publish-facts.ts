import { type OutgoingDetail, outgoingSource, schemaVersionOf } from '#shared/contracts/events/outgoing.ts';
import { isRetraction } from '#shared/contracts/facts/catalogue.ts';
import type { Bus, BusEvent } from '#shared/messaging/ports.ts';
import type { Clock } from '#shared/runtime/clock.ts';
import { readFact, type StoredFact } from '#shared/store/items.ts';
import { subjectKindOf } from '#shared/store/keys.ts';
import type { Change } from '#shared/store/table.ts';

export interface RelayDeps {
  readonly bus: Bus;
  readonly clock: Clock;
}

/** The outgoing event of a stored fact; ids and field names, never values. */
export const outgoingEvent = (stored: StoredFact, publishedAt: string, replay: boolean): BusEvent => {
  const { fact } = stored;
  const addressed = fact.subjects[0] ?? '';
  const primary = stored.survivor ?? addressed;
  const detail: OutgoingDetail = {
    metadata: {
      eventId: fact.id,
      subjectType: subjectKindOf(primary),
      subjectId: primary,
      ...(primary === addressed ? {} : { addressedTo: addressed }),
      sequence: stored.sequence ?? 1,
      occurredAt: fact.occurredAt,
      publishedAt,
      ...(fact.correlationId === undefined ? {} : { correlationId: fact.correlationId }),
      ...(fact.causationId === undefined ? {} : { causationId: fact.causationId }),
      actor: fact.source.actor,
      schemaVersion: schemaVersionOf(fact.type),
      dataClassification: 'internal',
      ...(replay ? { replay: true } : {}),
    },
    data: {
      subjects: [...fact.subjects],
      ...(fact.entity === undefined ? {} : { entityId: fact.entity }),
      fields: [...Object.keys(fact.data), ...stored.hides].sort(),
      ...(isRetraction(fact.type) && typeof fact.data.factId === 'string' ? { factId: fact.data.factId } : {}),
    },
  };
  return { source: outgoingSource(fact.type), detailType: fact.type, detail };
};

/** Facts that a batch of changes brought: only new items, only the primary subject's copy. */
const newFacts = (changes: readonly Change[]): readonly StoredFact[] =>
  changes.flatMap((change) => {
    if (change.before !== undefined || change.after === undefined || !change.key.sk.startsWith('FACT#')) return [];
    const stored = readFact(change.after);
    return stored.sequence === undefined ? [] : [stored];
  });

/**
 * The relay: what was saved is published, at least once; nothing else publishes. A failure fails the batch, which is then handed
 * out again whole.
 */
export const publishFacts =
  (deps: RelayDeps) =>
  async (changes: readonly Change[]): Promise<void> => {
    const publishedAt = new Date(deps.clock.now()).toISOString();
    const events = newFacts(changes).map((stored) => outgoingEvent(stored, publishedAt, false));
    if (events.length > 0) await deps.bus.publish(events);
  };
