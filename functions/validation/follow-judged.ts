import { issuedMonthOf } from '#shared/store/closed-months.ts';
import { judgedMonthOf } from '#shared/store/judged-months.ts';
import { storedExceptionOf } from '#shared/store/reading-exceptions.ts';
import type { SubmitFacts } from '#shared/store/submit-facts.ts';
import type { Change, Table } from '#shared/store/table.ts';
import { localMonthAt } from '#shared/vocabulary/time.ts';
import { type CloseMonths, factOfMonth, monthsAround } from './close-months.ts';
import { tell, tellException } from './tell-exceptions.ts';

export interface FollowJudgedParts {
  readonly profile: Table;
  readonly submit: SubmitFacts;
  readonly close: CloseMonths;
}

/**
 * On a change of what was judged: an exception that came or went is told, a month of which days were judged is closed once it is
 * over, and an issue of a month is told.
 */
export const followJudged = async (parts: FollowJudgedParts, change: Change): Promise<void> => {
  const { after } = change;
  if (after === undefined) return;
  const issued = issuedMonthOf(after);
  if (issued !== undefined) return tell(parts.submit, factOfMonth(issued));
  const judged = judgedMonthOf(after);
  if (judged !== undefined) {
    const { meter, register, month, digests } = judged;
    const ends = [digests[0], digests.at(-1)].flatMap((digest) => (digest === undefined ? [] : [digest.date]));
    for (const one of monthsAround(month, ends)) await parts.close.judged(meter, register, one, ends.at(-1));
    return;
  }
  const found = storedExceptionOf(after);
  if (found === undefined) return;
  await tellException(parts, change);
  // A month that was closed counts what stands over it.
  const { from, to } = found.exception;
  for (const one of new Set([localMonthAt('UTC', from), localMonthAt('UTC', to)])) {
    await parts.close.judged(found.meter, found.register, one);
  }
};
