import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { checkObjectName } from '#shared/messaging/object-names.ts';
import type { Sealing, Uploads } from '#shared/messaging/ports.ts';
import type { Clock } from '#shared/runtime/clock.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';

/** Minutes an address may be used. */
const addressMinutes = 60;

/** Files handed in on this machine: what the local server needs beside the port. */
export interface LocalUploads extends Uploads {
  /** Takes what is put to an address, given as path below the prefix with its query. Throws DomainError. */
  take(path: string, query: URLSearchParams, body: AsyncIterable<Uint8Array>): Promise<void>;
}

/** Where the bytes lie: files of a folder, or the memory of this process. */
interface Place {
  write(name: string, body: AsyncIterable<Uint8Array>): Promise<void>;
  has(name: string): Promise<boolean>;
  read(name: string): AsyncIterable<Uint8Array>;
  remove(name: string): Promise<void>;
}

const folderPlace = (folder: string): Place => {
  const pathOf = (name: string): string => join(folder, ...name.split('/'));
  let drafts = 0;
  return {
    async write(name, body) {
      drafts += 1;
      const draft = join(folder, '.drafts', `${process.pid}-${drafts}`);
      await mkdir(dirname(draft), { recursive: true, mode: 0o700 });
      await mkdir(dirname(pathOf(name)), { recursive: true, mode: 0o700 });
      try {
        await pipeline(body, createWriteStream(draft, { flush: true, mode: 0o600 }));
        await rename(draft, pathOf(name));
      } finally {
        await rm(draft, { force: true });
      }
    },
    has: async (name) => {
      try {
        return (await stat(pathOf(name))).isFile();
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
        throw error;
      }
    },
    read: (name) => createReadStream(pathOf(name)),
    remove: (name) => rm(pathOf(name), { force: true }),
  };
};

const memoryPlace = (): Place => {
  const kept = new Map<string, Uint8Array>();
  return {
    async write(name, body) {
      const pieces: Uint8Array[] = [];
      for await (const piece of body) pieces.push(Uint8Array.from(piece));
      kept.set(name, Buffer.concat(pieces));
    },
    has: async (name) => kept.has(name),
    async *read(name) {
      const bytes = kept.get(name);
      if (bytes === undefined) throw new Error(`there is no file ${name}`);
      yield bytes;
    },
    remove: async (name) => void kept.delete(name),
  };
};

/** The body as it is, refused at its end where it is not of the size and the hash that were said. */
async function* checked(
  body: AsyncIterable<Uint8Array>,
  said: { readonly bytes: number; readonly sha256: string },
): AsyncGenerator<Uint8Array, void, undefined> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const piece of body) {
    bytes += piece.byteLength;
    if (bytes > said.bytes) break;
    hash.update(piece);
    yield piece;
  }
  if (bytes !== said.bytes)
    throw new DomainError('invalid', 'upload.size', `The file was said to have ${said.bytes} bytes.`);
  if (hash.digest('hex') !== said.sha256)
    throw new DomainError('invalid', 'upload.hash', 'The file is not the one that was said: its SHA-256 differs.');
}

/** Files of a folder (or, without one, of this process), put to the local server by addresses that are signed for an hour. */
export const createLocalUploads = (options: {
  readonly folder?: string | undefined;
  readonly clock: Clock;
  /** Address below which the local server takes files. */
  readonly address: () => string;
  /** How files lie there; as they came where absent. */
  readonly sealing?: Sealing;
}): LocalUploads => {
  const { folder, clock, sealing } = options;
  const place = folder === undefined ? memoryPlace() : folderPlace(folder);
  const key = randomBytes(32);
  const sign = (name: string, query: URLSearchParams): Buffer =>
    createHmac('sha256', key)
      .update(JSON.stringify([name, query.get('bytes'), query.get('sha256'), query.get('expires')]))
      .digest();
  return {
    async address(name, { bytes, sha256 }) {
      checkObjectName(name);
      const expires = clock.now() + addressMinutes * 60_000;
      const query = new URLSearchParams({ bytes: String(bytes), sha256, expires: String(expires) });
      query.set('signature', sign(name, query).toString('hex'));
      return {
        url: `${options.address()}/${name}?${query}`,
        headers: {},
        expiresAt: new Date(expires).toISOString(),
      };
    },
    async take(path, query, body) {
      const name = path.replace(/^\//, '');
      const given = Buffer.from(query.get('signature') ?? '', 'hex');
      const wanted = sign(name, query);
      if (
        given.length !== wanted.length ||
        !timingSafeEqual(given, wanted) ||
        Number(query.get('expires')) < clock.now()
      )
        throw new DomainError(
          'forbidden',
          'upload.address',
          'The address is not one that was given, or its time is over.',
        );
      const whole = checked(body, { bytes: Number(query.get('bytes')), sha256: query.get('sha256') ?? '' });
      await place.write(name, sealing === undefined ? whole : sealing.seal(name, whole));
    },
    has: (name) => place.has(name),
    read: (name) => (sealing === undefined ? place.read(name) : sealing.open(name, place.read(name))),
    remove: (name) => {
      checkObjectName(name);
      return place.remove(name);
    },
  };
};
