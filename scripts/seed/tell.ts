import type { IncomingFact } from '#shared/contracts/facts/envelope.ts';
import type { ownSystem } from '#shared/vocabulary/fact.ts';
import { instantOf } from '#shared/vocabulary/time.ts';
import type { StoryMeter } from './meters.ts';

/** Systems of the utility, as the clients of the door for facts are named. */
export type System = 'crm' | 'billing' | 'field' | 'portal' | 'imports';

/** Who says something in the story: a system, or people at this system's own routes. */
type Sayer = System | typeof ownSystem;

/**
 * A moment of a party's story: what is said and which meter is made known then. A step that `waits` names things that
 * earlier steps make, so those must stand before.
 */
export interface Step {
  /** Unix seconds. */
  readonly at: number;
  readonly waits: boolean;
  readonly facts: readonly IncomingFact[];
  readonly meters: readonly StoryMeter[];
}

/** Writes down a party's story. What happens after its end is not told. */
export class Teller {
  readonly #steps: Step[] = [];
  readonly #prefix: string;
  readonly #end: number;

  /** `party` is the number of the party's first customer, `end` Unix seconds. */
  constructor(party: number, end: number) {
    this.#prefix = `seed-${String(party).padStart(5, '0')}`;
    this.#end = end;
  }

  /** A fact as a system sends it; `event` is the system's own id of it, unique within the party. */
  fact(system: Sayer, type: string, event: string, at: number, data: IncomingFact['data']): IncomingFact {
    return {
      type,
      source: { system },
      sourceEventId: this.eventId(event),
      sourceSequence: 0,
      occurredAt: instantOf(at),
      data,
    };
  }

  eventId(event: string): string {
    return `${this.#prefix}-${event}`;
  }

  /** Adds a step; with `waits` only once all that was told before stands. */
  tell(
    at: number,
    facts: readonly IncomingFact[],
    options: { readonly waits?: boolean; readonly meters?: readonly StoryMeter[] } = {},
  ): void {
    if (at >= this.#end) return;
    this.#steps.push({ at, waits: options.waits ?? false, facts, meters: options.meters ?? [] });
  }

  /** The steps in order of time; those of one instant in the order they were told. */
  steps(): readonly Step[] {
    return this.#steps.toSorted((a, b) => a.at - b.at);
  }
}
