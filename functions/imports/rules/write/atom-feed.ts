import { visible } from '#shared/vocabulary/plain-text.ts';
import { instantOf } from '#shared/vocabulary/time.ts';

/** How a feed and its resources are called. */
export interface AtomNaming {
  /** Address under which the resources are named, without a slash at its end, e.g. `https://host/espi/1_1/resource`. */
  readonly base: string;
  readonly title: string;
  /** Unix seconds: the state the file shows. */
  readonly updated: number;
  /** The UUID of a resource's name; the same name must always give the same (RFC 9562, version 5). */
  readonly uuidOf: (name: string) => string;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
/** Text as XML 1.0 may hold it. */
const xmlText = (text: string): string =>
  [...visible(text)]
    .map((letter) =>
      /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(letter) ? '\ufffd' : (entities[letter] ?? letter),
    )
    .join('');

/** A resource of a feed. */
interface AtomEntry {
  /** Its own name below the base, and that of the collection it stands in. */
  readonly self: string;
  readonly up: string;
  readonly related?: readonly string[];
  readonly title: string;
  readonly content: string;
}

/** Writes the parts of an Atom feed (RFC 4287), each of them whole. */
export class AtomFeed {
  readonly #told: AtomNaming;
  readonly #updated: string;

  constructor(told: AtomNaming) {
    this.#told = told;
    this.#updated = instantOf(told.updated).replace('.000', '');
  }

  head(self: string): string {
    return `<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
${this.#id(`${self}/feed`)}
<title>${xmlText(this.#told.title)}</title>
<updated>${this.#updated}</updated>
${this.#link('self', self)}
`;
  }

  entry({ self, up, related = [], title, content }: AtomEntry): string {
    const links = [this.#link('self', self), this.#link('up', up), ...related.map((one) => this.#link('related', one))];
    return `<entry>
${this.#id(self)}
${links.join('\n')}
<title>${xmlText(title)}</title>
<content type="application/xml">
${content}
</content>
<published>${this.#updated}</published>
<updated>${this.#updated}</updated>
</entry>
`;
  }

  #id(name: string): string {
    return `<id>urn:uuid:${xmlText(this.#told.uuidOf(name))}</id>`;
  }

  #link(rel: string, name: string): string {
    const path = name.split('/').map(encodeURIComponent).join('/');
    return `<link rel="${rel}" href="${xmlText(`${this.#told.base}/${path}`)}"/>`;
  }
}
