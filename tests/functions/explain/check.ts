import type { AnswerOf } from '#functions/routes.ts';
import type { View360 } from '#functions/view.ts';
import type { KeptFact } from '#shared/vocabulary/fact.ts';
import type { Leaf } from './leaves.ts';

export type Told = AnswerOf<'explainField'>;

/** What an explanation is held against: facts, the policy's file, and the view that is explained. */
export interface Ground {
  /** All facts in fold order, and those of them that stand. */
  readonly facts: readonly KeptFact[];
  readonly kept: readonly KeptFact[];
  readonly view: View360;
  /** The customer and those merged into them. */
  readonly records: readonly string[];
  readonly today: string;
  readonly now: string;
}

/** What is wrong with an explanation; undefined where nothing is. */
export type Check = (leaf: Leaf, told: Told, ground: Ground) => unknown;

export const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
export const unless = (right: boolean, found: unknown): unknown => (right ? undefined : (found ?? 'nothing'));
export const of = (facts: readonly KeptFact[], records: readonly string[]): readonly KeptFact[] =>
  facts.filter(({ subjects }) => subjects.some((one) => records.includes(one)));
export const textIn = (entry: object | undefined, name: string): string => {
  const value: unknown = entry === undefined ? undefined : Reflect.get(entry, name);
  return typeof value === 'string' ? value : '';
};

const inputsOf = (told: Told) => (told.inputs ?? []).map(({ factId, value }) => ({ factId, value }));

/** A value with a formula, whose inputs are as worked out once more. */
export const byFormula = (told: Told, inputs: readonly unknown[], right: boolean, found: unknown): unknown =>
  unless((told.formula ?? '').length > 10 && told.rule.strategy === 'computed', told.formula) ??
  unless(same(inputsOf(told), inputs), { inputs }) ??
  unless(right, found);
