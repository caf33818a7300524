import { randomUUID } from 'node:crypto';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import type { Api, ApiBody } from '#functions/capability.ts';
import { createVerifier } from '#shared/edge/actor.ts';
import { problemAnswer, securityHeaders } from '#shared/edge/answer.ts';
import { withStage } from '#shared/edge/gateway-event.ts';
import { createHttpHandler, type HttpHandler } from '#shared/edge/http.ts';
import { createKmsInstallationKeys } from '#shared/messaging/aws/kms-installation-keys.ts';
import { resolveNamed } from '#shared/profile/store/references.ts';
import { causeName } from '#shared/runtime/cause-name.ts';
import { once } from '#shared/runtime/once.ts';
import { localToday } from '#shared/runtime/today.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { type Openers, startFunction } from './opener.ts';
import { openTables, tableSettings } from './tables.ts';

/** Settings of every function behind the API. */
const apiSettings = [
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

/**
 * The root of a function behind the API: an event of API Gateway (REST, proxy) in, its result out. Routes of its capabilities that
 * it has no operation for are another function's.
 * @param service house name of the function
 */
export const apiRoot = <Needed extends ApiBody>(
  service: string,
  openers: Openers<Needed>,
  apis: readonly Api<Needed>[],
): ((event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult>) => {
  const { settings, runtime, open: openBodies } = startFunction(service, openers, apiSettings);
  const { clock, logger, metrics } = runtime;
  const { profile, audit } = openTables(settings);
  const verifier = createVerifier({
    issuers: [withKeys(settings.issuer, settings.jwksUri), withKeys(settings.staffIssuer, settings.staffJwksUri)],
    clients: settings.clients,
    audiences: [],
  });
  const load = createKmsInstallationKeys({ keyId: settings.installationKey });
  const open = once(async (): Promise<HttpHandler> => {
    const [key, parts] = await Promise.all([load(['cursor']), openBodies()]);
    return createHttpHandler({
      routes: apis.flatMap(({ routes }) => routes.flat()),
      operations: Object.assign({}, ...apis.map(({ operations }) => operations(parts))),
      deps: {
        verifier,
        profile,
        audit,
        resolve: (kind, named) => resolveNamed(profile, kind, named),
        today: localToday(clock, settings.zone),
        cursorKey: key('cursor'),
        origins: settings.origins,
        clock,
        logger,
        metrics,
        sealer: () => parts.sealer,
        refold: async (subject) => void (await parts.committer?.refold(subject)),
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
      logger.error('function.not-ready', { cause: causeName(cause) });
      return notReady(event, cause);
    }
    return handler(event, context);
  });
};
