import { type UsageBlock, writeUsageBlock } from '#functions/readings/contract/usage-block.ts';
import { type ArrivedRecord, Ingest } from '#functions/readings/ingest.ts';
import { openFactStore } from '#shared/facts/fact-store.ts';
import type { Sealer } from '#shared/facts/seal.ts';
import type { SubmitFacts } from '#shared/facts/submit-facts.ts';
import { memoryMasterKey } from '#shared/messaging/local/local-master-key.ts';
import {
  installationWrites,
  type MeterInstallation,
  type MeterItem,
  newMeterWrites,
  readMeter,
} from '#shared/profile/store/meters.ts';
import { StoryClock } from '#shared/runtime/clock.ts';
import { mintedId } from '#shared/runtime/identify.ts';
import { type LevelStore, openLevelStore } from '#shared/table/level/level-store.ts';
import type { Change, Item, Table, TableName } from '#shared/table/table.ts';
import type { Register } from '#shared/vocabulary/measures.ts';
import { standardPaymentPolicy } from '#shared/vocabulary/payment-policy.ts';
import { RecordedMetrics } from '#tests/support/recorders.ts';

/** The readings path on a store in memory. */
export interface TelemetryGround {
  readonly store: LevelStore;
  readonly profile: Table;
  readonly readings: Table;
  readonly sealer: Sealer;
  readonly clock: StoryClock;
  readonly metrics: RecordedMetrics;
  readonly ingest: Ingest;
  readonly submit: SubmitFacts;
}

export const telemetryGround = async (
  tables: { readonly readings?: (table: Table) => Table; readonly staleReads?: boolean } = {},
): Promise<TelemetryGround> => {
  const store = await openLevelStore({ staleReads: tables.staleReads ?? true });
  const clock = new StoryClock('2026-06-01T00:00:00Z');
  const metrics = new RecordedMetrics();
  const profile = store.table('profile');
  const readings = tables.readings?.(store.table('readings')) ?? store.table('readings');
  const { sealer, submit } = openFactStore({
    profile,
    keys: store.table('keys'),
    master: memoryMasterKey(),
    clock,
    metrics,
    zone: 'Europe/London',
    country: 'GB',
    payments: standardPaymentPolicy,
    contentKey: new Uint8Array(32).fill(1),
  });
  const ingest = new Ingest({ profile, readings, sealer, submit, clock, metrics });
  return { store, profile, readings, sealer, clock, metrics, ingest, submit };
};

export const halfHours = (zone: string, more: Partial<Register> = {}): Register => ({
  id: 'E1',
  commodity: 'electricity',
  flow: 'forward',
  unit: 'Wh',
  powerOfTen: 0,
  intervalSeconds: 1800,
  zone,
  ...more,
});

export const meterId = (name: string): string => mintedId('meter', name);
export const servicePointId = (name: string): string => mintedId('servicePoint', name);
export const premiseId = (name: string): string => mintedId('premise', name);

export const aMeter = (name: string, more: Partial<MeterItem> = {}): MeterItem => ({
  version: 1,
  id: meterId(name),
  serial: name,
  references: [],
  registers: [halfHours('Europe/London')],
  zone: null,
  thing: meterId(name),
  certificates: [],
  installations: [
    { servicePoint: servicePointId(name), premise: premiseId(name), from: '2024-01-01T00:00:00.000Z', to: null },
  ],
  ...more,
});

export const putMeter = (ground: TelemetryGround, meter: MeterItem): Promise<void> =>
  ground.profile.commit(newMeterWrites(meter));

export const installMeter = async (
  ground: TelemetryGround,
  meter: string,
  installations: readonly MeterInstallation[],
): Promise<void> => {
  const before = await readMeter(ground.profile, meter);
  if (before === undefined) throw new Error('no such meter');
  await ground.profile.commit([installationWrites(before, installations)]);
};

export const aBlock = (
  meter: string,
  start: string | number,
  values: UsageBlock['values'],
  more: Partial<UsageBlock> = {},
): UsageBlock => ({
  v: 1,
  meter: meterId(meter),
  register: 'E1',
  start: typeof start === 'number' ? start : Date.parse(start) / 1000,
  interval: 1800,
  values,
  seq: 1,
  revision: 0,
  ...more,
});

let sequence = 0;
/** A record as the stream brings it, received a minute after its last interval unless said otherwise. */
export const arrived = (
  block: UsageBlock,
  more: { readonly thing?: string; readonly arrivedAt?: number; readonly headEnd?: boolean } = {},
): ArrivedRecord => {
  sequence += 1;
  return {
    sequenceNumber: String(sequence).padStart(10, '0'),
    thing: more.thing ?? block.meter,
    headEnd: more.headEnd ?? false,
    data: writeUsageBlock(block),
    arrivedAt: more.arrivedAt ?? block.start + block.values.length * block.interval + 60,
  };
};

/** All changes of a table that its feed still holds, in the order of their shards. */
export const changesOf = async (store: LevelStore, name: TableName): Promise<Change[]> => {
  const feed = store.feed(name);
  const changes: Change[] = [];
  for (let shard = 0; shard < feed.shards; shard += 1) {
    for (const { entry } of await feed.read(shard, undefined, 100_000)) changes.push(entry);
  }
  return changes;
};

export const itemsOf = async (store: LevelStore, name: TableName): Promise<Item[]> => {
  const items: Item[] = [];
  for await (const item of store.scan(name)) items.push(item);
  return items;
};
