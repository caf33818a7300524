import type { TableName } from './table.ts';

/** What each table has beside its items. The keys table has no feed: an old image would keep a data key that was erased. */
export interface TableLayout {
  readonly feed: boolean;
  /** Whether items with `queue` and `queueSort` are found by the index `queue`. */
  readonly queueIndex: boolean;
}

export const tableLayouts = {
  profile: { feed: true, queueIndex: true },
  readings: { feed: true, queueIndex: false },
  audit: { feed: true, queueIndex: false },
  keys: { feed: false, queueIndex: false },
} as const satisfies Record<TableName, TableLayout>;

/** Attributes of the index `queue`: partition and sort key, both texts. */
export const queueAttributes = { partition: 'queue', sort: 'queueSort' } as const;
