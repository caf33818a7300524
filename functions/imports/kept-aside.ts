import type { AsideRows } from './keep-rows.ts';
import type { FileSummary, SeriesBlock, SourceError } from './rules/interval-series.ts';
import type { NoPlace } from './series-targets.ts';

/** Bytes of the rows of one entry in quarantine; sealed they are a third more, and an item holds 400 KB. */
const entryBytes = 150_000;

/** What is kept aside of a block: intervals with values, what stands beside values that are stored, or reads of a dial. */
type Kind = 'value' | 'cost' | 'read';
const names = {
  value: ['1 value is', 'values are'],
  cost: ['that of 1 value is', 'such are'],
  read: ['1 register read is', 'register reads are'],
} as const satisfies Record<Kind, readonly [string, string]>;

interface Rows {
  readonly kind: Kind;
  readonly why: NoPlace;
  readonly block: SeriesBlock;
  readonly places: number[];
}

/** A line of the errors file, and one of JSON that holds what was kept whole. */
interface Kept {
  readonly why: NoPlace;
  readonly error: SourceError;
  readonly json: () => unknown;
}

const summaryKept: NoPlace = {
  reason: 'register.mismatch',
  code: 'summary',
  message: 'a summary of use and costs is no reading; it is kept aside',
};

/** Rows as they were read: whose they are, where they stand, and each interval or read. */
const ofRows = ({ kind, why, block, places }: Rows): Kept => {
  const { series, powerOfTen, position, intervals, reads = [] } = block;
  const { line } = position;
  const [one, more] = names[kind];
  const counted = places.length === 1 ? one : `${places.length} ${more}`;
  const rows =
    kind === 'read'
      ? { reads: places.map((place) => reads[place]) }
      : { intervals: places.map((place) => intervals[place]) };
  return {
    why,
    error: { line, column: 1, code: why.code, message: `${why.message}; ${counted} kept aside` },
    json: () => ({ line, series, powerOfTen, ...rows }),
  };
};

const ofSummary = (summary: FileSummary): Kept => {
  const { line } = summary;
  const { code, message } = summaryKept;
  return { why: summaryKept, error: { line, column: 1, code, message }, json: () => summary };
};

/** Characters of a piece of a line that no entry holds whole: in UTF-8 each takes three bytes at most. */
const pieceLength = entryBytes / 3;

/** A line, or its pieces where it is too long; no pair of surrogates is parted. */
function* piecesOf(line: string): Generator<string> {
  if (Buffer.byteLength(line) <= entryBytes) return yield line;
  for (let from = 0; from < line.length; ) {
    const end = from + pieceLength;
    const isParted = /[\ud800-\udbff]/.test(line.charAt(end - 1));
    const to = isParted ? end - 1 : end;
    yield line.slice(from, to);
    from = to;
  }
}

/** Rows of one code as the texts of entries. */
const entriesOf = (all: readonly Kept[]): readonly AsideRows[] => {
  const rows: AsideRows[] = [];
  let [text, bytes] = ['', 0];
  const close = ({ reason, code }: NoPlace): void => {
    if (text !== '') rows.push({ reason, code, text });
    [text, bytes] = ['', 0];
  };
  for (const { json, why } of all)
    for (const piece of piecesOf(`${JSON.stringify(json())}\n`)) {
      const more = Buffer.byteLength(piece);
      if (bytes + more > entryBytes) close(why);
      text += piece;
      bytes += more;
    }
  const last = all.at(-1);
  if (last !== undefined) close(last.why);
  return rows;
};

/** Rows of a chunk that have no place here: told in the errors file, and kept whole in quarantine. */
export class KeptAside {
  readonly #rows: Rows[] = [];
  readonly #summaries: FileSummary[] = [];
  readonly #sizes = { value: 0, cost: 0, read: 0 };
  #last: Rows | undefined;

  /** How much of a kind is kept aside; with costs, summaries too. */
  size(kind: Kind): number {
    return this.#sizes[kind];
  }

  add(block: SeriesBlock, place: number, why: NoPlace, kind: Kind = 'value'): void {
    this.#sizes[kind] += 1;
    const last = this.#last;
    if (last?.block === block && last.why.code === why.code && last.kind === kind) {
      last.places.push(place);
      return;
    }
    this.#last = { kind, why, block, places: [place] };
    this.#rows.push(this.#last);
  }

  addSummary(summary: FileSummary): void {
    this.#sizes.cost += 1;
    this.#summaries.push(summary);
  }

  #kept(): readonly Kept[] {
    return [...this.#rows.map(ofRows), ...this.#summaries.map(ofSummary)];
  }

  /** One error for the rows of each block. */
  errors(): readonly SourceError[] {
    return this.#kept().map(({ error }) => error);
  }

  /** What is to be kept, in pieces that an entry of quarantine holds: by code, in the order of the file. */
  rows(): readonly AsideRows[] {
    const byCode = new Map<string, Kept[]>();
    for (const kept of this.#kept()) {
      const alike = byCode.get(kept.why.code);
      if (alike === undefined) byCode.set(kept.why.code, [kept]);
      else alike.push(kept);
    }
    return [...byCode.values()].flatMap(entriesOf);
  }
}
