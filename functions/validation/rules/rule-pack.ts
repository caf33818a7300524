import { RuleId } from '#shared/vocabulary/reading-rules.ts';

/** What a rule says of an interval, a day or a block. */
export type Verdict = 'pass' | 'warn' | 'fail';

/**
 * What follows from a violation, worst first: the block is refused, kept aside for people, its values are questionable, or all
 * stands and somebody should look.
 */
export const severities = ['reject', 'quarantine', 'fail', 'warn'] as const;
export type Severity = (typeof severities)[number];

/** Version of every rule: raised with the rule where the same readings would be judged otherwise. */
export const ruleVersions: Readonly<Record<RuleId, number>> = {
  'future-time': 1,
  'interval-size': 1,
  alignment: 1,
  'unit-of-measure': 1,
  'too-old': 1,
  'inactive-device': 1,
  'sum-check': 1,
  'register-backwards': 1,
  duplicate: 1,
  multiplier: 1,
  negative: 1,
  capacity: 1,
  spike: 1,
  'time-drift': 1,
  'missing-intervals': 1,
  'register-rollover': 1,
  'reverse-energy': 1,
  'high-low': 2,
  zero: 1,
  identical: 1,
  'meter-event': 2,
  'prolonged-estimation': 1,
  'sibling-missing': 1,
};

/** Verdict that a severity amounts to. */
export const verdictOf = (severity: Severity): Verdict => (severity === 'warn' ? 'warn' : 'fail');

/** Order in which violations of one interval are weighed: the worst severity, then the place in the list of rules. */
export const firstOf = (
  left: { readonly severity: Severity; readonly ruleId: RuleId },
  right: { readonly severity: Severity; readonly ruleId: RuleId },
): number =>
  severities.indexOf(left.severity) - severities.indexOf(right.severity) ||
  RuleId.options.indexOf(left.ruleId) - RuleId.options.indexOf(right.ruleId);
