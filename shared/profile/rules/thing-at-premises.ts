import type { States } from './states.ts';

/** A thing with a record of its own that is at premises: it is of those who take service there. */
export interface ThingAtPremises {
  /** Premises that it is at, each once. */
  readonly premises: (states: States) => readonly string[];
  /** Points of one of them that it is about. */
  readonly points: (states: States, id: string, premise: States) => readonly string[];
}
