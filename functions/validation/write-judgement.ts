import type { Table, Write } from '#shared/table/table.ts';
import { limits } from '#shared/table/table.ts';
import type { Judged } from './judge-window.ts';
import type { DayDigest } from './rules/day-digest.ts';
import { packDigests } from './rules/pack-digests.ts';
import { judgedMonthWrite } from './store/judged-months.ts';
import type { RegisterPlace } from './store/judged-registers.ts';
import { estimateWrite } from './store/made-blocks.ts';
import { exceptionWrite } from './store/reading-exceptions.ts';

/** Whether digests come to the same bytes. */
const isSamePacked = (left: readonly DayDigest[], right: readonly DayDigest[]): boolean =>
  Buffer.compare(packDigests(left), packDigests(right)) === 0;

const monthWrites = (place: RegisterPlace, { months, judgement }: Judged): readonly Write[] => {
  const now = new Map<string, DayDigest[]>();
  for (const { digest } of judgement.days) {
    const month = digest.date.slice(0, 7);
    now.set(month, [...(now.get(month) ?? []), digest]);
  }
  return [...now].flatMap(([month, digests]) => {
    const before = months.find((one) => one.month === month);
    const was = before?.digests ?? [];
    const merged = [...new Map([...was, ...digests].map((digest) => [digest.date, digest])).values()];
    if (before !== undefined && isSamePacked(was, merged)) return [];
    return [judgedMonthWrite(place, { month, version: before?.version ?? 0, digests: merged })];
  });
};

const estimateWrites = (place: RegisterPlace, { ground, judgement }: Judged): readonly Write[] => {
  const revisions = new Map(judgement.days.map(({ date, estimateRevision }) => [date, estimateRevision]));
  return judgement.estimates.flatMap((estimate) =>
    estimate.isNew ? [estimateWrite(place, ground.register.zone, estimate, revisions.get(estimate.date) ?? 0)] : [],
  );
};

const exceptionWrites = (place: RegisterPlace, { known, judgement }: Judged): readonly Write[] => {
  const before = new Map(known.map((one) => [one.exception.id, one]));
  return judgement.changes.map((change) => exceptionWrite(place, change, before.get(change.exception.id)));
};

/**
 * Keeps what a judgement came to, where nobody judged the days meanwhile; nothing where nothing changed. All in one transaction;
 * where it is more than one takes, the digests come last, and a judgement that was cut off is made again from what is there.
 * Throws ConditionFailed where somebody did: then read and judge anew.
 */
export const writeJudgement = async (
  readings: Table,
  place: RegisterPlace,
  judged: Judged,
): Promise<'written' | 'same'> => {
  const writes = [...estimateWrites(place, judged), ...exceptionWrites(place, judged), ...monthWrites(place, judged)];
  for (let from = 0; from < writes.length; from += limits.transactionItems) {
    await readings.commit(writes.slice(from, from + limits.transactionItems));
  }
  return writes.length === 0 ? 'same' : 'written';
};
