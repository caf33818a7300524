import { account } from '#shared/profile/rules/account.ts';
import { supply } from '#shared/profile/rules/agreements.ts';
import { billing } from '#shared/profile/rules/billing.ts';
import { contact } from '#shared/profile/rules/contact-points.ts';
import { erasure } from '#shared/profile/rules/erasure.ts';
import type { Family } from '#shared/profile/rules/fold.ts';
import { identity } from '#shared/profile/rules/identity.ts';
import { metering } from '#shared/profile/rules/installations.ts';
import { interactions } from '#shared/profile/rules/interactions.ts';
import { links } from '#shared/profile/rules/links.ts';
import { outage } from '#shared/profile/rules/outages.ts';
import { premise } from '#shared/profile/rules/premise.ts';
import { roles } from '#shared/profile/rules/roles.ts';
import type { FamilyName } from '#shared/vocabulary/fact.ts';

/** Every family, by name: the one list the fold reads. */
export const families = {
  identity,
  contact,
  links,
  roles,
  interactions,
  erasure,
  account,
  billing,
  premise,
  supply,
  metering,
  outage,
} as const satisfies Record<FamilyName, Family<unknown>>;
