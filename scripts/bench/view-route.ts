import type { Context } from 'aws-lambda';
import { customerOperations } from '#functions/customers/api.ts';
import { routes } from '#functions/routes.ts';
import { parseQuery, proxyEvent } from '#local/http-server-event.ts';
import { createHttpHandler } from '#shared/edge/http.ts';
import type { Operation } from '#shared/edge/operation.ts';
import { createSealer } from '#shared/facts/seal.ts';
import { memoryMasterKey } from '#shared/messaging/local/local-master-key.ts';
import { resolveNamed } from '#shared/profile/store/references.ts';
import type { BenchSystem } from './bench-system.ts';

const context: Context = {
  callbackWaitsForEmptyEventLoop: false,
  functionName: 'bench',
  functionVersion: '1',
  invokedFunctionArn: 'bench',
  memoryLimitInMB: '512',
  awsRequestId: 'bench',
  logGroupName: 'bench',
  logStreamName: 'bench',
  getRemainingTimeInMillis: () => 10_000,
  done: () => undefined,
  fail: () => undefined,
  succeed: () => undefined,
};

/** `GET /v1/customers/{id}/360` through the whole API chain, asked by an agent; only the token is not read. */
export const viewRoute = (system: BenchSystem): ((customer: string) => Promise<unknown>) => {
  const { profile, audit, clock, prepare, today } = system;
  const operations = customerOperations({
    profile,
    sealer: createSealer({ keys: system.keys, master: memoryMasterKey(), clock }),
    prepare,
    now: () => clock.now(),
    today,
  });
  const handler = createHttpHandler({
    routes,
    // The chain parses query and body by the schemas of the route before the operation runs.
    operations: { read360: operations.read360 as Operation },
    deps: {
      verifier: { verify: async () => ({ kind: 'staff', id: 'staff:bench', roles: ['agent'] }) },
      profile,
      audit,
      resolve: (kind, named) => resolveNamed(profile, kind, named),
      today,
      cursorKey: new Uint8Array(32).fill(1),
      origins: [],
      clock,
      logger: { info: () => {}, warn: () => {}, error: () => {} },
      metrics: { count: () => {} },
    },
  });
  return async (customer) => {
    const path = `/v1/customers/${customer}/360`;
    const event = proxyEvent(
      {
        method: 'GET',
        path,
        query: '',
        headers: ['rotunda-purpose', 'service'],
        body: new Uint8Array(),
        sourceIp: '127.0.0.1',
        requestId: 'bench',
        at: clock.now(),
      },
      { resource: '/v1/customers/{id}/360', pathParameters: { id: customer } },
      parseQuery('') ?? {},
    );
    const answer = await handler(event, context);
    if (answer.statusCode !== 200) throw new Error(`the 360 view answered ${answer.statusCode}: ${answer.body}`);
    return JSON.parse(answer.body);
  };
};
