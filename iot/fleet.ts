import { setMaxListeners } from 'node:events';
import type { BlockCodec, UsageBlock } from '#functions/readings/contract/usage-block.ts';
import { type ConnectionOptions, connectDevice, type DeviceLink } from './connection.ts';
import { type Fault, faultyLine } from './faulty-line.ts';
import { memoryJournal } from './journal.ts';
import { householdLoad } from './load.ts';
import { Meter } from './meter.ts';
import { fastPace, skewedPace } from './pace.ts';

/** One meter of the fleet: its certificate, and the register it measures. */
export interface FleetMeter {
  readonly id: string;
  readonly topic: string;
  readonly connection: ConnectionOptions;
  readonly register: { readonly id: string; readonly zone: string; readonly intervalSeconds: number };
}

export interface FleetOptions {
  readonly meters: readonly FleetMeter[];
  /** How many times as fast as the real time. */
  readonly speed: number;
  /** Story time, Unix seconds. */
  readonly from: number;
  readonly to: number;
  readonly faults: ReadonlySet<Fault>;
  readonly codec: BlockCodec;
  readonly random: () => number;
  /** Told about every second. */
  readonly onProgress?: (progress: FleetProgress) => void;
}

export interface FleetProgress {
  readonly published: number;
  readonly acknowledged: number;
  readonly seconds: number;
}

export interface FleetResult extends FleetProgress {
  /** Acknowledged intervals of each meter: start -> value. */
  readonly intervals: ReadonlyMap<string, ReadonlyMap<number, number | null>>;
}

/** Meters that connect at the same time. */
const connectingAtOnce = 20;
/** The tolerance for clocks is 5 minutes; the fleet's are up to 4 wrong. */
const mostSkewMs = 4 * 60_000;

const connectAll = async (meters: readonly FleetMeter[]): Promise<readonly DeviceLink[]> => {
  const links: DeviceLink[] = [];
  for (let start = 0; start < meters.length; start += connectingAtOnce) {
    const some = meters.slice(start, start + connectingAtOnce);
    links.push(...(await Promise.all(some.map((meter) => connectDevice(meter.connection)))));
  }
  return links;
};

/** Runs a fleet of live meters over a stretch of story time, with faults; resolves when all that was sent is acknowledged. */
export const runFleet = async (options: FleetOptions): Promise<FleetResult> => {
  const { meters, speed, from, to, faults, codec, random } = options;
  const links = await connectAll(meters);
  const began = Date.now();
  let published = 0;
  let acknowledged = 0;
  const intervals = new Map<string, Map<number, number | null>>(meters.map(({ id }) => [id, new Map()]));
  const progress = (): FleetProgress => ({ published, acknowledged, seconds: (Date.now() - began) / 1000 });
  const ticker = setInterval(() => options.onProgress?.(progress()), 1000);
  const pace = fastPace(from * 1000, speed);
  const ended = new AbortController();
  // Each meter and each message that waits listens for the end.
  setMaxListeners(0, ended.signal);
  const count = (id: string) => (block: UsageBlock) => {
    const held = intervals.get(id);
    for (const [place, value] of block.values.entries()) held?.set(block.start + place * block.interval, value);
  };
  try {
    const running = meters.map((one, index) => {
      const link = links[index];
      if (link === undefined) throw new TypeError('a meter without a line');
      const counted = {
        publish: async (topic: string, payload: Uint8Array): Promise<void> => {
          published += 1;
          await link.publish(topic, payload);
          acknowledged += 1;
        },
      };
      const skew = faults.has('skew') ? (random() * 2 - 1) * mostSkewMs : 0;
      const meter = new Meter({
        meter: one.id,
        register: one.register.id,
        zone: one.register.zone,
        intervalSeconds: one.register.intervalSeconds,
        topic: one.topic,
        line: faultyLine(counted, faults, pace, random, ended.signal),
        journal: memoryJournal(),
        pace: skewedPace(pace, skew),
        measure: householdLoad(one.id, one.register.zone),
        live: true,
        codec,
        onAcknowledged: count(one.id),
      });
      return meter.run(ended.signal).then(() => meter.settle());
    });
    await pace.until(to * 1000, ended.signal);
    ended.abort();
    await Promise.all(running);
    return { ...progress(), intervals };
  } finally {
    clearInterval(ticker);
    await Promise.all(links.map((link) => link.close()));
  }
};
