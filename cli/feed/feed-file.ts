import { existsSync } from 'node:fs';
import type { Options } from '#cli/command.ts';
import { CommandFailure, exitCodes } from '#cli/exit-codes.ts';
import type { Terminal } from '#cli/terminal.ts';
import { decimalText } from '#functions/imports/rules/decimals.ts';
import type { BlockCodec } from '#functions/readings/contract/usage-block.ts';
import { visibleLine } from '#shared/vocabulary/plain-text.ts';
import { isZone } from '#shared/vocabulary/zones.ts';
import { openDeviceFolder } from './device-folder.ts';
import { type FeedApi, feedApi, type MeasuredUsage } from './feed-api.ts';
import { feedMeter, type Sent } from './feed-meter.ts';
import { type IntervalCsvOptions, type IntervalFile, readIntervalCsv, UnreadableFile } from './interval-csv.ts';
import { knowMeters } from './know-meters.ts';
import type { SendOrder } from './send-order.ts';
import type { FileUnit } from './units.ts';

export type FeedOptions = Options<{
  readonly format: 'interval-csv';
  readonly meterColumn: string;
  readonly timeColumn: string;
  readonly valueColumn: string;
  readonly unit: FileUnit;
  readonly utcOffset?: string;
  readonly zone?: string;
  readonly stamp: 'start' | 'end';
  readonly interval?: number;
  readonly decimals?: number;
  readonly createMissing?: boolean;
  readonly order: SendOrder['order'];
  readonly duplicate: number;
  readonly seed: number;
  readonly codec: BlockCodec;
  readonly data: string;
}>;

/** One meter as it is reported: what was sent, and what is stored of it. */
interface Account extends Sent {
  readonly stored: MeasuredUsage;
}

/** Meters that send at the same time. */
const atOnce = 4;

const zoneOf = ({ utcOffset, zone }: FeedOptions): string => {
  const given = utcOffset ?? zone;
  if (given === undefined || (utcOffset !== undefined && zone !== undefined))
    throw new CommandFailure(exitCodes.wrongUse, 'say --utc-offset +10:00 or --zone Australia/Sydney, one of them');
  if (!isZone(given)) throw new CommandFailure(exitCodes.wrongUse, `${given} is no zone and no offset`);
  return given;
};

const csvOptionsOf = (options: FeedOptions): IntervalCsvOptions => ({
  meterColumn: options.meterColumn,
  timeColumn: options.timeColumn,
  valueColumn: options.valueColumn,
  zone: zoneOf(options),
  stamp: options.stamp,
  ...(options.interval === undefined ? {} : { intervalSeconds: options.interval }),
  ...(options.decimals === undefined ? {} : { decimals: options.decimals }),
});

const read = async (path: string, options: FeedOptions): Promise<IntervalFile> => {
  const csvOptions = csvOptionsOf(options);
  if (!existsSync(path)) throw new CommandFailure(exitCodes.wrongUse, `${path} cannot be read`);
  try {
    return await readIntervalCsv(path, csvOptions);
  } catch (cause) {
    if (cause instanceof UnreadableFile) throw new CommandFailure(exitCodes.wrongUse, cause.message, { cause });
    throw cause;
  }
};

/** What the reader should know of the file before its meters speak. */
const noteFile = (file: IntervalFile, terminal: Terminal): void => {
  terminal.note(`${file.rows} rows, ${file.meters.length} meters, one interval is ${file.intervalSeconds} s`);
  if (file.repeated > 0)
    terminal.note(
      `${file.repeated} rows repeat a time (${file.differing} with another value); the first of each is taken`,
    );
  if (file.empty > 0) terminal.note(`${file.empty} rows have no value and stay gaps`);
  if (file.rounded > 0) terminal.note(`${file.rounded} values are rounded, halves to the even neighbour`);
  for (const { line, column, code } of file.faults.slice(0, 10))
    terminal.note(`line ${line}, column ${column}: ${code}; left out`);
  if (file.faults.length > 10) terminal.note(`… and ${file.faults.length - 10} more rows left out`);
};

/** Sends the meters, a few at a time; the first failure ends it when those under way are done. */
const sendAll = async <Meter, Result>(
  meters: readonly Meter[],
  one: (meter: Meter) => Promise<Result>,
): Promise<Result[]> => {
  const results: Result[] = [];
  let next = 0;
  let failed = false;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < meters.length && !failed; index = next++) {
      const meter = meters[index];
      if (meter === undefined) return;
      try {
        results[index] = await one(meter);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: atOnce }, worker));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return results;
};

const accountFor = async (api: FeedApi, sent: readonly Sent[]): Promise<readonly Account[]> => {
  await api.settle();
  const accounts: Account[] = [];
  for (const one of sent) {
    accounts.push({ ...one, stored: await api.measured(one.meter, one.from, one.to, one.register.id) });
  }
  return accounts;
};

const isWhole = ({ sum, intervals, stored }: Account): boolean => stored.sum === sum && stored.intervals === intervals;

const quantity = (value: number, { register }: Sent): string =>
  `${decimalText(value, register.powerOfTen)} ${register.unit}`;

const lineOf = (account: Account): string => {
  const { meter, messages, intervals, sum, stored, offGrid } = account;
  const parts = [
    `${meter}: ${messages} messages, ${intervals} intervals, sent ${quantity(sum, account)},`,
    `stored ${quantity(stored.sum, account)} in ${stored.intervals} intervals, ${stored.missing} missing`,
  ];
  if (offGrid > 0) parts.push(`, ${offGrid} values on no interval of their day left out`);
  return `${parts.join(' ')}${isWhole(account) ? '' : '  NOT THE SAME'}`;
};

const jsonOf = (account: Account) => ({
  meter: account.meter,
  messages: account.messages,
  intervals: account.intervals,
  unit: account.register.unit,
  powerOfTen: account.register.powerOfTen,
  sumSent: account.sum,
  sumStored: account.stored.sum,
  intervalsStored: account.stored.intervals,
  missing: account.stored.missing,
  offGrid: account.offGrid,
  from: account.from,
  to: account.to,
});

const report = (file: IntervalFile, accounts: readonly Account[], options: FeedOptions, terminal: Terminal): void => {
  if (options.json) {
    const { rows, empty, repeated, differing, rounded, faults, intervalSeconds } = file;
    const summary = { rows, intervalSeconds, empty, repeated, differing, rounded, errors: faults };
    terminal.out(JSON.stringify({ ...summary, meters: accounts.map(jsonOf) }));
  } else for (const account of accounts) terminal.out(visibleLine(lineOf(account)));
  if (!accounts.every(isWhole))
    throw new CommandFailure(exitCodes.failed, 'what is stored is not what was sent (see "rotunda ops quarantine")');
  if (file.faults.length > 0 || accounts.some(({ offGrid }) => offGrid > 0))
    throw new CommandFailure(exitCodes.partlyDone, 'some rows were left out');
};

/** Reads the file, makes its meters known, sends their days, and accounts for what is stored. Throws CommandFailure. */
export const feedFile = async (path: string, options: FeedOptions, terminal: Terminal): Promise<void> => {
  const file = await read(path, options);
  if (!options.json) noteFile(file, terminal);
  const api = feedApi(options);
  const folder = openDeviceFolder(options.data);
  const nature = { unit: options.unit, zone: zoneOf(options) };
  const createMissing = options.createMissing === true;
  const meters = await knowMeters(api, folder, file, nature, { ...options, createMissing });
  const { order, duplicate, seed, codec } = options;
  const sent = await sendAll(meters, (meter) =>
    feedMeter(api, folder, meter, options.unit, { order, duplicate, seed, codec }),
  );
  report(file, await accountFor(api, sent), options, terminal);
};
