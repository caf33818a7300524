import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { mostFileBytes } from '#shared/vocabulary/file-size.ts';
import { CsvMapping } from './rules/csv/mapping.ts';
import { readCsv } from './rules/csv/read-csv.ts';
import { type EspiEvent, readEspiWhole } from './rules/espi/read-espi.ts';
import type { Chunks } from './rules/interval-series.ts';
import { readNem } from './rules/nem/read-nem.ts';
import { packingBytes, packingOf } from './rules/packing.ts';
import type { ImportItem } from './store/imports.ts';

const unreadable = {
  'file.unreadable': 'the file cannot be unpacked',
  'file.packed': 'the file is packed otherwise than with gzip',
  'file.too-large': 'the file is too large when it is unpacked',
  'file.too-many-series': 'the file names too many series to be looked through at once',
} as const;

/** The file cannot be read to its end: it is packed and not whole, or otherwise than with gzip, or it holds more than is read. */
export class UnreadableFile extends Error {
  readonly failure: keyof typeof unreadable;

  constructor(failure: UnreadableFile['failure'], cause?: unknown) {
    super(unreadable[failure], { cause });
    this.name = 'UnreadableFile';
    this.failure = failure;
  }
}

const isOfZlib = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('Z_');

/**
 * The bytes of a file, unpacked where it is gzip; first pieces that are too short to tell are joined with the next. Throws
 * UnreadableFile where it is packed otherwise, or unpacks to more than `most`: no more than a file may have that is not packed.
 */
export async function* unpacked(
  file: AsyncIterable<Uint8Array>,
  most: number = mostFileBytes,
): AsyncGenerator<Uint8Array, void, undefined> {
  const pieces = file[Symbol.asyncIterator]();
  let first = new Uint8Array();
  while (first.byteLength < packingBytes) {
    const next = await pieces.next();
    if (next.done === true) break;
    first = Buffer.concat([first, next.value]);
  }
  const whole = async function* (): AsyncGenerator<Uint8Array, void, undefined> {
    yield first;
    for (let next = await pieces.next(); next.done !== true; next = await pieces.next()) yield next.value;
  };
  const packing = packingOf(first);
  if (packing === undefined) {
    yield* whole();
    return;
  }
  if (packing !== 'gzip') throw new UnreadableFile('file.packed');
  const source = Readable.from(whole(), { objectMode: false });
  const gunzip = createGunzip();
  source.once('error', (error) => gunzip.destroy(error));
  source.pipe(gunzip);
  try {
    let bytes = 0;
    for await (const piece of gunzip) {
      if (!(piece instanceof Uint8Array)) continue;
      bytes += piece.byteLength;
      if (bytes > most) throw new UnreadableFile('file.too-large');
      yield piece;
    }
  } catch (error) {
    throw isOfZlib(error) ? new UnreadableFile('file.unreadable', error) : error;
  } finally {
    source.destroy();
    gunzip.destroy();
  }
}

/** Reads a mapping that an import was asked with. Throws DomainError('invalid', 'mapping.invalid') with the path of each fault. */
export const parseMapping = (mapping: unknown): CsvMapping => {
  const read = CsvMapping.safeParse(mapping);
  if (read.success) return read.data;
  throw new DomainError('invalid', 'mapping.invalid', 'The mapping cannot be used.', {
    errors: read.error.issues.map(({ path, code, message }) => ({
      pointer: `/mapping${path.map((part) => `/${String(part)}`).join('')}`,
      code,
      message,
    })),
  });
};

/** What a file tells, part by part. */
export type ImportEvents = AsyncGenerator<EspiEvent, void, undefined>;

/** What a file holds, read as its import says. */
export const readSeries = (
  { format, mapping }: Pick<ImportItem, 'format' | 'mapping'>,
  bytes: Chunks,
): ImportEvents => {
  switch (format) {
    case 'nem12':
      return readNem(bytes, 'NEM12');
    case 'nem13':
      return readNem(bytes, 'NEM13');
    case 'espi':
      return readEspiWhole(bytes);
    case 'csv':
      return readCsv(bytes, parseMapping(JSON.parse(mapping ?? 'null')));
  }
};
