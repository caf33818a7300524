import { type Item, type Key, LimitExceeded, type Query } from './table.ts';
import { compareText, textOf } from './table-checks.ts';

/** Where a page ended: the key of its last item and, with an index, its place there. */
export interface Place {
  readonly pk: string;
  readonly sk: string;
  readonly queueSort?: string;
}

/** Writes the place of an item as opaque text. */
export const writeCursor = (query: Pick<Query, 'index'>, item: Item): string => {
  const queueSort = query.index === undefined ? undefined : textOf(item.queueSort);
  const parts = queueSort === undefined ? [item.pk, item.sk] : [item.pk, item.sk, queueSort];
  return Buffer.from(JSON.stringify(parts), 'utf8').toString('base64url');
};

const partsOf = (cursor: string): readonly unknown[] => {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(parts) ? parts : [];
  } catch {
    return [];
  }
};

const isWithin = (query: Query, sort: string): boolean =>
  (query.prefix === undefined || sort.startsWith(query.prefix)) &&
  (query.from === undefined || compareText(sort, query.from) >= 0) &&
  (query.to === undefined || compareText(sort, query.to) <= 0);

/** Reads a cursor of the same query; throws LimitExceeded where it is of another. */
export const readCursor = (query: Query, cursor: string): Place => {
  const [pk, sk, queueSort] = partsOf(cursor);
  if (typeof pk !== 'string' || typeof sk !== 'string') throw new LimitExceeded('not a cursor');
  if (query.index === undefined) {
    if (pk !== query.pk || !isWithin(query, sk)) throw new LimitExceeded('a cursor of another query');
    return { pk, sk };
  }
  if (typeof queueSort !== 'string' || !isWithin(query, queueSort))
    throw new LimitExceeded('a cursor of another query');
  return { pk, sk, queueSort };
};

/** Where a scan goes on behind an item. */
export const writeScanCursor = ({ pk, sk }: Key): string => writeCursor({}, { pk, sk });

/** Reads the cursor of a scan; throws LimitExceeded where it is none. */
export const readScanCursor = (cursor: string): Key => {
  const [pk, sk] = partsOf(cursor);
  if (typeof pk !== 'string' || typeof sk !== 'string') throw new LimitExceeded('not a cursor');
  return { pk, sk };
};
