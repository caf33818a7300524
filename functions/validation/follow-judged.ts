import { isHeardAgain } from '#shared/domain/vee/silence.ts';
import { issuedMonthOf } from '#shared/store/closed-months.ts';
import { type JudgedMonth, judgedMonthOf } from '#shared/store/judged-months.ts';
import type { RegisterPlace } from '#shared/store/judged-registers.ts';
import { noteEvidence } from '#shared/store/meter-tasks.ts';
import { storedExceptionOf } from '#shared/store/reading-exceptions.ts';
import type { SubmitFacts } from '#shared/store/submit-facts.ts';
import type { Change, Table } from '#shared/store/table.ts';
import { localMonthAt } from '#shared/vocabulary/time.ts';
import { type CloseMonths, factOfMonth, monthsAround } from './close-months.ts';
import { followException } from './follow-findings.ts';
import { tell, tellException } from './tell-exceptions.ts';
import { tellTask } from './tell-tasks.ts';

export interface FollowJudgedParts {
  readonly profile: Table;
  readonly readings: Table;
  readonly submit: SubmitFacts;
  readonly close: CloseMonths;
}

/** Days of a month were judged: the month is closed once it is over, and a meter that was silent and is heard again is so no longer. */
const followDays = async (
  { close, readings }: FollowJudgedParts,
  { meter, register, month, digests }: RegisterPlace & JudgedMonth,
  before: JudgedMonth | undefined,
): Promise<void> => {
  const ends = [digests[0], digests.at(-1)].flatMap((digest) => (digest === undefined ? [] : [digest.date]));
  for (const one of monthsAround(month, ends)) await close.judged(meter, register, one, ends.at(-1));
  const until = digests.at(-1)?.firstAt;
  if (typeof until !== 'number' || !isHeardAgain(before?.digests, digests)) return;
  await noteEvidence(readings, { meter, kind: 'silent' }, { stands: false, id: register, until });
};

/**
 * On a change of what was judged: an exception that came or went is told and says whether its meter is to be looked after, a month
 * of which days were judged is closed once it is over, and an issue of a month or a task for a meter is told.
 */
export const followJudged = async (parts: FollowJudgedParts, change: Change): Promise<void> => {
  const { before, after } = change;
  if (after === undefined) return;
  const issued = issuedMonthOf(after);
  if (issued !== undefined) return tell(parts.submit, factOfMonth(issued));
  const judged = judgedMonthOf(after);
  if (judged !== undefined) return followDays(parts, judged, before === undefined ? undefined : judgedMonthOf(before));
  await tellTask(parts, change);
  const found = storedExceptionOf(after);
  if (found === undefined) return;
  await tellException(parts, change);
  await followException(parts.readings, found);
  // A month that was closed counts what stands over it.
  const { from, to } = found.exception;
  for (const one of new Set([localMonthAt('UTC', from), localMonthAt('UTC', to)])) {
    await parts.close.judged(found.meter, found.register, one);
  }
};
