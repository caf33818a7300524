import type { Fact } from '#shared/contracts/facts/fact.ts';
import { effectsOf } from '#shared/profile/rules/effects.ts';
import type { Family, OrderedFact } from '#shared/profile/rules/fold.ts';
import type { LosingReason } from '#shared/profile/rules/survivorship.ts';
import type { Verdict } from '#shared/vocabulary/fact.ts';

/** Why a value does not stand. */
export type Reason =
  | LosingReason
  | 'rejected'
  | 'superseded'
  | 'retracted'
  | 'without-effect'
  | 'erased'
  | 'pin-over'
  | 'same-value';

/** Each reason as a sentence. */
export const reasonsInWords: Readonly<Record<Reason, string>> = {
  rejected: 'The validators rejected the value; such a value never wins.',
  pinned: 'Somebody pinned another value.',
  'not-verified': 'The value that stands was proved, this one was not.',
  warned: 'The validators doubt this value, and not the one that stands.',
  'lower-rank':
    'The policy ranks the source of the value that stands higher, or this word is too old to keep its rank.',
  older: 'The value that stands was said later by a source of the same rank.',
  'less-frequent': 'More sources say the value that stands.',
  later: 'The smallest value stands, and this one is greater.',
  tie: 'All else being equal, the order of the facts decides.',
  superseded: 'Something newer took its place.',
  retracted: 'The fact was taken back.',
  'without-effect': 'The record did not let the fact have an effect.',
  erased: 'The value was erased.',
  'pin-over': 'The pin no longer holds.',
  'same-value': 'It is the same value, shown once.',
};

/** By what a value came to stand; `version` counts the changes of that rule. */
export interface Rule {
  readonly id: string;
  readonly strategy: string;
  readonly version: number;
}

/** Something a value was computed from: a fact, or what facts come to. */
export interface Input {
  readonly what: string;
  readonly factId?: string;
  readonly value?: unknown;
  /** The class of it all: whose view hides that is not told that there is such an input. */
  readonly whole?: 'internal';
}

export interface Losing {
  readonly value: unknown;
  readonly fact: Fact;
  readonly reason: Reason;
  /** What the validators said of it. */
  readonly verdict?: Verdict;
}

export interface HeldPin {
  readonly fact: Fact;
  readonly value: unknown;
  readonly until: string | null;
}

/** Why a value is what it is. A value that is computed has a formula and inputs. */
export interface Explanation {
  readonly rule: Rule;
  readonly winner: Fact | undefined;
  readonly losing: readonly Losing[];
  readonly pin?: HeldPin;
  readonly verdict?: Verdict;
  readonly formula?: string;
  readonly inputs?: readonly Input[];
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** A value that is computed. */
export const computed = (
  id: string,
  formula: string,
  inputs: readonly Input[],
  more: Partial<Explanation> = {},
): Explanation => ({
  rule: { id, strategy: 'computed', version: 1 },
  winner: undefined,
  losing: [],
  formula,
  inputs,
  ...more,
});

/**
 * A value that a family's state holds in one place: the fact that brought it is the last that changed what is there; what stood
 * there before was superseded, and what a fact said that was taken back was retracted.
 * @param select what stands in the place; undefined before anything does
 */
export const explainSlot = <State>(
  family: Family<State>,
  facts: readonly OrderedFact[],
  select: (state: State) => unknown,
): Explanation => {
  const words = effectsOf(family, facts)
    .map(({ entry: { fact }, before, after, would }) => ({
      fact,
      was: select(before),
      value: select(would ?? after),
      reason: would === undefined ? ('superseded' as const) : ('retracted' as const),
    }))
    .filter(({ was, value }) => !same(was, value));
  const winner = words.findLast(({ reason }) => reason === 'superseded');
  return {
    rule: { id: `${family.name}.latest-word`, strategy: 'latest-event', version: family.rules },
    winner: winner?.fact,
    losing: words
      .filter((word) => word !== winner && word.value !== undefined)
      .map(({ fact, value, reason }) => ({ value, fact, reason }))
      .toReversed(),
  };
};

/** The fact that created a thing, if it stands. */
export const creatorOf = (facts: readonly OrderedFact[], entity: string): Fact | undefined =>
  facts.find(({ fact, retracted }) => !retracted && fact.entity === entity)?.fact;
