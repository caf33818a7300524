import { setTimeout as wait } from 'node:timers/promises';
import { begin } from './begin-import.ts';
import { type AdvanceParts, change, onItsWay, type Step, settleDown, takeUp, type Work } from './import-work.ts';
import { readOn } from './read-chunk.ts';
import { UnreadableFile } from './read-series.ts';
import { type ImportItem, readImport } from './store/imports.ts';
import { LookTooLong } from './survey-file.ts';
import { takeBack } from './take-back.ts';

/** How long what was sent may take to be stored before it is given up. */
const patienceMilliseconds = 15 * 60_000;
/** A look through a whole file that took so long does not end in another run either. */
const longestLookMilliseconds = 10 * 60_000;
const [heldPause, defaultHeld] = [2000, 60_000];

/** Whether what was sent has had its time to be stored. */
const isLate = (parts: AdvanceParts, { stateSince }: ImportItem): boolean =>
  parts.clock.now() - Date.parse(stateSince) > patienceMilliseconds;

/** Waits until all that was sent is stored. */
const settle: Step = async (parts, item, work, isOver) => {
  const settled = await settleDown(parts, item, work, () => isOver() || isLate(parts, item));
  const left = onItsWay(work);
  if (left === 0) return change(parts, item, { state: item.again ? 'uploaded' : 'done', again: false, settled });
  if (!isLate(parts, item)) return item;
  parts.logger.error('imports.not-stored', { import: item.id, blocks: left });
  return change(parts, item, { state: 'failed', failure: 'import.not-stored' });
};

/** Takes all back, once nothing is on its way any more: what came later would stay. */
const undo: Step = async (parts, item, work, isOver) => {
  await settleDown(parts, item, work, () => isOver() || isLate(parts, item));
  return onItsWay(work) > 0 && !isLate(parts, item) ? item : takeBack(parts, item, work, isOver);
};

const steps: Readonly<Partial<Record<ImportItem['state'], Step>>> = {
  uploaded: begin,
  reading: readOn,
  settling: settle,
  undoing: undo,
};

/** A step; a file that cannot be read to its end ends the import, all else is for the caller to try again. */
const stepOrFail: (step: Step) => Step = (step) => async (parts, item, work, isOver) => {
  const began = parts.clock.now();
  try {
    return await step(parts, item, work, isOver);
  } catch (error) {
    if (error instanceof UnreadableFile) return change(parts, item, { state: 'failed', failure: error.failure });
    if (!(error instanceof LookTooLong)) throw error;
    // The process may only be about to end: then the next one looks.
    if (parts.clock.now() - began < longestLookMilliseconds) return item;
    return change(parts, item, { state: 'failed', failure: 'file.too-long' });
  }
};

/**
 * Works an import on until nothing is left to do for it (`rests`), the time is over (`works`), or another import holds what it
 * needs (`waits`). It may be stopped anywhere and called again, and several may be called at once: what a chunk brings is written
 * down before it is sent, sending it twice stores the same bytes under the same keys, and only one of them counts it.
 */
export const advanceImport = async (
  parts: AdvanceParts,
  id: string,
  isOver: () => boolean = () => false,
): Promise<'rests' | 'works' | 'waits'> => {
  const { sleep = wait, heldMilliseconds = defaultHeld } = parts;
  let item = await readImport(parts.profile, id);
  let work: Work | undefined = item === undefined ? undefined : await takeUp(parts, item);
  let waited = 0;
  while (item !== undefined && work !== undefined) {
    const step = steps[item.state];
    if (step === undefined) return 'rests';
    if (isOver()) return 'works';
    const after: ImportItem | undefined | 'waits' = await stepOrFail(step)(parts, item, work, isOver);
    if (after === 'waits') {
      if (waited >= heldMilliseconds) return 'waits';
      await sleep(heldPause);
      waited += heldPause;
      item = await readImport(parts.profile, id);
      continue;
    }
    waited = 0;
    item = after ?? (await readImport(parts.profile, id));
    if (after === undefined && item !== undefined) work = await takeUp(parts, item);
  }
  return 'rests';
};
