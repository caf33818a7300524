import type { States } from '#shared/profile/rules/states.ts';
import type { FamilyName } from '#shared/vocabulary/fact.ts';

/** A digest that does not tell all of a day: the family that tells the rest, and the digest with it. */
export interface CompletedDigest<Digest> {
  readonly by: FamilyName;
  readonly with: (states: States) => Digest;
}

/** A digest as it is on a day, though nothing was written since; `anew` where it must be made from the record that it is of. */
export type DigestOfToday<Digest> = 'anew' | { readonly digest: Digest; readonly completed?: CompletedDigest<Digest> };
