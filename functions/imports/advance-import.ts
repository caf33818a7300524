import { setTimeout as wait } from 'node:timers/promises';
import { writeUsageBlock } from '#shared/contracts/telemetry/usage-block.ts';
import type { Objects, TelemetryStream, Uploads } from '#shared/messaging/ports.ts';
import type { Clock } from '#shared/runtime/clock.ts';
import type { Logger, Metrics } from '#shared/runtime/logger.ts';
import { changeImport, type ImportItem, noCounts, readImport } from '#shared/store/imports.ts';
import type { Sealer } from '#shared/store/seal.ts';
import type { Table } from '#shared/store/table.ts';
import { type ChunkPlan, keepPlan, readPlan } from './chunk-plan.ts';
import { lookThrough } from './dry-run.ts';
import { type FileEvents, openEvents, skip } from './file-events.ts';
import { type MissingPoint, missingPoints } from './missing-points.ts';
import { ChunkPlanner } from './plan-chunk.ts';
import { UnreadableFile } from './read-series.ts';
import { LookTooLong, surveyFile } from './survey-file.ts';
import { takeBack } from './take-back.ts';
import { UnsettledReadings } from './unsettled-readings.ts';

export interface AdvanceParts {
  readonly profile: Table;
  readonly readings: Table;
  readonly objects: Objects;
  readonly uploads: Uploads;
  readonly telemetry: TelemetryStream;
  readonly sealer: Sealer;
  /** Makes points known for an import; said again they are the same. */
  readonly makePoints: (importId: string, points: readonly MissingPoint[]) => Promise<void>;
  /** The utility's zone: that of registers of which the file tells none. */
  readonly zone: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Size of a chunk: intervals, and blocks and errors of the file; a chunk holds whole blocks of the file. */
  readonly chunk?: { readonly intervals: number; readonly events: number };
  /** Blocks that may be on their way before the work waits for them. */
  readonly onTheWay?: number;
  /** How long the stream is given, when an import is taken back, to bring what it brings twice. */
  readonly quietMilliseconds?: number;
  readonly sleep?: (milliseconds: number) => Promise<unknown>;
}

/** Points made known at a time. */
const pointsTogether = 25;
const defaultChunk = { intervals: 50_000, events: 2000 };
const defaultOnTheWay = 4000;
/** How long what was sent may take to be stored before it is given up. */
const patienceMilliseconds = 15 * 60_000;

/** What is known between two steps of one import. */
interface Work {
  readonly unsettled: UnsettledReadings;
  file?: FileEvents;
}

/** Answers the import as it is after the step, or undefined where somebody else changed it meanwhile. */
type Step = (
  parts: AdvanceParts,
  item: ImportItem,
  work: Work,
  isOver: () => boolean,
) => Promise<ImportItem | undefined>;

const change = (parts: AdvanceParts, item: ImportItem, to: Partial<ImportItem>): Promise<ImportItem | undefined> =>
  changeImport(parts.profile, item, to, parts.clock.now());

/** Makes known what is missing, where that was asked for, and begins to read. */
const begin: Step = async (parts, item, _work, isOver) => {
  if (item.dryRun) return change(parts, item, await lookThrough(parts, item, isOver));
  if (item.createMissing) {
    const surveyed = await surveyFile(openEvents(parts.uploads, item).events, isOver);
    const points = await missingPoints(parts.profile, parts.zone, surveyed);
    for (let from = 0; from < points.length; from += pointsTogether)
      await parts.makePoints(item.id, points.slice(from, from + pointsTogether));
  }
  return change(parts, item, {
    state: 'reading',
    run: item.run + 1,
    runFrom: item.chunk,
    events: 0,
    readBytes: 0,
    counts: noCounts,
  });
};

/** Gathers the next chunk of the file and writes down what it brings. */
const makePlan = async (parts: AdvanceParts, item: ImportItem, work: Work): Promise<ChunkPlan> => {
  if (work.file === undefined) {
    work.file = openEvents(parts.uploads, item);
    await skip(work.file.events, item.events);
  }
  const { intervals, events } = parts.chunk ?? defaultChunk;
  const planner = new ChunkPlanner(parts.profile);
  let [taken, last] = [0, false];
  while (taken < events && planner.intervals < intervals) {
    const next = await work.file.events.next();
    if (next.done === true) {
      last = true;
      break;
    }
    taken += 1;
    if (next.value.block === undefined) planner.fault(next.value.error);
    else await planner.take(next.value.block);
  }
  const place = { events: item.events + taken, readBytes: work.file.readBytes(), last };
  const now = parts.clock.now();
  const { plan, aside } = await planner.plan(work.unsettled, place, now / 1000);
  const entries = await aside.keep(parts, item.id, now);
  const made = { ...plan, entries: [...entries] };
  const kept = await keepPlan(parts.objects, item.id, item.chunk, made);
  // Another worker's plan may end elsewhere in the file.
  if (kept !== made) delete work.file;
  return kept;
};

/** Blocks sent at a time. */
const together = 500;

const send = async ({ telemetry }: AdvanceParts, { writes }: ChunkPlan): Promise<void> => {
  for (let from = 0; from < writes.length; from += together)
    await Promise.all(
      writes.slice(from, from + together).map(({ block }) => telemetry.append(block.meter, writeUsageBlock(block))),
    );
};

const added = (item: ImportItem, { counts, writes, errors }: ChunkPlan): ImportItem['counts'] => ({
  read: item.counts.read + counts.read,
  sent: item.counts.sent + counts.sent,
  unchanged: item.counts.unchanged + counts.unchanged,
  aside: item.counts.aside + counts.aside,
  blocks: item.counts.blocks + writes.length,
  errors: item.counts.errors + errors.length,
});

/** Waits until little of what was sent is on its way; answers the last chunk of which nothing is. */
const settleDown = async (
  { sleep = wait }: AdvanceParts,
  { chunk, settled }: ImportItem,
  unsettled: UnsettledReadings,
  isOver: () => boolean,
): Promise<number> => {
  for (let pause = 20; (await unsettled.settle()) > 0; pause = Math.min(1000, pause * 2)) {
    if (isOver()) return settled;
    await sleep(pause);
  }
  return chunk - 1;
};

/** One chunk: its plan is written down, then sent, then counted. A plan that stands already is sent once more as it is. */
const readOn: Step = async (parts, item, work, isOver) => {
  const { unsettled } = work;
  let settled = item.settled;
  if (unsettled.size > (parts.onTheWay ?? defaultOnTheWay)) {
    settled = await settleDown(parts, item, unsettled, isOver);
    if (isOver()) return change(parts, item, { settled });
  }
  const standing = work.file === undefined ? await readPlan(parts.objects, item.id, item.chunk) : undefined;
  const plan = standing ?? (await makePlan(parts, item, work));
  await send(parts, plan);
  for (const { sk, block } of plan.writes) unsettled.add(sk, block);
  parts.metrics.count('imports.intervals', { outcome: 'sent' }, plan.counts.sent);
  parts.metrics.count('imports.intervals', { outcome: 'aside' }, plan.counts.aside);
  return change(parts, item, {
    state: plan.last ? 'settling' : 'reading',
    chunk: item.chunk + 1,
    settled,
    events: plan.events,
    readBytes: plan.last ? item.bytes : plan.readBytes,
    counts: added(item, plan),
  });
};

/** Whether what was sent has had its time to be stored. */
const isLate = (parts: AdvanceParts, { stateSince }: ImportItem): boolean =>
  parts.clock.now() - Date.parse(stateSince) > patienceMilliseconds;

/** Waits until all that was sent is stored. */
const settle: Step = async (parts, item, { unsettled }, isOver) => {
  const settled = await settleDown(parts, item, unsettled, () => isOver() || isLate(parts, item));
  if (unsettled.size === 0) return change(parts, item, { state: 'done', settled });
  if (!isLate(parts, item)) return item;
  parts.logger.error('imports.not-stored', { import: item.id, blocks: unsettled.size });
  return change(parts, item, { state: 'failed', failure: 'import.not-stored' });
};

/** Takes all back, once nothing is on its way any more: what came later would stay. */
const undo: Step = async (parts, item, { unsettled }, isOver) => {
  await settleDown(parts, item, unsettled, () => isOver() || isLate(parts, item));
  return unsettled.size > 0 && !isLate(parts, item) ? item : takeBack(parts, item, isOver);
};

const steps: Readonly<Partial<Record<ImportItem['state'], Step>>> = {
  uploaded: begin,
  reading: readOn,
  settling: settle,
  undoing: undo,
};

/** Why a file cannot be imported; undefined where it may work another time. */
const failureOf = (error: unknown): string | undefined => {
  if (error instanceof UnreadableFile) return 'file.unreadable';
  return error instanceof LookTooLong ? 'file.too-long' : undefined;
};

/** A step; a file that cannot be unpacked ends the import, all else is for the caller to try again. */
const stepOrFail = async (
  step: Step,
  parts: AdvanceParts,
  item: ImportItem,
  work: Work,
  isOver: () => boolean,
): Promise<ImportItem | undefined> => {
  try {
    return await step(parts, item, work, isOver);
  } catch (error) {
    const failure = failureOf(error);
    if (failure === undefined) throw error;
    return change(parts, item, { state: 'failed', failure });
  }
};

/** What earlier workers sent and nobody saw stored yet. */
const takeUp = async (parts: AdvanceParts, item: ImportItem): Promise<Work> => {
  const unsettled = new UnsettledReadings(parts.readings);
  for (let chunk = item.settled + 1; chunk < item.chunk; chunk += 1) {
    const plan = await readPlan(parts.objects, item.id, chunk);
    for (const { sk, block } of plan?.writes ?? []) unsettled.add(sk, block);
  }
  return { unsettled };
};

/**
 * Works an import on until nothing is left to do for it (`rests`) or the time is over (`works`). It may be stopped anywhere and
 * called again, and several may be called at once: what a chunk brings is written down before it is sent, sending it twice stores
 * the same bytes under the same keys, and only one of them counts it.
 */
export const advanceImport = async (
  parts: AdvanceParts,
  id: string,
  isOver: () => boolean = () => false,
): Promise<'rests' | 'works'> => {
  let item = await readImport(parts.profile, id);
  let work = item === undefined ? undefined : await takeUp(parts, item);
  while (item !== undefined && work !== undefined) {
    const step = steps[item.state];
    if (step === undefined) return 'rests';
    if (isOver()) return 'works';
    const after: ImportItem | undefined = await stepOrFail(step, parts, item, work, isOver);
    item = after ?? (await readImport(parts.profile, id));
    if (after === undefined && item !== undefined) work = await takeUp(parts, item);
  }
  return 'rests';
};
