import { createHash } from 'node:crypto';

const bytesOfSum = 2048;

/**
 * A hash of a set that does not depend on the order of its elements and can be put aside and gone on with: each element becomes
 * 1,024 numbers of 16 bits (SHAKE256), which are added up place by place (LtHash, Bellare and Micciancio 1997; Lewi and others 2019).
 * Tables that are walked in another order, or in parts, come to the same sum.
 */
export class ContentSum {
  readonly #numbers: Uint16Array;
  #elements: number;

  /** @param text what `text` gave before; absent, the empty sum. Throws TypeError where it is none. */
  constructor(text?: string) {
    this.#numbers = new Uint16Array(bytesOfSum / 2);
    this.#elements = 0;
    if (text === undefined) return;
    const [elements = '', sum = ''] = text.split('.');
    const bytes = Buffer.from(sum, 'base64url');
    if (bytes.byteLength !== bytesOfSum || !/^\d{1,15}$/.test(elements)) throw new TypeError('not a sum of contents');
    this.#numbers.forEach((_, place, numbers) => {
      numbers[place] = bytes.readUInt16LE(place * 2);
    });
    this.#elements = Number(elements);
  }

  /** How many were added, each with its weight. */
  get elements(): number {
    return this.#elements;
  }

  /** Adds an element; `weight` is what it counts for in `elements`. */
  add(element: string, weight = 1): void {
    const bytes = createHash('shake256', { outputLength: bytesOfSum }).update(element, 'utf8').digest();
    const numbers = this.#numbers;
    for (let place = 0; place < numbers.length; place += 1)
      numbers[place] = (numbers[place] ?? 0) + (bytes[place * 2] ?? 0) + 256 * (bytes[place * 2 + 1] ?? 0);
    this.#elements += weight;
  }

  #bytes(): Buffer {
    const bytes = Buffer.alloc(bytesOfSum);
    this.#numbers.forEach((number, place) => {
      bytes.writeUInt16LE(number, place * 2);
    });
    return bytes;
  }

  /** SHA-256 of the sum, hexadecimal. */
  sha256(): string {
    return createHash('sha256').update(this.#bytes()).digest('hex');
  }

  /** The sum as text, to go on with later. */
  text(): string {
    return `${this.#elements}.${this.#bytes().toString('base64url')}`;
  }
}
