import { IncomingFact } from '#shared/contracts/facts/envelope.ts';
import type { Key } from '#shared/table/table.ts';
import type { QuarantineReason } from '#shared/vocabulary/statuses.ts';
import { type Door, doorOf, keptAudit, type RefusedFact, recordRefusedFacts } from './door-audit.ts';
import { type FactOutcome, toBeSentAgain } from './fact-outcome.ts';
import type { SentFact } from './keep-aside.ts';
import type { Beside } from './one-transaction.ts';
import type { PlacedFact } from './placing/placed-fact.ts';
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

export interface SubmitOptions {
  /** The door they came by: each commit gets its audit entry, and so does what the sender may not say. */
  readonly door?: Door;
  /** A waiting entry that the commit placing its fact takes away. */
  readonly placedFrom?: Key;
  /** What cannot be kept as a fact is kept aside whole (the bus: its sender gets no answer). */
  readonly keepRejected?: boolean;
}

/**
 * The one way in for facts that stand for themselves, whatever the door: places each, commits those of one subject together, lets
 * wait what names something unknown, keeps aside what cannot be placed. Answers one outcome for each, in order. Never throws for a
 * bad fact. Facts of a request, which stand or fall together, come in by `prepare-facts.ts`.
 */
export type SubmitFacts = (
  raws: readonly unknown[],
  sender: Sender,
  options?: SubmitOptions,
) => Promise<readonly FactOutcome[]>;

/** Reasons of facts that their sender may not say. */
const notItsOwn: ReadonlySet<QuarantineReason> = new Set<QuarantineReason>([
  'source.refused',
  'fact.type-not-allowed',
  'fact.value-not-allowed',
]);

/** Most facts of one commit. */
const maxTogether = 20;

const subjectsKey = ({ fact }: PlacedFact): string => fact.subjects.join(' ');

/** A fact of a batch, by its place there. */
interface InBatch extends Pending {
  readonly index: number;
}

type Unplaced = Exclude<Placement, { readonly status: 'placed' }>;

/** One batch on its way in. */
class Batch {
  readonly #deps: SettleDeps;
  readonly #options: SubmitOptions;
  readonly #outcomes = new Map<number, FactOutcome>();
  readonly #refused: RefusedFact[] = [];
  #together: InBatch[] = [];

  constructor(deps: SettleDeps, options: SubmitOptions) {
    this.#deps = deps;
    this.#options = options;
  }

  async take(index: number, sent: SentFact): Promise<void> {
    for (let tried = 1; ; tried += 1) {
      const placement = await findPlace(this.#deps, sent);
      if (placement.status === 'placed') return this.#join({ ...sent, index, placed: placement.placed });
      // What it names may be in a fact before it, or have come since it was looked for.
      if (placement.status === 'waiting' && this.#together.length > 0) {
        await this.commit();
        continue;
      }
      if (await this.#isSettled(index, sent, placement)) return;
      if (tried >= mostPlacings) return this.#note(index, toBeSentAgain('factId' in placement ? placement.factId : ''));
    }
  }

  /** Commits what stands together so far. */
  async commit(): Promise<void> {
    const pending = this.#together;
    this.#together = [];
    if (pending.length === 0) return;
    const outcomes = await this.#kept(pending);
    for (const [place, { index }] of pending.entries()) this.#note(index, outcomes[place]);
  }

  /** Records what the sender may not say. */
  async recordRefused(sender: Sender): Promise<void> {
    if (this.#refused.length === 0) return;
    for (const { code } of this.#refused) this.#deps.metrics.count('facts.refused', { code });
    const door = this.#options.door ?? doorOf('inner', sender.actor, 'none');
    await recordRefusedFacts(this.#deps.profile, door, this.#refused, this.#deps.clock.now());
  }

  outcomeOf(index: number): FactOutcome {
    const outcome = this.#outcomes.get(index);
    if (outcome === undefined) throw new Error('a fact was left without an outcome');
    return outcome;
  }

  async #join(fact: InBatch): Promise<void> {
    const [first] = this.#together;
    const isOther = first !== undefined && subjectsKey(first.placed) !== subjectsKey(fact.placed);
    if (isOther || this.#together.length >= maxTogether) await this.commit();
    this.#together.push(fact);
  }

  async #isSettled(index: number, sent: SentFact, placement: Unplaced): Promise<boolean> {
    const outcome = await settleUnplaced(this.#deps, sent, placement, this.#options.keepRejected === true);
    if (outcome === 'again') return false;
    if (outcome.status === 'rejected' && notItsOwn.has(outcome.reason)) {
      // It had the shape of a fact, and was of a known type.
      const { type, sourceEventId } = IncomingFact.parse(sent.raw);
      this.#refused.push({ code: outcome.code, type, event: sourceEventId });
    }
    this.#note(index, outcome);
    return true;
  }

  async #kept(pending: readonly InBatch[]): Promise<readonly FactOutcome[]> {
    const commit = this.#deps.committer.open({ facts: pending.map(({ placed }) => placed) });
    try {
      for (let kept = await commit.plan(); kept !== undefined; kept = await commit.plan())
        await commit.write(this.#beside(kept));
      return await settleAll(this.#deps, pending, await commit.outcomes());
    } catch (failure) {
      return pending.map((one) => outcomeOfFailure(failure, one));
    }
  }

  #beside(kept: Kept): Beside {
    const { door, placedFrom } = this.#options;
    return {
      writes: [
        ...(door === undefined ? [] : keptAudit(door, kept, this.#deps.clock.now())),
        ...(placedFrom === undefined ? [] : [{ remove: placedFrom }]),
      ],
    };
  }

  #note(index: number, outcome: FactOutcome | undefined): void {
    if (outcome === undefined) return;
    this.#outcomes.set(index, outcome);
    this.#deps.metrics.count('facts', { status: outcome.status });
  }
}

export const createSubmitFacts =
  (deps: SettleDeps): SubmitFacts =>
  async (raws, sender, options = {}) => {
    const batch = new Batch(deps, options);
    for (const [index, raw] of raws.entries()) await batch.take(index, { raw, sender });
    await batch.commit();
    await batch.recordRefused(sender);
    return raws.map((_, index) => batch.outcomeOf(index));
  };
