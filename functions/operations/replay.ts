import * as z from 'zod';
import { sweepSearchEntries } from '#functions/search/store/search-sweep.ts';
import type { replay } from '#shared/contracts/local/ops.ts';
import type { Committer } from '#shared/facts/commit.ts';
import type { Bus, BusEvent } from '#shared/messaging/ports.ts';
import { readFact, type StoredFact } from '#shared/profile/store/items.ts';
import type { Clock } from '#shared/runtime/clock.ts';
import { subjectOfPartition } from '#shared/table/keys.ts';
import type { Item, Table } from '#shared/table/table.ts';
import { writeScanCursor } from '#shared/table/table-cursor.ts';
import { type IsOver, readPlace, type Step, writePlace } from './step.ts';

export interface ReplayParts {
  readonly profile: Table;
  readonly committer: Pick<Committer, 'refold'>;
  readonly bus: Bus;
  readonly clock: Clock;
  /** Keeps beside the readings what happened at a place; answers whether anything was kept otherwise. A dry run only looks. */
  readonly keepEventsOf: (subject: string, dryRun: boolean) => Promise<boolean>;
  /** The event of a stored fact, marked as published again. */
  readonly eventOf: (stored: StoredFact, publishedAt: string) => BusEvent;
}

type Input = z.output<typeof replay.input>;
type Answer = z.output<typeof replay.answer>;

const count = z.int().min(0);
const Place = z.strictObject({
  after: z.string().optional(),
  subjects: count,
  changed: count,
  published: count,
});
type Place = z.infer<typeof Place>;

const answerOf = ({ subjects, changed, published }: Place): Answer => ({ subjects, changed, published });

/** Pages of the table from a place on; each with where the next one begins, undefined behind the last. */
async function* pagesFrom(profile: Table, after: string | undefined) {
  let cursor = after;
  do {
    const page = await profile.scan({ consistent: true, ...(cursor === undefined ? {} : { cursor }) });
    cursor = page.cursor;
    yield page;
  } while (cursor !== undefined);
}

/** Folds every subject anew, one after the other; stops behind any of them. */
const refoldAll = async (parts: ReplayParts, { dryRun }: Input, from: Place, isOver: IsOver): Promise<Step<Answer>> => {
  let { subjects, changed } = from;
  const soFar = () => ({ ...from, subjects, changed });
  for await (const page of pagesFrom(parts.profile, from.after)) {
    await sweepSearchEntries(parts.profile, page.items, dryRun);
    for (const item of page.items) {
      const subject = item.sk === 'HEAD' ? subjectOfPartition(item.pk) : undefined;
      if (subject === undefined) continue;
      subjects += 1;
      const refolded = await parts.committer.refold(subject, dryRun);
      // After it: what happened stands in what was folded.
      const kept = await parts.keepEventsOf(subject, dryRun);
      if (refolded || kept) changed += 1;
      if (isOver())
        return { answer: answerOf(soFar()), next: writePlace({ ...soFar(), after: writeScanCursor(item) }) };
    }
  }
  return { answer: answerOf(soFar()) };
};

const instant = (value: string | undefined): string | undefined =>
  value === undefined ? undefined : new Date(value).toISOString();

/** The facts of a page that were received in a range, each in the copy of its primary subject. */
const factsOf = (items: readonly Item[], from: string | undefined, to: string | undefined): readonly StoredFact[] =>
  items
    .filter((item) => item.sk.startsWith('FACT#') && typeof item.n === 'number')
    .map(readFact)
    .filter(
      ({ fact }) => (from === undefined || fact.recordedAt >= from) && (to === undefined || fact.recordedAt < to),
    );

/** Publishes stored facts again, a page of the table at a time. */
const publishAll = async (parts: ReplayParts, input: Input, from: Place, isOver: IsOver): Promise<Step<Answer>> => {
  const range = [instant(input.from), instant(input.to)] as const;
  let { published } = from;
  for await (const page of pagesFrom(parts.profile, from.after)) {
    const facts = factsOf(page.items, ...range);
    const publishedAt = new Date(parts.clock.now()).toISOString();
    if (!input.dryRun && facts.length > 0)
      await parts.bus.publish(facts.map((stored) => parts.eventOf(stored, publishedAt)));
    published += facts.length;
    if (page.cursor !== undefined && isOver()) {
      const place = { ...from, published };
      return { answer: answerOf(place), next: writePlace({ ...place, after: page.cursor }) };
    }
  }
  return { answer: answerOf({ ...from, published }) };
};

/** Folds every subject anew from its facts; or publishes stored facts again, marked as replay. */
export const replayFacts = async (
  parts: ReplayParts,
  input: Input,
  from: string | undefined,
  isOver: IsOver,
): Promise<Step<Answer>> => {
  const place = from === undefined ? { subjects: 0, changed: 0, published: 0 } : readPlace(Place, from);
  return (input.events ? publishAll : refoldAll)(parts, input, place, isOver);
};
