import type { Looked } from '#shared/runtime/counts.ts';

/** `page`: somebody looks now. `ticket`: somebody looks today. Each is a topic of its own, `rotunda-<stage>-<urgency>`. */
export const urgencies = ['page', 'ticket'] as const;
export type Urgency = (typeof urgencies)[number];

/** A way of losing or delaying something, and what is done when it happens. One kind may watch several things. */
export interface AlarmKind {
  readonly id: string;
  /** Name of the page in `docs/runbooks`. */
  readonly runbook: string;
  /** What it means for customers, in a sentence or two. */
  readonly impact: string;
  readonly urgency: Urgency;
  /**
   * Whether it protects data: it is the one that tells of data that is lost, will be, or is open to others. A stage that watches no
   * more than that has these alarms alone. What was refused, is slow, or is tried again and told by another alarm is not among them.
   */
  readonly protects: boolean;
  /** Above this it rings; with `below`, at less than this. */
  readonly threshold: number;
  readonly below?: true;
  /** Length of a period in seconds, how many are looked at, and how many of those ring. */
  readonly period: number;
  readonly periods: number;
  readonly outOf?: number;
  /** Silence rings too: what is watched should never stop. */
  readonly silenceRings?: true;
}

/** What an alarm of a function is on: runs of the function, or something that it counts. */
export type AlarmOn =
  | { readonly metric: 'Invocations' | 'Errors' }
  /** A count, by a value of each dimension that its metric has; `subject` ends the alarm's name where that is not the function. */
  | (Looked & { readonly subject?: string });

/** A kind of alarm that stands with one function: what sets it off is that function's, or counted by its kind of functions. */
export interface FunctionAlarm extends AlarmKind {
  readonly on: readonly AlarmOn[];
}

/** What it means that a reader of a stream is behind. */
export type BehindAlarm = Pick<AlarmKind, 'id' | 'impact' | 'urgency' | 'protects'>;

export const minute = 60;
export const quarter = 15 * minute;
export const hour = 60 * minute;
export const day = 24 * hour;

/** At once when it happens a single time. */
export const atOnce = { threshold: 0, period: minute, periods: 1 } as const;
/** When it goes on for a quarter of an hour. */
export const lasting = { period: 5 * minute, periods: 3 } as const;
