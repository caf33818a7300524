import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '#cli/main.ts';
import { type BlockCodec, readUsageBlock, type UsageBlock } from '#functions/readings/contract/usage-block.ts';
import { memoryJournal } from '#iot/journal.ts';
import { Meter } from '#iot/meter.ts';
import { localDays, startOfDate } from '#shared/vocabulary/time.ts';
import { RunningSystem } from '#tests/support/running-system.ts';

const zone = 'Australia/Sydney';

/** What a meter with this codec sends of three days that hold the night clocks go back. */
const sentAs = async (codec?: BlockCodec): Promise<readonly Uint8Array[]> => {
  const sent: Uint8Array[] = [];
  const [from, to] = [startOfDate(zone, '2026-04-04'), startOfDate(zone, '2026-04-07')];
  const meter = new Meter({
    meter: 'mtr_0123456789ABCDEFGHJKMNPQRS',
    register: 'E1',
    zone,
    intervalSeconds: 1800,
    topic: 't',
    line: { publish: async (_topic, payload) => void sent.push(payload) },
    journal: memoryJournal(),
    pace: { now: () => (to + 86_400) * 1000, until: async () => {} },
    measure: () => 0,
    live: false,
    ...(codec === undefined ? {} : { codec }),
  });
  for (let start = from; start < to; start += 1800)
    await meter.record({ start, value: start % 7200 === 0 ? null : (start / 1800) % 500 });
  await meter.tick();
  await meter.settle();
  return sent;
};

const blocksOf = (messages: readonly Uint8Array[]): readonly UsageBlock[] =>
  messages.flatMap((bytes) => readUsageBlock(bytes).block ?? []);

describe('a meter that sends frames', () => {
  it('sends the blocks it would send as JSON, in fewer bytes', async () => {
    const [json, binary, unsaid] = await Promise.all([sentAs('json'), sentAs('binary'), sentAs()]);
    expect(blocksOf(json).map(({ values }) => values.length)).toEqual([48, 50, 48]);
    expect(blocksOf(binary)).toEqual(blocksOf(json));
    expect(unsaid).toEqual(json);
    expect(binary.map(([first]) => first)).toEqual([0xb1, 0xb1, 0xb1]);
    const bytes = (messages: readonly Uint8Array[]) => messages.reduce((sum, { length }) => sum + length, 0);
    expect(bytes(binary)).toBeLessThan(bytes(json) / 2);
  });
});

describe('a file fed as frames and the same file fed as JSON', () => {
  let system: RunningSystem;
  let folder: string;
  beforeAll(async () => {
    system = await RunningSystem.start();
    folder = await mkdtemp(join(tmpdir(), 'rotunda-codec-'));
  });
  afterAll(async () => {
    await system.served.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** Half-hours of five local days in Sydney with the repeated hour, a gap, and zeros. */
  const fileOf = (meter: string): string => {
    const rows = ['id,at,kwh'];
    for (const { from, to } of localDays(zone, startOfDate(zone, '2026-04-03'), startOfDate(zone, '2026-04-08')))
      for (let at = from; at < to; at += 1800) {
        const place = (at - from) / 1800;
        if (place < 10 || place > 14)
          rows.push(`${meter},${new Date(at * 1000).toISOString()},${((place * 37) % 900) / 1000}`);
      }
    return rows.join('\n');
  };
  const feed = async (meter: string, codec: BlockCodec): Promise<unknown> => {
    const path = join(folder, `${meter}.csv`);
    await writeFile(path, fileOf(meter));
    const out: string[] = [];
    const terminal = { out: (line: string) => void out.push(line), note: () => {}, input: async () => '', width: 100 };
    const columns = ['--meter-column', 'id', '--time-column', 'at', '--value-column', 'kwh', '--unit', 'kWh'];
    const place = ['--zone', zone, '--create-missing', '--url', system.url, '--data', join(folder, 'data')];
    expect(await main(['feed', path, ...columns, ...place, '--codec', codec, '--json'], terminal)).toBe(0);
    return JSON.parse(out.at(-1) ?? '').meters[0];
  };
  const usageOf = async (meter: string): Promise<unknown> => {
    const range = 'from=2026-04-03&to=2026-04-08&resolution=interval';
    const path = `/v1/service-points/feed:${meter}/usage?${range}`;
    const answer = await system.must({ path, as: { role: 'agent' }, headers: { 'Rotunda-Purpose': 'service' } });
    const { data, total, unit, powerOfTen } = answer.json;
    return { data, total, unit, powerOfTen };
  };

  it('give the same usage, interval by interval', { timeout: 120_000 }, async () => {
    const [asJson, asFrames] = [await feed('J', 'json'), await feed('B', 'binary')];
    expect(asFrames).toMatchObject({ meter: 'B', messages: 5, missing: 25, intervals: 217, intervalsStored: 217 });
    expect(asFrames).toEqual({ ...Object(asJson), meter: 'B' });
    const [json, frames] = [await usageOf('J'), await usageOf('B')];
    expect(frames).toEqual(json);
    expect(json).toMatchObject({ unit: 'Wh', total: { count: 217, expected: 242, missing: 25 } });
  });

  it('are one reading where a meter changes its codec: nothing stored differs', { timeout: 120_000 }, async () => {
    const before = await system.digests();
    await feed('J', 'binary');
    await feed('B', 'json');
    expect((await system.digests()).readings).toBe(before.readings);
  });
});
