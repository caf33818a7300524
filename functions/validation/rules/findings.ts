import type { Range } from '#shared/vocabulary/ranges.ts';
import type { RuleId } from '#shared/vocabulary/reading-rules.ts';
import { type ExceptionChange, type KnownException, rowRules } from './exception-life.ts';
import type { Evidence, VeeException } from './judgement.ts';

/**
 * Field work that follows from readings, under the id of the exception it rests on: `due` while days go on without measured values
 * or with nothing but zeros, and `over` where they no longer do; saying either twice says it once.
 */
export interface VeeFinding extends Range {
  readonly id: string;
  readonly state: 'due' | 'over';
  readonly ruleId: RuleId;
  readonly evidence: Evidence;
}

const fieldWork: ReadonlySet<RuleId> = new Set(['prolonged-estimation', 'zero']);

const findingOf = ({ id, ruleId, from, to, evidence }: VeeException, state: VeeFinding['state']): VeeFinding => ({
  id,
  state,
  ruleId,
  from,
  to,
  evidence,
});

/** What follows from a judgement of days that end at `end`. */
export const findingsOf = ({
  exceptions,
  changes,
  known,
  goesOn,
  end,
}: {
  readonly exceptions: readonly VeeException[];
  readonly changes: readonly ExceptionChange[];
  readonly known: readonly KnownException[];
  readonly goesOn: (known: VeeException) => boolean;
  readonly end: number;
}): readonly VeeFinding[] => {
  const beyond = new Set(
    known.flatMap(({ exception }) => (rowRules.has(exception.ruleId) && goesOn(exception) ? [exception.id] : [])),
  );
  const dismissed = new Set(known.flatMap(({ exception, state }) => (state === 'dismissed' ? [exception.id] : [])));
  const rows = exceptions
    .filter(({ id, ruleId }) => fieldWork.has(ruleId) && !beyond.has(id))
    .map((one) => findingOf(one, one.to >= end && !dismissed.has(one.id) ? 'due' : 'over'));
  const ended = changes
    .filter(({ exception, state }) => fieldWork.has(exception.ruleId) && state !== 'open')
    .map(({ exception }) => findingOf(exception, 'over'));
  return [...rows, ...ended];
};
