import { type TakeChanges, together } from '#shared/edge/changes.ts';
import { telling } from '#shared/edge/tell-facts.ts';
import type { SubmitFacts } from '#shared/facts/submit-facts.ts';
import type { FollowInsights } from './follow-judged.ts';
import { toldOfInsight } from './tell-insights.ts';

/** Stream of the readings table -> what judged days make known. */
export const insightReader = (follow: FollowInsights): TakeChanges => together((changes) => follow.changes(changes));

/** Stream of the readings table -> facts about what was found, and what is over. */
export const toldInsightReader = (submit: SubmitFacts): TakeChanges =>
  telling(submit, 'insight', async (change) => toldOfInsight(change));
