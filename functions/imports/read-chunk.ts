import { writeRegisterRead } from '#functions/readings/contract/register-read.ts';
import { headEndKey } from '#functions/readings/contract/stream-key.ts';
import { writeUsageBlock } from '#functions/readings/contract/usage-block.ts';
import { type ChunkPlan, keepPlan, readPlan } from './chunk-plan.ts';
import { openEvents, skip } from './file-events.ts';
import { claimAll, mustWait } from './hold-registers.ts';
import { type AdvanceParts, change, onItsWay, putDown, type Step, settleDown, type Work } from './import-work.ts';
import { ChunkPlanner } from './plan-chunk.ts';
import { relyOnRegister } from './store/imported-registers.ts';
import { addCounts, type ImportItem } from './store/imports.ts';

const defaultChunk = { intervals: 50_000, events: 2000 };
const defaultOnTheWay = 4000;

/** Gathers the next chunk of the file; answers how many events of it that took, and whether it ends. */
const gather = async (
  parts: AdvanceParts,
  item: ImportItem,
  work: Work,
  isOver: () => boolean,
): Promise<{ readonly planner: ChunkPlanner; readonly place: Pick<ChunkPlan, 'events' | 'readBytes' | 'last'> }> => {
  if (work.file === undefined) {
    const file = openEvents(parts.uploads, item);
    await skip(file.events, item.events, isOver);
    work.file = file;
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
    const { block, error, summary } = next.value;
    if (block !== undefined) await planner.take(block);
    else if (error !== undefined) planner.fault(error);
    else planner.summary(summary);
  }
  return { planner, place: { events: item.events + taken, readBytes: work.file.readBytes(), last } };
};

/** Gathers the next chunk of the file and writes down what it brings; answers the import that holds its registers, where one does. */
const makePlan = async (
  parts: AdvanceParts,
  item: ImportItem,
  work: Work,
  isOver: () => boolean,
): Promise<ChunkPlan | { readonly holder: string }> => {
  const { planner, place } = await gather(parts, item, work, isOver);
  const holder = await claimAll(parts, item, work, planner.registers());
  if (holder !== undefined) return { holder };
  const now = parts.clock.now();
  const { plan, aside, relies } = await planner.plan(work, place, now / 1000);
  for (const one of relies) await relyOnRegister(parts.profile, one, item.id);
  const rows = aside.rows();
  const entries = rows.length === 0 ? [] : await parts.keepRows(item.id, rows, now);
  const made = { ...plan, entries: [...entries] };
  const kept = await keepPlan(parts.objects, item.id, item.chunk, made);
  // Another worker's plan may end elsewhere in the file.
  if (kept !== made) delete work.file;
  return kept;
};

/** Messages sent at a time. */
const together = 500;

const send = async ({ telemetry }: AdvanceParts, { writes, reads }: ChunkPlan): Promise<void> => {
  for (let from = 0; from < writes.length; from += together)
    await Promise.all(
      writes
        .slice(from, from + together)
        .map(({ block }) => telemetry.append(headEndKey(block.meter), writeUsageBlock(block))),
    );
  for (let from = 0; from < reads.length; from += together)
    await Promise.all(
      reads
        .slice(from, from + together)
        .map(({ read }) => telemetry.append(headEndKey(read.meter), writeRegisterRead(read))),
    );
};

/** Lets go of all registers until another import has told them: only once nothing is on its way. */
const waitFor = async (
  parts: AdvanceParts,
  item: ImportItem,
  work: Work,
  holder: string,
  isOver: () => boolean,
): Promise<ImportItem | undefined> => {
  delete work.file;
  const settled = await settleDown(parts, item, work, isOver);
  if (onItsWay(work) > 0) return item;
  work.claimed.clear();
  return change(parts, item, { settled, waitsFor: holder, stint: item.stint + 1 });
};

/** One chunk: its plan is written down, then sent, then counted. A plan that stands already is sent once more as it is. */
export const readOn: Step = async (parts, item, work, isOver) => {
  if (item.waitsFor !== '') return (await mustWait(parts, item)) ? 'waits' : change(parts, item, { waitsFor: '' });
  let settled = item.settled;
  if (onItsWay(work) > (parts.onTheWay ?? defaultOnTheWay)) {
    settled = await settleDown(parts, item, work, isOver);
    if (isOver()) return change(parts, item, { settled });
  }
  const standing = work.file === undefined ? await readPlan(parts.objects, item.id, item.chunk) : undefined;
  const plan = standing ?? (await makePlan(parts, item, work, isOver));
  if ('holder' in plan) return waitFor(parts, item, work, plan.holder, isOver);
  await send(parts, plan);
  putDown(work, plan);
  parts.metrics.count('imports.intervals', { outcome: 'sent' }, plan.counts.sent);
  parts.metrics.count('imports.intervals', { outcome: 'aside' }, plan.counts.aside);
  return change(parts, item, {
    state: plan.last ? 'settling' : 'reading',
    chunk: item.chunk + 1,
    settled,
    events: plan.events,
    readBytes: plan.last ? item.bytes : plan.readBytes,
    counts: addCounts(item.counts, plan.counts),
  });
};
