import { type OutgoingDetail, outgoingSource, schemaVersionOf } from '#shared/contracts/events/outgoing.ts';
import { isRetractionFact } from '#shared/contracts/facts/as-fact.ts';
import { type Bus, type BusEvent, NotPublished } from '#shared/messaging/ports.ts';
import { readFact, type StoredFact } from '#shared/profile/store/items.ts';
import type { Clock } from '#shared/runtime/clock.ts';
import { subjectKindOf } from '#shared/table/keys.ts';
import type { Change } from '#shared/table/table.ts';

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
      ...(isRetractionFact(fact) && fact.data.factId !== undefined ? { factId: fact.data.factId } : {}),
    },
  };
  return { source: outgoingSource(fact.type), detailType: fact.type, detail };
};

interface NewFact {
  readonly stored: StoredFact;
  /** Position of the change that brought it. */
  readonly position: string;
}

/** Facts that a batch of changes brought: only new items, only the primary subject's copy. */
const newFacts = (changes: readonly Change[]): readonly NewFact[] =>
  changes.flatMap(({ key, before, after, position }) => {
    if (before !== undefined || after === undefined || !key.sk.startsWith('FACT#')) return [];
    const stored = readFact(after);
    return stored.sequence === undefined ? [] : [{ stored, position }];
  });

/**
 * The relay: what was saved is published, at least once; nothing else publishes. Where the bus refused some, answers the change of
 * the first of them, to go on from; any other failure fails the batch, which is then handed out again whole.
 */
export const publishFacts =
  (deps: RelayDeps) =>
  async (changes: readonly Change[]): Promise<{ readonly failed?: string | undefined; readonly cause?: unknown }> => {
    const publishedAt = new Date(deps.clock.now()).toISOString();
    const facts = newFacts(changes);
    if (facts.length === 0) return {};
    try {
      await deps.bus.publish(facts.map(({ stored }) => outgoingEvent(stored, publishedAt, false)));
      return {};
    } catch (cause) {
      if (!(cause instanceof NotPublished)) throw cause;
      const first = Math.min(...cause.failed.map(({ index }) => index));
      return { failed: facts[first]?.position, cause };
    }
  };
