import * as z from 'zod';
import { meterTaskKey, meterTaskOf, meterTaskPartition } from '#shared/table/keys.ts';
import { ConditionFailed, type Item, type Table } from '#shared/table/table.ts';
import { MeterTaskKind } from '#shared/vocabulary/statuses.ts';

/** What is to be done about a meter, of one kind: open while anything speaks for it. Instants in Unix seconds. */
export interface MeterTask {
  readonly meter: string;
  readonly kind: MeterTaskKind;
  /** Counts the item's writes. */
  readonly version: number;
  /** Counts how often a task of the kind was opened. */
  readonly number: number;
  readonly isOpen: boolean;
  /** Since when what it was opened for goes on. */
  readonly since: number;
  /** When the last of it ended; null while it is open. */
  readonly until: number | null;
  /** Ids of the exceptions that speak for it, of a silent meter its registers; of a closed one those that did last. */
  readonly evidence: readonly string[];
}

const Stored = z.object({
  version: z.int().min(1),
  number: z.int().min(1),
  open: z.boolean(),
  since: z.int(),
  until: z.int().nullable(),
  evidence: z.array(z.string()),
});

/** Reads an item of a task, e.g. from the table's feed; undefined where it is none. */
export const meterTaskOfItem = (item: Item): MeterTask | undefined => {
  const place = meterTaskOf(item);
  if (place === undefined) return undefined;
  const { open, ...stored } = Stored.parse(item);
  return { meter: place.meter, kind: MeterTaskKind.parse(place.kind), isOpen: open, ...stored };
};

/** The tasks of a meter, open and closed, read consistently: one query. */
export const readMeterTasks = async (readings: Table, meter: string): Promise<readonly MeterTask[]> => {
  const { items } = await readings.query({ pk: meterTaskPartition(meter), consistent: true });
  return items.flatMap((item) => meterTaskOfItem(item) ?? []);
};

/** What speaks for a task, or no longer does; instants in Unix seconds. */
export type Evidence =
  | { readonly stands: true; readonly id: string; readonly since: number }
  | { readonly stands: false; readonly id: string; readonly until: number };

/** The task after a piece of evidence came or went; undefined where that changes nothing. */
export const withEvidence = (
  before: MeterTask | undefined,
  { meter, kind }: Pick<MeterTask, 'meter' | 'kind'>,
  evidence: Evidence,
): MeterTask | undefined => {
  const held = before?.isOpen === true ? before.evidence : [];
  if (held.includes(evidence.id) === evidence.stands) return undefined;
  const version = (before?.version ?? 0) + 1;
  if (!evidence.stands) {
    if (before === undefined) return undefined;
    const left = held.filter((id) => id !== evidence.id);
    if (left.length > 0) return { ...before, version, evidence: left };
    return { ...before, version, isOpen: false, until: Math.max(before.since, evidence.until) };
  }
  const all = [...held, evidence.id].sort();
  if (before?.isOpen === true)
    return { ...before, version, evidence: all, since: Math.min(before.since, evidence.since) };
  const number = (before?.number ?? 0) + 1;
  return { meter, kind, version, number, isOpen: true, since: evidence.since, until: null, evidence: all };
};

const tries = 8;

/**
 * Notes what speaks for a task of a meter, or no longer does. Saying either twice says it once. Answers the task where it changed.
 */
export const noteEvidence = async (
  readings: Table,
  task: Pick<MeterTask, 'meter' | 'kind'>,
  evidence: Evidence,
): Promise<MeterTask | undefined> => {
  const key = meterTaskKey(task.meter, task.kind);
  for (let tried = 1; ; tried += 1) {
    const item = await readings.get(key, { consistent: true });
    const before = item === undefined ? undefined : meterTaskOfItem(item);
    const after = withEvidence(before, task, evidence);
    if (after === undefined) return undefined;
    const { version, number, since, until } = after;
    const put = { ...key, version, number, open: after.isOpen, since, until, evidence: [...after.evidence] };
    const when =
      before === undefined ? ({ kind: 'absent' } as const) : ({ kind: 'version', is: before.version } as const);
    try {
      await readings.commit([{ put, when, mayRepeat: true }]);
      return after;
    } catch (error) {
      if (!(error instanceof ConditionFailed) || tried >= tries) throw error;
    }
  }
};
