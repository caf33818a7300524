import type { Register } from '#shared/vocabulary/measures.ts';
import type { Range } from '#shared/vocabulary/ranges.ts';
import type { RuleId } from '#shared/vocabulary/reading-rules.ts';
import type { VeeConfiguration } from './configuration.ts';
import { ruleVersions, type Severity } from './rule-pack.ts';

/** What is known of a register besides its readings. Ranges in Unix seconds, half-open. */
export interface RegisterGround {
  readonly meter: string;
  readonly register: Register;
  readonly configuration: VeeConfiguration;
  /** When the meter was installed; intervals outside are not expected. */
  readonly installed: readonly Range[];
  /** When it took the place of another meter, or another its place: of the interval within which that was it has a part alone. */
  readonly exchanged?: readonly number[];
  /** When it was disconnected; intervals inside are not expected. */
  readonly disconnected: readonly Range[];
  /** When no use is expected: the place is vacant, or says so itself (ESPI minimalUsageExpected). */
  readonly zeroExpected: readonly Range[];
  /** When what the register feeds in was agreed. */
  readonly exportAgreed: readonly Range[];
}

/** The numbers that led to a verdict, by name. */
export type Evidence = Readonly<Record<string, number | string | readonly string[]>>;

/** What a rule found: from and to in Unix seconds; `quality` is what the intervals become, where they change. */
export interface Violation extends Range {
  readonly severity: Severity;
  readonly quality?: number;
  readonly evidence: Evidence;
}

/**
 * A violation by name. The id depends on meter, register, rule and start alone, so that judging again finds the same exception;
 * its life is that of `exception-life.ts`.
 */
export interface VeeException extends Violation {
  readonly id: string;
  readonly ruleId: RuleId;
  readonly version: number;
}

/** Name of what a rule found on a register from an instant on. */
export const idOf = (meter: string, register: string, ruleId: RuleId, from: number): string =>
  `${meter}.${register}.${ruleId}.${from}`;

/** Names a violation of a register. */
export const exceptionOf = (
  { meter, register }: { readonly meter: string; readonly register: { readonly id: string } },
  ruleId: RuleId,
  violation: Violation,
): VeeException => ({
  id: idOf(meter, register.id, ruleId, violation.from),
  ruleId,
  version: ruleVersions[ruleId],
  ...violation,
});
