import { ConditionFailed, mayPass, Unanswered } from '#shared/table/table.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';

/** How often a conflict is tried again, and the longest wait between tries in milliseconds. */
const mostTries = 20;
const longestWait = 500;
/** How often silence is tried again: behind each lie the client's own tries, and a caller waits 29 s at most. */
const mostUnanswered = 3;

export interface TriesDeps {
  /** Full jitter: a number in [0, 1). */
  readonly random: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** The tries of one write that others may come before: so many, with full jitter between them, then 503. */
export class Tries {
  readonly #deps: TriesDeps;
  #lost = 0;
  #unanswered = 0;

  constructor(deps: TriesDeps) {
    this.#deps = deps;
  }

  /** Throws DomainError (503) where it was tried as often as it may be. */
  begin(): void {
    if (this.#lost < mostTries && this.#unanswered < mostUnanswered) return;
    throw new DomainError('unavailable', 'commit.busy', 'The record is being changed by others; try again.', {
      retryAfterSeconds: 1,
    });
  }

  /** Says why a try came to nothing; throws what no further try would change. */
  failed(failure: unknown): void {
    if (!(failure instanceof ConditionFailed || mayPass(failure))) throw failure;
    if (failure instanceof Unanswered) this.#unanswered += 1;
  }

  /** Waits for the next try. */
  async pause(): Promise<void> {
    const wait = this.#deps.random() * Math.min(longestWait, 10 * 2 ** this.#lost);
    this.#lost += 1;
    await this.#deps.sleep(wait);
  }
}

/** Runs `attempt` until it answers, as often as it may be tried. */
export const retrying = async <Answer>(deps: TriesDeps, attempt: () => Promise<Answer | 'again'>): Promise<Answer> => {
  const tries = new Tries(deps);
  for (;;) {
    tries.begin();
    try {
      const answer = await attempt();
      if (answer !== 'again') return answer;
    } catch (failure) {
      tries.failed(failure);
    }
    await tries.pause();
  }
};
