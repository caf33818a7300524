import { notFound } from '#shared/edge/authorise.ts';
import type { OperationRequest } from '#shared/edge/operation.ts';
import type { PrepareFacts } from '#shared/facts/prepare-facts.ts';
import type { Sealer } from '#shared/facts/seal.ts';
import type { Table } from '#shared/table/table.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import type { PaymentPolicy } from '#shared/vocabulary/payment-policy.ts';

export interface AccountsParts {
  readonly profile: Table;
  readonly prepare: PrepareFacts;
  readonly now: () => number;
  readonly sealer: Sealer;
  readonly today: (at?: number) => string;
  readonly payments: PaymentPolicy;
}

/** Id of the account a request names. */
export const subjectOf = (request: Pick<OperationRequest, 'subjectId'>): string => {
  if (request.subjectId === undefined) throw notFound();
  return request.subjectId;
};

/** A refusal for what one field says. */
export const refusedField = (
  kind: 'invalid' | 'forbidden',
  code: string,
  pointer: string,
  message: string,
): DomainError => new DomainError(kind, code, message, { errors: [{ pointer, code, message }] });
