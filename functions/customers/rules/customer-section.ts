import type { View360 } from '#functions/view.ts';
import type { ViewBasis } from '#shared/profile/rules/view/section.ts';
import { holdsRole } from '#shared/profile/rules/view/view-360.ts';

const statusOf = ({ parts, unseen, today }: ViewBasis): View360['customer']['status'] => {
  if (unseen.isHeld || parts.accounts.some(({ digest }) => holdsRole(digest, today))) return 'active';
  const first = parts.identity?.firstRole ?? null;
  return first !== null && first <= today ? 'former' : 'prospect';
};

/** Who the customer is, as the 360 view tells it. */
export const showCustomer = (basis: ViewBasis): View360['customer'] => {
  const { customer, identity } = basis;
  return {
    id: customer,
    kind: identity.kind,
    ...(identity.name === null ? {} : { name: identity.name }),
    status: statusOf(basis),
    since: identity.since,
    version: identity.version,
  };
};
