import { DomainError } from '#shared/vocabulary/errors.ts';
import { ofErased, type UnkeptOutcome } from './fact-outcome.ts';

/**
 * What the sender of a fact that was not kept is told: the one place where what became of a fact turns into a refusal. The facts API
 * tells it beside the other results, a request that stood for the fact is refused by it.
 * @param at where a field of the fact stands in what was sent, by JSON pointers; the same where nothing stands between
 */
export const refusalOfFact = (
  outcome: UnkeptOutcome,
  at: (pointer: string) => string = (same) => same,
): DomainError => {
  switch (outcome.status) {
    case 'retry':
      return new DomainError('unavailable', 'commit.busy', outcome.message, { retryAfterSeconds: 1 });
    case 'rejected':
      return new DomainError(outcome.code === ofErased.code ? 'conflict' : 'invalid', outcome.code, outcome.message, {
        errors: outcome.errors.map((error) => ({ ...error, pointer: at(error.pointer) })),
      });
    case 'quarantined':
      return new DomainError('conflict', outcome.reason, outcome.message);
    case 'waiting':
      return new DomainError('conflict', 'reference.unknown', outcome.message);
  }
};
