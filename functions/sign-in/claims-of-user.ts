import type { Signer } from '#shared/vocabulary/clients.ts';
import { id } from '#shared/vocabulary/ids.ts';
import { StaffRole } from '#shared/vocabulary/statuses.ts';

/** A user of the pool, as far as it decides what they may do. */
export interface PoolUser {
  readonly groups: readonly string[];
  /** The attribute `custom:customer`, which only administrators write. */
  readonly customer: string | undefined;
}

/** What stands in the access token of somebody who may use the API. */
export type UserClaims = { readonly roles: readonly StaffRole[] } | { readonly customer: string };

const Customer = id('customer');

const staffClaims = (roles: readonly StaffRole[]): UserClaims | undefined =>
  roles.length === 0 ? undefined : { roles };

/**
 * Staff by the groups that are named as a role, a customer by their own id, each where such people sign in and nowhere else.
 * Somebody who is neither gets nothing, and so does somebody who is both: whoever works here and is a customer too has a sign-in
 * for each, so that no screen mixes the two.
 */
export const claimsOfUser = ({ groups, customer }: PoolUser, signer: Signer): UserClaims | undefined => {
  const roles = StaffRole.options.filter((role) => groups.includes(role));
  if (signer === 'staff') return customer === undefined || customer === '' ? staffClaims(roles) : undefined;
  const own = Customer.safeParse(customer);
  return roles.length === 0 && own.success ? { customer: own.data } : undefined;
};
