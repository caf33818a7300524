import { type TakeChanges, together } from '#shared/edge/changes.ts';
import { telling } from '#shared/edge/tell-facts.ts';
import type { SubmitFacts } from '#shared/facts/submit-facts.ts';
import { type FollowJudgedParts, followJudged } from './follow-judged.ts';
import { judgeReadings } from './follow-readings.ts';
import type { JudgeRegister } from './judge-register.ts';
import { closeMonthsOfReads } from './months-of-reads.ts';

/** Stream of the readings table -> judged days of the registers that measured. */
export const judgeReader = (judge: JudgeRegister): TakeChanges => together((changes) => judgeReadings(judge, changes));

/** Stream of the readings table -> facts about exceptions, closed months and tasks. */
export const judgedReader =
  (parts: FollowJudgedParts & { readonly submit: SubmitFacts }): TakeChanges =>
  async (changes) => {
    await closeMonthsOfReads(parts, changes);
    return telling(parts.submit, 'validation', followJudged(parts, changes))(changes);
  };
