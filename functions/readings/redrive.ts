import {
  openQuarantined,
  type QuarantineEntry,
  readQuarantine,
  removeEntry,
  waitingFor,
} from '#shared/facts/quarantine.ts';
import type { Sealer } from '#shared/facts/seal.ts';
import { meterFromItem } from '#shared/profile/store/meters.ts';
import { meterOfPartition } from '#shared/table/keys.ts';
import type { Change, Item, Table } from '#shared/table/table.ts';
import { senderOfKey } from './contract/stream-key.ts';
import { type Ingest, meterAwaited, type RecordOutcome } from './ingest.ts';

export interface RedriveParts {
  readonly profile: Table;
  readonly sealer: Sealer;
  readonly ingest: Ingest;
}

/** `gone`: the month's key was erased, so the bytes cannot be read any more. */
export type RedriveOutcome = RecordOutcome['kind'] | 'gone';

/** Brings an entry in again, as it was received; takes it out once its readings are stored or it is refused for another reason. */
const redriveEntry = async (parts: RedriveParts, entry: QuarantineEntry): Promise<RedriveOutcome> => {
  const data = await openQuarantined(parts.sealer, entry);
  if (data === undefined) return 'gone';
  const record = {
    sequenceNumber: entry.id,
    ...senderOfKey(entry.source),
    data,
    arrivedAt: Date.parse(entry.receivedAt) / 1000,
  };
  const [outcome] = await parts.ingest.take([record]);
  if (outcome === undefined || outcome.kind === 'failed') return 'failed';
  const isElsewhere = !('entry' in outcome) || outcome.entry !== entry.id;
  if (isElsewhere) await removeEntry(parts.profile, entry);
  return outcome.kind;
};

/** Brings in again a block from quarantine; undefined where there is no such entry or it is no block. */
export const redriveBlock = async (parts: RedriveParts, id: string): Promise<RedriveOutcome | undefined> => {
  const entry = await readQuarantine(parts.profile, id);
  return entry === undefined || entry.kind !== 'block' ? undefined : redriveEntry(parts, entry);
};

/** Brings in again all blocks that wait for a meter; gives how many were stored. Throws where one has to be tried again. */
export const redriveWaiting = async (parts: RedriveParts, meter: string): Promise<number> => {
  const entries: QuarantineEntry[] = [];
  for await (const entry of waitingFor(parts.profile, meterAwaited(meter))) {
    if (entry.kind === 'block') entries.push(entry);
  }
  const outcomes: RedriveOutcome[] = [];
  for (const entry of entries) outcomes.push(await redriveEntry(parts, entry));
  const failed = outcomes.filter((outcome) => outcome === 'failed').length;
  if (failed > 0) throw new Error(`${failed} blocks that waited could not be stored yet`);
  return outcomes.filter((outcome) => outcome === 'stored').length;
};

const installationsOf = (item: Item | undefined): string =>
  item === undefined ? '' : JSON.stringify(meterFromItem(item).installations);

/** On changes of the profile table: a meter that was registered, or installed elsewhere or earlier, gets what waits for it. */
export const placeWaiting = async (parts: RedriveParts, changes: readonly Change[]): Promise<void> => {
  const meters = new Set<string>();
  for (const { key, before, after } of changes) {
    const meter = meterOfPartition(key.pk);
    if (meter !== undefined && after !== undefined && installationsOf(before) !== installationsOf(after)) {
      meters.add(meter);
    }
  }
  for (const meter of meters) await redriveWaiting(parts, meter);
};
