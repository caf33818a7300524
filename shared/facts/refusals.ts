import * as z from 'zod';
import { refusalsKey } from '#shared/table/keys.ts';
import { ConditionFailed, type Item, type Table, TransactionConflict } from '#shared/table/table.ts';
import { auditItems, auditUnavailable, type NewEntry } from './audit.ts';

/**
 * Attempts that were refused, joined: what an actor is refused at a subject on a day is counted in one item, and an entry stands
 * in the audit for the first of a kind, the hundredth and the thousandth. So a flood of them costs a bounded number of writes and
 * a bounded place in the log of whom it is aimed at; every one of them is counted by the metric `request.refused`.
 */
const Refusals = z.object({
  version: z.int().min(1),
  total: z.int().min(1),
  /** Attempts by act and code. */
  kinds: z.record(z.string(), z.int().min(1)),
});
type Refusals = z.infer<typeof Refusals>;

/** Counts of attempts at which an entry stands. */
const told: ReadonlySet<number> = new Set([1, 100, 1000]);
/** Attempts of an actor at a subject that are counted on a day. */
export const mostCounted = 1000;
/** Kinds of attempts told apart; further ones are one kind more. */
export const mostKinds = 16;
const tries = 8;

const furtherKinds = 'several';

const kindOf = ({ act, outcome }: NewEntry, before: Refusals | undefined): string => {
  const kind = `${act} ${outcome}`;
  if (before === undefined || Object.hasOwn(before.kinds, kind)) return kind;
  return Object.keys(before.kinds).length < mostKinds ? kind : furtherKinds;
};

/** The entry that tells of attempts, with nothing in it that the caller chose; undefined where one less tells as much. */
const tellingEntry = (entry: NewEntry, kind: string, times: number): NewEntry | undefined => {
  if (!told.has(times)) return undefined;
  const { purpose: _purpose, reason: _reason, asOf: _asOf, knownAt: _knownAt, ...rest } = entry;
  const what =
    kind === furtherKinds
      ? ({ act: furtherKinds, route: furtherKinds, outcome: `refused:${furtherKinds}` } as const)
      : {};
  // Where nothing is there that was named, the name is the caller's own.
  const named = entry.subject === undefined ? [] : entry.named;
  return { ...rest, ...what, named, requestId: entry.id, times, count: 0 };
};

const counted = (key: Item | undefined): Refusals | undefined => (key === undefined ? undefined : Refusals.parse(key));

const countRefused = async (audit: Table, entry: NewEntry): Promise<void> => {
  const actor = `${entry.actorKind}:${entry.actor}`;
  const key = refusalsKey(entry.subject ?? actor, entry.at.slice(0, 10), actor);
  let lost: unknown;
  for (let tried = 0; tried < tries; tried += 1) {
    const before = counted(await audit.get(key, { consistent: true }));
    if (before !== undefined && before.total >= mostCounted) return;
    const kind = kindOf(entry, before);
    const times = (before?.kinds[kind] ?? 0) + 1;
    const after: Refusals = {
      version: (before?.version ?? 0) + 1,
      total: (before?.total ?? 0) + 1,
      kinds: { ...before?.kinds, [kind]: times },
    };
    const when =
      before === undefined ? ({ kind: 'absent' } as const) : ({ kind: 'version', is: before.version } as const);
    const telling = tellingEntry(entry, kind, times);
    try {
      await audit.commit([{ put: { ...key, ...after }, when }, ...(telling === undefined ? [] : auditItems(telling))]);
      return;
    } catch (error) {
      if (!(error instanceof ConditionFailed || error instanceof TransactionConflict)) throw error;
      lost = error;
      // Others of the same kind are being counted at this moment: it is told already.
      if (times > 1) return;
    }
  }
  throw lost;
};

/**
 * Counts an attempt that was refused, and has it told where it is the first of its kind that day. Where nothing is named that the
 * actor could have aimed at, their own attempts are joined. Throws DomainError (503) where it cannot be told.
 */
export const recordRefused = async (audit: Table, entry: NewEntry): Promise<void> => {
  try {
    await countRefused(audit, entry);
  } catch (cause) {
    throw auditUnavailable(cause);
  }
};
