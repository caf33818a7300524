import type { Options } from '#cli/command.ts';
import { CommandFailure, exitCodes } from '#cli/exit-codes.ts';
import type { Terminal } from '#cli/terminal.ts';
import type { BlockCodec } from '#functions/readings/contract/usage-block.ts';
import { newDeviceKey } from '#iot/device-key.ts';
import type { Fault } from '#iot/faulty-line.ts';
import { type FleetMeter, type FleetProgress, type FleetResult, runFleet } from '#iot/fleet.ts';
import type { Register } from '#shared/vocabulary/measures.ts';
import { instantOf } from '#shared/vocabulary/time.ts';
import { type DeviceFolder, openDeviceFolder } from './device-folder.ts';
import { enrolMeter } from './enrol-meter.ts';
import { type FeedApi, feedApi } from './feed-api.ts';
import { introduce } from './know-meters.ts';
import { seededRandom } from './send-order.ts';

export type SimulateOptions = Options<{
  readonly meters: number;
  readonly speed: number;
  /** Minutes of story time. */
  readonly for: number;
  readonly faults: ReadonlySet<Fault>;
  readonly codec: BlockCodec;
  readonly seed: number;
  readonly data: string;
}>;

/** Simulated meters are installed long enough ago for the longest stretch. */
const installedBeforeSeconds = 3 * 86_400;

const register: Register = {
  id: '1',
  commodity: 'electricity',
  flow: 'forward',
  unit: 'Wh',
  powerOfTen: 0,
  intervalSeconds: 300,
  zone: 'UTC',
};

const nameOf = (index: number): string => `sim-${String(index + 1).padStart(4, '0')}`;

/** A simulated meter, made known at its first run; its key and certificate are used again. */
const readyMeter = async (
  api: FeedApi,
  folder: DeviceFolder,
  name: string,
  from: number,
  options: SimulateOptions,
): Promise<FleetMeter> => {
  const known = await api.meter(name);
  if (known === undefined || known.installations.length === 0) {
    const readings = {
      meter: name,
      readings: [{ start: from - installedBeforeSeconds, value: { coefficient: 0, scale: 0 } }],
    };
    await introduce(api, folder, { readings, register, known: known ?? { registers: [register] } }, options);
  }
  const held = await folder.enrolment(name);
  const enrolment = held ?? (await enrolMeter(api, folder, name, known ?? { registers: [register] }));
  const { id, topics, thing, endpoint, port, certificatePem, caPem } = enrolment;
  const keyPem = await folder.key(name, newDeviceKey);
  const connection = { thing, endpoint, port, certificatePem, caPem, keyPem, reconnectSeconds: 2, connectAttempts: 3 };
  return { id, topic: topics.usage, register, connection };
};

const rate = ({ acknowledged, seconds }: FleetProgress): string => (acknowledged / Math.max(seconds, 0.001)).toFixed(1);

/** Acknowledged intervals of all meters, and how many of them are stored. */
const accountFor = async (api: FeedApi, names: readonly string[], { intervals }: FleetResult) => {
  await api.settle();
  const account = { intervals: 0, stored: 0 };
  for (const [index, values] of [...intervals.values()].entries()) {
    const starts = [...values.keys()];
    const name = names[index];
    if (starts.length === 0 || name === undefined) continue;
    const [from, to] = [Math.min(...starts), Math.max(...starts) + register.intervalSeconds];
    const { intervals: stored } = await api.measured(name, instantOf(from), instantOf(to), register.id);
    account.intervals += starts.length;
    account.stored += Math.min(stored, starts.length);
  }
  return { ...account, lost: account.intervals - account.stored };
};

/** Runs the fleet and accounts for it. Throws CommandFailure where an acknowledged interval is not stored. */
export const simulateFleet = async (options: SimulateOptions, terminal: Terminal): Promise<void> => {
  const api = feedApi(options);
  const folder = openDeviceFolder(options.data);
  const to = Math.floor(Date.now() / 1000 / register.intervalSeconds) * register.intervalSeconds;
  const from = to - options.for * 60;
  const names = Array.from({ length: options.meters }, (_, index) => nameOf(index));
  const meters: FleetMeter[] = [];
  for (const name of names) meters.push(await readyMeter(api, folder, name, from, options));
  if (!options.json) terminal.note(`${meters.length} meters, ${options.for} minutes at ${options.speed}x`);
  const result = await runFleet({
    meters,
    from,
    to,
    speed: options.speed,
    faults: options.faults,
    codec: options.codec,
    random: seededRandom(options.seed),
    onProgress: (progress) => {
      if (!options.json) terminal.note(`${progress.acknowledged} acknowledged, ${rate(progress)} a second`);
    },
  });
  const { intervals, stored, lost } = await accountFor(api, names, result);
  const { published, acknowledged, seconds } = result;
  if (options.json)
    terminal.out(
      JSON.stringify({
        meters: meters.length,
        published,
        acknowledged,
        seconds,
        rate: Number(rate(result)),
        intervals,
        stored,
        lost,
      }),
    );
  else
    terminal.out(
      `${published} messages sent, ${acknowledged} acknowledged in ${seconds.toFixed(1)} s (${rate(result)} a second); ${intervals} intervals, ${stored} stored, ${lost} lost`,
    );
  if (lost > 0) throw new CommandFailure(exitCodes.failed, 'acknowledged intervals are not stored');
};
