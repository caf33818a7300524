import type { Chunks } from './interval-series.ts';

/** Characters of the longest line that is read; a day of one-minute values needs about 30,000. */
export const longestLine = 262_144;

/** One line without its ending; `line` counts from 1. `tooLong` where it was cut. */
export interface SourceLine {
  readonly text: string;
  readonly line: number;
  readonly tooLong: boolean;
}

/** Text of pieces of UTF-8 or text; what is no UTF-8 becomes U+FFFD, and a byte order mark is left out. */
export async function* textOf(chunks: Chunks): AsyncGenerator<string, void, undefined> {
  const utf8 = new TextDecoder('utf-8');
  for await (const chunk of chunks) {
    const text = typeof chunk === 'string' ? chunk : utf8.decode(chunk, { stream: true });
    if (text !== '') yield text;
  }
  const rest = utf8.decode();
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
