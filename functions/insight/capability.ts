import { defineApi, defineReader } from '#functions/capability.ts';
import { insightOperations } from './api.ts';
import { decisionOperations } from './api-decisions.ts';
import { insightRoutes } from './contract/insights.ts';
import { FollowInsights } from './follow-judged.ts';
import { insightReader, toldInsightReader } from './stream.ts';

/** What readings tell, as it is asked for. */
export const looks = /* @__PURE__ */ defineApi({
  needs: ['tables'],
  routes: [insightRoutes],
  operations: insightOperations,
});

/** What people make of it. */
export const decisions = /* @__PURE__ */ defineApi({
  needs: ['tables', 'day', 'facts'],
  routes: [insightRoutes],
  operations: decisionOperations,
});

/** Judged days are looked at for what they make known. */
export const detect = /* @__PURE__ */ defineReader({
  name: 'insights',
  feed: 'readings',
  needs: ['tables'],
  take: (parts) => insightReader(new FollowInsights(parts)),
  batchSize: 2000,
  windowMs: 500,
  behind: true,
});

/** What was found becomes a fact of the premise, and what is over too. */
export const publish = /* @__PURE__ */ defineReader({
  name: 'told-insights',
  feed: 'readings',
  needs: ['facts'],
  take: ({ submit }) => toldInsightReader(submit),
  batchSize: 2000,
  windowMs: 100,
  behind: true,
});
