import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Sealer } from './seal.ts';

/**
 * Bytes of any length sealed piece by piece, so that no more than one piece is in memory. They begin with a mark and the key of these
 * bytes, sealed under the key of their owner; then come frames of AES-256-GCM, each with its length, whose number and whether it is
 * the last are authenticated: what was cut, swapped or altered does not open.
 */
const mark = Buffer.from('ROTUNDA\u0001', 'latin1');
const frameBytes = 64 * 1024;
const [lengthBytes, tagBytes, keyBytes] = [4, 16, 32];
/** Set in the length of the last frame. */
const lastMark = 0x8000_0000;
const mostFrames = 0xffff_ffff;

type Pieces = AsyncIterable<Uint8Array>;

const contextOf = (name: string): string => `file#${name}`;

const nonceOf = (frame: number): Buffer => {
  if (frame > mostFrames) throw new RangeError('too many frames for one key');
  const nonce = Buffer.alloc(12);
  nonce.writeUInt32BE(frame, 8);
  return nonce;
};

const headOf = (bytes: number, isLast: boolean): Buffer => {
  const head = Buffer.alloc(lengthBytes);
  head.writeUInt32BE(bytes + (isLast ? lastMark : 0));
  return head;
};

const sealFrame = (key: Uint8Array, frame: number, isLast: boolean, bytes: Uint8Array): Buffer => {
  const head = headOf(bytes.byteLength, isLast);
  const cipher = createCipheriv('aes-256-gcm', key, nonceOf(frame));
  cipher.setAAD(head);
  const text = cipher.update(bytes);
  cipher.final();
  return Buffer.concat([head, text, cipher.getAuthTag()]);
};

const openFrame = (key: Uint8Array, frame: number, head: Uint8Array, body: Uint8Array): Buffer => {
  const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(frame));
  decipher.setAAD(head);
  decipher.setAuthTag(body.subarray(body.byteLength - tagBytes));
  const bytes = decipher.update(body.subarray(0, body.byteLength - tagBytes));
  decipher.final();
  return bytes;
};

/** Takes exactly so many bytes at a time from pieces of any length. */
class Taker {
  readonly #pieces: AsyncIterator<Uint8Array>;
  #held: Buffer = Buffer.alloc(0);

  constructor(pieces: Pieces) {
    this.#pieces = pieces[Symbol.asyncIterator]();
  }

  /** So many bytes, or all that are left where these are fewer. */
  async take(bytes: number): Promise<Buffer> {
    const parts = [this.#held];
    let size = this.#held.byteLength;
    while (size < bytes) {
      const next = await this.#pieces.next();
      if (next.done === true) break;
      parts.push(Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength));
      size += next.value.byteLength;
    }
    const all = Buffer.concat(parts);
    this.#held = all.subarray(Math.min(bytes, all.byteLength));
    return all.subarray(0, bytes);
  }

  async end(): Promise<void> {
    await this.#pieces.return?.();
  }
}

/** Seals bytes under the key of their owner, by a name that they are opened with. Throws as `Sealer.seal`. */
export async function* sealPieces(
  sealer: Sealer,
  owner: string,
  name: string,
  pieces: Pieces,
): AsyncGenerator<Uint8Array, void, undefined> {
  const key = randomBytes(keyBytes);
  const sealedKey = await sealer.seal(owner, contextOf(name), key.toString('base64'));
  const head = Buffer.alloc(2);
  head.writeUInt16BE(sealedKey.byteLength);
  yield Buffer.concat([mark, head, sealedKey]);
  const taker = new Taker(pieces);
  try {
    let bytes = await taker.take(frameBytes);
    for (let frame = 0; ; frame += 1) {
      const next = bytes.byteLength < frameBytes ? Buffer.alloc(0) : await taker.take(frameBytes);
      yield sealFrame(key, frame, next.byteLength === 0, bytes);
      if (next.byteLength === 0) return;
      bytes = next;
    }
  } finally {
    await taker.end();
  }
}

const cut = (name: string): Error => new Error(`what was sealed as ${name} is cut off`);

/**
 * Opens what `sealPieces` sealed; bytes that do not begin with its mark are given as they are. Throws `Erased` where the owner's key
 * is gone, and another error where the bytes were altered.
 */
export async function* openPieces(
  sealer: Sealer,
  owner: string,
  name: string,
  pieces: Pieces,
): AsyncGenerator<Uint8Array, void, undefined> {
  const taker = new Taker(pieces);
  try {
    const first = await taker.take(mark.byteLength);
    if (!first.equals(mark)) {
      for (let piece = first; piece.byteLength > 0; piece = await taker.take(frameBytes)) yield piece;
      return;
    }
    const length = (await taker.take(2)).readUInt16BE();
    const opened = await sealer.open(owner, contextOf(name), await taker.take(length));
    if (opened === 'erased') throw new Erased(name);
    const key = Buffer.from(String(opened.value), 'base64');
    for (let frame = 0; ; frame += 1) {
      const head = await taker.take(lengthBytes);
      if (head.byteLength < lengthBytes) throw cut(name);
      const said = head.readUInt32BE();
      const isLast = said >= lastMark;
      const bytes = said - (isLast ? lastMark : 0);
      if (bytes > frameBytes) throw new Error(`what was sealed as ${name} was altered`);
      const body = await taker.take(bytes + tagBytes);
      if (body.byteLength < bytes + tagBytes) throw cut(name);
      yield openFrame(key, frame, head, body);
      if (isLast) return;
    }
  } finally {
    await taker.end();
  }
}

/** The key of those whom sealed bytes are of is gone. */
export class Erased extends Error {
  override readonly name = 'Erased';

  constructor(what: string) {
    super(`the key of ${what} is gone`);
  }
}
