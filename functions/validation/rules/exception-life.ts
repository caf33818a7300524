import * as z from 'zod';
import type { Range } from '#shared/vocabulary/ranges.ts';
import type { RuleId } from '#shared/vocabulary/reading-rules.ts';
import type { VeeException } from './judgement.ts';

/**
 * Where an exception stands. `open`: somebody should look. `filled`: a gap with estimates in all of it, which waits for measured
 * values. `resolved`: what was wrong is no longer there. `verified`: a person says that the values are real (ESPI 18, 19).
 * `corrected`: a person gave others (ESPI 7). `dismissed`: a person says that it is nothing; it stays so until the rule finds
 * something else there.
 */
export const ExceptionState = z.enum(['open', 'filled', 'resolved', 'verified', 'corrected', 'dismissed']);
export type ExceptionState = z.infer<typeof ExceptionState>;

/** An exception as it is kept. */
export interface KnownException {
  readonly exception: VeeException;
  readonly state: ExceptionState;
}

/** What is to be written of an exception; `was` is null where it is new. */
export interface ExceptionChange extends KnownException {
  readonly was: ExceptionState | null;
}

/** What a judgement found, and what it looked at. */
export interface Found {
  readonly exceptions: readonly VeeException[];
  /** Whether all missing intervals of a gap have estimates now. */
  readonly isFilled: (exception: VeeException) => boolean;
  /** Whether the judgement would have found this exception again, were it still there. */
  readonly lookedAt: (known: VeeException) => boolean;
  /** Whether a row that reaches beyond the judged days still begins where it began. */
  readonly goesOn: (known: VeeException) => boolean;
  /** Codes of values that a person stands for, in a range. */
  readonly settledIn: (range: Range) => ReadonlySet<number>;
}

/** Rules whose exceptions may reach over many days. */
export const rowRules: ReadonlySet<RuleId> = new Set(['zero', 'identical', 'prolonged-estimation']);

const isOver: ReadonlySet<ExceptionState> = new Set(['resolved', 'verified', 'corrected', 'dismissed']);

const contentOf = ({ ruleId, version, from, to, severity, quality, evidence }: VeeException): string =>
  JSON.stringify([ruleId, version, from, to, severity, quality ?? null, Object.entries(evidence).sort()]);

/** Whether two findings of a rule say the same. */
export const isSameFinding = (left: VeeException, right: VeeException): boolean => contentOf(left) === contentOf(right);

/** Whether a row only goes on: the same days and more of them are no other evidence. */
const isLongerRow = (was: VeeException, now: VeeException): boolean =>
  rowRules.has(now.ruleId) &&
  was.version === now.version &&
  was.from === now.from &&
  was.severity === now.severity &&
  was.quality === now.quality &&
  was.to <= now.to;

const endOfLife = (exception: VeeException, found: Found): ExceptionState => {
  const codes = found.settledIn(exception);
  if (codes.has(18) || codes.has(19)) return 'verified';
  return codes.has(7) ? 'corrected' : 'resolved';
};

/**
 * What judging again changes in the exceptions that are known: those that opened, that say something else, that were filled, and
 * those that ended by themselves. Judging twice changes nothing the second time.
 */
export const reconcile = (known: readonly KnownException[], found: Found): readonly ExceptionChange[] => {
  const before = new Map(known.map((one) => [one.exception.id, one]));
  const changes: ExceptionChange[] = [];
  for (const exception of found.exceptions) {
    const was = before.get(exception.id);
    if (was !== undefined && found.goesOn(was.exception)) continue;
    const same = was !== undefined && isSameFinding(was.exception, exception);
    if (same && was.state === 'dismissed') continue;
    if (was?.state === 'dismissed' && isLongerRow(was.exception, exception)) {
      changes.push({ exception, state: 'dismissed', was: 'dismissed' });
      continue;
    }
    const state = found.isFilled(exception) ? 'filled' : 'open';
    if (!same || was.state !== state) changes.push({ exception, state, was: was?.state ?? null });
  }
  const ids = new Set(found.exceptions.map(({ id }) => id));
  for (const { exception, state } of known) {
    if (ids.has(exception.id) || isOver.has(state) || !found.lookedAt(exception) || found.goesOn(exception)) continue;
    changes.push({ exception, state: endOfLife(exception, found), was: state });
  }
  return changes.sort(
    (left, right) => left.exception.from - right.exception.from || (left.exception.id < right.exception.id ? -1 : 1),
  );
};

/** What a person may make of an exception by hand; verifying and correcting are corrections of readings. */
export const dismiss = ({ exception, state }: KnownException): ExceptionChange | undefined =>
  isOver.has(state) ? undefined : { exception, state: 'dismissed', was: state };

/** What was dismissed by mistake stands again; undefined where it was not dismissed. Judging again tells whether a gap is filled. */
export const reopen = ({ exception, state }: KnownException): ExceptionChange | undefined =>
  state === 'dismissed' ? { exception, state: 'open', was: state } : undefined;
