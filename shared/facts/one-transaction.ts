import { versionOf } from '#shared/profile/store/view-writes.ts';
import { isIdempotencyKey } from '#shared/table/keys.ts';
import { ConditionFailed, LimitExceeded, limits, TransactionConflict, type Write } from '#shared/table/table.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { type CommitOutcome, claimsTaken, keptBefore, keptNow, ofUnfitLink, ofUnknown } from './commit-outcome.ts';
import { type CommitDeps, keyOf, oncePerKey } from './commit-plan.ts';
import { ofErased } from './fact-outcome.ts';
import { type AnswerToKeep, answerWrite, TwinWasFirst } from './idempotency.ts';
import type { PlacedFact } from './placing/placed-fact.ts';
import { type CommitPlan, type Kept, type Obstacle, planCommit } from './plan-commit.ts';
import { Tries } from './tries.ts';

export interface CommitRequest {
  /** Facts with the same subjects; kept together or, where one is refused, without that one. */
  readonly facts: readonly PlacedFact[];
  /** Version the caller saw (If-Match): the loser gets precondition-failed at once. */
  readonly expected?: ExpectedVersion | undefined;
  /** All or nothing: never parted over several commits, up to what one transaction may hold. */
  readonly whole?: boolean;
}

export interface ExpectedVersion {
  readonly subject: string;
  readonly version: number;
}

/** What stands or falls with the facts of a commit. */
export interface Beside {
  readonly writes: readonly Write[];
  /** What a repeat of the request is answered. */
  readonly answer?: AnswerToKeep | undefined;
}

export interface TransactionDeps extends CommitDeps {
  /** Brings a merge or undoing of a customer to its end, if others let it; `until` in milliseconds of the clock. */
  readonly endMerge: (customer: string, until: number) => Promise<void>;
}

/** Most items of one commit. */
export const maxCommitItems = 60;
/** How long the merge of a record that is to be merged or parted anew is brought to its end, in milliseconds. */
const longestEnd = 5_000;

const checkExpected = (expected: ExpectedVersion | undefined, { loaded }: CommitPlan): void => {
  const subject = loaded.find((one) => one.subject === expected?.subject);
  if (expected === undefined || subject === undefined) return;
  const version = versionOf(subject.states);
  if (version !== expected.version) {
    throw new DomainError('precondition-failed', 'version.stale', 'The record has changed since it was read.', {
      extra: { currentVersion: version },
    });
  }
};

/** Facts that go in one transaction, or in two halves where they are too much for one. */
export class OneTransaction {
  readonly #deps: TransactionDeps;
  readonly #request: CommitRequest;
  readonly #outcomes: Map<PlacedFact, CommitOutcome>;
  readonly #tries: Tries;
  /** References that the claimant holds already: they are not claimed again. */
  readonly #ours = new Set<string>();
  #left: readonly PlacedFact[];
  #planned: CommitPlan | undefined;
  #hasEndedMerges = false;
  /** A write that failed in another way than by a condition may have taken effect: then its facts are there. */
  #isUnsure = false;

  constructor(deps: TransactionDeps, request: CommitRequest, outcomes: Map<PlacedFact, CommitOutcome>) {
    this.#deps = deps;
    this.#request = request;
    this.#outcomes = outcomes;
    this.#left = request.facts;
    this.#tries = new Tries(deps);
  }

  async plan(): Promise<Kept | undefined> {
    while (this.#left.length > 0) {
      this.#tries.begin();
      try {
        if (this.#isUnsure) await this.#noteKept();
        if (this.#left.length === 0) return undefined;
        const found = await planCommit(this.#deps, this.#left);
        if (found.kind === 'planned') {
          this.#planned = found;
          return found.kept;
        }
        await this.#meet(found);
      } catch (failure) {
        this.#tries.failed(failure);
      }
      await this.#tries.pause();
    }
    return undefined;
  }

  /** Answers the halves that are to be committed instead, where all together is too much. */
  async write(beside: Beside): Promise<readonly OneTransaction[]> {
    const plan = this.#planned;
    if (plan === undefined) throw new TypeError('nothing is planned that could be written');
    this.#planned = undefined;
    try {
      const writes = await this.#writesOf(plan, beside);
      if (this.#isTooMuch(writes)) return this.#halves();
      checkExpected(this.#request.expected, plan);
      if (await this.#isWritten(writes)) {
        for (const placed of this.#left) this.#note(placed, keptNow(placed, plan.plans));
        return [];
      }
    } catch (failure) {
      this.#tries.failed(failure);
    }
    await this.#tries.pause();
    return [];
  }

  async #writesOf(plan: CommitPlan, { writes, answer }: Beside): Promise<readonly Write[]> {
    const kept = answer === undefined ? [] : [await answerWrite(this.#deps.sealer, answer)];
    return oncePerKey([...plan.writes, ...writes, ...kept]).filter(
      (write) => !('put' in write && this.#ours.has(keyOf(write))),
    );
  }

  #isTooMuch({ length }: readonly Write[]): boolean {
    if (this.#request.whole !== true) return length > maxCommitItems && this.#left.length > 1;
    if (length <= limits.transactionItems) return false;
    throw new LimitExceeded(`a request may write ${limits.transactionItems} items at once`);
  }

  #halves(): readonly OneTransaction[] {
    const half = Math.ceil(this.#left.length / 2);
    return [this.#left.slice(0, half), this.#left.slice(half)].map(
      (facts) => new OneTransaction(this.#deps, { ...this.#request, facts }, this.#outcomes),
    );
  }

  async #isWritten(writes: readonly Write[]): Promise<boolean> {
    try {
      await this.#deps.profile.commit(writes);
      return true;
    } catch (failure) {
      this.#isUnsure = true;
      if (!(failure instanceof ConditionFailed)) throw failure;
      const failed = failure.failed.flatMap((index) => writes[index] ?? []);
      if (failed.some((write) => 'put' in write && isIdempotencyKey(write.put))) throw new TwinWasFirst();
      await this.#noteTaken(failed);
      await this.#noteKept();
      return false;
    }
  }

  #note(placed: PlacedFact, outcome: CommitOutcome): void {
    this.#outcomes.set(placed, outcome);
    this.#left = this.#left.filter((one) => one !== placed);
  }

  /** Notes facts that are there: kept before, or by the write whose answer was lost. */
  async #noteKept(): Promise<void> {
    for (const placed of this.#left) {
      const before = await keptBefore(this.#deps.profile, placed);
      if (before !== undefined) this.#note(placed, before);
    }
    this.#isUnsure = false;
  }

  /** Notes facts whose references others hold, and which references their claimants hold themselves. */
  async #noteTaken(failed: readonly Write[]): Promise<void> {
    for (const write of failed) {
      if (!('put' in write) || !write.put.pk.startsWith('REF#')) continue;
      const { id } = write.put;
      const held = await this.#deps.profile.get(write.put, { consistent: true });
      if (held === undefined) continue;
      if (held.id === id) {
        this.#ours.add(keyOf(write));
        continue;
      }
      const claimant =
        this.#left.find(({ fact }) => fact.entity === id) ??
        this.#left.find(({ fact }) => fact.subjects.includes(String(id)));
      if (claimant !== undefined)
        this.#note(claimant, await claimsTaken(this.#deps.profile, claimant, String(held.id)));
    }
  }

  /** Takes an obstacle out of the way, or the facts that are not kept for it. A repeat of a kept fact is still a repeat. */
  async #meet(obstacle: Obstacle): Promise<void> {
    const { profile, clock, endMerge } = this.#deps;
    switch (obstacle.kind) {
      case 'refolded':
        return;
      case 'missing': {
        const { subject } = obstacle;
        for (const placed of this.#left.filter(({ fact }) => fact.subjects.includes(subject)))
          this.#note(placed, (await keptBefore(profile, placed)) ?? ofUnknown(placed, subject));
        return;
      }
      case 'under-way':
        if (this.#hasEndedMerges) throw new TransactionConflict();
        this.#hasEndedMerges = true;
        for (const customer of obstacle.customers) await endMerge(customer, clock.now() + longestEnd);
        return;
      case 'erased': {
        const before = await keptBefore(profile, obstacle.placed);
        this.#note(obstacle.placed, before?.status === 'duplicate' ? before : ofErased);
        return;
      }
      case 'unfit':
        this.#note(obstacle.placed, (await keptBefore(profile, obstacle.placed)) ?? ofUnfitLink(obstacle.code));
        return;
    }
  }
}
