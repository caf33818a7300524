import type { SearchSubject } from '#functions/search/rules/search-keys.ts';
import { type IdKind, idFrom } from '#shared/vocabulary/ids.ts';

/** The same id for the same number, e.g. `cus_` with `1` behind 25 zeros. */
export const testId = (kind: IdKind, number: number): string => idFrom(kind, String(number).padStart(26, '0'));

/** A customer with one account, which takes service at the premise if there is one. Its things have the ids of its number. */
export interface Household {
  readonly number: number;
  readonly customer: SearchSubject & { readonly names: readonly string[] };
  /** Others who hold the same account. */
  readonly joint?: readonly number[];
  readonly account?: SearchSubject;
  readonly premise?: SearchSubject;
}
