import type { Chunks } from './interval-series.ts';

/** Characters of the longest line that is read; a day of one-minute values needs about 30,000. */
export const longestLine = 262_144;

/** One line without its ending; `line` counts from 1. `tooLong` where it was cut. */
export interface SourceLine {
  readonly text: string;
  readonly line: number;
  readonly tooLong: boolean;
}

/** The encoding of bytes by the byte order mark they begin with: UTF-16 has one, everything else is read as UTF-8. */
const encodingOf = ([first, second]: Uint8Array): string => {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
};

/** Decodes pieces of bytes, once the first two tell their encoding. */
class PieceDecoder {
  #decoder: InstanceType<typeof TextDecoder> | undefined;
  #first = new Uint8Array();

  decode(piece: Uint8Array): string {
    if (this.#decoder !== undefined) return this.#decoder.decode(piece, { stream: true });
    const joined = new Uint8Array(this.#first.byteLength + piece.byteLength);
    joined.set(this.#first);
    joined.set(piece, this.#first.byteLength);
    this.#first = joined;
    return joined.byteLength < 2 ? '' : this.#begin().decode(joined, { stream: true });
  }

  end(): string {
    return this.#decoder === undefined ? this.#begin().decode(this.#first) : this.#decoder.decode();
  }

  #begin(): InstanceType<typeof TextDecoder> {
    this.#decoder = new TextDecoder(encodingOf(this.#first));
    return this.#decoder;
  }
}

/**
 * Text of pieces of UTF-8, of UTF-16 with its byte order mark, or of text; what is none becomes U+FFFD, and a byte order mark is
 * left out.
 */
export async function* textOf(chunks: Chunks): AsyncGenerator<string, void, undefined> {
  const decoder = new PieceDecoder();
  for await (const chunk of chunks) {
    const text = typeof chunk === 'string' ? chunk : decoder.decode(chunk);
    if (text !== '') yield text;
  }
  const rest = decoder.end();
  if (rest !== '') yield rest;
}

/** Lines of a source, ended by LF or CRLF. Of a line beyond `longestLine` only the beginning is given. */
export async function* sourceLines(chunks: Chunks): AsyncGenerator<SourceLine, void, undefined> {
  let [rest, line, tooLong] = ['', 0, false];
  const close = (end: string): SourceLine => {
    const whole = `${rest}${end}`;
    const cut = tooLong || whole.length > longestLine;
    line += 1;
    rest = '';
    tooLong = false;
    return { text: (whole.endsWith('\r') ? whole.slice(0, -1) : whole).slice(0, longestLine), line, tooLong: cut };
  };
  for await (const text of textOf(chunks)) {
    let from = 0;
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', from)) {
      yield close(text.slice(from, at));
      from = at + 1;
    }
    rest += text.slice(from);
    if (rest.length > longestLine) {
      rest = rest.slice(0, longestLine);
      tooLong = true;
    }
  }
  if (rest !== '') yield close('');
}
