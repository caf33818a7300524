import type { LogFields, Logger, Metrics } from '#shared/runtime/logger.ts';
import { visible } from '#shared/vocabulary/plain-text.ts';

/** One JSON line per event on stderr; what would steer a terminal is escaped. */
export const lineLogger = (write: (line: string) => void): Logger => {
  const log =
    (level: string) =>
    (event: string, fields: LogFields = {}): void =>
      write(visible(JSON.stringify({ level, event, ...fields })));
  return { info: log('info'), warn: log('warn'), error: log('error') };
};

/** Counts in this process: what CloudWatch would be told. */
export class CountingMetrics implements Metrics {
  readonly counts = new Map<string, number>();

  count(name: string, dimensions: Readonly<Record<string, string>> = {}, by = 1): void {
    const labels = Object.entries(dimensions)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([label, value]) => `${label}=${value}`);
    const key = [name, ...labels].join(' ');
    this.counts.set(key, (this.counts.get(key) ?? 0) + by);
  }
}
