import type { AlarmKind } from '#functions/manifest/alarm.ts';
import { type Looked, metricsNamespace } from '#shared/runtime/counts.ts';
import type { Watching } from '#shared/vocabulary/watching.ts';

/** A metric of CloudWatch. */
export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** What an alarm looks at: a metric, the sum of several, or one as per cent of another. */
export type Measure =
  | { readonly kind: 'metric'; readonly metric: Metric; readonly statistic: 'Sum' | 'Maximum' | 'p99' }
  | { readonly kind: 'sum'; readonly metrics: readonly Metric[] }
  | { readonly kind: 'percent'; readonly of: Metric; readonly among: Metric };

/** One alarm: a kind on one thing. */
export interface Alarm {
  readonly kind: AlarmKind;
  /** What is watched, e.g. a function's house name; ends the alarm's name. */
  readonly subject: string;
  readonly measure: Measure;
  /** Where the bound is the subject's own, such as a function's time. */
  readonly threshold?: number;
}

/** Text of an alarm: who is hurt, and where it is told what to do. */
export const alarmText = ({ impact, runbook }: AlarmKind): string => `${impact} Runbook: docs/runbooks/${runbook}.md`;

/** The metric of a count. */
export const metricOf = ({ count, where }: Looked, stage: string): Metric => ({
  namespace: metricsNamespace,
  name: count,
  dimensions: { stage, ...where },
});

/** Whether a stage that watches so much has an alarm. */
export const isWatched = ({ kind }: Alarm, watching: Watching): boolean => watching === 'all' || kind.protects;
