import { gunzipSync, gzipSync } from 'node:zlib';
import type { Objects, Uploads } from '#shared/messaging/ports.ts';
import { folderOf, keepPlan } from './chunk-plan.ts';
import { openEvents } from './file-events.ts';
import { UnreadableFile } from './read-series.ts';
import type { SourceError } from './rules/interval-series.ts';
import { SeriesSummaries, type SeriesSummary } from './rules/summarise-series.ts';
import { type ImportItem, noCounts } from './store/imports.ts';
import { LookTooLong, mostSeries } from './survey-file.ts';

/** Errors that a dry run keeps whole, and series it tells; more are counted. */
const [errorsKept, seriesKept] = [10_000, 10_000];

const reportNameOf = (importId: string): string => `${folderOf(importId)}/report.json.gz`;

/**
 * Reads a whole file and writes down what it holds: its series as a report, its errors as those of a chunk that sends nothing.
 * Answers what becomes of the import. Throws LookTooLong, UnreadableFile.
 */
export const lookThrough = async (
  { uploads, objects }: { readonly uploads: Uploads; readonly objects: Objects },
  item: ImportItem,
  isOver: () => boolean,
): Promise<Partial<ImportItem>> => {
  const summaries = new SeriesSummaries();
  const errors: SourceError[] = [];
  const counts = { read: 0, missing: 0, costs: 0 };
  let [events, registerReads, told] = [0, 0, 0];
  for await (const { block, error, summary } of openEvents(uploads, item).events) {
    if (isOver()) throw new LookTooLong();
    events += 1;
    if (block !== undefined) {
      summaries.add(block);
      if (summaries.size > mostSeries) throw new UnreadableFile('file.too-many-series');
      counts.missing += block.intervals.filter(({ value }) => value === null).length;
      counts.read += block.intervals.filter(({ value }) => value !== null).length;
      counts.costs += block.intervals.filter(({ cost, tou }) => cost !== undefined || tou !== undefined).length;
      registerReads += block.reads?.length ?? 0;
      continue;
    }
    if (summary !== undefined) {
      counts.costs += 1;
      continue;
    }
    told += 1;
    if (errors.length < errorsKept) errors.push(error);
  }
  const report = gzipSync(JSON.stringify(summaries.result().slice(0, seriesKept)));
  await objects.put(reportNameOf(item.id), report);
  const found = {
    ...noCounts,
    ...counts,
    registerReads: { ...noCounts.registerReads, read: registerReads },
    errors: told,
  };
  const nothing = { writes: [], reads: [], entries: [] };
  const plan = { events, readBytes: item.bytes, last: true, ...nothing, errors, counts: found };
  await keepPlan(objects, item.id, item.chunk, plan);
  return {
    state: 'done',
    run: item.run + 1,
    runFrom: item.chunk,
    chunk: item.chunk + 1,
    events,
    readBytes: item.bytes,
    counts: found,
  };
};

/** What a dry run found; undefined where it has not ended. */
export const readReport = async (objects: Objects, importId: string): Promise<readonly SeriesSummary[] | undefined> => {
  const bytes = await objects.get(reportNameOf(importId));
  return bytes === undefined ? undefined : JSON.parse(gunzipSync(bytes).toString('utf8'));
};
