import type { Purpose, StaffRole } from './statuses.ts';

/**
 * Who acts, as the verified token says: staff by roles, a customer by their own id, a machine by scopes and the sources it is
 * bound to. `system` is the code itself (follow, usage, the inbound bus on behalf of `system:<source>`).
 */
export type Actor =
  | { readonly kind: 'staff'; readonly id: string; readonly roles: readonly StaffRole[] }
  | { readonly kind: 'customer'; readonly id: string; readonly customerId: string }
  | {
      readonly kind: 'machine';
      readonly id: string;
      readonly scopes: readonly string[];
      readonly sources: readonly string[];
    }
  | { readonly kind: 'system'; readonly id: string };

/** One call by an actor: request id for logs, purpose for the audit entry. */
export interface Call {
  readonly actor: Actor;
  readonly requestId: string;
  readonly purpose: Purpose | undefined;
}
