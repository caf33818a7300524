import {
  type Chunks,
  type MeasuredSeries,
  type SeriesBlock,
  type SeriesEvent,
  type SeriesEvents,
  type SourceError,
  sourceError,
} from '#functions/imports/rules/interval-series.ts';
import { readUnit } from '#functions/imports/rules/measured-units.ts';
import { sourceLines } from '#functions/imports/rules/source-lines.ts';
import { flowOfSuffix, intervalMinutes, marketZone } from './codes.ts';
import { addEvent, closeDay, type NemDay, type NemStream, readDay } from './nem-days.ts';
import { type NemRead, readAccumulated } from './nem-reads.ts';

type NemVersion = 'NEM12' | 'NEM13';
type Open = { readonly day: NemDay } | { readonly read: NemRead; line: number };

/** Series that are held, so that their blocks share one object. */
const mostHeld = 50_000;

/** The state between two lines: what the header and the last 200 record said, and the block that is still open. */
class NemReading {
  readonly #expected: NemVersion;
  readonly #series = new Map<string, MeasuredSeries>();
  #version: NemVersion | undefined;
  #stream: NemStream | undefined;
  #open: Open | undefined;
  #blocks = 0;
  #ended = false;
  #records = 0;

  constructor(expected: NemVersion) {
    this.#expected = expected;
  }

  *take(text: string, line: number): Generator<SeriesEvent, void, undefined> {
    if (text.trim() === '') return;
    const fields = text.split(',').map((field) => field.trim());
    const [kind = ''] = fields;
    if (this.#ended) {
      yield sourceError(line, 1, 'after-end', `a record ${kind} follows the 900 record; it is left out`);
      return;
    }
    if (kind === '100') return yield* this.#header(fields, line);
    if (this.#version === undefined) {
      this.#version = this.#expected;
      yield sourceError(line, 1, 'no-header', `the file begins without a 100 record; it is read as ${this.#expected}`);
    }
    this.#records += 1;
    yield* this.#record(kind, fields, line);
  }

  /** @param hasFault whether something of the file was told before */
  *end(line: number, hasFault: boolean): Generator<SeriesEvent, void, undefined> {
    yield* this.#close();
    if (this.#version === undefined) yield sourceError(1, 1, 'empty-file', 'the file is empty');
    else if (!this.#ended)
      yield sourceError(line, 1, 'no-end', 'the file ends without a 900 record; it may be cut off');
    if (this.#version !== undefined && this.#blocks === 0 && (this.#records <= 1 || !hasFault))
      yield sourceError(line, 1, 'no-data', 'the file holds no readings');
  }

  *#header(fields: readonly string[], line: number): Generator<SeriesEvent, void, undefined> {
    yield* this.#close();
    const [, version = ''] = fields;
    if (this.#version !== undefined) yield sourceError(line, 1, 'second-header', 'a 100 record stands amid the file');
    if (version !== 'NEM12' && version !== 'NEM13') {
      yield sourceError(
        line,
        2,
        'wrong-version',
        `the header says ${version}, not NEM12 or NEM13; the file is not read`,
      );
      this.#ended = true;
      this.#version ??= this.#expected;
      return;
    }
    this.#version = version;
    if (version !== this.#expected)
      yield sourceError(
        line,
        2,
        'other-version',
        `the file is ${version}, not ${this.#expected}; it is read as ${version}`,
      );
  }

  *#record(kind: string, fields: readonly string[], line: number): Generator<SeriesEvent, void, undefined> {
    switch (kind) {
      case '200':
        return yield* this.#details(fields, line);
      case '300':
        return yield* this.#day(fields, line);
      case '400':
        return yield* this.#event(fields, line);
      case '250':
        return yield* this.#read(fields, line);
      case '500':
      case '550':
        return yield* this.#exchange(kind, fields, line);
      case '900':
        yield* this.#close();
        this.#ended = true;
        return;
      default:
        yield sourceError(line, 1, 'unknown-record', `no record begins with "${kind.slice(0, 20)}"; it is left out`);
    }
  }

  *#close(): Generator<SeriesEvent, void, undefined> {
    const open = this.#open;
    this.#open = undefined;
    if (open === undefined) return;
    if ('read' in open) return yield this.#block(open.read, open.line);
    const closed = closeDay(open.day);
    if ('code' in closed) return yield { error: closed };
    const { powerOfTen, intervals, fault } = closed;
    const { stream, marks, line } = open.day;
    yield this.#block({ series: stream.series, powerOfTen, intervals, marks }, line);
    if (fault !== undefined) yield { error: fault };
  }

  #block(block: Omit<SeriesBlock, 'position'>, line: number): { readonly block: SeriesBlock } {
    this.#blocks += 1;
    return { block: { ...block, position: { block: this.#blocks, line } } };
  }

  /** 200: NMI, configuration, register, suffix, data stream, serial, UOM, IntervalLength, next read. */
  *#details(fields: readonly string[], line: number): Generator<SeriesEvent, void, undefined> {
    yield* this.#close();
    this.#stream = undefined;
    const [, nmi = '', , , suffix = '', , serial = '', uom = '', length = ''] = fields;
    const refused = (column: number, code: string, message: string): { error: SourceError } =>
      sourceError(line, column, code, `${message}; its days are left out`);
    if (!/^[A-Za-z0-9]{1,10}$/.test(nmi)) return yield refused(2, 'not-an-nmi', 'NMI is no NMI');
    if (!/^[A-Za-z0-9]{1,8}$/.test(suffix)) return yield refused(5, 'not-a-suffix', 'NMISuffix is no suffix');
    const unit = readUnit(uom);
    if (unit === undefined) return yield refused(8, 'unknown-unit', `UOM ${uom.slice(0, 20)} is not known`);
    const minutes = Number(length);
    if (!intervalMinutes.has(minutes))
      return yield refused(9, 'wrong-interval', `IntervalLength ${length.slice(0, 20)} is not 5, 15 or 30 minutes`);
    const flow = flowOfSuffix(suffix);
    const series = this.#known({
      namespace: 'nmi',
      reference: nmi,
      register: suffix,
      unit: unit.unit,
      commodity: 'electricity',
      intervalSeconds: minutes * 60,
      zone: marketZone,
      ...(flow === undefined ? {} : { flow }),
      ...(serial === '' ? {} : { serial }),
    });
    this.#stream = { series, unit, minutes };
  }

  /** The object of a series that was named before, as far as they are held. */
  #known(series: MeasuredSeries): MeasuredSeries {
    const key = JSON.stringify(series);
    const known = this.#series.get(key) ?? series;
    if (this.#series.size >= mostHeld) this.#series.clear();
    this.#series.set(key, known);
    return known;
  }

  *#day(fields: readonly string[], line: number): Generator<SeriesEvent, void, undefined> {
    yield* this.#close();
    if (this.#stream === undefined) {
      yield sourceError(
        line,
        1,
        'no-details',
        'no 200 record that could be read stands before it; the day is left out',
      );
      return;
    }
    const day = readDay(fields, this.#stream, line);
    if ('code' in day) yield { error: day };
    else this.#open = { day };
  }

  *#event(fields: readonly string[], line: number): Generator<SeriesEvent, void, undefined> {
    const open = this.#open;
    const fault =
      open === undefined || !('day' in open)
        ? sourceError(line, 1, 'no-day', 'no day that could be read stands before it; the record is left out').error
        : addEvent(open.day, fields, line);
    if (fault !== undefined) yield { error: fault };
  }

  *#read(fields: readonly string[], line: number): Generator<SeriesEvent, void, undefined> {
    yield* this.#close();
    const read = readAccumulated(fields, line);
    if ('code' in read) yield { error: read };
    else this.#open = { read: { ...read, series: this.#known(read.series) }, line };
  }

  /** 500 and 550 say why a read was made; they change no value. */
  *#exchange(kind: string, fields: readonly string[], line: number): Generator<SeriesEvent, void, undefined> {
    const open = this.#open;
    if (open === undefined) {
      yield sourceError(line, 1, 'no-day', 'no reading stands before it; the record is left out');
      return;
    }
    const mark = { record: kind, from: 1, to: 1, flag: fields[1] ?? '', ...(fields[2] ? { text: fields[2] } : {}) };
    if ('read' in open) {
      this.#open = { read: { ...open.read, marks: [...open.read.marks, mark] }, line };
      return;
    }
    open.day.marks.push({ ...mark, to: open.day.codes.length });
    open.day.line = line;
  }
}

/**
 * Reads a NEM12 or NEM13 file line by line. A record that cannot be right is left out and told with its line; the others stand.
 * Market time is UTC+10 all year, a value is that of the interval before its end, so interval 1 begins at 00:00.
 * @param expected what the caller takes the file for; the header decides, a file without one is read as this
 */
export async function* readNem(chunks: Chunks, expected: NemVersion): SeriesEvents {
  const reading = new NemReading(expected);
  let [last, hasFault] = [1, false];
  for await (const { text, line, tooLong } of sourceLines(chunks)) {
    last = line;
    if (tooLong) {
      hasFault = true;
      yield sourceError(line, 1, 'line-too-long', 'the line is longer than a day can be; it is left out');
      continue;
    }
    for (const event of reading.take(text, line)) {
      hasFault ||= event.error !== undefined;
      yield event;
    }
  }
  yield* reading.end(last, hasFault);
}
