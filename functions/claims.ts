import { waitingReversalHook } from '#functions/accounts/store/waiting-reversals.ts';
import { meterInstallationHook } from '#functions/meters/store/meter-claims.ts';
import { waitingErasureHook } from '#functions/privacy/store/waiting-erasures.ts';
import { keepingHash } from '#functions/search/store/search-hash.ts';
import { exactSearchHook } from '#functions/search/store/search-subjects.ts';
import type { ClaimHook } from '#shared/facts/commit-plan.ts';
import type { Sealer } from '#shared/facts/seal.ts';
import type { Table } from '#shared/table/table.ts';
import type { Country } from '#shared/text/phone.ts';

/** What commits keep in step besides the subjects' own items: the list of what capabilities claim. */
export const claimHooks = (
  profile: Table,
  country: Country,
  sealer: Pick<Sealer, 'mac' | 'warm'>,
): readonly ClaimHook[] => [
  exactSearchHook(country, keepingHash(sealer)),
  meterInstallationHook(profile),
  waitingReversalHook,
  waitingErasureHook,
];
