import { randomUUID } from 'node:crypto';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import type { RouteDefinition } from '#shared/contracts/api/definition.ts';
import { createVerifier } from '#shared/edge/actor.ts';
import { problemAnswer, securityHeaders } from '#shared/edge/answer.ts';
import { withStage } from '#shared/edge/gateway-event.ts';
import { createHttpHandler, type HttpHandler } from '#shared/edge/http.ts';
import type { Operations } from '#shared/edge/operation.ts';
import type { FactStore } from '#shared/facts/fact-store.ts';
import { createKmsInstallationKeys } from '#shared/messaging/aws/kms-installation-keys.ts';
import { resolveNamed } from '#shared/profile/store/references.ts';
import { once } from '#shared/runtime/once.ts';
import type { Settings } from '#shared/runtime/settings.ts';
import { localToday } from '#shared/runtime/today.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { openRuntime, type Runtime } from './invocation.ts';
import { openTables, type Tables, tableSettings } from './tables.ts';

/** Settings of every function behind the API. */
export const apiSettings = [
  'stage',
  'zone',
  ...tableSettings,
  'installationKey',
  'issuer',
  'jwksUri',
  'staffIssuer',
  'staffJwksUri',
  'clients',
  'origins',
] as const;
export type ApiSettings = Pick<Settings, (typeof apiSettings)[number]>;

/** What operations are made of. */
export interface ApiParts extends Tables, Pick<Runtime, 'clock' | 'logger' | 'metrics'> {
  readonly now: () => number;
  /** The utility's local date, now or at an instant in milliseconds. */
  readonly today: (at?: number) => string;
  /** Told of what keeps facts, where the function does. */
  readonly onOpened: (store: FactStore) => void;
}

export interface ApiFunction {
  /** House name of the function. */
  readonly service: string;
  readonly settings: ApiSettings;
  /** Routes of its capability; those it has no operation for are another function's. */
  readonly routes: readonly RouteDefinition[];
  /** Made while the function starts; what it answers is made at the first request, anew where that failed. */
  readonly operations: (parts: ApiParts) => () => Promise<Partial<Operations>>;
}

/** Where an issuer has its keys, unless said otherwise. */
const withKeys = (issuer: string, jwksUri: string | undefined) => ({
  issuer,
  jwksUri: jwksUri ?? `${issuer}/.well-known/jwks.json`,
});

const notReady = (event: APIGatewayProxyEvent, cause: unknown): APIGatewayProxyResult => {
  const refusal = new DomainError('unavailable', 'service.busy', 'The system is busy; try again shortly.', { cause });
  const answer = problemAnswer({ requestId: randomUUID(), event }, refusal);
  return { ...answer, headers: { ...securityHeaders, ...answer.headers } };
};

/** The handler of a function behind the API: an event of API Gateway (REST, proxy) in, its result out. */
export const apiHandler = (
  api: ApiFunction,
): ((event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult>) => {
  const { settings, routes } = api;
  const runtime = openRuntime(api.service, settings.stage);
  const { clock, logger, metrics } = runtime;
  const tables = openTables(settings);
  const today = localToday(clock, settings.zone);
  let facts: FactStore | undefined;
  const onOpened = (store: FactStore): void => {
    facts = store;
  };
  const operations = api.operations({ ...tables, clock, logger, metrics, today, now: () => clock.now(), onOpened });
  const verifier = createVerifier({
    issuers: [withKeys(settings.issuer, settings.jwksUri), withKeys(settings.staffIssuer, settings.staffJwksUri)],
    clients: settings.clients,
    audiences: [],
  });
  const load = createKmsInstallationKeys({ keyId: settings.installationKey });
  const open = once(async (): Promise<HttpHandler> => {
    const [key, made] = await Promise.all([load(['cursor']), operations()]);
    const { profile, audit } = tables;
    return createHttpHandler({
      routes,
      operations: made,
      deps: {
        verifier,
        profile,
        audit,
        resolve: (kind, named) => resolveNamed(profile, kind, named),
        today,
        cursorKey: key('cursor'),
        origins: settings.origins,
        clock,
        logger,
        metrics,
        sealer: () => facts?.sealer,
        refold: async (subject) => void (await facts?.committer.refold(subject)),
      },
    });
  });
  return runtime.handle(async (sent: APIGatewayProxyEvent, context) => {
    const event = withStage(sent);
    let handler: HttpHandler;
    try {
      handler = await open();
    } catch (cause) {
      metrics.count('function.not-ready');
      logger.error('function.not-ready', { cause: cause instanceof Error ? cause.name : 'unknown' });
      return notReady(event, cause);
    }
    return handler(event, context);
  });
};
