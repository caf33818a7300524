import { decimalText } from '#functions/imports/rules/decimals.ts';
import type { MeasuredInterval } from '#functions/imports/rules/interval-series.ts';
import type { QualityCode, Unit } from '#shared/vocabulary/measures.ts';
import { instantOf } from '#shared/vocabulary/time.ts';
import { offsetAt } from '#shared/vocabulary/zones.ts';
import { byteOrderMark, csvLine } from './csv-cells.ts';
import { inOrder, type WrittenSeries } from './written-series.ts';

/** ESPI's codes of quality in words. */
const qualityWords: Readonly<Record<QualityCode, string>> = {
  0: 'actual',
  7: 'edited by hand',
  8: 'estimated from reference days',
  9: 'estimated by interpolation',
  10: 'questionable',
  11: 'derived',
  12: 'projected',
  13: 'mixed',
  14: 'raw',
  15: 'weather normalised',
  16: 'other',
  17: 'validated',
  18: 'verified',
  19: 'revenue quality',
};

/** The unit people count in, and the power of ten between it and the register's. */
const shownUnits: Readonly<Record<Unit, { readonly name: string; readonly shift: number }>> = {
  Wh: { name: 'kWh', shift: 3 },
  varh: { name: 'kvarh', shift: 3 },
  L: { name: 'L', shift: 0 },
  m3: { name: 'm3', shift: 0 },
  ft3: { name: 'ft3', shift: 0 },
  therm: { name: 'therm', shift: 0 },
};

const two = (value: number): string => String(value).padStart(2, '0');

/** Local time of an instant with its offset, RFC 3339: an hour that comes twice differs by the offset. */
const localStamp = (zone: string, instant: number): string => {
  const offset = offsetAt(zone, instant);
  // Offsets of the 19th century have seconds, which RFC 3339 cannot say.
  if (offset % 60 !== 0) return instantOf(instant).replace('.000', '');
  const minutes = Math.abs(offset) / 60;
  const local = instantOf(instant + offset).slice(0, 19);
  return `${local}${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
};

const heading = ['service point', 'register', 'flow', 'start', 'end', 'value', 'unit', 'quality'] as const;
/** Lines that go out at once. */
const linesAtOnce = 256;

const lineOf = ({ servicePoint, register }: WrittenSeries, { start, seconds, value, quality }: MeasuredInterval) => {
  const { id, flow, unit, powerOfTen, zone } = register;
  const { name, shift } = shownUnits[unit];
  return csvLine([
    servicePoint,
    id,
    flow,
    localStamp(zone, start),
    localStamp(zone, start + seconds),
    value === null ? '' : { number: decimalText(value, powerOfTen - shift) },
    name,
    value === null ? 'missing' : qualityWords[quality],
  ]);
};

/**
 * Readings as a CSV file for people (RFC 4180, UTF-8 with byte order mark): a line for each interval, local times with their
 * offset, values exact in the unit people count in, quality in words; an interval without a value is a line without one.
 * Pieces of text, to be sent as they come. Throws NotWritable.
 */
export async function* writeReadingsCsv(all: readonly WrittenSeries[]): AsyncGenerator<string, void, undefined> {
  let [text, lines] = [`${byteOrderMark}${csvLine(heading)}`, 1];
  for (const series of all) {
    for await (const interval of inOrder(series)) {
      text += lineOf(series, interval);
      lines += 1;
      if (lines < linesAtOnce) continue;
      yield text;
      [text, lines] = ['', 0];
    }
  }
  if (text !== '') yield text;
}
