import { besideTwin, type CommitOutcome } from './commit-outcome.ts';
import { type Beside, type CommitRequest, OneTransaction, type TransactionDeps } from './one-transaction.ts';
import type { PlacedFact } from './placing/placed-fact.ts';
import type { Kept } from './plan-commit.ts';

/**
 * A commit in steps: `plan` says what is about to be kept, `write` writes it with what its caller has made of that. Others may have
 * been first; the next `plan` says so. A caller plans and writes until nothing is left.
 */
export interface OpenCommit {
  /**
   * What is about to be kept, by the records as they stand now; undefined where nothing is left to be kept. Throws DomainError
   * (503) where others were first too often.
   */
  plan(): Promise<Kept | undefined>;
  /**
   * Writes what was planned last, in one transaction with what stands beside it. Throws DomainError (412) where the version is not
   * the expected one, `TwinWasFirst` where the answer to the same request is kept already, LimitExceeded where it is too much.
   */
  write(beside: Beside): Promise<void>;
  /** What became of each fact, in their order; asked for when nothing is left. */
  outcomes(): Promise<readonly CommitOutcome[]>;
}

/** Opens a commit of facts. Of those with one id the first is kept. */
export const openCommit = (deps: TransactionDeps, request: CommitRequest): OpenCommit => {
  const { facts } = request;
  const known = new Map<PlacedFact, CommitOutcome>();
  const firstOf = ({ fact }: PlacedFact): PlacedFact | undefined => facts.find((one) => one.fact.id === fact.id);
  const distinct = facts.filter((placed) => firstOf(placed) === placed);
  const left: OneTransaction[] = [new OneTransaction(deps, { ...request, facts: distinct }, known)];
  return {
    async plan() {
      for (;;) {
        const kept = await left[0]?.plan();
        if (kept !== undefined || left.length === 0) return kept;
        left.shift();
      }
    },
    async write(beside) {
      const halves = await left[0]?.write(beside);
      if (halves !== undefined && halves.length > 0) left.splice(0, 1, ...halves);
    },
    outcomes: () =>
      Promise.all(
        facts.map(
          (placed) => known.get(placed) ?? besideTwin(deps.profile, placed, firstOf(placed)?.contentHash ?? ''),
        ),
      ),
  };
};
