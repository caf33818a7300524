import { notForCustomers, type OpenToCustomers } from '#shared/access/customer-members.ts';
import { DomainError, type FieldError } from '#shared/vocabulary/errors.ts';
import type { OperationRequest } from './operation.ts';

/** A complaint about a member that is not for customers to send. */
export const forStaff = (member: string, message = 'is not for customers to say'): FieldError => ({
  pointer: `/${member}`,
  code: 'for-staff',
  message,
});

/**
 * Refuses (403) what a customer's body says besides what customers may say; of anybody else's nothing.
 * @param more what is wrong with the values of the members that they may send
 */
export const refuseForStaff = (
  { call, body }: Pick<OperationRequest<unknown, Readonly<Record<string, unknown>>>, 'call' | 'body'>,
  operation: OpenToCustomers,
  more: readonly FieldError[] = [],
): void => {
  if (call.actor.kind !== 'customer') return;
  const errors = [...notForCustomers(operation, body).map((member) => forStaff(member)), ...more];
  if (errors.length === 0) return;
  throw new DomainError('forbidden', 'member.for-staff', 'That is not for customers to say: see errors.', { errors });
};
