import type { AlarmKind } from '#functions/manifest/alarm.ts';

/** A metric of CloudWatch. */
export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** What an alarm looks at: a metric, the sum of several, one as per cent of another, or a count of our own by query. */
export type Measure =
  | { readonly kind: 'metric'; readonly metric: Metric; readonly statistic: 'Sum' | 'Maximum' | 'p99' }
  | { readonly kind: 'sum'; readonly metrics: readonly Metric[] }
  | { readonly kind: 'percent'; readonly of: Metric; readonly among: Metric }
  | { readonly kind: 'query'; readonly sql: string };

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

/** A count of our own, whatever its further dimensions. */
export const counted = (name: string, stage: string, where: Readonly<Record<string, string>> = {}): Measure => {
  const wanted = Object.entries({ stage, ...where }).map(([key, value]) => `${key} = '${value}'`);
  return { kind: 'query', sql: `SELECT SUM("${name}") FROM "Rotunda" WHERE ${wanted.join(' AND ')}` };
};
