import { feedReference } from '#cli/feed/feed-api.ts';
import { openingFacts } from '#cli/feed/opening-facts.ts';
import { registerHeadEndMeter } from '#functions/meters/register-head-end-meter.ts';
import { usageTopic } from '#functions/readings/contract/topics.ts';
import type { ArrivedRecord } from '#functions/readings/ingest.ts';
import { memoryJournal } from '#iot/journal.ts';
import { householdLoad } from '#iot/load.ts';
import { Meter } from '#iot/meter.ts';
import { slotOf } from '#iot/slot.ts';
import { registerOf } from '#scripts/seed/meters.ts';
import type { Register } from '#shared/vocabulary/measures.ts';
import { addDays, startOfDate } from '#shared/vocabulary/time.ts';
import type { BenchSystem } from './bench-system.ts';

/** A meter with one electricity register, in a home with one holder. */
export interface MeteredHome {
  readonly meter: string;
  readonly register: Register;
}

export interface HomesWanted {
  readonly names: readonly string[];
  readonly zone: string;
  readonly intervalSeconds: number;
  /** Local date on which meters are installed and holders move in. */
  readonly from: string;
}

/** Opens homes through the doors for meters and facts, and works their feeds off. */
export const openHomes = async (system: BenchSystem, wanted: HomesWanted): Promise<readonly MeteredHome[]> => {
  const { names, zone, intervalSeconds, from } = wanted;
  const homes: MeteredHome[] = [];
  for (const name of names) {
    const register: Register = { ...registerOf('electricity', 'forward', zone), intervalSeconds };
    const references = [feedReference(name)];
    const meter = await registerHeadEndMeter(system.profile, { serial: name, references, registers: [register] });
    await system.tell(openingFacts(name, register, startOfDate(zone, from)));
    homes.push({ meter, register });
  }
  await system.settle();
  return homes;
};

/** A simulated meter that sends whole days. */
export interface DayMeter {
  /** Measures a local date; gives what the meter sends in its slot of the night after, as the stream brings it. */
  day(date: string): Promise<readonly ArrivedRecord[]>;
}

/** The meter of a home, as the device runs it, on a clock that jumps from night to night. */
export const dayMeter = ({ meter, register }: MeteredHome): DayMeter => {
  const { zone, intervalSeconds } = register;
  const measure = householdLoad(meter, zone);
  const sent: ArrivedRecord[] = [];
  let now = 0;
  const device = new Meter({
    meter,
    register: register.id,
    zone,
    intervalSeconds,
    topic: usageTopic('bench', meter),
    line: {
      publish: async (_topic, data) => {
        sent.push({ sequenceNumber: `${meter} ${now}`, thing: meter, data, arrivedAt: now });
      },
    },
    journal: memoryJournal(),
    pace: { now: () => now * 1000, until: async () => {} },
    measure,
    live: false,
  });
  return {
    day: async (date) => {
      const end = startOfDate(zone, addDays(date, 1));
      for (let start = startOfDate(zone, date); start < end; start += intervalSeconds)
        await device.record({ start, value: measure(start, intervalSeconds) });
      now = end + slotOf(meter);
      await device.tick();
      await device.settle();
      return sent.splice(0);
    },
  };
};

/** Hands records to the readings path; throws where one is not stored. */
export const takeRecords = async (system: BenchSystem, records: readonly ArrivedRecord[]): Promise<void> => {
  const last = Math.max(...records.map(({ arrivedAt }) => arrivedAt));
  if (system.clock.now() < last * 1000) system.clock.set(last * 1000);
  const refused = (await system.ingest.take(records)).find(({ kind }) => kind !== 'stored');
  if (refused !== undefined) throw new Error(`a block was not stored: ${JSON.stringify(refused)}`);
};
