import type { StateClaims } from '#shared/facts/state-claims.ts';
import { openChangeRequests } from './customers/store/open-change-requests.ts';

/** What states give rise to elsewhere in the table, besides the names of their things. */
export const stateClaims: readonly StateClaims[] = [openChangeRequests];
