import type { States } from '#shared/profile/rules/states.ts';
import type { Item } from '#shared/table/table.ts';
import type { SubjectKind } from '#shared/vocabulary/ids.ts';

/** Items elsewhere in the table that states of a kind of record give rise to, and that stay with it through merges. */
export interface StateClaims {
  readonly of: SubjectKind;
  readonly items: (states: States) => readonly Item[];
}
