import { readMeter } from '#shared/profile/store/meters.ts';
import type { Change, Table } from '#shared/table/table.ts';
import type { ToldFact } from '#shared/vocabulary/told-fact.ts';
import { type CloseMonths, factOfMonth } from './close-months.ts';
import { followException } from './follow-findings.ts';
import { monthsOfChanges } from './months-of-change.ts';
import { isHeardAgain } from './rules/silence.ts';
import { issuedMonthOf } from './store/closed-months.ts';
import { type JudgedMonth, judgedMonthOf } from './store/judged-months.ts';
import type { RegisterPlace } from './store/judged-registers.ts';
import { noteEvidence } from './store/meter-tasks.ts';
import { changedTimeOf } from './store/place-events.ts';
import { storedExceptionOf } from './store/reading-exceptions.ts';
import { toldOfException } from './tell-exceptions.ts';
import { toldOfTask } from './tell-tasks.ts';

export interface FollowJudgedParts {
  readonly profile: Table;
  readonly readings: Table;
  readonly close: CloseMonths;
}

/** Days of a month were judged: a meter that was silent and is heard again is so no longer. */
const followDays = async (
  { readings }: FollowJudgedParts,
  { meter, register, digests }: RegisterPlace & JudgedMonth,
  before: JudgedMonth | undefined,
): Promise<void> => {
  const until = digests.at(-1)?.firstAt;
  if (typeof until !== 'number' || !isHeardAgain(before?.digests, digests)) return;
  await noteEvidence(readings, { meter, kind: 'silent' }, { stands: false, id: register, until });
};

/** Others take service in a month than was said: what was issued of it is issued anew, with its parts. */
const followStays = async ({ profile, close }: FollowJudgedParts, { after }: Change): Promise<void> => {
  const changed = after === undefined ? undefined : changedTimeOf(after);
  if (changed === undefined || changed.months.length === 0) return;
  const { meter, months } = changed;
  for (const { id } of (await readMeter(profile, meter))?.registers ?? [])
    for (const month of months) await close.close({ meter, register: id, month, judgedTo: undefined, isFound: true });
};

/**
 * On a change of what was judged: an exception that came or went says whether its meter is to be looked after. Answers the facts
 * to tell: of an exception, an issue of a month, a task for a meter.
 */
const followOne = async (parts: FollowJudgedParts, change: Change): Promise<readonly ToldFact[]> => {
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
  return told === undefined ? [] : [told];
};

/**
 * Follows changes of what was judged, one after the other, each with the months that it is the last to ask for: they are closed
 * once they are over, and again where they came to something else.
 */
export const followJudged = (parts: FollowJudgedParts, changes: readonly Change[]) => {
  const months = monthsOfChanges(changes);
  return async (change: Change): Promise<readonly ToldFact[]> => {
    const told = await followOne(parts, change);
    for (const asked of months.get(change) ?? []) await parts.close.close(asked);
    await followStays(parts, change);
    return told;
  };
};
