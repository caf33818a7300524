import type { Base, Bodies, Body, Parts } from '#functions/capability.ts';
import type { FactStore } from '#shared/facts/fact-store.ts';

/**
 * How a body is made on AWS. Called while the function starts: it reads its settings and throws where one is missing. What it
 * answers is called at the first event, and again where that failed.
 */
export type Opener<Name extends Body> = (base: Base) => () => Bodies[Name] | Promise<Bodies[Name]>;
export type Openers<Needed extends Body> = { readonly [Name in Needed]: Opener<Name> };

/** Everything that what runs in a function is made of, opened side by side; what keeps facts is among it where it is needed. */
export const openParts = <Needed extends Body>(
  base: Base,
  openers: Openers<Needed>,
): (() => Promise<Parts<Needed> & Partial<FactStore>>) => {
  const ready = Object.values<Opener<Body>>(openers).map((opener) => opener(base));
  return async () => {
    const bodies = await Promise.all(ready.map((open) => open()));
    // Each opener of the record has made the body of its name: the record's type says so, and a list cannot.
    return Object.assign({}, base, ...bodies) as Parts<Needed> & Partial<FactStore>;
  };
};
