import { setTimeout as wait } from 'node:timers/promises';
import type { Objects, TelemetryStream, Uploads } from '#shared/messaging/ports.ts';
import type { Clock } from '#shared/runtime/clock.ts';
import type { Logger, Metrics } from '#shared/runtime/logger.ts';
import type { Table } from '#shared/table/table.ts';
import { type ChunkPlan, readPlan } from './chunk-plan.ts';
import type { FileEvents } from './file-events.ts';
import type { AsideRows } from './keep-rows.ts';
import type { MissingPoint } from './missing-points.ts';
import { changeImport, type ImportItem } from './store/imports.ts';
import { UnsettledReadings } from './unsettled-readings.ts';
import { UnsettledReads } from './unsettled-reads.ts';

export interface AdvanceParts {
  readonly profile: Table;
  readonly readings: Table;
  readonly objects: Objects;
  readonly uploads: Uploads;
  readonly telemetry: TelemetryStream;
  /** Makes points known for an import; said again they are the same. */
  readonly makePoints: (importId: string, points: readonly MissingPoint[]) => Promise<void>;
  /** Keeps rows in quarantine; the same rows again are the entries they are. Answers their ids. `receivedAt` in milliseconds. */
  readonly keepRows: (importId: string, rows: readonly AsideRows[], receivedAt: number) => Promise<readonly string[]>;
  /** The utility's zone: that of registers of which the file tells none. */
  readonly zone: string;
  /** Has an import worked on. */
  readonly wake: (importId: string) => Promise<void>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Size of a chunk: intervals and register reads, and blocks and errors of the file; a chunk holds whole blocks of the file. */
  readonly chunk?: { readonly intervals: number; readonly events: number };
  /** Blocks and register reads that may be on their way before the work waits for them. */
  readonly onTheWay?: number;
  /** How long the stream is given, when an import is taken back, to bring what it brings twice. */
  readonly quietMilliseconds?: number;
  /** How long an import waits for another one that tells the same registers, before it is left until later. */
  readonly heldMilliseconds?: number;
  readonly sleep?: (milliseconds: number) => Promise<unknown>;
}

/** What is known between two steps of one import. */
export interface Work {
  readonly readings: UnsettledReadings;
  readonly reads: UnsettledReads;
  /** Registers that this worker claimed, as `meter\nregister`. */
  readonly claimed: Set<string>;
  file?: FileEvents;
}

/**
 * Answers the import as it is after the step, or undefined where somebody else changed it meanwhile; `waits` where another import
 * holds what it needs.
 */
export type Step = (
  parts: AdvanceParts,
  item: ImportItem,
  work: Work,
  isOver: () => boolean,
) => Promise<ImportItem | undefined | 'waits'>;

export const change = (
  parts: Pick<AdvanceParts, 'profile' | 'clock'>,
  item: ImportItem,
  to: Partial<ImportItem>,
): Promise<ImportItem | undefined> => changeImport(parts.profile, item, to, parts.clock.now());

/** Puts down what a plan sends. */
export const putDown = (work: Work, plan: Pick<ChunkPlan, 'writes' | 'reads'>): void => {
  for (const { sk, block } of plan.writes) work.readings.add(sk, block);
  for (const { sk, read } of plan.reads) work.reads.add(sk, read);
};

/** How much was sent and not seen stored. */
export const onItsWay = ({ readings, reads }: Work): number => readings.size + reads.size;

/** What earlier workers sent and nobody saw stored yet. */
export const takeUp = async (parts: AdvanceParts, item: ImportItem): Promise<Work> => {
  const { readings } = parts;
  const work: Work = {
    readings: new UnsettledReadings(readings),
    reads: new UnsettledReads(readings),
    claimed: new Set(),
  };
  for (let chunk = item.settled + 1; chunk < item.chunk; chunk += 1) {
    const plan = await readPlan(parts.objects, item.id, chunk);
    if (plan !== undefined) putDown(work, plan);
  }
  return work;
};

/** Waits until nothing of what was sent is on its way; answers the last chunk of which nothing is. */
export const settleDown = async (
  { sleep = wait }: AdvanceParts,
  { chunk, settled }: ImportItem,
  work: Work,
  isOver: () => boolean,
): Promise<number> => {
  const look = async (): Promise<number> => (await work.readings.settle()) + (await work.reads.settle());
  for (let pause = 20; (await look()) > 0; pause = Math.min(1000, pause * 2)) {
    if (isOver()) return settled;
    await sleep(pause);
  }
  return chunk - 1;
};
