import { CommandFailure, exitCodes } from '#cli/exit-codes.ts';
import { cutBlocks, type Sample } from '#functions/readings/contract/cut-blocks.ts';
import { type BlockCodec, blockCodecs, type UsageBlock } from '#functions/readings/contract/usage-block.ts';
import type { Register } from '#shared/vocabulary/measures.ts';
import { instantOf } from '#shared/vocabulary/time.ts';
import type { DeviceFolder } from './device-folder.ts';
import { connectMeter, type NewMeter } from './enrol-meter.ts';
import type { FeedApi, KnownMeter } from './feed-api.ts';
import type { MeterReadings } from './interval-csv.ts';
import { inSendOrder, type SendOrder } from './send-order.ts';
import { type FileUnit, inRegister } from './units.ts';

/** Most messages of a meter that wait for their acknowledgement at once, as IoT Core allows. */
const inFlight = 100;

export interface MeterOfFile {
  readonly readings: MeterReadings;
  readonly register: Register;
  readonly known: KnownMeter | NewMeter;
}

/** What one meter sent. */
export interface Sent {
  readonly meter: string;
  readonly register: Register;
  /** Acknowledged messages, repeats included. */
  readonly messages: number;
  readonly intervals: number;
  /** In the register's scale. */
  readonly sum: number;
  /** RFC 3339; the first interval's start and the last one's end. */
  readonly from: string;
  readonly to: string;
  /** Values that lie on no interval of their day and were not sent. */
  readonly offGrid: number;
}

const samplesOf = ({ readings, register }: MeterOfFile, unit: FileUnit): readonly Sample[] =>
  readings.readings.map(({ start, value }) => {
    const inScale = inRegister(unit, register.powerOfTen, value);
    if (inScale !== undefined) return { start, value: inScale };
    const place = `${readings.meter} at ${instantOf(start)}`;
    throw new CommandFailure(
      exitCodes.failed,
      `${place}: the register counts in 10^${register.powerOfTen} ${register.unit}, which would round the value (--decimals rounds on purpose)`,
    );
  });

/** How the blocks of a file are sent: their order, repeats, and form. */
interface Sending extends SendOrder {
  readonly codec: BlockCodec;
}

const carry = async (blocks: readonly UsageBlock[], publish: (block: UsageBlock) => Promise<void>): Promise<void> => {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let block = blocks[next++]; block !== undefined; block = blocks[next++]) await publish(block);
  };
  await Promise.all(Array.from({ length: Math.min(inFlight, blocks.length) }, worker));
};

/** Sends the days of one meter of the file through the meter's own connection; resolves when each is acknowledged. */
export const feedMeter = async (
  api: FeedApi,
  folder: DeviceFolder,
  meter: MeterOfFile,
  unit: FileUnit,
  sending: Sending,
): Promise<Sent> => {
  const { register, readings } = meter;
  const samples = samplesOf(meter, unit);
  const { link, enrolment } = await connectMeter(api, folder, readings.meter, meter.known);
  try {
    const series = {
      meter: enrolment.id,
      register: register.id,
      zone: register.zone,
      intervalSeconds: register.intervalSeconds,
    };
    const { blocks, offGrid } = cutBlocks(series, samples);
    const messages = inSendOrder(blocks, sending);
    const write = blockCodecs[sending.codec];
    await carry(messages, (block) => link.publish(enrolment.topics.usage, write(block)));
    const values = blocks.flatMap((block) => block.values.filter((value) => value !== null));
    const [first, last] = [blocks[0], blocks.at(-1)];
    const end = last === undefined ? 0 : last.start + last.values.length * last.interval;
    return {
      meter: readings.meter,
      register,
      messages: messages.length,
      intervals: values.length,
      sum: values.reduce((sum, value) => sum + value, 0),
      from: instantOf(first?.start ?? 0),
      to: instantOf(end),
      offGrid: offGrid.length,
    };
  } finally {
    await link.close();
  }
};
