import type { APIGatewayProxyResult } from 'aws-lambda';
import * as z from 'zod';
import { decide } from '#shared/access/decide.ts';
import type { FieldView } from '#shared/access/field-matrix.ts';
import { isTold } from '#shared/access/shape.ts';
import type { RouteDefinition } from '#shared/contracts/api/definition.ts';
import { recordAccess } from '#shared/facts/audit.ts';
import { callerOf, type KeptAnswer, replay, TwinWasFirst } from '#shared/facts/idempotency.ts';
import { newId } from '#shared/runtime/identify.ts';
import type { Actor } from '#shared/vocabulary/actor.ts';
import { Reference } from '#shared/vocabulary/references.ts';
import { fileAnswer, fileLeaving, jsonAnswer, leave } from './answer.ts';
import { allowedOrRefuse, ownTimeOf, refuseErased, selfOf, standingOf } from './authorise.ts';
import { etagOf, expectedVersion, matchesNone } from './conditional.ts';
import { openCursor, sealCursor } from './cursor.ts';
import { actOf, type Exchange, entryOfExchange, header } from './exchange.ts';
import { findSubject, sharedBy } from './find-subject.ts';
import type { HttpDeps } from './http-deps.ts';
import type { Operation, OperationRequest, OperationResult } from './operation.ts';
import { readIdempotency } from './request.ts';

/** A thing as a parsed body names it. */
const Named = z.union([z.string(), Reference]);

const nobody: Actor = { kind: 'system', id: 'public' };

/** What the request names: by its path, or by a member of its body. */
const subjectNamed = async (exchange: Exchange, route: RouteDefinition, deps: HttpDeps): Promise<void> => {
  if (route.subject !== 'none') {
    exchange.subject = await findSubject(deps, route.subject, exchange.params.id ?? '');
    return;
  }
  if (route.bodySubject === undefined) return;
  const { member, kind } = route.bodySubject;
  const { body } = exchange;
  const named = typeof body === 'object' && body !== null ? new Map(Object.entries(body)).get(member) : undefined;
  exchange.subject = await findSubject(deps, kind, Named.parse(named));
};

/** The customer who asks, where nothing is named that would tell. */
const whoAsks = async (deps: HttpDeps, actor: Actor): Promise<string | undefined> =>
  actor.kind === 'customer' ? selfOf(deps, actor.customerId) : undefined;

/** Decides on the subject; what is not for this caller looks like what is not there. */
const authoriseSubject = async (exchange: Exchange, route: RouteDefinition, deps: HttpDeps): Promise<FieldView> => {
  const actor = exchange.actor ?? nobody;
  const named = route.subject !== 'none' || route.bodySubject !== undefined;
  await refuseErased(deps, actor);
  await subjectNamed(exchange, route, deps);
  const act = actOf(exchange, route);
  const { relation, self } = named
    ? await standingOf(deps, actor, exchange.subject, act)
    : { relation: 'own' as const, self: await whoAsks(deps, actor) };
  exchange.self = self;
  // What was theirs then is no matter of those whose it is now: the look stands in their own log.
  exchange.isFormer = relation === 'former';
  if (exchange.isFormer && exchange.subject !== undefined && self !== undefined)
    exchange.subject = { ...exchange.subject, ties: [{ customer: self }] };
  if (relation === 'own' && exchange.subject !== undefined && self !== undefined)
    exchange.subject = sharedBy(exchange.subject, self);
  const { personal } = route;
  const decision = decide({
    actor,
    act,
    relation,
    named,
    personal,
    purpose: exchange.purpose,
  });
  const allowed = allowedOrRefuse(decision);
  exchange.purpose = allowed.purpose;
  return allowed.view;
};

const cursorScope = (exchange: Exchange, route: RouteDefinition) => {
  const { cursor: _cursor, limit: _limit, ...filters } = exchange.query ?? {};
  const caller = callerOf(exchange.actor ?? nobody);
  return { caller, operationId: route.operationId, subjectId: exchange.subject?.id, filters };
};

const openedQuery = (exchange: Exchange, route: RouteDefinition, deps: HttpDeps): Readonly<Record<string, unknown>> => {
  const query = exchange.query ?? {};
  if (typeof query.cursor !== 'string') return query;
  const position = openCursor(deps.cursorKey, query.cursor, cursorScope(exchange, route), deps.clock.now());
  return { ...query, cursor: position };
};

const isPage = (body: unknown): body is { readonly next: string } =>
  typeof body === 'object' && body !== null && 'next' in body && typeof body.next === 'string';

/** Wraps the position a list ended at, and says it in Link too. */
const sealedPage = (exchange: Exchange, route: RouteDefinition, body: unknown, deps: HttpDeps): unknown => {
  if (!isPage(body)) return body;
  const next = sealCursor(deps.cursorKey, body.next, cursorScope(exchange, route), deps.clock.now());
  const sent = { ...exchange.event.queryStringParameters, cursor: next };
  const pairs = Object.entries(sent).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value ?? '')}`,
  );
  exchange.answerHeaders.Link = `<${encodeURI(exchange.event.path)}?${pairs.join('&')}>; rel="next"`;
  return { ...body, next };
};

/** A customer's search answers with the customer alone; anything else is our mistake, and does not leave. */
const checkOwnSearch = async (exchange: Exchange, result: OperationResult, deps: HttpDeps): Promise<void> => {
  const { actor, route } = exchange;
  if (route?.act !== 'customer.search' || actor?.kind !== 'customer') return;
  const subjects = result.subjects ?? [];
  const { body } = result;
  const hits: unknown = typeof body === 'object' && body !== null && 'data' in body ? body.data : [];
  const standings = await Promise.all(
    subjects.map((id) => standingOf(deps, actor, { id, ties: [{ customer: id }] }, 'customer.search')),
  );
  const unsaid = Array.isArray(hits) && hits.length > subjects.length;
  if (unsaid || standings.some(({ relation }) => relation !== 'own')) {
    throw new TypeError('a search of a customer found somebody else');
  }
};

/** Whether the version of an answer is told: where it is hidden the tag would say it. */
const tellsVersion = ({ coveredByVersion, marks: { version } }: RouteDefinition, view: FieldView): boolean =>
  coveredByVersion !== false && (version === undefined || isTold(version, {}, view));

const conditionalHeaders = (
  route: RouteDefinition,
  result: OperationResult,
  view: FieldView,
): Record<string, string> => ({
  ...(result.headers ?? {}),
  ...(result.version === undefined || !tellsVersion(route, view) ? {} : { ETag: etagOf(result.version) }),
  ...(result.location === undefined ? {} : { Location: result.location }),
});

/** The id of what a request made, as its address ends with it. */
const madeBy = ({ location }: OperationResult): readonly string[] => location?.split('/').slice(-1) ?? [];

/** Shapes, records and only then answers. */
const answer = async (
  exchange: Exchange,
  route: RouteDefinition,
  result: OperationResult,
  view: FieldView,
  deps: HttpDeps,
  outcome: 'allowed' | 'replayed',
): Promise<APIGatewayProxyResult> => {
  await checkOwnSearch(exchange, result, deps);
  const headers = conditionalHeaders(route, result, view);
  const unchanged =
    route.method === 'GET' &&
    headers.ETag !== undefined &&
    matchesNone(header(exchange, 'if-none-match'), headers.ETag);
  const leaving = unchanged
    ? { body: undefined, fields: [], count: 0 }
    : leave(route, sealedPage(exchange, route, result.body, deps), view);
  const file = route.file === undefined || unchanged ? undefined : fileLeaving(route, leaving);
  if ((route.personal || route.method !== 'GET') && result.audited !== true) {
    const named = [...(result.subjects ?? []), ...madeBy(result)];
    const told = { outcome, fields: leaving.fields, count: leaving.count, named };
    const whose = exchange.isFormer === true ? undefined : result.whose;
    await recordAccess(deps.audit, entryOfExchange(exchange, { ...told, whose }));
  }
  exchange.recorded = true;
  const status = unchanged ? 304 : (result.status ?? route.status ?? 200);
  if (file !== undefined) return fileAnswer(status, file, headers);
  return jsonAnswer(status, unchanged || status === 204 ? undefined : leaving.body, headers);
};

const answerKept = (
  exchange: Exchange,
  route: RouteDefinition,
  kept: KeptAnswer,
  view: FieldView,
  deps: HttpDeps,
): Promise<APIGatewayProxyResult> => {
  exchange.answerHeaders['Idempotency-Replayed'] = 'true';
  return answer(exchange, route, kept, view, deps, 'replayed');
};

/** Says that a change begins which its entry cannot share a commit with: none takes effect of which nothing stands. */
const recordBegun = (exchange: Exchange, deps: HttpDeps): Promise<void> => {
  const entry = entryOfExchange(exchange, { outcome: 'begun', fields: [], count: 0 });
  return recordAccess(deps.audit, { ...entry, id: newId() });
};

/** Authorises, gives a kept answer again where there is one, else runs the operation. */
export const perform = async (
  exchange: Exchange,
  route: RouteDefinition,
  operation: Operation,
  deps: HttpDeps,
): Promise<APIGatewayProxyResult> => {
  const view = await authoriseSubject(exchange, route, deps);
  const actor = exchange.actor ?? nobody;
  const version = route.ifMatch === true ? expectedVersion(header(exchange, 'if-match')) : undefined;
  const query = openedQuery(exchange, route, deps);
  const idempotency = readIdempotency(exchange, route);
  const again = async (): Promise<KeptAnswer | undefined> =>
    idempotency === undefined
      ? undefined
      : replay(deps.profile, callerOf(actor), idempotency, deps.clock.now(), deps.sealer?.());
  const kept = await again();
  if (kept !== undefined) return answerKept(exchange, route, kept, view, deps);
  const request: OperationRequest = {
    call: { actor, requestId: exchange.requestId, purpose: exchange.purpose },
    params: exchange.params,
    query,
    body: exchange.body,
    ...(route.fromCustomers === undefined ? {} : { fromCustomers: route.fromCustomers }),
    view,
    audit: entryOfExchange(exchange, { outcome: 'allowed', fields: [], count: 1 }),
    ...(exchange.subject === undefined ? {} : { subjectId: exchange.subject.id }),
    ...(exchange.self === undefined ? {} : { self: exchange.self, own: ownTimeOf(deps, exchange.self) }),
    ...(version === undefined ? {} : { expectedVersion: version }),
    ...(idempotency === undefined ? {} : { idempotency }),
  };
  if (route.beyondCommit === true) await recordBegun(exchange, deps);
  exchange.begun = route.method !== 'GET';
  try {
    return await answer(exchange, route, await operation(request), view, deps, 'allowed');
  } catch (error) {
    const twin = error instanceof TwinWasFirst ? await again() : undefined;
    if (twin === undefined) throw error;
    return answerKept(exchange, route, twin, view, deps);
  }
};
