import { readFact, type StoredFact } from '#shared/profile/store/items.ts';
import { readAll } from '#shared/profile/store/subjects.ts';
import { causeName } from '#shared/runtime/cause-name.ts';
import { subjectOfPartition, subjectPartition } from '#shared/table/keys.ts';
import type { Item } from '#shared/table/table.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import type { WorkReplayParts } from './replay-parts.ts';
import type { AskedReplay, Failure } from './store/replays.ts';

/** What came of some subjects. */
export interface Came {
  readonly subjects: number;
  readonly changed: number;
  readonly published: number;
  readonly failures: readonly Omit<Failure, 'segment'>[];
}

export const nothing: Came = { subjects: 0, changed: 0, published: 0, failures: [] };

/** Why a subject failed: a code, or the name of an error; never its message, which may hold what was sent. */
const reasonOf = (error: unknown): string => {
  if (error instanceof DomainError) return error.code;
  return causeName(error);
};

/** Folds a subject anew, and tells judging what happened there. */
const refoldOne = async (
  { committer, keepEventsOf }: WorkReplayParts,
  subject: string,
  dryRun: boolean,
): Promise<boolean> => {
  const refolded = await committer.refold(subject, dryRun);
  // After it: what happened stands in what was folded.
  const kept = await keepEventsOf(subject, dryRun);
  return refolded || kept;
};

const failed = ({ logger, metrics }: WorkReplayParts, subject: string, error: unknown): Came => {
  const reason = reasonOf(error);
  metrics.count('replay.subject-failed');
  logger.error('replay.subject-failed', { subject, reason });
  return { ...nothing, subjects: 1, failures: [{ subject, reason }] };
};

const added = (parts: readonly Came[]): Came =>
  parts.reduce(
    (sum, one) => ({
      subjects: sum.subjects + one.subjects,
      changed: sum.changed + one.changed,
      published: sum.published + one.published,
      failures: [...sum.failures, ...one.failures],
    }),
    nothing,
  );

/** Folds subjects anew, side by side; one that fails is told and holds up no other. */
export const refoldSubjects = async (
  parts: WorkReplayParts,
  subjects: readonly string[],
  dryRun: boolean,
): Promise<Came> => {
  const refold = async (subject: string): Promise<Came> => {
    try {
      return { ...nothing, subjects: 1, changed: (await refoldOne(parts, subject, dryRun)) ? 1 : 0 };
    } catch (error) {
      return failed(parts, subject, error);
    }
  };
  return added(await Promise.all(subjects.map(refold)));
};

/** A fact that was received in the range, in the copy of its primary subject. */
const factIn = (item: Item, { from, to }: AskedReplay): StoredFact | undefined => {
  if (!item.sk.startsWith('FACT#') || typeof item.n !== 'number') return undefined;
  const stored = readFact(item);
  const { recordedAt } = stored.fact;
  return (from === undefined || recordedAt >= from) && (to === undefined || recordedAt < to) ? stored : undefined;
};

/**
 * Publishes the facts among items again; a subject of whom one cannot be made an event of is told. A bus that does not take them
 * throws: it would take no others.
 */
export const publishItems = async (
  parts: WorkReplayParts,
  items: readonly Item[],
  asked: AskedReplay,
): Promise<Came> => {
  const publishedAt = new Date(parts.clock.now()).toISOString();
  const failures = new Map<string, Omit<Failure, 'segment'>>();
  const events = items.flatMap((item) => {
    try {
      const stored = factIn(item, asked);
      return stored === undefined ? [] : [parts.eventOf(stored, publishedAt)];
    } catch (error) {
      const subject = subjectOfPartition(item.pk);
      if (subject === undefined) throw error;
      for (const failure of failed(parts, subject, error).failures) failures.set(subject, failure);
      return [];
    }
  });
  if (!asked.dryRun && events.length > 0) await parts.bus.publish(events);
  return { ...nothing, published: events.length, failures: [...failures.values()] };
};

/** Does a subject once more that failed. */
export const redoSubject = async (parts: WorkReplayParts, subject: string, asked: AskedReplay): Promise<Came> => {
  if (!asked.events) return { ...(await refoldSubjects(parts, [subject], asked.dryRun)), subjects: 0 };
  const facts = await readAll(parts.profile, { pk: subjectPartition(subject), prefix: 'FACT#', consistent: true });
  return publishItems(parts, facts, asked);
};
