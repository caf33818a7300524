import { randomUUID } from 'node:crypto';
import type { Invocation } from '#functions/capability.ts';

/** What an event comes with on one machine: nobody ends a run. */
export const unhurriedInvocation: Invocation = {
  awsRequestId: randomUUID(),
  getRemainingTimeInMillis: () => Number.POSITIVE_INFINITY,
};
