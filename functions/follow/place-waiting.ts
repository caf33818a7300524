import { awaitedOfKey, waitingPartition } from '#shared/store/keys.ts';
import type { AwaitedThing } from '#shared/store/quarantine.ts';
import { openQuarantined, type QuarantineEntry, waitingFor } from '#shared/store/quarantine.ts';
import type { Sealer } from '#shared/store/seal.ts';
import type { FactResult, SubmitFacts } from '#shared/store/submit-facts.ts';
import type { Change, Table } from '#shared/store/table.ts';

export interface PlaceWaitingDeps {
  readonly profile: Table;
  readonly sealer: Sealer;
  readonly submit: SubmitFacts;
}

const waitingPartitionOf = ({ kind, namespace, value }: AwaitedThing): string =>
  waitingPartition(kind, namespace, value);

/** Sends one waiting fact in again, as its sender; the commit that keeps it takes the entry away. `gone`: its bytes cannot be read. */
export const resubmit = async (
  deps: PlaceWaitingDeps,
  entry: QuarantineEntry,
): Promise<FactResult['status'] | 'gone'> => {
  const bytes = await openQuarantined(deps.sealer, entry);
  if (bytes === undefined) return 'gone';
  const raw: unknown = JSON.parse(new TextDecoder().decode(bytes));
  // The door judged the sender when the fact came in; what waits is what passed.
  const sender = {
    actor: entry.actor ?? 'system:follow',
    mayUse: () => true,
    supervisor: entry.detail.supervisor === 'true',
  };
  const [result] = await deps.submit([raw], sender, { placedFrom: entry.key, keepRejected: true });
  if (result === undefined) throw new Error('a fact was left without a result');
  // Accepted: the commit removed the entry. Whatever else is settled has a place of its own (quarantine, another wait).
  const settled =
    result.status === 'waiting' ? waitingPartitionOf(result.awaited) !== entry.key.pk : result.status !== 'retry';
  if (settled && result.status !== 'accepted') await deps.profile.commit([{ remove: entry.key }]);
  return result.status;
};

const placeAll = async (deps: PlaceWaitingDeps, awaited: AwaitedThing): Promise<void> => {
  const entries: QuarantineEntry[] = [];
  for await (const entry of waitingFor(deps.profile, awaited)) if (entry.kind === 'fact') entries.push(entry);
  for (const entry of entries) {
    const status = await resubmit(deps, entry);
    if (status === 'retry') throw new Error('a waiting fact could not be placed yet');
  }
};

/** When a reference, a subject, a meter, a service point or a fact comes to be: what waited for it is placed (K9). */
export const placeWaiting = async (deps: PlaceWaitingDeps, change: Change): Promise<void> => {
  if (change.before !== undefined || change.after === undefined) return;
  const awaited = awaitedOfKey(change.key);
  if (awaited !== undefined) await placeAll(deps, awaited);
};
