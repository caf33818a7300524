import type { Agreement } from './agreements.ts';
import { overlaps, type Period, shared } from './periods.ts';
import type { RoleHeld } from './roles.ts';

/**
 * When a service point was somebody's own: while a role of theirs held on the account that took service there. Half-open stretches
 * of the point's local dates; they may overlap, and none is empty.
 * @param roles the customer's, those of records merged into theirs among them
 * @param agreements of the premise
 */
export const ownService = (
  roles: readonly RoleHeld[],
  agreements: readonly Pick<Agreement, 'account' | 'servicePoint' | 'from' | 'to'>[],
  servicePoint: string,
): readonly Period[] =>
  agreements
    .filter((one) => one.servicePoint === servicePoint)
    .flatMap((agreement) =>
      roles.flatMap((role) =>
        role.account === agreement.account && overlaps(role, agreement) ? [shared(role, agreement)] : [],
      ),
    );
