import * as z from 'zod';
import type { quarantine } from '#shared/contracts/local/ops.ts';
import type { QuarantineEntry } from '#shared/facts/quarantine.ts';
import type { Table } from '#shared/table/table.ts';
import { QuarantineReason } from '#shared/vocabulary/statuses.ts';
import { WalkPlace, walkQuarantine, walkStart } from './quarantine-walk.ts';
import { type IsOver, readPlace, type Step, writePlace } from './step.ts';

type Answer = z.output<typeof quarantine.answer>;
type Listed = Answer['entries'][number];

const Place = z.strictObject({
  walk: WalkPlace,
  counts: z.array(z.tuple([QuarantineReason, z.int().min(1)])),
  newest: z.array(
    z.strictObject({
      id: z.string(),
      reason: QuarantineReason,
      source: z.string().optional(),
      receivedAt: z.string(),
      waitsFor: z.string().optional(),
    }),
  ),
});

const listedOf = (entry: QuarantineEntry): Listed => ({
  id: entry.id,
  reason: entry.reason,
  source: entry.source,
  receivedAt: entry.receivedAt,
  ...(entry.detail.waitsFor === undefined ? {} : { waitsFor: entry.detail.waitsFor }),
});

const newestFirst = (left: Listed, right: Listed): number => (left.receivedAt < right.receivedAt ? 1 : -1);

/** What is kept aside: reasons, counts and the newest entries; never what the entries say. */
export const showQuarantine = async (
  profile: Table,
  { reason, limit }: z.output<typeof quarantine.input>,
  from: string | undefined,
  isOver: IsOver,
): Promise<Step<Answer>> => {
  const place = from === undefined ? { walk: walkStart, counts: [], newest: [] } : readPlace(Place, from);
  const counts = new Map(place.counts);
  let newest: Listed[] = place.newest;
  const keepNewest = (): void => {
    newest = newest.toSorted(newestFirst).slice(0, limit);
  };
  const next = await walkQuarantine(profile, place.walk, isOver, (entry) => {
    if (reason !== undefined && entry.reason !== reason) return;
    counts.set(entry.reason, (counts.get(entry.reason) ?? 0) + 1);
    newest.push(listedOf(entry));
    if (newest.length >= limit + 1000) keepNewest();
  });
  keepNewest();
  const answer = {
    total: [...counts.values()].reduce((sum, count) => sum + count, 0),
    reasons: [...counts].map(([name, count]) => ({ reason: name, count })),
    entries: newest,
  };
  return next === undefined ? { answer } : { answer, next: writePlace({ walk: next, counts: [...counts], newest }) };
};
