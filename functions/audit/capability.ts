import { defineApi, defineHandler, defineReader } from '#functions/capability.ts';
import { auditOperations } from './api.ts';
import { accessLogRoutes } from './contract/access-log.ts';
import { checkpointSchedule } from './schedule.ts';
import { sealReader } from './stream.ts';

export const api = /* @__PURE__ */ defineApi({
  needs: ['tables'],
  routes: [accessLogRoutes],
  operations: auditOperations,
});

/** Audit entries are sealed into their chains. */
export const seal = /* @__PURE__ */ defineReader({
  name: 'audit-seal',
  feed: 'audit',
  needs: ['tables'],
  take: sealReader,
  batchSize: 1000,
  windowMs: 50,
});

/** Where the chains stand is written down where nobody can change it. */
export const checkpoint = /* @__PURE__ */ defineHandler({
  needs: ['tables', 'checkpoints'],
  handle: ({ checkpoints, ...parts }) => checkpointSchedule({ ...parts, objects: checkpoints }),
});
