import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type * as z from 'zod';
import type { LocalRoute } from '#shared/contracts/local/definition.ts';
import { decide } from '#shared/domain/access/decide.ts';
import type { TokenVerifier } from '#shared/edge/actor.ts';
import { securityHeaders } from '#shared/edge/answer.ts';
import { allowedOrRefuse } from '#shared/edge/authorise.ts';
import { parseOrRefuse } from '#shared/edge/fields.ts';
import { parseJsonBody } from '#shared/edge/json-body.ts';
import { refuseUnplain } from '#shared/edge/plain-text.ts';
import { refusalOf } from '#shared/edge/problem.ts';
import type { Metrics } from '#shared/runtime/logger.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { type MountedHandler, readBytes, sendProblem } from './http-server.ts';
import { parseQuery } from './http-server-event.ts';

/** One local route with what answers it. */
export interface LocalOperation {
  readonly route: LocalRoute;
  /** Takes the input as the route's schema parsed it. */
  readonly run: (input: unknown) => Promise<unknown>;
}

/** Binds a local route to what answers it, with the types of the route. */
export const localOperation = <Input extends z.ZodType, Answer extends z.ZodType>(
  route: LocalRoute<Input, Answer>,
  run: (input: z.output<Input>) => Promise<z.input<Answer>>,
): LocalOperation => ({
  route,
  // The handler below has parsed the input by this very schema.
  run: async (input) => route.answer.parse(await run(input as z.output<Input>)),
});

/** A path below /_local that answers as it likes, e.g. with a stream of events; the operator's token is checked before. */
export interface LocalStream {
  readonly path: `/_local/${string}`;
  readonly serve: (
    request: IncomingMessage,
    response: ServerResponse,
    query: Readonly<Record<string, string>>,
  ) => Promise<void>;
}

const mostBytes = 8 * 1024 * 1024;

const queryOf = (url: string): Readonly<Record<string, string>> => {
  const query = parseQuery(url.split('?').slice(1).join('?'));
  if (query === undefined)
    throw new DomainError('syntax', 'query.encoding', 'The query is not encoded as it should be.');
  return Object.fromEntries(Object.entries(query).map(([name, values]) => [name, values.at(-1) ?? '']));
};

const inputOf = async (request: IncomingMessage, { route }: LocalOperation): Promise<unknown> => {
  const query = route.method === 'GET';
  const bytes = query ? new Uint8Array() : await readBytes(request, mostBytes);
  const sent = query ? queryOf(request.url ?? '') : bytes.byteLength === 0 ? {} : parseJsonBody(bytes);
  refuseUnplain(sent, query ? '/query' : '');
  return parseOrRefuse(route.input, sent, query ? '/query' : '', query ? 'query' : 'body');
};

const checkOperator = async (verifier: TokenVerifier, request: IncomingMessage): Promise<void> => {
  const actor = await verifier.verify(request.headers.authorization);
  allowedOrRefuse(decide({ actor, act: 'ops', relation: 'none', named: false, personal: false, purpose: undefined }));
};

/** Handler of everything below `/_local`: for the operator of this machine alone. */
export const localRoutes = (options: {
  readonly verifier: TokenVerifier;
  readonly operations: readonly LocalOperation[];
  readonly streams?: readonly LocalStream[];
  readonly metrics?: Metrics;
}): MountedHandler => {
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    await checkOperator(options.verifier, request);
    const path = (request.url ?? '').split('?')[0];
    const stream = options.streams?.find((known) => known.path === path);
    if (stream !== undefined && request.method === 'GET') {
      await stream.serve(request, response, queryOf(request.url ?? ''));
      return;
    }
    const onPath = options.operations.filter((operation) => operation.route.path === path);
    const operation = onPath.find((known) => known.route.method === request.method);
    if (operation === undefined) {
      throw onPath.length === 0
        ? new DomainError('not-found', 'route.unknown', 'There is no such route.')
        : new DomainError('method-not-allowed', 'route.method', 'The route does not take this method.');
    }
    const result = await operation.run(await inputOf(request, operation));
    response.writeHead(200, { ...securityHeaders, 'Content-Type': 'application/json; charset=utf-8' });
    response.end(JSON.stringify(result));
  };
  return async (request, response) => {
    try {
      await answer(request, response);
    } catch (error) {
      if (response.headersSent) {
        response.destroy();
        return;
      }
      const refusal = refusalOf(error);
      options.metrics?.count('request.refused', { code: refusal.code, route: 'none' });
      sendProblem(response, refusal, randomUUID());
    }
  };
};
