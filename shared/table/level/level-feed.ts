import type { Change } from '#shared/table/table.ts';
import { decodeItem } from './level-codec.ts';
import { type LevelLog, lastOfRecord, type Positioned, shardOf } from './level-log.ts';
import type { Op, Sequence } from './level-writer.ts';

/** A change as text: lengths of the text before and after, then both. An absent item is an empty text. */
const encodeChange = (before: string | undefined, after: string | undefined): string =>
  `${before?.length ?? 0},${after?.length ?? 0}:${before ?? ''}${after ?? ''}`;

const itemFrom = (text: string) => (text === '' ? undefined : decodeItem(text));

const changeOf = (before: string, after: string, position: string): Change => {
  const items = { before: itemFrom(before), after: itemFrom(after) };
  const item = items.after ?? items.before;
  if (item === undefined) throw new TypeError('a change of no item');
  return { key: { pk: item.pk, sk: item.sk }, ...items, position };
};

/** Reads the changes of a record; their positions are the record's, a dot, and their place in it or the mark of the last. */
export const decodeChanges = (text: string, record: string): readonly Positioned<Change>[] => {
  const changes: Positioned<Change>[] = [];
  for (let start = 0; start < text.length; ) {
    const colon = text.indexOf(':', start);
    const [before = 0, after = 0] = text.slice(start, colon).split(',').map(Number);
    const middle = colon + 1 + before;
    const end = middle + after;
    const place = end < text.length ? String(changes.length).padStart(3, '0') : lastOfRecord;
    const position = `${record}.${place}`;
    changes.push({ position, entry: changeOf(text.slice(colon + 1, middle), text.slice(middle, end), position) });
    start = end;
  }
  return changes;
};

const mostOfRecord = 100;

/** Gathers the changes of one write into few records, by feed and shard. */
export class FeedWriter {
  readonly #gathered = new Map<LevelLog<Change>, string[][]>();

  add(feed: LevelLog<Change>, pk: string, before: string | undefined, after: string | undefined): void {
    const shards = this.#gathered.get(feed) ?? Array.from({ length: feed.shards }, () => []);
    this.#gathered.set(feed, shards);
    shards[shardOf(pk, feed.shards)]?.push(encodeChange(before, after));
  }

  /** The records to write; their positions are the next of the sequence. */
  ops(sequence: Sequence): readonly Op[] {
    const ops: Op[] = [];
    for (const [feed, shards] of this.#gathered)
      shards.forEach((changes, shard) => {
        for (let start = 0; start < changes.length; start += mostOfRecord)
          ops.push(feed.op(shard, sequence.next(), changes.slice(start, start + mostOfRecord).join('')));
      });
    return ops;
  }
}
