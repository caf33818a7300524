import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type * as z from 'zod';
import { type AskedAct, entryOfAct, namedBy, recordAct } from '#functions/operations/record-act.ts';
import { decide } from '#shared/access/decide.ts';
import { type LocalRoute, needsReason } from '#shared/contracts/local/definition.ts';
import type { TokenVerifier } from '#shared/edge/actor.ts';
import { securityHeaders } from '#shared/edge/answer.ts';
import { allowedOrRefuse } from '#shared/edge/authorise.ts';
import { parseOrRefuse } from '#shared/edge/fields.ts';
import { parseJsonBody } from '#shared/edge/json-body.ts';
import { refuseUnplain } from '#shared/edge/plain-text.ts';
import { refusalOf } from '#shared/edge/problem.ts';
import { readReason, reasonHeader, reasonRequired } from '#shared/edge/reason.ts';
import { recordRefused } from '#shared/facts/refusals.ts';
import type { Clock } from '#shared/runtime/clock.ts';
import type { Metrics } from '#shared/runtime/logger.ts';
import type { Table } from '#shared/table/table.ts';
import type { Actor } from '#shared/vocabulary/actor.ts';
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

const checkOperator = (actor: Actor): void => {
  allowedOrRefuse(decide({ actor, act: 'ops', relation: 'none', named: false, personal: false, purpose: undefined }));
};

/** What an act leaves in the audit beside its outcome. */
const askedOf = (actor: Actor, { route }: LocalOperation): AskedAct => ({
  actor: actor.id,
  actorKind: actor.kind,
  act: route.act,
  route: `${route.method} ${route.path}`,
  named: [],
  reason: undefined,
});

/** Handler of everything below `/_local`: for the operator of this machine alone. */
export const localRoutes = (options: {
  readonly verifier: TokenVerifier;
  readonly operations: readonly LocalOperation[];
  readonly streams?: readonly LocalStream[];
  readonly audit: Table;
  readonly clock: Clock;
  readonly metrics?: Metrics;
}): MountedHandler => {
  /** Does an act once it stands in the audit by whom and why; where it fails, that stands there too. */
  const doRecorded = async (request: IncomingMessage, operation: LocalOperation, actor: Actor): Promise<unknown> => {
    let asked = askedOf(actor, operation);
    let begun = false;
    try {
      checkOperator(actor);
      const { route } = operation;
      const input = await inputOf(request, operation);
      const reason = readReason([request.headers[reasonHeader]].flat()[0]);
      if (reason === undefined && needsReason(route, input)) throw reasonRequired();
      asked = { ...asked, reason, named: [...namedBy(route, input)] };
      await recordAct(options, asked, 'allowed');
      begun = true;
      return await operation.run(input);
    } catch (error) {
      const { code } = refusalOf(error);
      if (begun) await recordAct(options, asked, 'failed');
      else if (code !== 'audit.unavailable')
        await recordRefused(options.audit, entryOfAct(options.clock, asked, `refused:${code}`));
      throw error;
    }
  };
  /** What is only looked at names nobody and leaves no entry. */
  const doUnrecorded = async (request: IncomingMessage, operation: LocalOperation, actor: Actor): Promise<unknown> => {
    checkOperator(actor);
    return operation.run(await inputOf(request, operation));
  };
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const actor = await options.verifier.verify(request.headers.authorization);
    const path = (request.url ?? '').split('?')[0];
    const stream = options.streams?.find((known) => known.path === path);
    if (stream !== undefined && request.method === 'GET') {
      checkOperator(actor);
      await stream.serve(request, response, queryOf(request.url ?? ''));
      return;
    }
    const onPath = options.operations.filter((operation) => operation.route.path === path);
    const operation = onPath.find((known) => known.route.method === request.method);
    if (operation === undefined) {
      checkOperator(actor);
      throw onPath.length === 0
        ? new DomainError('not-found', 'route.unknown', 'There is no such route.')
        : new DomainError('method-not-allowed', 'route.method', 'The route does not take this method.');
    }
    const result = await (request.method === 'GET' ? doUnrecorded : doRecorded)(request, operation, actor);
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
