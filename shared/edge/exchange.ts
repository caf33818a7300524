import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { RouteDefinition } from '#shared/contracts/api/definition.ts';
import type { NewEntry } from '#shared/facts/audit.ts';
import type { Actor } from '#shared/vocabulary/actor.ts';
import type { ActName } from '#shared/vocabulary/acts.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { Purpose } from '#shared/vocabulary/statuses.ts';
import { customersOf, type FoundSubject } from './find-subject.ts';
import { askedMoment } from './moment.ts';

/** One request on its way through the chain: what is known of it so far. */
export interface Exchange {
  readonly event: APIGatewayProxyEvent;
  readonly requestId: string;
  /** Id of the audit entry this request may leave. */
  readonly entryId: string;
  /** Milliseconds. */
  readonly startedAt: number;
  /** Headers by lower-case name, each value as sent. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  /** Headers of the answer, whatever it will be. */
  readonly answerHeaders: Record<string, string>;
  route?: RouteDefinition;
  params: Readonly<Record<string, string>>;
  actor?: Actor;
  purpose?: Purpose | undefined;
  query?: Readonly<Record<string, unknown>>;
  body?: unknown;
  subject?: FoundSubject | undefined;
  /** The customer who asks: the survivor, where their own id was merged. */
  self?: string | undefined;
  /** Why the caller makes this change. */
  reason?: string | undefined;
  /** A change was begun: what fails from here on may have taken effect. */
  begun?: boolean;
  /** What is named was the caller's own before: the look stands in their own log alone. */
  isFormer?: boolean;
  /** The entry is in the table, or nothing is to be recorded. */
  recorded?: boolean;
}

/** All headers of an event by lower-case name. */
export const headersOf = (event: APIGatewayProxyEvent): ReadonlyMap<string, readonly string[]> => {
  const headers = new Map<string, readonly string[]>();
  for (const [name, value] of Object.entries(event.headers ?? {})) {
    if (value !== undefined) headers.set(name.toLowerCase(), [value]);
  }
  for (const [name, values] of Object.entries(event.multiValueHeaders ?? {})) {
    if (values !== undefined) headers.set(name.toLowerCase(), values);
  }
  return headers;
};

/** The one value of a header; DomainError (400) where it is repeated. */
export const header = (exchange: Exchange, name: string): string | undefined => {
  const values = exchange.headers.get(name) ?? [];
  if (values.length > 1) throw new DomainError('syntax', 'header.repeated', `The header ${name} stands twice.`);
  return values[0];
};

const fitForLogs = (id: string | undefined): string | undefined =>
  id !== undefined && /^[A-Za-z0-9._-]{1,128}$/.test(id) ? id : undefined;

/** The caller's own request id, else the gateway's, whose log has it too; undefined where neither is fit for a log. */
export const requestIdOf = (
  event: APIGatewayProxyEvent,
  headers: ReadonlyMap<string, readonly string[]>,
): string | undefined => fitForLogs(headers.get('x-request-id')?.[0]) ?? fitForLogs(event.requestContext.requestId);

/** What the caller asks to do: the route's act, or its look ahead where the query asks for no more than that. */
export const actOf = ({ event, query }: Exchange, { act, dryRunAct }: RouteDefinition): ActName => {
  const dryRun = query === undefined ? event.queryStringParameters?.dryRun : query.dryRun;
  return dryRunAct !== undefined && (dryRun === 'true' || dryRun === true) ? dryRunAct : act;
};

/** What the caller says the data is for; DomainError (400) where it is no purpose. */
export const purposeOf = (exchange: Exchange): Purpose | undefined => {
  const sent = header(exchange, 'rotunda-purpose');
  if (sent === undefined) return undefined;
  const purpose = Purpose.safeParse(sent.trim().toLowerCase());
  if (purpose.success) return purpose.data;
  throw new DomainError('syntax', 'purpose.unknown', 'Rotunda-Purpose names no purpose known here.', {
    extra: { purposes: Purpose.options },
  });
};

/** Name of what a change is about that is no subject, e.g. `tariff:STANDARD`. */
const namedAbout = ({ params, body }: Exchange, about: RouteDefinition['about']): readonly string[] => {
  if (about === undefined) return [];
  const members =
    typeof body === 'object' && body !== null ? new Map<string, unknown>(Object.entries(body)) : undefined;
  const name = about.param === undefined ? members?.get(about.member ?? '') : params[about.param];
  return typeof name === 'string' && name.length <= 120 ? [`${about.kind}:${name}`] : [];
};

/** The audit entry of a request as far as it is known. */
export const entryOfExchange = (
  exchange: Exchange,
  told: {
    readonly outcome: string;
    readonly fields: readonly string[];
    readonly count: number;
    readonly named?: readonly string[];
    /** Whose time it was, where that is not told by whose the subject is now. */
    readonly whose?: readonly string[] | undefined;
  },
): NewEntry => {
  const { route, actor, subject, purpose, query, reason } = exchange;
  return {
    at: new Date(exchange.startedAt).toISOString(),
    id: exchange.entryId,
    actor: actor?.id ?? 'anonymous',
    actorKind: actor?.kind ?? 'anonymous',
    act: route === undefined ? 'none' : actOf(exchange, route),
    ...(purpose === undefined ? {} : { purpose }),
    ...(reason === undefined ? {} : { reason }),
    requestId: exchange.requestId,
    route: route === undefined ? 'none' : `${route.method} ${route.path}`,
    ...askedMoment(query),
    outcome: told.outcome,
    fields: [...told.fields],
    count: told.count,
    ...(subject === undefined ? {} : { subject: subject.id }),
    named: [
      ...new Set([
        ...(told.whose ?? (subject === undefined ? namedAbout(exchange, route?.about) : customersOf(subject))),
        ...(told.named ?? []),
      ]),
    ].filter((id) => id !== subject?.id),
  };
};
