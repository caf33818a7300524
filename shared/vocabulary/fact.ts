/**
 * Name of a family: facts of one kind of record that fold apart, with one STATE in the record's partition. Which there are is said by
 * `families` in `functions/profile.ts`.
 */
export type FamilyName = string;

/** The source system of facts that people make through the API, and of what the system tells itself; no machine may use its name. */
export const ownSystem = 'rotunda';

/**
 * A fact as it is kept: id, verified actor, time of receipt, subjects as resolved (primary first). What its data holds is not said
 * here: a `Fact` (`shared/contracts/facts/fact.ts`) is one whose data was held against the contract of its type.
 */
export interface KeptFact<Type extends string = string, Data = Readonly<Record<string, unknown>>> {
  readonly id: string;
  readonly type: Type;
  readonly source: { readonly system: string; readonly channel?: string | undefined; readonly actor: string };
  readonly sourceEventId: string;
  readonly sourceSequence: number;
  /** Stored form: UTC, milliseconds. */
  readonly occurredAt: string;
  readonly recordedAt: string;
  /** The utility's local date when it occurred, where that is not the date in UTC. */
  readonly day?: string | undefined;
  readonly correlationId?: string | undefined;
  readonly causationId?: string | undefined;
  /** Parsed data with every named thing resolved to its id. A sealed value whose key is gone is `erased`. */
  readonly data: Data;
  readonly subjects: readonly string[];
  /** Family that folds the fact in each subject, in the order of `subjects`. */
  readonly families: readonly FamilyName[];
  /** What the validators said of values when they came in, by field of `data`; a field without an entry was accepted. */
  readonly verdicts?: Readonly<Record<string, Verdict>> | undefined;
  /** Id of what this fact created. */
  readonly entity?: string | undefined;
}

/** Judgement of one value at the door: kept with the fact. A rejected value is stored as it was said and never wins. */
export interface Verdict {
  readonly verdict: 'warned' | 'rejected';
  /** Why, e.g. `phone.impossible`. */
  readonly codes: readonly string[];
}

/** Stands where a sealed value was whose key has been deleted. */
export const erased = { erased: true } as const;
export type Erased = typeof erased;

/** Whether a value is the mark of an erased one. */
export const isErased = (value: unknown): value is Erased =>
  typeof value === 'object' && value !== null && 'erased' in value && value.erased === true;
