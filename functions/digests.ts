import { packAccountDigest, readAccountDigest } from './accounts/rules/account-digest.ts';
import { accountOfToday, isUnsettled } from './accounts/rules/account-digest-today.ts';
import { packPremiseDigest, readPremiseDigest } from './premises/rules/premise-digest.ts';
import { premiseOfToday } from './premises/rules/premise-digest-today.ts';

export type { AccountDigest } from './accounts/rules/account-digest.ts';
export type { PremiseDigest } from './premises/rules/premise-digest.ts';

/** What the view of a customer holds of records that others may have to do with too: packed with each commit of such a record. */
export const digests = {
  account: { pack: packAccountDigest, read: readAccountDigest, today: accountOfToday, isUnsettled },
  premise: { pack: packPremiseDigest, read: readPremiseDigest, today: premiseOfToday },
} as const;
