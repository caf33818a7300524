import { gunzipSync, gzipSync } from 'node:zlib';
import * as z from 'zod';
import { fileNameOf, folderOf } from './chunk-plan.ts';
import { lookThrough } from './dry-run.ts';
import { openEvents } from './file-events.ts';
import { type AdvanceParts, change, type Step } from './import-work.ts';
import { MissingPoint, missingPoints } from './missing-points.ts';
import { SwappedDatesLook, swappedInWords } from './rules/swapped-dates.ts';
import { type ImportItem, noCounts } from './store/imports.ts';
import { LookTooLong, surveyFile } from './survey-file.ts';

/** Points made known at a time, and those that are written down together. */
const [pointsTogether, pointsOfPiece] = [25, 1000];

const piecesNameOf = (importId: string, piece: number): string =>
  `${folderOf(importId)}/points/${String(piece).padStart(6, '0')}.json.gz`;

/** Looks which points of the file nobody knows, and writes them down. */
const lookForPoints = async (
  parts: AdvanceParts,
  item: ImportItem,
  isOver: () => boolean,
): Promise<Partial<ImportItem>> => {
  const surveyed = await surveyFile(openEvents(parts.uploads, item).events, isOver);
  const points = await missingPoints(parts.profile, parts.zone, surveyed);
  for (let from = 0; from < points.length; from += pointsOfPiece) {
    const piece = gzipSync(JSON.stringify(points.slice(from, from + pointsOfPiece)));
    await parts.objects.put(piecesNameOf(item.id, from / pointsOfPiece), piece);
  }
  return { points: { looked: true, of: points.length, made: 0 } };
};

/** Makes the next of them known. */
const makeSome = async (parts: AdvanceParts, { id, points }: ImportItem): Promise<Partial<ImportItem>> => {
  const bytes = await parts.objects.get(piecesNameOf(id, Math.floor(points.made / pointsOfPiece)));
  if (bytes === undefined) return { points: { looked: false, of: 0, made: 0 } };
  const piece = z.array(MissingPoint).parse(JSON.parse(gunzipSync(bytes).toString('utf8')));
  const from = points.made % pointsOfPiece;
  const some = piece.slice(from, from + pointsTogether);
  if (some.length === 0) return { points: { looked: false, of: 0, made: 0 } };
  await parts.makePoints(id, some);
  return { points: { ...points, made: points.made + some.length } };
};

/** Intervals of the beginning of a file whose dates are looked at. */
const datesLookedAt = 200_000;

/** What becomes of an import whose dates look as if month and day were swapped; undefined where they do not. Only mappings can err so. */
const refuseSwapped = async (
  parts: AdvanceParts,
  item: ImportItem,
  isOver: () => boolean,
): Promise<Partial<ImportItem> | undefined> => {
  if (item.format !== 'csv' || item.force) return undefined;
  const look = new SwappedDatesLook();
  for await (const { block } of openEvents(parts.uploads, item).events) {
    if (isOver()) throw new LookTooLong();
    if (block !== undefined) look.add(block);
    if (look.intervals >= datesLookedAt) break;
  }
  const found = look.found();
  return found && { state: 'failed', failure: 'file.dates-swapped', seen: swappedInWords(found) };
};

/** Makes known what is missing, where that was asked for, and begins to read: a step for each look and each few points. */
export const begin: Step = async (parts, item, work, isOver) => {
  if (!(await parts.uploads.has(fileNameOf(item.id))))
    return change(parts, item, { state: 'failed', failure: 'file.gone' });
  if (item.dryRun) return change(parts, item, await lookThrough(parts, item, isOver));
  const { looked, of, made } = item.points;
  const swapped = looked ? undefined : await refuseSwapped(parts, item, isOver);
  if (swapped !== undefined) return change(parts, item, swapped);
  if (item.createMissing && !looked) return change(parts, item, await lookForPoints(parts, item, isOver));
  if (made < of) return change(parts, item, await makeSome(parts, item));
  // What an earlier run claimed may be another's by now.
  work.claimed.clear();
  delete work.file;
  return change(parts, item, {
    state: 'reading',
    run: item.run + 1,
    stint: item.stint + 1,
    runFrom: item.chunk,
    events: 0,
    readBytes: 0,
    counts: noCounts,
    points: { looked: false, of: 0, made: 0 },
  });
};
