import { type TakeChanges, together } from '#shared/edge/changes.ts';
import { judgeReadings } from './follow-readings.ts';
import type { JudgeRegister } from './judge-register.ts';

/** Stream of the readings table -> judged days of the registers that measured. */
export const judgeReader = (judge: JudgeRegister): TakeChanges => together((changes) => judgeReadings(judge, changes));
