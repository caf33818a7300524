import type { CountName } from './counts.ts';

/** Fields a log line may carry: ids, codes, counts, durations; never a body, a name or an address. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Logger {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields & { readonly cause?: string }): void;
}

/** Counts of what happened: what can be counted is listed, and of which dimensions a metric is made. */
export interface Metrics {
  count(name: CountName, dimensions?: Readonly<Record<string, string>>, by?: number): void;
}
