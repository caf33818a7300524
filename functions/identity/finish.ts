import type { Committer } from '#shared/facts/commit.ts';
import { readHead } from '#shared/profile/store/items.ts';
import { headKey, subjectKindOf } from '#shared/table/keys.ts';
import { ConditionFailed, type Table, Throttled, TransactionConflict, Unanswered } from '#shared/table/table.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';

export interface FinishDeps {
  readonly profile: Table;
  readonly committer: Committer;
  readonly now: () => number;
}

/** How long a caller waits for both records to be shown anew, in milliseconds. */
const longestWait = 8_000;

/** Whether a failure means only that it goes on later: the fact is kept, and its mark brings it to its end. */
const goesOnLater = (failure: unknown): boolean =>
  failure instanceof ConditionFailed ||
  failure instanceof TransactionConflict ||
  failure instanceof Throttled ||
  failure instanceof Unanswered ||
  (failure instanceof DomainError && failure.kind === 'unavailable');

const isMarked = async ({ profile }: FinishDeps, customer: string, fact: string): Promise<boolean> => {
  const item = await profile.get(headKey(customer), { consistent: true });
  return item !== undefined && readHead(item).rebuilding?.id === fact;
};

/**
 * Brings a merge or undoing that was just kept to its end, as far as a caller waits for it. Answers whether it is done; else it is
 * gone on with by what follows the records' changes.
 * @param subjects records that the commit touched
 */
export const finishLink = async (
  deps: FinishDeps,
  fact: string,
  subjects: readonly string[],
): Promise<'done' | 'rebuilding'> => {
  const until = deps.now() + longestWait;
  const customers = subjects.filter((one) => subjectKindOf(one) === 'customer');
  try {
    for (const customer of customers) await deps.committer.rebuild(customer, until);
    const marked = await Promise.all(customers.map((customer) => isMarked(deps, customer, fact)));
    return marked.includes(true) ? 'rebuilding' : 'done';
  } catch (failure) {
    if (!goesOnLater(failure)) throw failure;
    return 'rebuilding';
  }
};
