import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { CsvMapping } from '#shared/domain/formats/csv/mapping.ts';
import { readCsv } from '#shared/domain/formats/csv/read-csv.ts';
import { readEspi } from '#shared/domain/formats/espi/read-espi.ts';
import type { Chunks, SeriesEvents } from '#shared/domain/formats/interval-series.ts';
import { readNem } from '#shared/domain/formats/nem/read-nem.ts';
import type { ImportItem } from '#shared/store/imports.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';

/** The file says it is gzip and cannot be unpacked to its end. */
export class UnreadableFile extends Error {
  constructor(cause: unknown) {
    super('the file cannot be unpacked', { cause });
    this.name = 'UnreadableFile';
  }
}

const isOfZlib = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('Z_');

/** Whether bytes begin as gzip does (RFC 1952). */
const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** The bytes of a file, unpacked where it is gzip; a first piece shorter than two bytes is joined with the next. */
export async function* unpacked(file: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const pieces = file[Symbol.asyncIterator]();
  let first = new Uint8Array();
  while (first.byteLength < 2) {
    const next = await pieces.next();
    if (next.done === true) break;
    first = Buffer.concat([first, next.value]);
  }
  const whole = async function* (): AsyncGenerator<Uint8Array, void, undefined> {
    yield first;
    for (let next = await pieces.next(); next.done !== true; next = await pieces.next()) yield next.value;
  };
  if (!isGzip(first)) {
    yield* whole();
    return;
  }
  const source = Readable.from(whole(), { objectMode: false });
  const gunzip = createGunzip();
  source.once('error', (error) => gunzip.destroy(error));
  source.pipe(gunzip);
  try {
    for await (const piece of gunzip) if (piece instanceof Uint8Array) yield piece;
  } catch (error) {
    throw isOfZlib(error) ? new UnreadableFile(error) : error;
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

/** What a file holds, read as its import says. */
export const readSeries = (
  { format, mapping }: Pick<ImportItem, 'format' | 'mapping'>,
  bytes: Chunks,
): SeriesEvents => {
  switch (format) {
    case 'nem12':
      return readNem(bytes, 'NEM12');
    case 'nem13':
      return readNem(bytes, 'NEM13');
    case 'espi':
      return readEspi(bytes);
    case 'csv':
      return readCsv(bytes, parseMapping(JSON.parse(mapping ?? 'null')));
  }
};
