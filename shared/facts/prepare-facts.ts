import { type FactOutcome, rejected, toBeSentAgain } from './fact-outcome.ts';
import type { SentFact } from './keep-aside.ts';
import type { Beside, ExpectedVersion } from './one-transaction.ts';
import type { OpenCommit } from './open-commit.ts';
import type { Placement, Sender } from './placing/placement.ts';
import type { Kept } from './plan-commit.ts';
import {
  findPlace,
  mostPlacings,
  outcomeOfFailure,
  type Pending,
  type SettleDeps,
  settleAll,
  settleUnplaced,
} from './settle-facts.ts';
import { valueErrors } from './value-errors.ts';

/**
 * Facts of one request, ready to be kept together. Their caller plans, makes its answer of what is about to be kept, and writes it
 * beside them, until nothing is left to plan; see `OpenCommit`.
 */
export interface PreparedFacts extends Pick<OpenCommit, 'plan' | 'write'> {
  /** What became of each, in their order; asked for when nothing is left to plan. */
  outcomes(): Promise<readonly FactOutcome[]>;
}

/**
 * The way in for the facts of one request, which are kept all or none. Who sends them hears of it, so a fact with a value that the
 * validators reject is refused, not kept. Where one finds no place nothing is planned, and the others are to be sent again.
 */
export type PrepareFacts = (
  raws: readonly unknown[],
  sender: Sender,
  /** If-Match of the caller. */
  expected?: ExpectedVersion,
) => Promise<PreparedFacts>;

const unlessRejected = (placement: Placement): Placement => {
  if (placement.status !== 'placed') return placement;
  const errors = valueErrors(placement.placed.fact, 'rejected');
  return errors.length === 0
    ? placement
    : rejected('value.rejected', 'A value cannot be right: see errors.', 'fact.invalid', errors);
};

/** Finds a fact its place beside those before it, or says what became of it. */
const placeAmong = async (
  deps: SettleDeps,
  sent: SentFact,
  before: readonly Pending[],
): Promise<Pending | FactOutcome> => {
  const among = before.map(({ placed }) => placed);
  for (let tried = 1; ; tried += 1) {
    const placement = unlessRejected(await findPlace(deps, sent, among));
    if (placement.status === 'placed') return { ...sent, placed: placement.placed };
    if (placement.status === 'rejected') return placement;
    const settled = await settleUnplaced(deps, sent, placement, false);
    if (settled !== 'again') return settled;
    if (tried >= mostPlacings) return toBeSentAgain(placement.factId);
  }
};

/** Nothing of the request is kept: one fact found no place. */
const nothingPlanned = (outcomes: readonly FactOutcome[]): PreparedFacts => ({
  plan: async () => undefined,
  write: () => Promise.reject(new TypeError('nothing is planned that could be written')),
  outcomes: async () => outcomes,
});

const planned = (
  deps: SettleDeps,
  pending: readonly Pending[],
  expected: ExpectedVersion | undefined,
): PreparedFacts => {
  const commit = deps.committer.open({ facts: pending.map(({ placed }) => placed), whole: true, expected });
  let failed: readonly FactOutcome[] | undefined;
  const unlessFailed = async <Answer>(step: () => Promise<Answer>): Promise<Answer | undefined> => {
    try {
      return failed === undefined ? await step() : undefined;
    } catch (failure) {
      failed = pending.map((one) => outcomeOfFailure(failure, one));
      return undefined;
    }
  };
  return {
    plan: (): Promise<Kept | undefined> => unlessFailed(() => commit.plan()),
    write: (beside: Beside) => unlessFailed(() => commit.write(beside)),
    outcomes: async () => {
      const settled = await unlessFailed(async () => settleAll(deps, pending, await commit.outcomes()));
      const outcomes = settled ?? failed ?? [];
      for (const { status } of outcomes) deps.metrics.count('facts', { status });
      return outcomes;
    },
  };
};

export const createPrepareFacts =
  (deps: SettleDeps): PrepareFacts =>
  async (raws, sender, expected) => {
    const pending: Pending[] = [];
    for (const raw of raws) {
      const found = await placeAmong(deps, { raw, sender }, pending);
      if ('placed' in found) {
        pending.push(found);
        continue;
      }
      deps.metrics.count('facts', { status: found.status });
      return nothingPlanned(raws.map((_, place) => (place === pending.length ? found : toBeSentAgain(''))));
    }
    return planned(deps, pending, expected);
  };
