import type { SeriesBlock, SourceError } from '#shared/domain/formats/interval-series.ts';
import { quarantine } from '#shared/store/quarantine.ts';
import type { Sealer } from '#shared/store/seal.ts';
import type { Table } from '#shared/store/table.ts';
import type { NoPlace } from './series-targets.ts';

/** Bytes of the rows of one entry in quarantine; sealed they are a third more, and an item holds 400 KB. */
const entryBytes = 150_000;

interface Rows {
  readonly why: NoPlace;
  readonly block: SeriesBlock;
  readonly places: number[];
}

/** The rows of a block as they were read, in one line of JSON: whose they are, where they stand, and each interval. */
const lineOf = ({ block, places }: Rows): string => {
  const { series, powerOfTen, position } = block;
  const intervals = places.map((place) => block.intervals[place]);
  return `${JSON.stringify({ line: position.line, series, powerOfTen, intervals })}\n`;
};

/** Rows of a chunk that have no place here: told in the errors file, and kept whole in quarantine. */
export class KeptAside {
  readonly #rows: Rows[] = [];
  #last: Rows | undefined;
  #size = 0;

  /** Intervals that are kept aside. */
  get size(): number {
    return this.#size;
  }

  add(block: SeriesBlock, place: number, why: NoPlace): void {
    this.#size += 1;
    const last = this.#last;
    if (last?.block === block && last.why.code === why.code) {
      last.places.push(place);
      return;
    }
    this.#last = { why, block, places: [place] };
    this.#rows.push(this.#last);
  }

  /** One error for the rows of each block. */
  errors(): readonly SourceError[] {
    return this.#rows.map(({ why, block, places }) => ({
      line: block.position.line,
      column: 1,
      code: why.code,
      message: `${why.message}; ${places.length === 1 ? '1 value is' : `${places.length} values are`} kept aside`,
    }));
  }

  /** Puts the rows into quarantine by reason and series; the same rows again are the entries they are. Answers their ids. */
  async keep(
    parts: { readonly profile: Table; readonly sealer: Sealer },
    importId: string,
    receivedAt: number,
  ): Promise<readonly string[]> {
    const entries: string[] = [];
    const put = async (why: NoPlace, text: string): Promise<void> => {
      const raw = Buffer.from(text);
      const detail = { import: importId, code: why.code };
      const refused = { kind: 'rows', reason: why.reason, source: importId, receivedAt, raw, detail } as const;
      entries.push(await quarantine(parts.profile, parts.sealer, refused));
    };
    const byCode = new Map<string, Rows[]>();
    for (const row of this.#rows) byCode.set(row.why.code, [...(byCode.get(row.why.code) ?? []), row]);
    for (const rows of byCode.values()) {
      let text = '';
      for (const row of rows) {
        const line = lineOf(row);
        const [first] = rows;
        if (text !== '' && text.length + line.length > entryBytes && first !== undefined) {
          await put(first.why, text);
          text = '';
        }
        text += line;
      }
      const [first] = rows;
      if (first !== undefined && text !== '') await put(first.why, text);
    }
    return entries;
  }
}
