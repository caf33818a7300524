import { type Command, InvalidArgumentError, Option } from 'commander';
import * as z from 'zod';
import { mostHours } from '#functions/reference/contract/weather.ts';
import { isZone } from '#shared/vocabulary/zones.ts';
import { connectedCommand, type Options } from './command.ts';
import { ask } from './connection.ts';
import { readSeriesFile, type SeriesRow } from './detect/series-file.ts';
import { CommandFailure, exitCodes } from './exit-codes.ts';
import { tokenFor } from './sign-in.ts';
import { type HourlyValues, hoursOf } from './temperatures/hours-of-rows.ts';
import type { Terminal } from './terminal.ts';

type TemperatureOptions = Options<{
  readonly area: string;
  readonly unit: 'C' | 'F';
  readonly zone: string;
  readonly timeColumn?: string;
  readonly valueColumn?: string;
}>;

const Held = z.object({ area: z.string(), from: z.string(), to: z.string(), known: z.int() });

const zoneOf = (text: string): string => {
  if (isZone(text)) return text;
  throw new InvalidArgumentError('a zone such as Europe/London, or an offset such as -06:00');
};

const read = async (path: string, options: TemperatureOptions): Promise<readonly SeriesRow[]> => {
  try {
    return await readSeriesFile(path, options);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new CommandFailure(exitCodes.failed, `${path}: ${message}`, { cause });
  }
};

/** Parts that are put one after the other, each of as many hours as the route takes. */
function* partsOf({ from, celsiusTenths }: HourlyValues): Generator<HourlyValues> {
  for (let first = 0; first < celsiusTenths.length; first += mostHours)
    yield { from: from + first * 3600, celsiusTenths: celsiusTenths.slice(first, first + mostHours) };
}

const put = async (path: string, options: TemperatureOptions, terminal: Terminal): Promise<void> => {
  const rows = await read(path, options);
  const hours = hoursOf(rows, options.unit);
  if (hours === undefined) throw new CommandFailure(exitCodes.failed, `${path}: no row has a time and a temperature`);
  if (hours.unread > 0) terminal.note(`${hours.unread} rows have no time or no temperature that can be read`);
  const token = await tokenFor(options, { client: 'weather' });
  const route = `/v1/weather-areas/${encodeURIComponent(options.area)}/temperatures`;
  const held: z.infer<typeof Held>[] = [];
  for (const { from, celsiusTenths } of partsOf(hours)) {
    const body = { start: new Date(from * 1000).toISOString(), celsiusTenths };
    held.push(Held.parse(await ask(options.url, { method: 'PUT', path: route, token, body })));
  }
  const [first, last] = [held[0], held.at(-1)];
  const known = held.reduce((sum, one) => sum + one.known, 0);
  const summary = { area: first?.area ?? '', from: first?.from ?? '', to: last?.to ?? '', hours: known };
  terminal.out(
    options.json
      ? JSON.stringify({ ...summary, rows: rows.length, unread: hours.unread })
      : `${summary.area}: ${known} hours from ${summary.from} to ${summary.to} are held`,
  );
};

/** `rotunda temperatures`: temperatures of an area from a file, so that trends can allow for the weather. */
export const temperaturesCommand = (terminal: Terminal): Command =>
  connectedCommand('temperatures', 'put temperatures of an area from a file, so that trends allow for the weather')
    .argument('<file>', 'file with a time and a temperature in each row, .gz or not')
    .requiredOption('--area <area>', 'all, region:<region> or postcode:<country> <postcode>')
    .addOption(new Option('--unit <unit>', 'degrees Celsius or Fahrenheit').choices(['C', 'F']).default('C'))
    .option('--zone <zone>', 'zone in which times without an offset are read', zoneOf, '+00:00')
    .option('--time-column <column>', 'column with the time (else found by its name or by what it holds)')
    .option('--value-column <column>', 'column with the temperature (else found by its name or by what it holds)')
    .action((file: string, options: TemperatureOptions) => put(file, options, terminal));
