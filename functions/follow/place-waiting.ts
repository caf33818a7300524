import { sourceNamed } from '#shared/contracts/facts/sources.ts';
import { doorOf } from '#shared/facts/door-audit.ts';
import { type FactOutcome, isKept, isToBeSentAgain } from '#shared/facts/fact-outcome.ts';
import type { Sender } from '#shared/facts/placing/placement.ts';
import type { AwaitedThing } from '#shared/facts/quarantine.ts';
import { openQuarantined, type QuarantineEntry, waitingFor } from '#shared/facts/quarantine.ts';
import type { Sealer } from '#shared/facts/seal.ts';
import type { SubmitFacts } from '#shared/facts/submit-facts.ts';
import { awaitedOfKey, waitingPartition } from '#shared/table/keys.ts';
import type { Change, Table } from '#shared/table/table.ts';
import type { FactStatus, QuarantineReason } from '#shared/vocabulary/statuses.ts';

export interface PlaceWaitingDeps {
  readonly profile: Table;
  readonly sealer: Sealer;
  readonly submit: SubmitFacts;
}

const waitingPartitionOf = ({ kind, namespace, value }: AwaitedThing): string =>
  waitingPartition(kind, namespace, value);

/** Reasons of facts whose sender was known to speak for their source when they were kept aside; what it may say is judged anew. */
const passedTheDoor: ReadonlySet<QuarantineReason> = new Set<QuarantineReason>([
  'reference.unknown',
  'reference.taken',
  'reference.foreign',
  'fact.conflict',
  'fact.future',
  'fact.type-not-allowed',
  'fact.value-not-allowed',
]);

/** The sender as the door knew it. Who had not been judged may speak for the source of their own name alone. */
const senderOf = (entry: QuarantineEntry): Sender => {
  const actor = entry.actor ?? 'system:follow';
  const own = actor.slice(actor.indexOf(':') + 1);
  return {
    actor,
    speaksFor: (system) => (passedTheDoor.has(entry.reason) || system === own ? sourceNamed(system) : undefined),
    supervisor: entry.detail.supervisor === 'true',
  };
};

/** What the bytes say; undefined where they are no JSON. */
const parsed = (bytes: Uint8Array): { readonly raw: unknown } | undefined => {
  try {
    return { raw: JSON.parse(new TextDecoder().decode(bytes)) };
  } catch {
    return undefined;
  }
};

/** Whether what came of the fact stands somewhere else now, so that the entry may go. */
const hasAnotherPlace = (outcome: FactOutcome, entry: QuarantineEntry, waited: boolean): boolean => {
  switch (outcome.status) {
    case 'accepted':
    case 'duplicate':
      return true;
    case 'retry':
      return false;
    case 'waiting':
      return waitingPartitionOf(outcome.awaited) !== entry.key.pk;
    case 'rejected':
      return waited;
    case 'quarantined':
      // The same bytes for the same reason are the same entry of quarantine: taking it away would lose the fact.
      return waited || outcome.reason !== entry.reason;
  }
};

/**
 * Sends a fact that waits, or one in quarantine, in again as its sender. The commit that keeps it takes the entry away; a fact
 * whose reason still holds stays where it is. `gone`: the key of its month was erased.
 */
export const resubmit = async (deps: PlaceWaitingDeps, entry: QuarantineEntry): Promise<FactStatus | 'gone'> => {
  const bytes = await openQuarantined(deps.sealer, entry);
  if (bytes === undefined) return 'gone';
  const fact = parsed(bytes);
  if (fact === undefined) return 'rejected';
  const waited = entry.reason === 'reference.unknown';
  const sender = senderOf(entry);
  const door = doorOf('waiting', sender.actor, entry.id);
  const [outcome] = await deps.submit([fact.raw], sender, { placedFrom: entry.key, keepRejected: waited, door });
  if (outcome === undefined) throw new Error('a fact was left without an outcome');
  if (outcome.status !== 'accepted' && hasAnotherPlace(outcome, entry, waited)) {
    await deps.profile.commit([{ remove: entry.key }]);
  }
  return outcome.status;
};

/** Whether a fact that was sent in again now stands in its record. */
export const isPlaced = (status: FactStatus | 'gone'): boolean => isKept({ status });

const placeAll = async (deps: PlaceWaitingDeps, awaited: AwaitedThing): Promise<void> => {
  const entries: QuarantineEntry[] = [];
  for await (const entry of waitingFor(deps.profile, awaited)) if (entry.kind === 'fact') entries.push(entry);
  for (const entry of entries) {
    if (isToBeSentAgain({ status: await resubmit(deps, entry) }))
      throw new Error('a waiting fact could not be placed yet');
  }
};

/** When a reference, a subject, a meter, a service point or a fact comes to be: what waited for it is placed. */
export const placeWaiting = async (deps: PlaceWaitingDeps, change: Change): Promise<void> => {
  if (change.before !== undefined || change.after === undefined) return;
  const awaited = awaitedOfKey(change.key);
  if (awaited !== undefined) await placeAll(deps, awaited);
};
