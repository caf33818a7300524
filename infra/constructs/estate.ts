import type { QueueOf, StreamOf } from '#functions/manifest/definition.ts';
import type { Settings } from '#shared/runtime/settings.ts';
import type { TableName } from '#shared/table/table.ts';
import type { CheckpointBucket, FailureBucket, ImportBucket } from './bucket.ts';
import type { Ground } from './function.ts';
import type { InstallationKey, MasterKey } from './keys.ts';
import type { DeadLetterQueue, WorkQueue } from './queue.ts';
import type { StreamSource } from './stream-mapping.ts';
import type { HouseTable } from './table.ts';
import type { TelemetryStream } from './telemetry-stream.ts';

/** What functions work on: all of it outlives them. */
export interface Estate {
  readonly ground: Ground;
  readonly tables: Readonly<Record<TableName, HouseTable>>;
  readonly telemetry: TelemetryStream;
  /** What can be read in order, by the name that the manifest has for it. */
  readonly streams: Readonly<Record<StreamOf, StreamSource>>;
  readonly checkpoints: CheckpointBucket;
  readonly failures: FailureBucket;
  readonly imports: ImportBucket;
  /** Queues that functions work off. */
  readonly queues: Readonly<Record<QueueOf, WorkQueue>>;
  /** What the queue of facts and the bus before it gave up. */
  readonly factLetters: readonly DeadLetterQueue[];
  readonly masterKey: MasterKey;
  readonly installationKey: InstallationKey;
  /** Settings that most functions have. */
  readonly commonSettings: Partial<Settings>;
}
