import type { StreamOf } from '#functions/manifest/definition.ts';
import {
  type BesideApiName,
  besideApiNames,
  type FunctionName,
  functionNamed,
  reservedIn,
} from '#functions/manifest.ts';
import type { TableName } from '#shared/table/table.ts';

/** What follows from how many meters a stage is made for. */

/** Hours over which meters spread their daily connection, and the busiest second against the mean one. */
const windowSeconds = 8 * 3600;
const peak = 1.3;
/** Records a second that a shard takes (Kinesis Data Streams quotas and limits), and how full it may get. */
const shardRecords = 1000;
const shardLoad = 0.7;

/** Connections in the busiest second of a fleet that connects once a day, each meter in a slot of its own. */
export const connectsPerSecond = (meters: number): number => Math.ceil((meters / windowSeconds) * peak);

/** Shards of the telemetry stream for a fleet that sends a block a day. */
export const shardsFor = (meters: number): number =>
  Math.max(1, Math.ceil(connectsPerSecond(meters) / (shardRecords * shardLoad)));

/**
 * Bytes that come to lie in a table for each meter: a household of profile and search, its audit, and thirteen months of readings
 * with what was judged of them (docs/bench.md: billed bytes a reading).
 */
const bytesPerMeter: Readonly<Record<TableName, number>> = {
  profile: 30_000,
  readings: 120_000,
  audit: 10_000,
  keys: 500,
};
/** Bytes that a partition of DynamoDB holds, and how many a table on demand begins with (known: it takes 4,000 write units at once). */
const partitionBytes = 10e9;
const fewestPartitions = 4;

/** Partitions of a table with so many bytes; its stream has as many shards that are read at once. */
export const partitionsFor = (bytes: number): number => Math.max(fewestPartitions, Math.ceil(bytes / partitionBytes));

/** Partitions of a table once a fleet is in it. */
export const partitionsOf = (table: TableName, meters: number): number => partitionsFor(bytesPerMeter[table] * meters);

/** Meters that a table of so many bytes is full of. */
export const metersIn = (table: TableName, bytes: number): number => Math.ceil(bytes / bytesPerMeter[table]);

const shardsOf = (stream: StreamOf, meters: number): number =>
  stream === 'telemetry' ? shardsFor(meters) : partitionsOf(stream, meters);

/**
 * Batches of one shard that a reader takes at once. The manifest has it for a table that is new; the more shards there are, the fewer
 * are needed of each to come to as many at all.
 */
export const parallelizationOf = (name: FunctionName, meters: number): number => {
  const { stream } = functionNamed(name).on;
  if (stream?.parallelization === undefined) return 1;
  const atAll = stream.parallelization * fewestPartitions;
  return Math.min(stream.parallelization, Math.ceil(atAll / shardsOf(stream.of, meters)));
};

/** Executions that a stage keeps for functions and that they do not pass: for a reader of a stream as many as can run at once. */
export const reservedFor = (
  stage: 'staging' | 'prod',
  meters: number,
): Readonly<Partial<Record<BesideApiName, number>>> => {
  const readers = besideApiNames.flatMap((name): readonly (readonly [BesideApiName, number])[] => {
    const { stream } = functionNamed(name).on;
    return stream === undefined ? [] : [[name, shardsOf(stream.of, meters) * parallelizationOf(name, meters)]];
  });
  return { ...reservedIn(stage), ...Object.fromEntries(readers) };
};
