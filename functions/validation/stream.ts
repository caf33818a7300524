import { oneByOne, type TakeChanges, together } from '#shared/edge/changes.ts';
import { type FollowJudgedParts, followJudged } from './follow-judged.ts';
import { judgeReadings } from './follow-readings.ts';
import type { JudgeRegister } from './judge-register.ts';

/** Stream of the readings table -> judged days of the registers that measured. */
export const judgeReader = (judge: JudgeRegister): TakeChanges => together((changes) => judgeReadings(judge, changes));

/** Stream of the readings table -> facts about exceptions and closed months. */
export const judgedReader = (parts: FollowJudgedParts): TakeChanges =>
  oneByOne((change) => followJudged(parts, change));
