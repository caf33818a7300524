import type { LogFields, Logger, Metrics } from '#shared/runtime/logger.ts';

/** Metrics that remember what was counted, as `name` or `name:value of each dimension`. */
export class RecordedMetrics implements Metrics {
  readonly counts = new Map<string, number>();

  count(name: string, dimensions: Readonly<Record<string, string>> = {}, by = 1): void {
    const key = [name, ...Object.values(dimensions)].join(':');
    this.counts.set(key, (this.counts.get(key) ?? 0) + by);
  }

  of(key: string): number {
    return this.counts.get(key) ?? 0;
  }
}

/** A logger that remembers its lines. */
export class RecordedLogger implements Logger {
  readonly lines: { readonly level: string; readonly event: string; readonly fields: LogFields }[] = [];

  info(event: string, fields: LogFields = {}): void {
    this.lines.push({ level: 'info', event, fields });
  }
  warn(event: string, fields: LogFields = {}): void {
    this.lines.push({ level: 'warn', event, fields });
  }
  error(event: string, fields: LogFields = {}): void {
    this.lines.push({ level: 'error', event, fields });
  }
}

/** Waits until a condition holds; throws what was awaited after 5 seconds. */
export const until = async (what: string, holds: () => boolean | Promise<boolean>): Promise<void> => {
  const end = Date.now() + 30_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};
