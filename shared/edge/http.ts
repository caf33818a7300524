import middy, { type MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import type { RouteDefinition } from '#shared/contracts/api/definition.ts';
import { recordAccess } from '#shared/facts/audit.ts';
import { recordRefused } from '#shared/facts/refusals.ts';
import { olderRecordOf } from '#shared/profile/store/subjects.ts';
import { causeName } from '#shared/runtime/cause-name.ts';
import { newId } from '#shared/runtime/identify.ts';
import type { Actor } from '#shared/vocabulary/actor.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import {
  compressed,
  crossOriginHeaders,
  jsonAnswer,
  preflightHeaders,
  problemAnswer,
  securityHeaders,
} from './answer.ts';
import { authoriseAct } from './authorise.ts';
import { actOf, type Exchange, entryOfExchange, header, headersOf, purposeOf, requestIdOf } from './exchange.ts';
import { findSubject } from './find-subject.ts';
import type { HttpDeps } from './http-deps.ts';
import type { Operation } from './operation.ts';
import { perform } from './perform.ts';
import { refusalOf } from './problem.ts';
import { reasonOf } from './reason.ts';
import { decodeParams, readBody, readQuery } from './request.ts';

export interface HttpHandlerOptions {
  readonly routes: readonly RouteDefinition[];
  /** By operation id; a route without one here answers 404. */
  readonly operations: Readonly<Record<string, Operation>>;
  readonly deps: HttpDeps;
}

export type HttpHandler = (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult>;

type Step = MiddlewareObj<APIGatewayProxyEvent, APIGatewayProxyResult, Error, Context>;

const exchanges = new WeakMap<APIGatewayProxyEvent, Exchange>();

const exchangeOf = (event: APIGatewayProxyEvent): Exchange => {
  const exchange = exchanges.get(event);
  if (exchange === undefined) throw new TypeError('the exchange has not begun');
  return exchange;
};

const begin = (event: APIGatewayProxyEvent, deps: HttpDeps): Exchange => {
  const headers = headersOf(event);
  return {
    event,
    requestId: requestIdOf(event, headers) ?? newId(),
    entryId: newId(),
    startedAt: deps.clock.now(),
    headers,
    answerHeaders: {},
    params: {},
  };
};

const finish = async (
  exchange: Exchange,
  answer: APIGatewayProxyResult,
  deps: HttpDeps,
): Promise<APIGatewayProxyResult> => {
  // A gateway turns base64 into bytes by what the caller accepts; for one that does not say, the answer stays text.
  const accepts = exchange.headers.has('accept');
  const whole = await compressed(answer, accepts ? exchange.headers.get('accept-encoding')?.join(',') : undefined);
  return {
    ...whole,
    headers: {
      ...securityHeaders,
      ...crossOriginHeaders(exchange.headers.get('origin')?.[0], deps.origins),
      Vary: 'Accept-Encoding, Origin',
      'X-Request-Id': exchange.requestId,
      ...exchange.answerHeaders,
      ...whole.headers,
    },
  };
};

/** First in, last out: gives the request its id and the answer its headers. */
const frame = (deps: HttpDeps): Step => ({
  before: (request) => {
    exchanges.set(request.event, begin(request.event, deps));
  },
  after: async (request) => {
    if (request.response === null) return;
    request.response = await finish(exchangeOf(request.event), request.response, deps);
  },
  onError: async (request) => {
    if (request.response === null || request.response === undefined) return;
    request.response = await finish(exchangeOf(request.event), request.response, deps);
  },
});

/** The subject of a refused request, as far as the path names one that is there: nobody makes entries about what is not. */
const subjectOfRefusal = async (exchange: Exchange, deps: HttpDeps): Promise<void> => {
  const { route, params } = exchange;
  if (exchange.subject !== undefined || route === undefined || route.subject === 'none' || params.id === undefined)
    return;
  exchange.subject = await findSubject(deps, route.subject, params.id);
};

/**
 * Whether a failure may have left something done: it has an entry of its own then, as what is done has. All others are attempts,
 * which are joined.
 */
const mayBeDone = ({ begun }: Exchange, { kind }: DomainError): boolean =>
  kind === 'internal' || (begun === true && kind === 'unavailable');

/**
 * Counts a refusal, and records it: one of a caller nobody knows is counted alone, since they could write into anybody's log. An
 * audit table that cannot be written refuses all (503).
 */
const recordRefusal = async (exchange: Exchange, refusal: DomainError, deps: HttpDeps): Promise<DomainError> => {
  deps.metrics.count('request.refused', { code: refusal.code, route: exchange.route?.operationId ?? 'none' });
  const { actor, route } = exchange;
  if (exchange.recorded === true || refusal.audited || refusal.code === 'audit.unavailable') return refusal;
  if (actor === undefined || route === undefined) return refusal;
  try {
    await subjectOfRefusal(exchange, deps);
    if (exchange.subject === undefined && route.method === 'GET') return refusal;
    const outcome = refusal.kind === 'internal' ? 'failed' : `refused:${refusal.code}`;
    const entry = entryOfExchange(exchange, { outcome, fields: [], count: 0 });
    await (mayBeDone(exchange, refusal) ? recordAccess : recordRefused)(deps.audit, entry);
    return refusal;
  } catch (error) {
    return refusalOf(error);
  }
};

const logFailure = (exchange: Exchange, refusal: DomainError, deps: HttpDeps): void => {
  if (refusal.kind !== 'internal' && refusal.kind !== 'unavailable') return;
  const { cause } = refusal;
  deps.logger.error('request.failed', {
    requestId: exchange.requestId,
    route: exchange.route?.operationId,
    code: refusal.code,
    ...(cause instanceof Error ? { cause: `${cause.name}: ${cause.stack?.split('\n')[1]?.trim() ?? ''}` } : {}),
  });
};

/** Who asks for a record of older rules is told to come again, and finds it folded anew. */
const refoldOlder = async (failure: unknown, deps: HttpDeps): Promise<void> => {
  const older = olderRecordOf(failure);
  if (older === undefined) return;
  deps.metrics.count('record.older-rules');
  try {
    await deps.refold?.(older);
  } catch (cause) {
    deps.logger.error('record.refold-failed', { cause: causeName(cause) });
  }
};

/** Turns whatever was thrown into a problem document. */
const problems = (deps: HttpDeps): Step => ({
  onError: async (request) => {
    const exchange = exchangeOf(request.event);
    const first = request.error;
    const late = first?.name === 'TimeoutError';
    await refoldOlder(first, deps);
    const thrown = late ? new DomainError('unavailable', 'service.timeout', 'That took too long; try again.') : first;
    const refusal = await recordRefusal(exchange, refusalOf(thrown), deps);
    logFailure(exchange, refusal, deps);
    request.response = problemAnswer(exchange, refusal);
  },
});

/** Finds the route by the gateway's resource and the method; answers preflights. */
const findRoute = (options: HttpHandlerOptions): Step => {
  const byResource = new Map<string, Map<string, RouteDefinition>>();
  // Another function may answer some methods of a resource: they are named all the same.
  const methodsOf = (resource: string): string[] => [
    ...new Set(options.routes.filter(({ path }) => path === resource).map(({ method }) => method)),
    'OPTIONS',
  ];
  for (const route of options.routes) {
    if (options.operations[route.operationId] === undefined) continue;
    const methods = byResource.get(route.path) ?? new Map<string, RouteDefinition>();
    byResource.set(route.path, methods.set(route.method, route));
  }
  return {
    before: async (request) => {
      const exchange = exchangeOf(request.event);
      const { resource, httpMethod } = request.event;
      const methods = byResource.get(resource);
      if (methods === undefined) throw new DomainError('not-found', 'route.unknown', 'There is no such route.');
      const names = methodsOf(resource);
      if (httpMethod === 'OPTIONS') {
        const preflight = jsonAnswer(204, undefined, { ...preflightHeaders(names), Allow: names.join(', ') });
        return finish(exchange, preflight, options.deps);
      }
      const route = methods.get(httpMethod);
      if (route === undefined) {
        exchange.answerHeaders.Allow = names.join(', ');
        throw new DomainError('method-not-allowed', 'route.method', `This route takes ${names.join(', ')}.`);
      }
      exchange.route = route;
      exchange.params = decodeParams(request.event.pathParameters);
      return undefined;
    },
  };
};

const routeOf = (exchange: Exchange): RouteDefinition => {
  if (exchange.route === undefined) throw new TypeError('the route is not known yet');
  return exchange.route;
};

/** The gateway counts by this key: nobody is to be counted under another's name. */
const checkApiKey = (key: string | undefined, actor: Actor): void => {
  if (key === undefined || key === actor.id) return;
  throw new DomainError('forbidden', 'api-key.foreign', 'The x-api-key is not the client id of the token.');
};

/** Who is it, and may they do this at all? */
const signIn = (deps: HttpDeps): Step => ({
  before: async (request) => {
    const exchange = exchangeOf(request.event);
    const route = routeOf(exchange);
    if (route.act === 'public') return;
    exchange.actor = await deps.verifier.verify(header(exchange, 'authorization'));
    exchange.purpose = purposeOf(exchange);
    authoriseAct(exchange.actor, actOf(exchange, route), route.personal, exchange.purpose);
    if (route.metered === true) checkApiKey(header(exchange, 'x-api-key'), exchange.actor);
  },
});

/** Reads query and body by the schemas of the route. */
const readRequest = (): Step => ({
  before: (request) => {
    const exchange = exchangeOf(request.event);
    const route = routeOf(exchange);
    exchange.query = readQuery(exchange, route);
    exchange.body = readBody(exchange, route);
    exchange.reason = reasonOf(exchange, route);
  },
});

/**
 * The chain of every API function: an API Gateway REST proxy event (v1) in, its result out. The same handler serves Lambda and
 * the server on this machine. Bad input is a problem document, never a 5xx; a failure of ours is a 500 without a trace of it.
 */
export const createHttpHandler = (options: HttpHandlerOptions): HttpHandler => {
  const { deps, operations } = options;
  const chain = middy<APIGatewayProxyEvent, APIGatewayProxyResult, Error, Context>()
    .use(frame(deps))
    .use(problems(deps))
    .use(findRoute(options))
    .use(signIn(deps))
    .use(readRequest())
    .handler(async (event: APIGatewayProxyEvent) => {
      const exchange = exchangeOf(event);
      const route = routeOf(exchange);
      const operation = operations[route.operationId];
      if (operation === undefined) throw new TypeError(`no operation ${route.operationId}`);
      return perform(exchange, route, operation, deps);
    });
  return (event, context) => chain(event, context);
};
