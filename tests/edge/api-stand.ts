import { createHash, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import type { APIGatewayProxyResult, Context } from 'aws-lambda';
import { exportJWK, SignJWT } from 'jose';
import { type OperationId, routes } from '#functions/routes.ts';
import { parseQuery, proxyEvent } from '#local/http-server-event.ts';
import { pathMatcher } from '#local/http-server-routing.ts';
import { createVerifier, type TokenVerifier } from '#shared/edge/actor.ts';
import { createHttpHandler, type HttpHandler } from '#shared/edge/http.ts';
import type { HttpDeps } from '#shared/edge/http-deps.ts';
import type { Operation, OperationRequest, OperationResult } from '#shared/edge/operation.ts';
import { type AuditEntry, entryOf } from '#shared/facts/audit.ts';
import { resolveNamed } from '#shared/profile/store/references.ts';
import { type LevelStore, openLevelStore } from '#shared/table/level/level-store.ts';
import type { StaffRole } from '#shared/vocabulary/statuses.ts';
import { RecordedLogger, RecordedMetrics } from '#tests/support/recorders.ts';
import { answers } from './api-answers.ts';
import { fillWorld, ids } from './api-world.ts';

export const issuer = 'https://sign-in.example/pool';
export const jwksUri = `${issuer}/keys`;
export const signingKey = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const keyId = 'key-1';

/** The key set the issuer publishes. */
export const publishedKeys = async (): Promise<unknown> => ({
  keys: [{ ...(await exportJWK(signingKey.publicKey)), kid: keyId, alg: 'RS256', use: 'sig' }],
});

export const clients = {
  console: { kind: 'people', signsIn: ['staff'] },
  portal: { kind: 'people', signsIn: ['customers'] },
  billing: { kind: 'machine', sources: ['billing'] },
  'head-end': { kind: 'machine', sources: ['head-end'] },
} as const;

/** Claims of a token that is good for this API. */
export const goodClaims = (): Record<string, unknown> => {
  const now = Math.floor(Date.now() / 1000);
  return {
    iss: issuer,
    sub: 'staff-agent',
    token_use: 'access',
    client_id: 'console',
    scope: 'rotunda/api',
    roles: ['agent'],
    auth_time: now,
    iat: now,
    exp: now + 600,
  };
};

export const sign = (
  claims: Readonly<Record<string, unknown>>,
  header: Readonly<Record<string, unknown>> = {},
  key: KeyObject = signingKey.privateKey,
): Promise<string> => new SignJWT({ ...claims }).setProtectedHeader({ alg: 'RS256', kid: keyId, ...header }).sign(key);

/** Who asks: staff by role, the customer of the own household, or a machine by scopes. */
export type Who = StaffRole | 'customer' | { readonly client: string; readonly scopes: readonly string[] };

export const tokenOf = (who: Who): Promise<string> => {
  const { roles: _roles, ...claims } = goodClaims();
  if (who === 'customer') return sign({ ...claims, sub: 'login-1', client_id: 'portal', customer: ids.own.customer });
  if (typeof who === 'string') return sign({ ...claims, sub: `staff-${who}`, roles: [who] });
  const scope = ['rotunda/api', ...who.scopes.map((name) => `rotunda/${name}`)].join(' ');
  return sign({ ...claims, sub: who.client, client_id: who.client, scope });
};

export interface Asked {
  readonly method?: string;
  readonly url: string;
  readonly token?: string | undefined;
  readonly headers?: readonly string[];
  readonly body?: string | Uint8Array;
  /** Sent as JSON. */
  readonly json?: unknown;
}

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly json: Readonly<Record<string, unknown>>;
  readonly raw: APIGatewayProxyResult;
}

const context: Context = {
  callbackWaitsForEmptyEventLoop: false,
  functionName: 'api',
  functionVersion: '1',
  invokedFunctionArn: 'local',
  memoryLimitInMB: '512',
  awsRequestId: 'local',
  logGroupName: 'local',
  logStreamName: 'local',
  getRemainingTimeInMillis: () => 10_000,
  done: () => undefined,
  fail: () => undefined,
  succeed: () => undefined,
};

/** The chain over an embedded store, with hand-made operations that answer whole and remember what they were asked. */
export class ApiStand {
  readonly store: LevelStore;
  readonly metrics = new RecordedMetrics();
  readonly logger = new RecordedLogger();
  readonly asked: { readonly operation: string; readonly request: OperationRequest }[] = [];
  readonly deps: HttpDeps;
  readonly operations: Record<string, Operation>;
  handler: HttpHandler;
  now = Date.parse('2026-03-05T09:00:00.000Z');
  readonly #match = pathMatcher(routes.map((route) => route.path));

  private constructor(store: LevelStore, verifier: TokenVerifier) {
    this.store = store;
    this.deps = {
      verifier,
      profile: store.table('profile'),
      audit: store.table('audit'),
      resolve: (kind, named) => resolveNamed(store.table('profile'), kind, named),
      today: () => new Date(this.now).toISOString().slice(0, 10),
      cursorKey: createHash('sha256').update('a key of tests').digest(),
      origins: ['https://console.example'],
      clock: { now: () => this.now },
      logger: this.logger,
      metrics: this.metrics,
    };
    this.operations = Object.fromEntries(Object.entries(answers).map(([id, body]) => [id, this.#answering(id, body)]));
    this.handler = createHttpHandler({ routes, operations: this.operations, deps: this.deps });
  }

  static async open(): Promise<ApiStand> {
    const store = await openLevelStore({});
    await fillWorld(store.table('profile'));
    const verifier = createVerifier({
      issuers: [{ issuer, jwksUri }],
      clients,
      audiences: ['urn:rotunda:api'],
      fetchKeys: publishedKeys,
    });
    return new ApiStand(store, verifier);
  }

  #answering(operation: string, body: unknown): Operation {
    return async (request): Promise<OperationResult> => {
      this.asked.push({ operation, request });
      const version = typeof body === 'object' && body !== null && 'version' in body ? body.version : undefined;
      const subjects = operation === 'searchCustomers' ? [ids.own.customer] : undefined;
      return {
        body,
        ...(typeof version === 'number' ? { version } : {}),
        ...(subjects === undefined ? {} : { subjects }),
      };
    };
  }

  /** Puts another operation behind one route. */
  replace(operation: OperationId, run: Operation): void {
    this.operations[operation] = run;
    this.handler = createHttpHandler({ routes, operations: this.operations, deps: this.deps });
  }

  async ask(asked: Asked): Promise<Answered> {
    const [path = '', query = ''] = asked.url.split('?');
    const sent = asked.json === undefined ? (asked.body ?? '') : JSON.stringify(asked.json);
    const headers = [...(asked.headers ?? [])];
    if (asked.token !== undefined) headers.push('authorization', `Bearer ${asked.token}`);
    if (asked.json !== undefined) headers.push('content-type', 'application/json');
    const event = proxyEvent(
      {
        method: asked.method ?? 'GET',
        path,
        query,
        headers,
        body: Buffer.from(sent),
        sourceIp: '127.0.0.1',
        requestId: randomUUID(),
        at: this.now,
      },
      this.#match(path) ?? { resource: path, pathParameters: {} },
      parseQuery(query) ?? {},
    );
    const raw = await this.handler(event, context);
    const text = raw.isBase64Encoded === true ? '' : raw.body;
    const json: unknown = text.startsWith('{') ? JSON.parse(text) : {};
    const answerHeaders = Object.entries(raw.headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]);
    return {
      status: raw.statusCode,
      headers: Object.fromEntries(answerHeaders),
      text,
      json: typeof json === 'object' && json !== null ? { ...json } : {},
      raw,
    };
  }

  /** Every audit entry, by id. */
  async entries(): Promise<readonly AuditEntry[]> {
    const entries: AuditEntry[] = [];
    for await (const item of this.store.scan('audit')) {
      const entry = entryOf(item);
      if (entry !== undefined) entries.push(entry);
    }
    return entries;
  }

  async close(): Promise<void> {
    await this.store.close();
  }
}
