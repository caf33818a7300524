import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { main } from '#cli/main.ts';
import { estimatedQualities, quality } from '#shared/vocabulary/measures.ts';
import { RunningSystem } from '#tests/support/running-system.ts';

const folder = fileURLToPath(new URL('../../../shared/data/sgsc-au-halfhourly/', import.meta.url));
const present = existsSync(`${folder}facts.json`);
if (!present) console.log('skipped: the data set sgsc-au-halfhourly is not beside this checkout');

interface HouseholdFacts {
  readonly rows: number;
  readonly missingIntervals: number;
  readonly sum: number;
}

const UsageTotal = z.object({
  total: z.object({
    expected: z.int(),
    byQuality: z.array(z.object({ quality: z.int(), count: z.int(), value: z.int() })),
  }),
});
type Sums = z.infer<typeof UsageTotal>['total']['byQuality'];

/** Codes of values that were estimated where the file has none. */
const madeUp: ReadonlySet<number> = new Set([...estimatedQualities, quality.derived]);

const sumOf = (sums: Sums, what: 'count' | 'value'): number => sums.reduce((sum, one) => sum + one[what], 0);

describe.skipIf(!present)('six Australian households fed through meters of their own', () => {
  let system: RunningSystem;
  let data: string;

  beforeAll(async () => {
    system = await RunningSystem.start();
    data = await mkdtemp(join(tmpdir(), 'rotunda-feed-'));
  });
  afterAll(async () => {
    await system.served.stop();
    await rm(data, { recursive: true, force: true });
  });

  const feed = async (...more: string[]): Promise<number> => {
    const layout = [
      '--meter-column',
      'customer_id',
      '--time-column',
      'reading_datetime',
      '--value-column',
      'general_supply_kwh',
    ];
    const file = [
      'feed',
      `${folder}households.csv.gz`,
      ...layout,
      '--unit',
      'kWh',
      '--utc-offset',
      '+10:00',
      '--stamp',
      'start',
    ];
    const terminal = { out: () => {}, note: () => {}, input: async () => '', width: 100 };
    return main([...file, '--url', system.url, '--data', data, ...more], terminal);
  };

  it('are refused where nobody knows them', { timeout: 60_000 }, async () => {
    expect(await feed()).toBe(3);
  });

  it('read back with the rows, watt-hours and gaps of the file, and stay so when fed again', {
    timeout: 180_000,
  }, async () => {
    expect(await feed('--create-missing')).toBe(0);
    const facts: Record<string, HouseholdFacts> = JSON.parse(readFileSync(`${folder}facts.json`, 'utf8'));
    for (const [meter, told] of Object.entries(facts)) {
      const path = `/v1/service-points/feed:${meter}/usage?from=2012-01-01&to=2014-12-31&resolution=month`;
      const answer = await system.must({ path, as: { role: 'agent' }, headers: { 'Rotunda-Purpose': 'service' } });
      expect(answer.json, meter).toMatchObject({ unit: 'Wh', powerOfTen: 0 });
      const { total } = UsageTotal.parse(answer.json);
      const measured = total.byQuality.filter(({ quality: code }) => !madeUp.has(code));
      expect(sumOf(measured, 'value'), meter).toBe(Math.round(told.sum * 1000));
      expect(sumOf(measured, 'count'), meter).toBe(told.rows);
      expect(total.expected - sumOf(measured, 'count'), meter).toBe(told.missingIntervals);
    }
    const before = await system.digests();
    expect(await feed('--order', 'shuffled', '--duplicate', '0.1', '--seed', '7')).toBe(0);
    expect((await system.digests()).readings).toBe(before.readings);
  });
});
