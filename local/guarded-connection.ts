import { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';

/**
 * Follows MQTT's framing over any cut of the bytes and says when a packet announces more than `limit` bytes, before they are
 * read into memory.
 */
export class FrameMeter {
  readonly #limit: number;
  #state: 'header' | 'length' | 'body' = 'header';
  #length = 0;
  #shift = 0;
  #left = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Takes the next bytes; false where a packet is too long or its length is malformed. */
  take(chunk: Uint8Array): boolean {
    let at = 0;
    while (at < chunk.length) {
      if (this.#state === 'body') {
        const step = Math.min(this.#left, chunk.length - at);
        this.#left -= step;
        at += step;
        if (this.#left === 0) this.#state = 'header';
      } else if (this.#state === 'header') {
        this.#state = 'length';
        this.#length = 0;
        this.#shift = 0;
        at += 1;
      } else {
        const byte = chunk[at] ?? 0;
        at += 1;
        this.#length += (byte & 0x7f) * 2 ** this.#shift;
        this.#shift += 7;
        if (this.#length > this.#limit || (this.#shift > 21 && byte > 0x7f)) return false;
        if (byte <= 0x7f) {
          this.#left = this.#length;
          this.#state = this.#left === 0 ? 'header' : 'body';
        }
      }
    }
    return true;
  }
}

/** A device's connection as the broker reads it: the same bytes, closed as soon as a packet is longer than allowed. */
export class GuardedConnection extends Duplex {
  readonly #socket: TLSSocket;

  constructor(socket: TLSSocket, limit: number, refused: () => void) {
    super();
    this.#socket = socket;
    const meter = new FrameMeter(limit);
    socket.on('data', (chunk: Buffer) => {
      if (!meter.take(chunk)) {
        refused();
        this.destroy();
      } else if (!this.push(chunk)) socket.pause();
    });
    socket.on('end', () => this.push(null));
    socket.on('error', (error) => this.destroy(error));
    socket.on('close', () => this.destroy());
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#socket.write(chunk, done);
  }

  /** The pieces of a packet leave together. */
  override _writev(
    pieces: readonly { readonly chunk: Buffer; readonly encoding: BufferEncoding }[],
    done: (error?: Error | null) => void,
  ): void {
    this.#socket.write(Buffer.concat(pieces.map(({ chunk }) => chunk)), done);
  }

  override _final(done: () => void): void {
    this.#socket.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }
}
