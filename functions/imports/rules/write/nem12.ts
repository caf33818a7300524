import { decimalText } from '#functions/imports/rules/decimals.ts';
import { flowOfSuffix, intervalMinutes, marketOffset } from '#functions/imports/rules/nem/codes.ts';
import { marketDate } from '#functions/imports/rules/nem/nem-times.ts';
import type { QualityCode } from '#shared/vocabulary/measures.ts';
import { type MarketDay, marketDays } from './nem-days.ts';
import { NotWritable, type WrittenSeries } from './written-series.ts';

/** A data stream of a NEM12 file. The name of its service point is the NMI. */
export interface NemStream extends WrittenSeries {
  /** Two characters, the first says the direction, e.g. E1, B1. */
  readonly suffix: string;
  /** At most 12 characters. */
  readonly meterSerial?: string;
}

export interface Nem12File {
  /** Unix seconds. */
  readonly created: number;
  /** Participants of the market, at most 10 letters or digits each. */
  readonly from: string;
  readonly to: string;
  readonly streams: readonly NemStream[];
}

const line = (...fields: readonly (string | number)[]): string => `${fields.join(',')}\r\n`;

/** Most decimals of an IntervalValue (MDFF: numeric 15.4). */
const mostDecimals = 4;

interface NemUnit {
  readonly name: string;
  readonly shift: number;
}

/** The unit a stream is written in: kilo where four decimals hold every value, else the unit itself. */
const unitOf = ({ register }: NemStream): NemUnit => {
  const { id, unit, powerOfTen } = register;
  const name = unit === 'Wh' ? 'Wh' : unit === 'varh' ? 'VArh' : undefined;
  if (name === undefined) throw new NotWritable('wrong-unit', `register ${id}: NEM12 knows no ${unit}`);
  if (powerOfTen - 3 >= -mostDecimals) return { name: `k${name}`, shift: 3 };
  if (powerOfTen >= -mostDecimals) return { name, shift: 0 };
  throw new NotWritable('wrong-unit', `register ${id}: 10^${powerOfTen} ${unit} needs more decimals than NEM12 has`);
};

const checkNames = ({ servicePoint, suffix, meterSerial = '', register }: NemStream): void => {
  const refused = (message: string): NotWritable =>
    new NotWritable('wrong-name', `register ${register.id}: ${message}`);
  if (!/^[A-Za-z0-9]{10}$/.test(servicePoint)) throw refused('the service point is no NMI of ten characters');
  if (!/^[A-Z][A-Z0-9]$/.test(suffix)) throw refused('the suffix is no letter with a letter or digit');
  const flow = flowOfSuffix(suffix);
  if (flow !== undefined && flow !== register.flow) throw refused(`suffix ${suffix} is ${flow}, the register is not`);
  if (!/^[A-Za-z0-9-]{0,12}$/.test(meterSerial)) throw refused('the serial is not of at most twelve characters');
};

interface SaidQuality {
  readonly code: QualityCode | null;
  readonly flag: string;
}

/** Texts of a 300 or 400 record whose values are not as measured: reason 0 is free text (MDFF). */
const reasonOf = ({ code, flag }: SaidQuality): readonly [reason: string, text: string] =>
  code === null || flag === 'A' ? ['', ''] : ['0', `ESPI quality ${code}`];

/** Ranges of equal quality, intervals from 1, both ends counted. */
const rangesOf = ({ codes, flags }: MarketDay) => {
  const ranges: (SaidQuality & { from: number; to: number })[] = [];
  codes.forEach((code, index) => {
    const [last, flag] = [ranges.at(-1), flags[index] ?? 'N'];
    if (last !== undefined && last.code === code && last.flag === flag) last.to = index + 1;
    else ranges.push({ from: index + 1, to: index + 1, code, flag });
  });
  return ranges;
};

/** Seconds of market time as CCYYMMDDhhmmss. */
const marketTime = (instant: number): string =>
  new Date((instant + marketOffset) * 1000).toISOString().slice(0, 19).replaceAll(/[-T:]/g, '');

const dayText = (day: MarketDay, stream: NemStream, unit: NemUnit, created: string): string => {
  const { from, values } = day;
  const { id, powerOfTen } = stream.register;
  const texts = values.map((value) => {
    if (value !== null && value < 0)
      throw new NotWritable('wrong-value', `register ${id}: NEM12 has no negative values; write both directions apart`);
    return decimalText(value ?? 0, powerOfTen - unit.shift);
  });
  const ranges = rangesOf(day);
  const [only, second] = ranges;
  const date = marketDate(from);
  if (only !== undefined && second === undefined)
    return line(300, date, ...texts, only.flag, ...reasonOf(only), created, '');
  const events = ranges.map((range) => line(400, range.from, range.to, range.flag, ...reasonOf(range)));
  return [line(300, date, ...texts, 'V', '', '', created, ''), ...events].join('');
};

const headerOf = ({ created, from, to }: Nem12File): string => {
  if (![from, to].every((name) => /^[A-Z0-9]{1,10}$/.test(name)))
    throw new NotWritable('wrong-name', 'a participant is not of 1 to 10 capital letters or digits');
  return line(100, 'NEM12', marketTime(created).slice(0, 12), from, to);
};

/**
 * A NEM12 file (AEMO Meter Data File Format): header, for each stream its details and its days of market time (UTC+10 all year),
 * 400 records where the quality changes within a day, an end. An interval that is not there has quality N and the value 0; a day
 * without any reading is left out. Pieces of text, one day each at most, to be sent as they come. Throws NotWritable.
 */
export async function* writeNem12(file: Nem12File): AsyncGenerator<string, void, undefined> {
  yield headerOf(file);
  const created = marketTime(file.created);
  for (const stream of file.streams) {
    checkNames(stream);
    const { servicePoint, suffix, meterSerial = '', register } = stream;
    const minutes = register.intervalSeconds / 60;
    if (!intervalMinutes.has(minutes))
      throw new NotWritable('wrong-interval', `register ${register.id}: NEM12 has no intervals of ${minutes} minutes`);
    const unit = unitOf(stream);
    const configuration = file.streams.filter((one) => one.servicePoint === servicePoint).map((one) => one.suffix);
    const details = line(
      200,
      servicePoint,
      configuration.join(''),
      register.id,
      suffix,
      '',
      meterSerial,
      unit.name,
      minutes,
      '',
    );
    let isOpen = false;
    for await (const day of marketDays(stream)) {
      yield `${isOpen ? '' : details}${dayText(day, stream, unit, created)}`;
      isOpen = true;
    }
  }
  yield line(900);
}
