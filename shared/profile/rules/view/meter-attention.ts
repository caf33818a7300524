import type { FactOf } from '#shared/contracts/facts/fact.ts';
import { MeterTaskKind } from '#shared/vocabulary/statuses.ts';

/** What was written of an exception of readings last: the highest revision. */
export interface RecordedException {
  readonly id: string;
  readonly servicePoint: string;
  readonly revision: number;
  readonly standing: boolean;
  /** Whether values became questionable or are missing; left out where they stand. */
  readonly fails?: true;
}

/** The last task of a kind for a meter. */
export interface RecordedTask {
  readonly meter: string;
  readonly servicePoint: string;
  readonly task: MeterTaskKind;
  readonly number: number;
  readonly open: boolean;
}

/** What somebody should look at: the latest exceptions (at most 40) and tasks (at most 20, open ones before closed). */
export interface AttentionState {
  readonly exceptions?: readonly RecordedException[];
  readonly tasks?: readonly RecordedTask[];
}

const keptExceptions = 40;
const keptTasks = 20;

/** A meter at the point it was told to measure. */
export interface PlacedMeter {
  readonly meter: string;
  readonly servicePoint: string;
}

/** The exceptions after a fact about one; in whatever order they come, the highest revision counts. */
export const withException = <State extends AttentionState>(
  state: State,
  fact: FactOf<'metering.exception.raised.v1' | 'metering.exception.resolved.v1'>,
  { servicePoint }: PlacedMeter,
): State | 'groundless' => {
  const { exception: id, revision } = fact.data;
  if (id === undefined || revision === undefined) return 'groundless';
  const known = state.exceptions ?? [];
  const before = known.find((one) => one.id === id);
  if (before !== undefined && before.revision >= revision) return state;
  const standing = fact.type === 'metering.exception.raised.v1';
  const fails = standing ? fact.data.severity !== 'warn' : before?.fails === true;
  const now = { id, servicePoint, revision, standing, ...(fails ? { fails: true as const } : {}) };
  return { ...state, exceptions: [...known.filter((one) => one !== before), now].slice(-keptExceptions) };
};

/** The tasks after a fact about one: of a kind for a meter the highest number counts, and that it was closed. */
export const withTask = <State extends AttentionState>(
  state: State,
  fact: FactOf<'metering.task.opened.v1' | 'metering.task.closed.v1'>,
  { meter, servicePoint }: PlacedMeter,
): State | 'groundless' => {
  const { task, number } = fact.data;
  if (task === undefined || number === undefined) return 'groundless';
  const known = state.tasks ?? [];
  const before = known.find((one) => one.meter === meter && one.task === task);
  const open = fact.type === 'metering.task.opened.v1';
  if (before !== undefined && (before.number > number || (before.number === number && !before.open))) return state;
  const now = { meter, servicePoint, task, number, open };
  const all = [...known.filter((one) => one !== before), now];
  const surplus = all.length - keptTasks;
  const first = surplus > 0 ? (all.find((one) => !one.open) ?? all[0]) : undefined;
  return { ...state, tasks: all.filter((one) => one !== first) };
};

/** What the view says of a service point: how much stands, the worst of it, and what is to be done about its meter. */
export interface Attention {
  readonly exceptions: number;
  readonly worst: 'fail' | 'warn' | null;
  readonly tasks: readonly MeterTaskKind[];
}

/** Gaps in readings are left out: they have estimates or wait, and become a task where they last. */
const isGap = ({ id }: RecordedException): boolean => id.split('.')[2] === 'missing-intervals';

/** What somebody should look at, at a service point. */
export const attentionAt = ({ exceptions = [], tasks = [] }: AttentionState, servicePoint: string): Attention => {
  const standing = exceptions.filter((one) => one.servicePoint === servicePoint && one.standing && !isGap(one));
  const open = new Set(tasks.flatMap((one) => (one.servicePoint === servicePoint && one.open ? [one.task] : [])));
  return {
    exceptions: standing.length,
    worst: standing.length === 0 ? null : standing.some(({ fails }) => fails) ? 'fail' : 'warn',
    tasks: MeterTaskKind.options.filter((kind) => open.has(kind)),
  };
};

/** Whether there is anything to look at. */
export const needsAttention = ({ exceptions, tasks }: Attention): boolean => exceptions > 0 || tasks.length > 0;

/** As one whole number: tasks in the lowest bits, then the worst, then how many. */
export const attentionCode = ({ exceptions, worst, tasks }: Attention): number =>
  MeterTaskKind.options.reduce((bits, kind, place) => bits + (tasks.includes(kind) ? 1 << place : 0), 0) +
  (worst === 'fail' ? 1 << MeterTaskKind.options.length : 0) +
  exceptions * (2 << MeterTaskKind.options.length);

export const attentionOfCode = (code: number): Attention => {
  const exceptions = code >> (MeterTaskKind.options.length + 1);
  const fails = ((code >> MeterTaskKind.options.length) & 1) === 1;
  return {
    exceptions,
    worst: exceptions === 0 ? null : fails ? 'fail' : 'warn',
    tasks: MeterTaskKind.options.filter((_, place) => ((code >> place) & 1) === 1),
  };
};
