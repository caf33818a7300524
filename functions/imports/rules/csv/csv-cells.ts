import { type Decimal, readDecimal, times } from '#functions/imports/rules/decimals.ts';
import { type SourceError, sourceError } from '#functions/imports/rules/interval-series.ts';
import { readUnit, type WrittenUnit } from '#functions/imports/rules/measured-units.ts';
import { type QualityCode, quality } from '#shared/vocabulary/measures.ts';
import type { CsvColumns } from './csv-columns.ts';
import type { CsvRecord } from './csv-records.ts';
import type { CsvMapping } from './mapping.ts';
import { TimeFormat, type WrittenTime } from './time-format.ts';

/** What a row says before its values. */
export interface RowHead {
  readonly reference: string;
  readonly register: string;
  readonly unit?: WrittenUnit;
  readonly time: WrittenTime;
  readonly quality: QualityCode;
  readonly tou?: number;
}

const seen = (text: string): string => `"${text.slice(0, 40)}"`;
/** Control characters, and what was no UTF-8. */
const isPrintable = (text: string): boolean => !/[\p{Cc}\uFFFD]/u.test(text);

/** Reads the cells of rows by a mapping and the places of its columns. */
export class CsvCells {
  readonly #mapping: CsvMapping;
  readonly #columns: CsvColumns;
  readonly #format: TimeFormat;
  readonly #missing: ReadonlySet<string>;
  readonly #units = new Map<string, WrittenUnit | undefined>();

  constructor(mapping: CsvMapping, columns: CsvColumns) {
    this.#mapping = mapping;
    this.#columns = columns;
    this.#format = new TimeFormat(mapping.time.format);
    this.#missing = new Set(mapping.missing);
  }

  /** Reads what stands beside the values; `faults` are told while the row is taken. */
  head({ fields, line }: CsvRecord, faults: SourceError[]): RowHead | SourceError {
    const columns = this.#columns;
    const refused = (place: number | undefined, code: string, message: string): SourceError =>
      sourceError(line, (place ?? 0) + 1, code, `${message}; the row is left out`).error;
    const reference = this.#reference(fields);
    if (reference === undefined)
      return refused(columns.reference, 'wrong-reference', 'the reference is not 1 to 64 characters of text');
    const register = this.#register(fields);
    if (register === undefined)
      return refused(columns.register, 'wrong-register', `${seen(fields[columns.register ?? 0] ?? '')} is no register`);
    const unit = this.#unit(fields);
    if (unit === 'unknown')
      return refused(columns.unit, 'unknown-unit', `${seen(fields[columns.unit ?? 0] ?? '')} is no unit that is read`);
    const text = columns.time.map((place) => fields[place] ?? '').join(' ');
    const time = this.#format.read(text);
    if (time === undefined)
      return refused(columns.time[0], 'not-a-time', `${seen(text)} is no time ${this.#mapping.time.format}`);
    const tou = columns.tiers.find(([place]) => Number(fields[place] ?? '') === 1)?.[1];
    return {
      reference,
      register,
      ...(unit === undefined ? {} : { unit }),
      time: this.#mapping.time.midnight === 'ends' ? nextMidnight(time) : time,
      quality: this.#quality(fields, line, faults),
      ...(tou === undefined ? {} : { tou }),
    };
  }

  /** Reads a value: null where the file says that there is none. */
  value(
    text: string | undefined,
    scale: Decimal | undefined,
  ): Decimal | null | 'no-cell' | 'not-a-number' | 'too-many-digits' {
    if (text === undefined) return 'no-cell';
    if (this.#missing.has(text)) return null;
    const { decimal, decimals } = this.#mapping;
    if (decimal === ',' && text.includes('.')) return 'not-a-number';
    const read = readDecimal(decimal === ',' ? text.replace(',', '.') : text, decimals);
    if (typeof read === 'string' || scale === undefined) return read;
    return times(read, scale) ?? 'too-many-digits';
  }

  #reference(fields: readonly string[]): string | undefined {
    const { reference } = this.#mapping;
    const text = 'constant' in reference ? reference.constant : (fields[this.#columns.reference ?? -1] ?? '');
    return text.length >= 1 && text.length <= 64 && isPrintable(text) ? text : undefined;
  }

  #register(fields: readonly string[]): string | undefined {
    const { register } = this.#mapping;
    if ('constant' in register) return register.constant;
    const text = fields[this.#columns.register ?? -1] ?? '';
    if (register.names !== undefined) return Object.hasOwn(register.names, text) ? register.names[text] : undefined;
    return /^[A-Za-z0-9]{1,8}$/.test(text) ? text : undefined;
  }

  #unit(fields: readonly string[]): WrittenUnit | undefined | 'unknown' {
    const { unit: place } = this.#columns;
    if (place === undefined) return undefined;
    const text = fields[place] ?? '';
    let unit = this.#units.get(text);
    if (unit === undefined) {
      unit = text === '' ? undefined : readUnit(text);
      if (unit === undefined) return 'unknown';
      this.#units.set(text, unit);
    }
    return unit;
  }

  #quality(fields: readonly string[], line: number, faults: SourceError[]): QualityCode {
    const { quality: named, complete } = this.#mapping;
    const { quality: place = -1, complete: counted = -1 } = this.#columns;
    const told = (column: number, code: string, message: string): void => {
      faults.push(sourceError(line, column + 1, code, `${message}; its values are taken as questionable`).error);
    };
    const text = fields[place] ?? '';
    let code: QualityCode = quality.valid;
    if (named !== undefined) {
      const known = Object.hasOwn(named.codes, text) ? named.codes[text] : undefined;
      if (known === undefined) told(place, 'wrong-quality', `the mapping has no quality ${seen(text)}`);
      code = Object.values(quality).find((one) => one === known) ?? quality.questionable;
    }
    const count = fields[counted] ?? '';
    if (complete !== undefined && !(Number(count) >= complete.count && /^\d{1,9}(\.0+)?$/.test(count))) {
      told(counted, 'incomplete', `${seen(count)} of ${complete.count} measurements were made`);
      code = quality.questionable;
    }
    return code;
  }
}

const nextMidnight = (time: WrittenTime): WrittenTime =>
  time.local % 86_400 === 0 ? { ...time, local: time.local + 86_400 } : time;
