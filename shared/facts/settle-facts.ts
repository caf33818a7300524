import { olderRecordOf } from '#shared/profile/store/subjects.ts';
import type { Metrics } from '#shared/runtime/logger.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import type { Committer } from './commit.ts';
import type { CommitOutcome } from './commit-outcome.ts';
import { rawNamesErased } from './erased-owners.ts';
import { type FactOutcome, ofErased, toBeSentAgain } from './fact-outcome.ts';
import { type AsideDeps, keepAside, letWait, type SentFact } from './keep-aside.ts';
import { placeFact } from './placing/place-fact.ts';
import type { PlacedFact } from './placing/placed-fact.ts';
import type { PlaceDeps, Placement } from './placing/placement.ts';

/** What both ways in have: `submit-facts.ts` for batches, `prepare-facts.ts` for a request. */
export interface SettleDeps extends AsideDeps, PlaceDeps {
  readonly committer: Committer;
  readonly metrics: Metrics;
}

/** A fact that found its place, as it was sent. */
export interface Pending extends SentFact {
  readonly placed: PlacedFact;
}

/** Records that one fact is held against: an account, a customer and the survivor, a premise. */
const mostRefolded = 4;
/** How often a place is looked for where what a fact names came after it was looked for. */
export const mostPlacings = 4;

/** Finds a fact its place; a record of older rules that is asked for that is folded anew first. */
export const findPlace = async (
  deps: SettleDeps,
  { raw, sender }: SentFact,
  among: readonly PlacedFact[] = [],
): Promise<Placement> => {
  for (let refolded = 0; ; refolded += 1) {
    try {
      return await placeFact(deps, raw, sender, deps.clock.now(), among);
    } catch (failure) {
      const older = olderRecordOf(failure);
      if (older === undefined || refolded >= mostRefolded) throw failure;
      await deps.committer.refold(older);
    }
  }
};

/**
 * Puts a fact that found no place where it belongs, and says what became of it; `again` where what it waits for has come meanwhile.
 * @param keepsRejected what cannot be kept as a fact is kept aside whole
 */
export const settleUnplaced = async (
  deps: SettleDeps,
  sent: SentFact,
  placement: Exclude<Placement, { readonly status: 'placed' }>,
  keepsRejected: boolean,
): Promise<FactOutcome | 'again'> => {
  // What says something of a person who was erased is not kept anywhere, also where it could not be placed.
  if (await rawNamesErased(deps.profile, sent.raw)) return ofErased;
  switch (placement.status) {
    case 'rejected':
      if (keepsRejected) await keepAside(deps, sent, placement.reason);
      return placement;
    case 'quarantined':
      await keepAside(deps, sent, placement.reason);
      return placement;
    case 'waiting':
      return (await letWait(deps, sent, placement.awaited)) ? placement : 'again';
  }
};

const settleCommitted = async (deps: SettleDeps, pending: Pending, outcome: CommitOutcome): Promise<FactOutcome> => {
  switch (outcome.status) {
    case 'accepted':
      if (outcome.effect?.groundless === true) deps.metrics.count('facts.groundless', { type: outcome.fact.type });
      return outcome;
    case 'duplicate':
      return outcome;
    case 'waiting':
      return (await letWait(deps, pending, outcome.awaited)) ? outcome : toBeSentAgain(outcome.factId);
    case 'quarantined':
      await keepAside(deps, pending, outcome.reason);
      return outcome;
    case 'rejected':
      if (outcome.code !== ofErased.code) await keepAside(deps, pending, outcome.reason);
      return outcome;
  }
};

/** Puts facts that a commit did not keep where they belong, and says what became of each, in their order. */
export const settleAll = async (
  deps: SettleDeps,
  pending: readonly Pending[],
  outcomes: readonly CommitOutcome[],
): Promise<readonly FactOutcome[]> => {
  const settled: FactOutcome[] = [];
  for (const [place, one] of pending.entries()) {
    const outcome = outcomes[place];
    if (outcome === undefined) throw new Error('a commit answered too few outcomes');
    settled.push(await settleCommitted(deps, one, outcome));
  }
  return settled;
};

/** What becomes of placed facts whose commit failed: of a person erased meanwhile, or to be sent again; throws any other failure. */
export const outcomeOfFailure = (failure: unknown, { placed }: Pending): FactOutcome => {
  if (failure instanceof DomainError && failure.code === ofErased.code) return ofErased;
  if (failure instanceof DomainError && failure.kind === 'unavailable') return toBeSentAgain(placed.fact.id);
  throw failure;
};
