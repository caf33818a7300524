import { isHeardAgain } from '#shared/domain/vee/silence.ts';
import type { ToldFact } from '#shared/edge/tell-facts.ts';
import { issuedMonthOf } from '#shared/store/closed-months.ts';
import { type JudgedMonth, judgedMonthOf } from '#shared/store/judged-months.ts';
import type { RegisterPlace } from '#shared/store/judged-registers.ts';
import { noteEvidence } from '#shared/store/meter-tasks.ts';
import { storedExceptionOf } from '#shared/store/reading-exceptions.ts';
import type { Change, Table } from '#shared/store/table.ts';
import { localMonthAt } from '#shared/vocabulary/time.ts';
import { type CloseMonths, factOfMonth, monthsAround } from './close-months.ts';
import { followException } from './follow-findings.ts';
import { toldOfException } from './tell-exceptions.ts';
import { toldOfTask } from './tell-tasks.ts';

export interface FollowJudgedParts {
  readonly profile: Table;
  readonly readings: Table;
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
 * On a change of what was judged: an exception that came or went says whether its meter is to be looked after, and a month of which
 * days were judged is closed once it is over. Answers the facts to tell: of an exception, an issue of a month, a task for a meter.
 */
export const followJudged = async (parts: FollowJudgedParts, change: Change): Promise<readonly ToldFact[]> => {
  const { before, after } = change;
  if (after === undefined) return [];
  const issued = issuedMonthOf(after);
  if (issued !== undefined) return [factOfMonth(issued)];
  const judged = judgedMonthOf(after);
  if (judged !== undefined) {
    await followDays(parts, judged, before === undefined ? undefined : judgedMonthOf(before));
    return [];
  }
  const task = await toldOfTask(parts.profile, change);
  if (task !== undefined) return [task];
  const found = storedExceptionOf(after);
  if (found === undefined) return [];
  const told = await toldOfException(parts.profile, change);
  await followException(parts.readings, found);
  // A month that was closed counts what stands over it.
  const { from, to } = found.exception;
  for (const one of new Set([localMonthAt('UTC', from), localMonthAt('UTC', to)])) {
    await parts.close.judged(found.meter, found.register, one);
  }
  return told === undefined ? [] : [told];
};
