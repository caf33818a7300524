import { type Decimal, minus, readDecimal } from '#functions/imports/rules/decimals.ts';
import {
  type MeasuredRead,
  type MeasuredSeries,
  type SeriesBlock,
  type SourceError,
  sourceError,
} from '#functions/imports/rules/interval-series.ts';
import { readUnit } from '#functions/imports/rules/measured-units.ts';
import { scaleValues } from '#functions/imports/rules/scale-values.ts';
import { type QualityCode, quality } from '#shared/vocabulary/measures.ts';
import { marketZone, type QualityMethod, readQualityMethod } from './codes.ts';
import { readMarketTime } from './nem-times.ts';

/** A 250 record of NEM13: the advance of a register between two reads, as one long interval. */
export type NemRead = Omit<SeriesBlock, 'position' | 'series'> & { readonly series: MeasuredSeries };

/** Quality of an advance: that of its worse read; `mixed` where both are other than actual and differ. */
const jointQuality = (previous: QualityMethod, current: QualityMethod): QualityCode => {
  if (previous.code === current.code || previous.code === quality.valid) return current.code;
  return current.code === quality.valid ? previous.code : quality.mixed;
};

const directions: Readonly<Record<string, 'forward' | 'reverse'>> = { E: 'forward', I: 'reverse' };

const seriesOf = (fields: readonly string[], unit: MeasuredSeries['unit']): MeasuredSeries => {
  const flow = directions[fields[7] ?? ''];
  const serial = fields[6] ?? '';
  return {
    namespace: 'nmi',
    reference: fields[1] ?? '',
    register: fields[4] ?? '',
    unit,
    commodity: 'electricity',
    zone: marketZone,
    ...(flow === undefined ? {} : { flow }),
    ...(serial === '' ? {} : { serial }),
  };
};

interface Dial {
  readonly at: number;
  /** As it is written: digits of the dial with leading zeros, and decimals. */
  readonly text: string;
  readonly method: QualityMethod;
}

const decimalOf = (text: string): Decimal | undefined => {
  const read = readDecimal(text);
  return typeof read === 'string' ? undefined : read;
};

/** What a dial stood at; undefined where the record does not say it. */
const readOf = ({ at, text, method }: Dial, shift: number): MeasuredRead | undefined => {
  const value = method.flag === 'N' ? undefined : decimalOf(text);
  const scaled = value === undefined ? undefined : scaleValues([value], shift);
  const [only] = scaled?.values ?? [];
  if (scaled === undefined || typeof only !== 'number' || only < 0) return undefined;
  return { at, value: only, powerOfTen: scaled.powerOfTen, quality: method.code };
};

/** Whether a quantity is what a dial advanced, also where it went from all nines to zero, or counted what flowed back. */
const isAdvance = (from: Dial, to: Dial, quantity: Decimal): boolean => {
  const [before, after] = [decimalOf(from.text), decimalOf(to.text)];
  const advance = before && after && minus(after, before);
  if (advance === undefined) return false;
  const isEqual = (value: Decimal | undefined): boolean =>
    value?.scale === quantity.scale && Math.abs(value.coefficient) === Math.abs(quantity.coefficient);
  const turn = { coefficient: -(10 ** (from.text.split('.')[0] ?? '').length), scale: 0 };
  return isEqual(advance) || (advance.coefficient < 0 && isEqual(minus(advance, turn)));
};

/** Reads a 250 record. Fields as the MDFF counts them: 9-13 previous read, 14-18 current read, 19 Quantity, 20 UOM. */
export const readAccumulated = (fields: readonly string[], line: number): NemRead | SourceError => {
  const refused = (column: number, code: string, message: string): SourceError =>
    sourceError(line, column, code, `${message}; the read is left out`).error;
  if (!/^[A-Za-z0-9]{1,10}$/.test(fields[1] ?? '')) return refused(2, 'not-an-nmi', 'NMI is no NMI');
  if (!/^[A-Za-z0-9]{1,8}$/.test(fields[4] ?? '')) return refused(5, 'not-a-suffix', 'NMISuffix is no suffix');
  const from = readMarketTime((fields[9] ?? '').trim());
  if (from === undefined) return refused(10, 'not-a-time', 'PreviousRegisterReadDateTime is no time CCYYMMDDhhmmss');
  const to = readMarketTime((fields[14] ?? '').trim());
  if (to === undefined) return refused(15, 'not-a-time', 'CurrentRegisterReadDateTime is no time CCYYMMDDhhmmss');
  if (to <= from) return refused(15, 'wrong-range', 'the current read is not after the previous one');
  const previous = readQualityMethod(fields[10] ?? '');
  if (previous === undefined) return refused(11, 'wrong-quality', 'PreviousQualityMethod is no quality');
  const current = readQualityMethod(fields[15] ?? '');
  if (current === undefined) return refused(16, 'wrong-quality', 'CurrentQualityMethod is no quality');
  const quantity = readDecimal((fields[18] ?? '').trim());
  if (typeof quantity === 'string') return refused(19, quantity, 'Quantity is no value');
  const unit = readUnit(fields[19] ?? '');
  if (unit === undefined) return refused(20, 'unknown-unit', `UOM ${fields[19]} is not known`);
  const scaled = scaleValues([current.flag === 'N' ? null : quantity], unit.shift);
  if (scaled === undefined) return refused(19, 'too-many-digits', 'Quantity has more digits than are kept');
  const [reason = '', text = ''] = fields.slice(16, 18);
  const [first, last] = [
    { at: from, text: (fields[8] ?? '').trim(), method: previous },
    { at: to, text: (fields[13] ?? '').trim(), method: current },
  ];
  const reads = [first, last].flatMap((dial) => readOf(dial, unit.shift) ?? []);
  return {
    series: seriesOf(fields, unit.unit),
    powerOfTen: scaled.powerOfTen,
    intervals: [
      { start: from, seconds: to - from, value: scaled.values[0] ?? null, quality: jointQuality(previous, current) },
    ],
    ...(reads.length === 0 ? {} : { reads }),
    ...(reads.length === 2 && isAdvance(first, last, quantity) ? { advances: true } : {}),
    marks: [
      {
        record: '250',
        from: 1,
        to: 1,
        flag: fields[15] ?? '',
        ...(reason === '' ? {} : { reason }),
        ...(text === '' ? {} : { text }),
      },
    ],
  };
};
