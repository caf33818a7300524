import { SearchKey } from '#shared/vocabulary/statuses.ts';

/** Why something was found, as callers read it. */
export const reasonKeys = SearchKey.options;
export type ReasonKey = SearchKey;

/** One reason: which field, its value as people read it, and whether it holds no longer. */
export type Reason =
  | readonly [key: ReasonKey, shown: string]
  | readonly [key: ReasonKey, shown: string, former: 'former'];

export const isFormer = (reason: Reason): boolean => reason.length === 3;
/** The same reason, of somebody for whom it holds no longer. */
export const asFormer = ([key, shown]: Reason): Reason => [key, shown, 'former'];
