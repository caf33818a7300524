import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { defineApi, defineHandler } from '#functions/capability.ts';
import { factOperations } from './api.ts';
import { factRoutes } from './contract/facts.ts';
import { factsFromQueue } from './events.ts';

export const api = /* @__PURE__ */ defineApi({
  needs: ['tables', 'facts'],
  routes: [factRoutes],
  operations: factOperations,
});

/** Facts of other systems, from the queue behind the inbound bus. */
export const inbound = /* @__PURE__ */ defineHandler({
  needs: ['tables', 'facts'],
  handle: (parts): ((event: SQSEvent) => Promise<SQSBatchResponse>) => factsFromQueue(parts),
});
