import { SaxesParser } from 'saxes';

/** XML that is not read on: hostile, broken or cut off. */
export class RefusedXml extends Error {
  readonly code: string;
  readonly line: number;
  readonly column: number;
  constructor(code: string, message: string, line: number, column: number) {
    super(message);
    this.name = 'RefusedXml';
    this.code = code;
    this.line = line;
    this.column = column;
  }
}

/** Limits of a document: elements within each other, characters of one text, characters without the end of a tag or text. */
export const xmlLimits = { depth: 64, text: 65_536, token: 1_048_576 } as const;

export interface XmlHandler {
  open(name: string, namespace: string, attribute: (name: string) => string | undefined): void;
  text(text: string): void;
  close(): void;
}

/** Characters given to the parser at once, so that the limits are looked at in time. */
const slice = 16_384;

/**
 * A parser of namespaces that refuses what data never needs: document types (and with them entities of its own), great depth,
 * giant texts. It holds no more than `xmlLimits.token` characters.
 */
export class GuardedParser {
  readonly #parser = new SaxesParser({ xmlns: true, position: true });
  #depth = 0;
  #lastEvent = 0;

  constructor(handler: XmlHandler) {
    const parser = this.#parser;
    parser.on('error', (error) => {
      const cut = /unclosed|unexpected end/i.test(error.message);
      const text = error.message.replace(/^\d*:?\d+:\d+: /, '').slice(0, 120);
      throw this.refused(cut ? 'cut-off' : 'not-well-formed', `the XML is broken: ${text}`);
    });
    parser.on('doctype', () => {
      throw this.refused('document-type', 'a document type is never read: it may name files or grow without end');
    });
    parser.on('opentag', ({ local, uri, attributes }) => {
      this.#heard();
      this.#depth += 1;
      if (this.#depth > xmlLimits.depth)
        throw this.refused('too-deep', `more than ${xmlLimits.depth} elements stand within each other`);
      handler.open(local, uri, (name) => attributes[name]?.value);
    });
    const text = (content: string): void => {
      this.#heard();
      if (content.length > xmlLimits.text)
        throw this.refused('too-long', `a text has more than ${xmlLimits.text} characters`);
      handler.text(content);
    };
    parser.on('text', text);
    parser.on('cdata', text);
    parser.on('comment', () => this.#heard());
    parser.on('closetag', () => {
      this.#heard();
      this.#depth -= 1;
      handler.close();
    });
  }

  get line(): number {
    return this.#parser.line;
  }

  get column(): number {
    return this.#parser.column + 1;
  }

  refused(code: string, message: string): RefusedXml {
    return new RefusedXml(code, message, this.line, this.column);
  }

  /** Parses a piece of text, and gives way now and then so that what was found can leave. Throws RefusedXml. */
  *write(text: string): Generator<void, void, undefined> {
    for (let from = 0; from < text.length; from += slice) {
      this.#parser.write(text.slice(from, from + slice));
      if (this.#parser.position - this.#lastEvent > xmlLimits.token)
        throw this.refused('too-long', `a tag or text has more than ${xmlLimits.token} characters`);
      yield;
    }
  }

  /** Ends the document. Throws RefusedXml where it is not whole. */
  close(): void {
    this.#parser.close();
  }

  #heard(): void {
    this.#lastEvent = this.#parser.position;
  }
}
