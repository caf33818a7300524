import type { ConnectionOptions } from '#cli/connection.ts';
import { CommandFailure, exitCodes } from '#cli/exit-codes.ts';
import { type SentResult, sendByApi } from '#cli/send-by-api.ts';
import { isKept, isWaiting } from '#shared/facts/fact-outcome.ts';
import type { Register } from '#shared/vocabulary/measures.ts';
import type { Commodity } from '#shared/vocabulary/statuses.ts';
import type { DeviceFolder } from './device-folder.ts';
import { enrolMeter } from './enrol-meter.ts';
import type { FeedApi, KnownMeter } from './feed-api.ts';
import type { MeterOfFile } from './feed-meter.ts';
import type { IntervalFile, MeterReadings } from './interval-csv.ts';
import { openingFacts } from './opening-facts.ts';
import { type FileUnit, fileUnits, powerOfTenFor } from './units.ts';

export interface FileNature {
  readonly unit: FileUnit;
  readonly zone: string;
  readonly commodity?: Commodity;
}

/** Id of the register of a file's meter. */
const registerId = '1';

const registerFor = (nature: FileNature, file: IntervalFile, readings: MeterReadings): Register => ({
  id: registerId,
  commodity: nature.commodity ?? fileUnits[nature.unit].commodity,
  flow: readings.readings.some(({ value }) => value.coefficient < 0) ? 'net' : 'forward',
  unit: fileUnits[nature.unit].unit,
  powerOfTen: powerOfTenFor(nature.unit, readings),
  intervalSeconds: file.intervalSeconds,
  zone: nature.zone,
});

/** The register of a known meter that the file's values go to; fails where the file measures something else. */
const registerOfKnown = (known: KnownMeter, wanted: Register, meter: string): Register => {
  const register = known.registers.find(({ id }) => id === registerId) ?? known.registers[0];
  const differs = (['unit', 'intervalSeconds'] as const).find((name) => register?.[name] !== wanted[name]);
  if (register !== undefined && differs === undefined) return register;
  const is = register === undefined ? 'none' : `${register.unit} every ${register.intervalSeconds} s`;
  throw new CommandFailure(
    exitCodes.refused,
    `meter ${meter} has the register ${is}; the file holds ${wanted.unit} every ${wanted.intervalSeconds} s`,
  );
};

const firstStartOf = ({ readings }: MeterReadings): number => readings[0]?.start ?? 0;

const checkInstalled = (known: KnownMeter, { readings }: MeterOfFile): void => {
  const first = firstStartOf(readings) * 1000;
  const froms = known.installations.map(({ from }) => Date.parse(from));
  if (froms.some((from) => from <= first)) return;
  const installed = new Date(Math.min(...froms)).toISOString();
  throw new CommandFailure(
    exitCodes.refused,
    `meter ${readings.meter} is installed from ${installed}; the file begins before that`,
  );
};

const refusalOf = (results: readonly SentResult[]): string | undefined => {
  const refused = results.find((result) => !isKept(result) && !isWaiting(result));
  return refused === undefined ? undefined : `${refused.status}: ${refused.problem ?? 'no reason given'}`;
};

const failUnknown = (unknown: readonly string[]): never => {
  const named = unknown.slice(0, 5).join(', ');
  throw new CommandFailure(
    exitCodes.refused,
    `${unknown.length} meter(s) of the file are not known: ${named}${unknown.length > 5 ? ', …' : ''}. Give --create-missing to make each a meter and service point feed:<id>, with premise, account, customer and agreement`,
  );
};

/**
 * Finds each meter of the file by its reference `feed:<id>`. Those that are not known are made where `createMissing` allows;
 * else the command is refused before anything is sent.
 */
export const knowMeters = async (
  api: FeedApi,
  folder: DeviceFolder,
  file: IntervalFile,
  nature: FileNature,
  options: ConnectionOptions & { readonly createMissing: boolean },
): Promise<readonly MeterOfFile[]> => {
  const meters: MeterOfFile[] = [];
  const unknown: MeterOfFile[] = [];
  for (const readings of file.meters) {
    if (readings.readings.length === 0) continue;
    const wanted = registerFor(nature, file, readings);
    const known = await api.meter(readings.meter);
    const register = known === undefined ? wanted : registerOfKnown(known, wanted, readings.meter);
    const meter = { readings, register, known: known ?? { registers: [register] } };
    meters.push(meter);
    const placed = known !== undefined && known.installations.length > 0 && (await api.hasServicePoint(readings.meter));
    if (placed) checkInstalled(known, meter);
    else unknown.push(meter);
  }
  if (unknown.length > 0 && !options.createMissing) failUnknown(unknown.map(({ readings }) => readings.meter));
  for (const meter of unknown) await introduce(api, folder, meter, options);
  return meters;
};

/** Registers a meter and sends the facts that make it someone’s. */
export const introduce = async (
  api: FeedApi,
  folder: DeviceFolder,
  { readings, register, known }: MeterOfFile,
  options: ConnectionOptions,
): Promise<void> => {
  await enrolMeter(api, folder, readings.meter, known);
  const results = await sendByApi(openingFacts(readings.meter, register, firstStartOf(readings)), options);
  const refusal = refusalOf(results);
  if (refusal !== undefined)
    throw new CommandFailure(exitCodes.failed, `meter ${readings.meter} could not be introduced: ${refusal}`);
};
