import type { TableName } from './table.ts';

/** What each table has beside its items. The keys table has no feed: an old image would keep a data key that was erased. */
export interface TableLayout {
  readonly feed: boolean;
  /** Whether items with `queue` and `queueSort` are found by the index `queue`. */
  readonly queueIndex: boolean;
  /** Whether items are removed some time after the second their `expiresAt` names. */
  readonly expiry: boolean;
}

export const tableLayouts = {
  profile: { feed: true, queueIndex: true, expiry: true },
  readings: { feed: true, queueIndex: false, expiry: false },
  audit: { feed: true, queueIndex: false, expiry: false },
  keys: { feed: false, queueIndex: false, expiry: false },
} as const satisfies Record<TableName, TableLayout>;

/** Attributes of the index `queue`: partition and sort key, both texts. */
export const queueAttributes = { partition: 'queue', sort: 'queueSort' } as const;

/** Attribute with the second since 1970 after which an item may be removed (DynamoDB's time to live). */
export const expiryAttribute = 'expiresAt';
