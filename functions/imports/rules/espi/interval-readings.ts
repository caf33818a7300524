import { type MeasuredInterval, type SourceError, sourceError } from '#functions/imports/rules/interval-series.ts';
import type { QualityCode } from '#shared/vocabulary/measures.ts';
import { readQuality } from './value-type.ts';

/**
 * An IntervalReading as it stands; without `quality` that of the reading type holds. One that lasts no time, which only a dial has,
 * carries where it stands.
 */
export type EspiReading = Omit<MeasuredInterval, 'quality'> & {
  readonly quality?: QualityCode;
  /** Whether its time was written with a fraction of a second. */
  readonly rounded?: true;
  readonly instantAt?: { readonly line: number; readonly column: number };
};

/** What is told of a reading of an interval that lasts no time. */
export const lengthFault = ({ line, column }: NonNullable<EspiReading['instantAt']>): { readonly error: SourceError } =>
  sourceError(line, column, 'wrong-duration', 'its duration is not from 1 second to a year; the reading is left out');

const fraction = /^\d{1,16}\.\d{1,12}$/;
/** A time as whole seconds: some makers write the fraction their clocks hold. */
const wholeSeconds = (text: string | undefined): string | undefined =>
  text !== undefined && fraction.test(text) ? String(Math.round(Number(text))) : text;

const isWhole = (text: string | undefined): text is string => text !== undefined && /^[+-]?\d{1,16}$/.test(text);
/** 2200-01-01, Unix seconds. */
const latestStart = 7_258_118_400;

/** Reads the leaf elements of an IntervalReading. */
export const readIntervalReading = (
  fields: ReadonlyMap<string, string>,
  line: number,
  column: number,
): EspiReading | SourceError => {
  const refused = (code: string, message: string): SourceError =>
    sourceError(line, column, code, `${message}; the reading is left out`).error;
  const times = [fields.get('timePeriod/start'), fields.get('timePeriod/duration')];
  const [start, duration] = times.map(wholeSeconds);
  const value = fields.get('value');
  if (!isWhole(start) || Number(start) < 0 || Number(start) > latestStart)
    return refused('not-a-time', 'its start is no time in Unix seconds');
  if (!isWhole(duration) || Number(duration) < 0 || Number(duration) > 366 * 86_400)
    return refused('wrong-duration', 'its duration is not from 0 seconds to a year');
  if (value !== undefined && (!isWhole(value) || !Number.isSafeInteger(Number(value))))
    return refused('not-a-number', 'its value is no whole number');
  const cost = fields.get('cost');
  if (cost !== undefined && (!isWhole(cost) || !Number.isSafeInteger(Number(cost))))
    return refused('wrong-cost', 'its cost is no whole number');
  const qualityText = fields.get('ReadingQuality/quality');
  const quality = readQuality(qualityText);
  if (qualityText !== undefined && quality === undefined)
    return refused('wrong-quality', 'its quality is no code of ESPI');
  const tou = fields.get('tou');
  return {
    start: Number(start),
    seconds: Number(duration),
    ...(times[0] === start && times[1] === duration ? {} : { rounded: true as const }),
    ...(Number(duration) === 0 ? { instantAt: { line, column } } : {}),
    value: value === undefined ? null : Number(value),
    ...(quality === undefined ? {} : { quality }),
    ...(cost === undefined ? {} : { cost: Number(cost) }),
    ...(isWhole(tou) ? { tou: Number(tou) } : {}),
  };
};
