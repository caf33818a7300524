import type { States } from '#shared/profile/rules/states.ts';

/** Where a section lies among others; all of them sort before the digests of accounts and premises, `VIEW#5#…`. */
export type SectionPlace = 0 | 1 | 2 | 3 | 4 | 40 | 41 | 42 | 43 | 44 | 45 | 46 | 47 | 48 | 49;

/** A section that lies packed with the customer's record, written by the commit that changes it. */
export interface StoredSection {
  /** Its number in the key, `VIEW#<place>`: one of its own. */
  readonly place: SectionPlace;
  /** Undefined where there is nothing to tell. */
  readonly pack: (states: States) => Uint8Array | undefined;
}
