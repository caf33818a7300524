import {
  type Chunks,
  type FileSummary,
  type SeriesEvent,
  type SeriesEvents,
  sourceError,
} from '#functions/imports/rules/interval-series.ts';
import { textOf } from '#functions/imports/rules/source-lines.ts';
import { EspiFeed } from './espi-feed.ts';
import { GuardedParser, RefusedXml, type XmlHandler, xmlLimits } from './guarded-parser.ts';
import { type EspiReading, readIntervalReading } from './interval-readings.ts';
import { atom, type EntryLinks, type EspiResource, espi, espiCustomer, pathOf } from './resources.ts';
import { WaitingBlocks } from './waiting-blocks.ts';

/** Resources that may stand at the root or within another one, beside those that are the content of an entry. */
const nestable: ReadonlySet<string> = new Set([
  'UsagePoint',
  'MeterReading',
  'ReadingType',
  'IntervalBlock',
  'LocalTimeParameters',
  'UsageSummary',
  'ElectricPowerUsageSummary',
]);
const summaries: ReadonlySet<string> = new Set(['UsageSummary', 'ElectricPowerUsageSummary']);
/** Readings that make one block at most. */
const blockSize = 2000;
/** Leaf elements of one resource, links of one entry and characters of a link that are held. */
const [mostFields, mostLinks, longestLink] = [2000, 10_000, 1024];

/** Leaf elements as they are gathered, and their characters. */
interface OpenFields {
  readonly depth: number;
  readonly fields: Map<string, string>;
  size: number;
}

interface OpenResource extends OpenFields {
  readonly kind: string;
  readonly links: EntryLinks;
}

/** What a feed tells, part by part. */
export type EspiEvent =
  | (SeriesEvent & { readonly summary?: never })
  | { readonly summary: FileSummary; readonly block?: never; readonly error?: never };

/** Hears of a resource, and of the line where it ends. */
export type ToldResource = (resource: EspiResource, line: number) => void;

class EspiReader implements XmlHandler {
  readonly #feed = new EspiFeed();
  readonly #waiting = new WaitingBlocks(this.#feed);
  readonly #parser: GuardedParser;
  readonly #told: ToldResource;
  readonly #path: string[] = [];
  readonly #resources: OpenResource[] = [];
  #events: EspiEvent[] = [];
  #links: EntryLinks = { related: [] };
  #text = '';
  #reading: OpenFields | undefined;
  #readings: EspiReading[] = [];
  #found = 0;
  #hasReadings = false;
  #fractionsTold = false;

  constructor(told: ToldResource) {
    this.#told = told;
    this.#parser = new GuardedParser(this);
  }

  open(name: string, namespace: string, attribute: (name: string) => string | undefined): void {
    const parent = this.#path.at(-1);
    this.#path.push(name);
    this.#text = '';
    if (namespace === atom) {
      if (name === 'entry') this.#links = { related: [] };
      if (name === 'link') this.#link(attribute('rel') ?? '', attribute('href') ?? '');
      return;
    }
    if (namespace !== espi && namespace !== espiCustomer) return;
    if (name === 'IntervalReading' && this.#resources.at(-1)?.kind === 'IntervalBlock') {
      this.#reading = { depth: this.#path.length, fields: new Map(), size: 0 };
    } else if (parent === 'content' || parent === undefined || nestable.has(name)) {
      const links = this.#resources.at(-1)?.links ?? this.#links;
      this.#resources.push({ kind: name, depth: this.#path.length, fields: new Map(), size: 0, links });
    }
  }

  text(text: string): void {
    this.#text += text;
    if (this.#text.length > xmlLimits.text)
      throw this.#parser.refused('too-long', `a text has more than ${xmlLimits.text} characters`);
  }

  close(): void {
    const depth = this.#path.length;
    const text = this.#text.trim();
    this.#text = '';
    const target = this.#reading ?? this.#resources.at(-1);
    if (this.#reading?.depth === depth) this.#closeReading(this.#reading.fields);
    else if (target?.depth === depth) this.#closeResource();
    else if (target !== undefined && text !== '') {
      target.fields.set(this.#path.slice(target.depth).join('/'), text);
      target.size += text.length;
      if (target.fields.size > mostFields)
        throw this.#parser.refused('too-many-fields', `a resource has more than ${mostFields} fields`);
      if (target.size > xmlLimits.token)
        throw this.#parser.refused('too-long', `a resource has more than ${xmlLimits.token} characters`);
    }
    this.#path.pop();
  }

  #link(rel: string, href: string): void {
    if (href.length > longestLink)
      throw this.#parser.refused('too-long', `a link has more than ${longestLink} characters`);
    const path = pathOf(href);
    if (rel === 'self') this.#links.self = path;
    else if (rel === 'up') this.#links.up = path;
    else if (rel === 'related') this.#links.related.push(path);
    if (this.#links.related.length > mostLinks)
      throw this.#parser.refused('too-many-links', `an entry has more than ${mostLinks} links`);
  }

  #closeReading(fields: ReadonlyMap<string, string>): void {
    this.#reading = undefined;
    this.#hasReadings = true;
    const { line, column } = this.#parser;
    const read = readIntervalReading(fields, line, column);
    if ('code' in read) this.#events.push({ error: read });
    else {
      const { rounded, ...reading } = read;
      this.#readings.push(reading);
      if (rounded === true && !this.#fractionsTold) {
        this.#fractionsTold = true;
        const message = 'its time holds a fraction of a second; this and all like it are read to the nearest second';
        this.#events.push(sourceError(line, column, 'fractional-seconds', message));
      }
    }
    if (this.#readings.length >= blockSize) this.#closeReadings(this.#links);
  }

  /** Makes a block of what was read; it goes out once its reading type is known. */
  #closeReadings(links: EntryLinks): void {
    if (this.#readings.length === 0) return;
    this.#events.push(...this.#waiting.add({ links, readings: this.#readings, line: this.#parser.line }));
    this.#readings = [];
  }

  #closeResource(): void {
    const resource = this.#resources.pop();
    if (resource === undefined) return;
    this.#found += 1;
    const { kind, fields, links } = resource;
    const path = links.self ?? '';
    if (kind === 'IntervalBlock') this.#closeReadings(links);
    else this.#keep(resource, path);
    const { overflow } = this.#waiting;
    if (overflow !== undefined) throw this.#parser.refused(overflow.code, overflow.message);
    const { line } = this.#parser;
    if (summaries.has(kind)) this.#events.push({ summary: { line, kind, path, fields: Object.fromEntries(fields) } });
    this.#told({ kind, path, fields }, line);
  }

  #keep({ kind, fields, links }: OpenResource, path: string): void {
    const { line, column } = this.#parser;
    if (kind === 'ReadingType' && this.#resources.at(-1)?.kind === 'MeterReading') this.#feed.keepOwn(path, fields);
    else {
      const fault = this.#feed.keep({ kind, path, fields }, links);
      if (fault !== undefined) this.#events.push(sourceError(line, column, fault.code, fault.message));
    }
    if (this.#feed.isFull) throw this.#parser.refused('too-many-resources', 'the feed names too many resources');
    if (kind === 'ReadingType' || kind === 'MeterReading') this.#events.push(...this.#waiting.settle(false));
  }

  /** Reads a piece. Throws RefusedXml. */
  *take(text: string): Generator<EspiEvent, void, undefined> {
    for (const _ of this.#parser.write(text)) yield* this.drain();
    yield* this.drain();
  }

  *drain(): Generator<EspiEvent, void, undefined> {
    const events = this.#events;
    this.#events = [];
    yield* events;
  }

  /** Ends the document. Throws RefusedXml where it is not whole. */
  *end(): Generator<EspiEvent, void, undefined> {
    const { line } = this.#parser;
    this.#parser.close();
    yield* this.drain();
    yield* this.#waiting.settle(true);
    if (this.#found === 0) yield sourceError(1, 1, 'not-green-button', 'the file holds no resource of ESPI');
    else if (!this.#hasReadings) yield sourceError(line, 1, 'no-data', 'the file holds no readings');
  }
}

async function* eventsOf(chunks: Chunks, told: ToldResource): AsyncGenerator<EspiEvent, void, undefined> {
  const reader = new EspiReader(told);
  let isEmpty = true;
  try {
    for await (const text of textOf(chunks)) {
      isEmpty &&= text.trim() === '';
      yield* reader.take(text);
    }
    if (isEmpty) yield sourceError(1, 1, 'empty-file', 'the file is empty');
    else yield* reader.end();
  } catch (cause) {
    if (!(cause instanceof RefusedXml)) throw cause;
    yield* reader.drain();
    yield sourceError(cause.line, cause.column, cause.code, `${cause.message}; the file is not read on`);
  }
}

/**
 * Reads Green Button data (ESPI 3.3 and 4.0): a feed or a single entry, links relative or absolute, any prefixes, resources in
 * entries of their own or within each other. A block goes out as soon as its reading type is known. Readings of no usage point are
 * told and left out. Cost is in 10^-5 of the currency, as the standard counts it. XML that is hostile or broken is not read on; blocks
 * before that place stand.
 * @param told hears of every resource that is no interval block, with its leaf elements
 */
export async function* readEspi(chunks: Chunks, told: ToldResource = () => {}): SeriesEvents {
  for await (const event of eventsOf(chunks, told)) if (event.summary === undefined) yield event;
}

/** The same with the summaries of use and costs, each in its place. */
export const readEspiWhole = (chunks: Chunks): AsyncGenerator<EspiEvent, void, undefined> => eventsOf(chunks, () => {});
