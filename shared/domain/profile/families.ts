import type { FamilyName } from '#shared/vocabulary/fact.ts';
import { account } from './account.ts';
import { supply } from './agreements.ts';
import { billing } from './billing.ts';
import { contact } from './contact-points.ts';
import { emptyFold, type Family, type FoldState } from './fold.ts';
import { identity } from './identity.ts';
import { metering } from './installations.ts';
import { interactions } from './interactions.ts';
import { links } from './links.ts';
import { outage } from './outages.ts';
import { premise } from './premise.ts';
import { roles } from './roles.ts';

/** Every family, by name: the one list the fold reads. */
export const families = {
  identity,
  contact,
  links,
  roles,
  interactions,
  account,
  billing,
  premise,
  supply,
  metering,
  outage,
} as const satisfies Record<FamilyName, Family<unknown>>;

/** States of one subject, by family. */
export type States = ReadonlyMap<FamilyName, FoldState<unknown>>;

/**
 * The state of one family, empty where the subject has none. The map's entry under a family's name was made by that family
 * (states are only made by `foldFrom` and by reading what it made), which the type system cannot follow through the map.
 */
export const stateOf = <State>(states: States, family: Family<State>): FoldState<State> =>
  (states.get(family.name) as FoldState<State> | undefined) ?? emptyFold(family);
