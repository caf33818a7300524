import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Context } from 'aws-lambda';
import { claimHooks } from '#functions/claims.ts';
import { Ingest } from '#functions/readings/ingest.ts';
import { routes } from '#functions/routes.ts';
import { parseQuery, proxyEvent } from '#local/http-server-event.ts';
import { pathMatcher } from '#local/http-server-routing.ts';
import { localOperations } from '#local/operations.ts';
import { createVerifier } from '#shared/edge/actor.ts';
import { createHttpHandler, type HttpHandler } from '#shared/edge/http.ts';
import { createCommitter } from '#shared/facts/commit.ts';
import { createPrepareFacts } from '#shared/facts/prepare-facts.ts';
import { createSealer } from '#shared/facts/seal.ts';
import { createSubmitFacts } from '#shared/facts/submit-facts.ts';
import { openLocalDeviceRegistry } from '#shared/messaging/local/local-device-registry.ts';
import { memoryMasterKey } from '#shared/messaging/local/local-master-key.ts';
import { createLocalUploads } from '#shared/messaging/local/local-uploads.ts';
import { createMemoryObjects } from '#shared/messaging/local/memory-objects.ts';
import { resolveNamed } from '#shared/profile/store/references.ts';
import { systemClock } from '#shared/runtime/clock.ts';
import { createDynamoClient, createTables, openDynamoTables } from '#shared/table/dynamo/dynamo-table.ts';
import type { Table, TableName } from '#shared/table/table.ts';
import { standardErasurePolicy } from '#shared/vocabulary/erasure-policy.ts';
import { standardPaymentPolicy } from '#shared/vocabulary/payment-policy.ts';
import { localDateAt } from '#shared/vocabulary/time.ts';
import { goodClaims, issuer, jwksUri, publishedKeys, sign } from '#tests/edge/api-stand.ts';
import type { DynamoLocal } from '#tests/support/aws/dynamo-local.ts';
import { promptRetries } from '#tests/support/aws/prompt-retries.ts';
import { RecordedLogger, RecordedMetrics } from '#tests/support/recorders.ts';

/** Who asks: staff by role, or the machine client of a source. */
export type Asker = 'agent' | 'supervisor' | 'privacy' | 'billing-machine' | 'crm-machine' | 'field-machine';

export interface Asked {
  readonly method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly as: Asker;
  readonly key?: string;
  readonly ifMatch?: string;
  readonly json?: unknown;
  readonly requestId: string;
}

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly json: Readonly<Record<string, unknown>>;
}

export const names = { profile: 'fire-profile', readings: 'fire-readings', audit: 'fire-audit', keys: 'fire-keys' };

const machines = ['billing', 'crm', 'field'] as const;

const context: Context = {
  callbackWaitsForEmptyEventLoop: false,
  functionName: 'api',
  functionVersion: '1',
  invokedFunctionArn: 'local',
  memoryLimitInMB: '512',
  awsRequestId: 'local',
  logGroupName: 'local',
  logStreamName: 'local',
  getRemainingTimeInMillis: () => 120_000,
  done: () => undefined,
  fail: () => undefined,
  succeed: () => undefined,
};

const tokens = async (): Promise<ReadonlyMap<Asker, string>> => {
  const { roles: _roles, ...good } = goodClaims();
  const claims = { ...good, exp: Math.floor(Date.now() / 1000) + 3600 };
  const staff = (role: string) => sign({ ...claims, sub: `staff-${role}`, roles: [role] });
  const machine = (name: string) =>
    sign({
      ...claims,
      sub: name,
      client_id: name,
      scope: 'rotunda/api rotunda/facts:write rotunda/customers:read rotunda/meters:write',
    });
  return new Map<Asker, string>([
    ['agent', await staff('agent')],
    ['supervisor', await staff('supervisor')],
    ['privacy', await staff('privacy')],
    ['billing-machine', await machine('billing')],
    ['crm-machine', await machine('crm')],
    ['field-machine', await machine('field')],
  ]);
};

/** Every use case of the API and of ingest as they run in AWS: on DynamoDB tables, behind the whole HTTP chain. */
export const openUtilityOnDynamo = async (local: DynamoLocal, attach: (client: DynamoDBClient) => void) => {
  await createTables({ names, ...local });
  // How busy this machine is does not count: requests time out by the plan of faults alone.
  const client = createDynamoClient({ ...local, requestTimeout: 60_000, retryStrategy: promptRetries() });
  attach(client);
  const tables = openDynamoTables({ names, client });
  const clock = systemClock;
  const table = (name: TableName): Table => tables.table(name);
  const [profile, readings, audit] = [table('profile'), table('readings'), table('audit')];
  const [metrics, logger] = [new RecordedMetrics(), new RecordedLogger()];
  const today = () => localDateAt('Europe/London', Math.floor(clock.now() / 1000));
  const sealer = createSealer({ keys: table('keys'), master: memoryMasterKey(), clock });
  const committer = createCommitter({
    profile,
    sealer,
    clock,
    today,
    random: Math.random,
    sleep: (milliseconds) => sleep(milliseconds),
    hooks: claimHooks(profile, 'GB', sealer),
  });
  const contentKey = createHash('sha256').update('content').digest();
  const settling = {
    profile,
    sealer,
    clock,
    committer,
    contentKey,
    country: 'GB' as const,
    payments: standardPaymentPolicy,
    zone: 'UTC',
    metrics,
  };
  const submit = createSubmitFacts(settling);
  const prepare = createPrepareFacts(settling);
  const devices = await openLocalDeviceRegistry({ clock, endpoint: () => ({ endpoint: '127.0.0.1', port: 8883 }) });
  const verifier = createVerifier({
    issuers: [{ issuer, jwksUri }],
    clients: {
      console: { kind: 'people', signsIn: ['staff'] },
      portal: { kind: 'people', signsIn: ['customers'] },
      ...Object.fromEntries(machines.map((name) => [name, { kind: 'machine' as const, sources: [name] }])),
    },
    audiences: ['urn:rotunda:api'],
    fetchKeys: publishedKeys,
  });
  const objects = createMemoryObjects(clock);
  const operations = localOperations({
    stage: 'fire',
    clock,
    now: () => clock.now(),
    logger,
    metrics,
    profile,
    readings,
    audit,
    keys: table('keys'),
    zone: 'UTC',
    today,
    sealer,
    committer,
    submit,
    prepare,
    country: 'GB',
    payments: standardPaymentPolicy,
    erasures: standardErasurePolicy,
    devices,
    objects,
    uploads: createLocalUploads({ clock, address: () => 'https://api.example' }),
    wake: async () => {},
    document: { version: 'fire' },
    failing: () => false,
  });
  const handler: HttpHandler = createHttpHandler({
    routes,
    operations,
    deps: {
      verifier,
      profile,
      audit,
      resolve: (kind, named) => resolveNamed(profile, kind, named),
      today,
      cursorKey: createHash('sha256').update('cursors').digest(),
      origins: [],
      clock,
      logger,
      metrics,
      sealer: () => sealer,
    },
  });
  const tokenOf = await tokens();
  const match = pathMatcher(routes.map((route) => route.path));

  const ask = async ({ method = 'GET', path, as, key, ifMatch, json, requestId }: Asked): Promise<Answered> => {
    const [bare = '', query = ''] = path.split('?');
    const headers = ['authorization', `Bearer ${tokenOf.get(as) ?? ''}`, 'x-request-id', requestId];
    headers.push('rotunda-purpose', as === 'agent' ? 'service' : as === 'privacy' ? 'privacy' : 'test');
    if (key !== undefined) headers.push('idempotency-key', key);
    if (ifMatch !== undefined) headers.push('if-match', ifMatch);
    if (json !== undefined) headers.push('content-type', 'application/json');
    const event = proxyEvent(
      {
        method,
        path: bare,
        query,
        headers,
        body: Buffer.from(json === undefined ? '' : JSON.stringify(json)),
        sourceIp: '127.0.0.1',
        requestId,
        at: clock.now(),
      },
      match(bare) ?? { resource: bare, pathParameters: {} },
      parseQuery(query) ?? {},
    );
    const raw = await handler(event, context);
    const body: unknown = raw.body.startsWith('{') ? JSON.parse(raw.body) : {};
    return {
      status: raw.statusCode,
      headers: Object.fromEntries(
        Object.entries(raw.headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]),
      ),
      text: raw.body,
      json: typeof body === 'object' && body !== null ? { ...body } : {},
    };
  };

  return {
    table,
    sealer,
    committer,
    submit,
    clock,
    metrics,
    logger,
    ingest: new Ingest({ profile, readings, sealer, submit, clock, metrics }),
    ask,
    close: () => tables.close(),
  };
};
export type UtilityOnDynamo = Awaited<ReturnType<typeof openUtilityOnDynamo>>;
