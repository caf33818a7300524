import { DomainError, type FieldError } from '#shared/vocabulary/errors.ts';
import type { OperationRequest } from './operation.ts';

/** A change as it was asked for: its body, and what of that customers may send. */
type Change = Pick<OperationRequest<unknown, Readonly<Record<string, unknown>>>, 'body' | 'fromCustomers'>;

/** Members that a body has and customers may not send; what is not set was not sent. */
export const notForCustomers = ({ body, fromCustomers = [] }: Change): readonly string[] =>
  Object.keys(body).filter((name) => body[name] !== undefined && !fromCustomers.includes(name));

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
  request: Change & Pick<OperationRequest, 'call'>,
  more: readonly FieldError[] = [],
): void => {
  if (request.call.actor.kind !== 'customer') return;
  const errors = [...notForCustomers(request).map((member) => forStaff(member)), ...more];
  if (errors.length === 0) return;
  throw new DomainError('forbidden', 'member.for-staff', 'That is not for customers to say: see errors.', { errors });
};
