import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seededRandom } from '#cli/feed/send-order.ts';
import { readUsageBlock } from '#functions/readings/contract/usage-block.ts';
import { faults } from '#iot/faulty-line.ts';
import { type FleetMeter, runFleet } from '#iot/fleet.ts';
import { openJournal } from '#iot/journal.ts';
import { startLiveMeter } from '#iot/live-meter.ts';
import { type BrokerUnderTest, enrol, startTestBroker, topicOf } from '#tests/support/meters/device-broker.ts';
import { until } from '#tests/support/recorders.ts';

let under: BrokerUnderTest;
beforeEach(async () => {
  under = await startTestBroker();
});
afterEach(() => under.close());

const meterNamed = async (letter: string): Promise<FleetMeter> => {
  const id = `mtr_0000000000000000000000000${letter}`;
  const { keyPem, certificatePem } = await enrol(under.registry, id);
  const caPem = under.registry.authorityPem;
  return {
    id,
    topic: topicOf(id),
    connection: {
      endpoint: '127.0.0.1',
      port: under.broker.port,
      thing: id,
      keyPem,
      certificatePem,
      caPem,
      reconnectSeconds: 1,
    },
    register: { id: '1', zone: '+10:00', intervalSeconds: 60 },
  };
};

/** What a reader makes of the stream: each meter's values by instant. */
const storedValues = (): Map<string, Map<number, number | null>> => {
  const stored = new Map<string, Map<number, number | null>>();
  for (const { data, partitionKey } of under.stream.records) {
    const { block } = readUsageBlock(data);
    if (block === undefined) throw new Error('no block');
    const values = stored.get(partitionKey) ?? new Map<number, number | null>();
    stored.set(partitionKey, values);
    for (const [place, value] of block.values.entries()) values.set(block.start + place * block.interval, value);
  }
  return stored;
};

describe('a fleet of simulated meters', () => {
  it('loses no interval that was acknowledged, with repeats, delays, overtaking and wrong clocks', async () => {
    const meters = await Promise.all(['A', 'B', 'C', 'D', 'E'].map(meterNamed));
    const to = Math.floor(Date.now() / 60_000) * 60;
    const seen: number[] = [];
    const result = await runFleet({
      meters,
      speed: 1200,
      from: to - 40 * 60,
      to,
      faults: new Set(faults),
      codec: 'binary',
      random: seededRandom(7),
      onProgress: ({ acknowledged }) => seen.push(acknowledged),
    });
    expect(storedValues()).toEqual(result.intervals);
    for (const values of result.intervals.values()) expect(values.size).toBeGreaterThanOrEqual(30);
    expect(result.acknowledged).toBe(result.published);
    expect(result.acknowledged).toBe(under.stream.records.length);
    expect(new Set(under.stream.records.map(({ data }) => data[0]))).toEqual(new Set([0xb1]));
    expect(seen.length).toBeGreaterThan(0);
  });
});

describe('a live meter', () => {
  it('stops at once while its broker is away, and keeps in its journal what was not acknowledged', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rotunda-live-'));
    const path = join(folder, 'journal');
    const waiting = {
      v: 1,
      register: '1',
      start: 1_700_000_040,
      interval: 60,
      values: [5],
      seq: 0,
      revision: 0,
    } as const;
    const meter = await meterNamed('A');
    const journal = await openJournal(path);
    await journal.add({ block: { ...waiting, meter: meter.id, values: [5] } });
    await journal.close();
    under.stream.before = () => Promise.reject(new Error('disk full'));
    const live = await startLiveMeter({ ...meter, measure: () => 1, journal: path });
    await until('a refusal', () => under.metrics.of('device.refused:unavailable') > 0);
    await live.stop();
    const again = await openJournal(path);
    expect(again.state.outbox.map(({ values }) => values)).toEqual([[5]]);
    await again.close();
    under.stream.before = async () => {};
    const second = await startLiveMeter({ ...meter, measure: () => 1, journal: path });
    await until('the block', () => under.stream.records.length === 1);
    await second.stop();
    await rm(folder, { recursive: true });
  });
});
