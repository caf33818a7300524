import { oneByOne, type TakeChanges, together } from '#shared/edge/changes.ts';
import { type FollowJudgedParts, followJudged } from './follow-judged.ts';
import { type FollowPlacesParts, followPlaces } from './follow-places.ts';
import { judgeReadings } from './follow-readings.ts';
import type { JudgeRegister } from './judge-register.ts';
import { keepPlaceEvents } from './keep-place-events.ts';

/** Stream of the readings table -> judged days of the registers that measured. */
export const judgeReader = (judge: JudgeRegister): TakeChanges => together((changes) => judgeReadings(judge, changes));

/** Stream of the profile table -> what happened at premises, and days to judge again where what is known of their meters changed. */
export const placesReader = (parts: FollowPlacesParts): TakeChanges =>
  oneByOne(async (change) => {
    await keepPlaceEvents(parts, change);
    await followPlaces(parts, change);
  });

/** Stream of the readings table -> facts about exceptions and closed months. */
export const judgedReader = (parts: FollowJudgedParts): TakeChanges =>
  oneByOne((change) => followJudged(parts, change));
