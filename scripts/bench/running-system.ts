import { CountingMetrics, lineLogger } from '#local/recorder.ts';
import { seedThrough } from '#local/seed-doors.ts';
import { type Served, serve } from '#local/serve.ts';
import { SwitchClock } from '#local/switch-clock.ts';
import type { SeedReport } from '#scripts/seed/seed-utility.ts';
import { standardPaymentPolicy } from '#shared/vocabulary/payment-policy.ts';
import { localDateAt } from '#shared/vocabulary/time.ts';

const zone = 'Europe/London';

/** The whole system in this process and in memory, with free ports, seeded and open. */
export interface RunningSystem {
  readonly served: Served;
  readonly url: string;
  readonly seeded: SeedReport;
  /** Seconds from before the start until the API was open. */
  readonly seconds: number;
}

/** Starts the system as `npm start --memory` does, and seeds it with a utility of that size up to today. */
export const startSeeded = async (size: {
  readonly customers: number;
  readonly months: number;
}): Promise<RunningSystem> => {
  const started = performance.now();
  const clock = new SwitchClock();
  const served = await serve({
    port: 0,
    mqttPort: 0,
    clock,
    zone,
    country: 'GB',
    payments: standardPaymentPolicy,
    logger: lineLogger((line) => process.stderr.write(`${line}\n`)),
    metrics: new CountingMetrics(),
  });
  const until = localDateAt(zone, Math.floor(Date.now() / 1000));
  const asked = { ...size, seed: 'bench', until, zone, currency: 'GBP' };
  const seeded = await seedThrough(served.system, clock, asked, asked, () => {});
  served.open();
  return { served, url: served.server.url, seeded, seconds: (performance.now() - started) / 1000 };
};
