import { type Decimal, readDecimal } from '#functions/imports/rules/decimals.ts';
import {
  type MeasuredInterval,
  type MeasuredSeries,
  type SourceError,
  type SourceMark,
  sourceError,
} from '#functions/imports/rules/interval-series.ts';
import type { WrittenUnit } from '#functions/imports/rules/measured-units.ts';
import { scaleValues } from '#functions/imports/rules/scale-values.ts';
import { type QualityCode, quality } from '#shared/vocabulary/measures.ts';
import { methodBeside, type QualityMethod, readQualityMethod } from './codes.ts';
import { readMarketDate } from './nem-times.ts';

/** What a 200 record declares for the days below it. */
export interface NemStream {
  readonly series: MeasuredSeries;
  readonly unit: WrittenUnit;
  readonly minutes: number;
}

/** A 300 record, open until its 400 and 500 records are read. */
export interface NemDay {
  readonly stream: NemStream;
  /** First instant of the market day, Unix seconds. */
  readonly from: number;
  readonly decimals: readonly (Decimal | null)[];
  readonly method: QualityMethod;
  readonly codes: (QualityCode | null)[];
  /** What the codes do not say of how values came about. */
  readonly methods: (string | undefined)[];
  readonly marks: SourceMark[];
  /** Last line that speaks of the day. */
  line: number;
}

/** The code of an interval: null where the flag says that there is no data. */
const codeOf = ({ flag, code }: QualityMethod): QualityCode | null => (flag === 'N' ? null : code);

const fieldsBefore = 2;

/** Which field holds the quality: tells a row of another interval length from one that is broken. */
const placeOfQuality = (fields: readonly string[]): number =>
  fields.findIndex((field, place) => place >= fieldsBefore && readQualityMethod(field) !== undefined);

const wrongLength = (fields: readonly string[], stream: NemStream, expected: number, line: number): SourceError => {
  const place = placeOfQuality(fields);
  const found = (place < 0 ? fields.length : place) - fieldsBefore;
  const { minutes } = stream;
  return sourceError(
    line,
    fieldsBefore + expected + 1,
    found === 0 ? 'no-values' : 'wrong-interval-count',
    `a day of ${minutes}-minute intervals has ${expected} values and a quality, this one has ${found}; the day is left out`,
  ).error;
};

const readValues = (
  fields: readonly string[],
  expected: number,
  isNull: boolean,
  line: number,
): readonly (Decimal | null)[] | SourceError => {
  const decimals: (Decimal | null)[] = [];
  for (let place = fieldsBefore; place < fieldsBefore + expected; place += 1) {
    const text = (fields[place] ?? '').trim();
    const read = text === '' ? null : readDecimal(text);
    if (typeof read === 'string')
      return sourceError(line, place + 1, read, `interval ${place - fieldsBefore + 1} is no value; the day is left out`)
        .error;
    if (read === null && !isNull)
      return sourceError(
        line,
        place + 1,
        'no-value',
        `interval ${place - fieldsBefore + 1} is empty; the day is left out`,
      ).error;
    decimals.push(read);
  }
  return decimals;
};

/** Reads a 300 record: IntervalDate, the values, QualityMethod, ReasonCode, ReasonDescription, two times. */
export const readDay = (fields: readonly string[], stream: NemStream, line: number): NemDay | SourceError => {
  const expected = 1440 / stream.minutes;
  const from = readMarketDate(fields[1] ?? '');
  if (from === undefined)
    return sourceError(line, 2, 'not-a-date', 'IntervalDate is no date CCYYMMDD; the day is left out').error;
  const place = fieldsBefore + expected;
  const method = readQualityMethod(fields[place] ?? '');
  if (method === undefined) return wrongLength(fields, stream, expected, line);
  const decimals = readValues(fields, expected, method.flag === 'N' || method.flag === 'V', line);
  if ('code' in decimals) return decimals;
  const [reason = '', text = ''] = fields.slice(place + 1, place + 3);
  const mark = {
    record: '300',
    from: 1,
    to: expected,
    flag: fields[place] ?? '',
    ...(reason === '' ? {} : { reason }),
    ...(text === '' ? {} : { text }),
  };
  const codes = new Array<QualityCode | null>(expected).fill(
    method.flag === 'V' ? quality.questionable : codeOf(method),
  );
  const methods = new Array<string | undefined>(expected).fill(methodBeside(method));
  return { stream, from, decimals, method, codes, methods, marks: [mark], line };
};

/** Adds a 400 record: StartInterval, EndInterval, QualityMethod, ReasonCode, ReasonDescription. */
export const addEvent = (day: NemDay, fields: readonly string[], line: number): SourceError | undefined => {
  const refused = (column: number, code: string, message: string): SourceError =>
    sourceError(line, column, code, `${message}; the record is left out`).error;
  const [, first = '', last = '', flag = '', reason = '', text = ''] = fields;
  const [from, to] = [Number(first), Number(last)];
  if (!/^\d{1,4}$/.test(first) || from < 1 || from > day.codes.length)
    return refused(2, 'wrong-range', `StartInterval is not from 1 to ${day.codes.length}`);
  if (!/^\d{1,4}$/.test(last) || to < from || to > day.codes.length)
    return refused(3, 'wrong-range', `EndInterval is not from ${from} to ${day.codes.length}`);
  const method = readQualityMethod(flag);
  if (method === undefined || method.flag === 'V')
    return refused(4, 'wrong-quality', 'QualityMethod is no quality of intervals');
  day.line = line;
  day.marks.push({
    record: '400',
    from,
    to,
    flag,
    ...(reason === '' ? {} : { reason }),
    ...(text === '' ? {} : { text }),
  });
  if (day.method.flag !== 'V')
    return sourceError(line, 4, 'quality-not-variable', `the day is ${day.method.flag}, not V; its own quality holds`)
      .error;
  day.codes.fill(codeOf(method), from - 1, to);
  day.methods.fill(methodBeside(method), from - 1, to);
  return undefined;
};

/** Which intervals of a V day no 400 record told. */
const untold = (day: NemDay): number => {
  if (day.method.flag !== 'V') return 0;
  const told = new Set<number>();
  for (const { record, from, to } of day.marks)
    if (record === '400') for (let interval = from; interval <= to; interval += 1) told.add(interval);
  return day.codes.length - told.size;
};

export interface ClosedDay {
  readonly powerOfTen: number;
  readonly intervals: readonly MeasuredInterval[];
  readonly fault?: SourceError;
}

/** The day's intervals, or why there are none. */
export const closeDay = (day: NemDay): ClosedDay | SourceError => {
  const shown = day.decimals.map((decimal, index) => (day.codes[index] === null ? null : decimal));
  const scaled = scaleValues(shown, day.stream.unit.shift);
  if (scaled === undefined)
    return sourceError(day.line, 3, 'too-many-digits', 'a value has more digits than are kept; the day is left out')
      .error;
  const seconds = day.stream.minutes * 60;
  const intervals = scaled.values.map((value, index) => {
    const method = value === null ? undefined : day.methods[index];
    return {
      start: day.from + index * seconds,
      seconds,
      value,
      quality: day.codes[index] ?? quality.other,
      ...(method === undefined ? {} : { method }),
    };
  });
  const missing = untold(day);
  if (missing === 0) return { powerOfTen: scaled.powerOfTen, intervals };
  const fault = sourceError(
    day.line,
    4,
    'quality-not-told',
    `no 400 record tells the quality of ${missing} intervals; they are taken as questionable`,
  ).error;
  return { powerOfTen: scaled.powerOfTen, intervals, fault };
};
