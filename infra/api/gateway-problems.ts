import { anyOriginHeaders, securityHeaders } from '#shared/edge/answer.ts';
import { problemOf } from '#shared/edge/problem.ts';
import { DomainError, type FailureKind } from '#shared/vocabulary/errors.ts';

/** A refusal by the gateway itself, before a function runs. */
interface GatewayRefusal {
  readonly kind: FailureKind;
  readonly code: string;
  readonly detail: string;
  readonly retryAfterSeconds?: number;
}

const misconfigured: GatewayRefusal = {
  kind: 'internal',
  code: 'internal',
  detail: 'The request failed here; its id helps to find out why.',
};
const unreadable: GatewayRefusal = {
  kind: 'syntax',
  code: 'request.unreadable',
  detail: 'What came is not a request that can be read here.',
};
const noToken: GatewayRefusal = {
  kind: 'unauthenticated',
  code: 'token.refused',
  detail: 'No token came, or the one that came is not valid here.',
};
const notAllowed: GatewayRefusal = {
  kind: 'forbidden',
  code: 'access.denied',
  detail: 'The token does not allow this.',
};
const noApiKey: GatewayRefusal = {
  kind: 'forbidden',
  code: 'api-key.refused',
  detail: 'No x-api-key came, or it is none of a client here; send the client id of the token.',
};
const noRoute: GatewayRefusal = {
  kind: 'not-found',
  code: 'route.unknown',
  detail: 'There is no such route, or it does not take this method.',
};
const tooMany = (retryAfterSeconds: number): GatewayRefusal => ({
  kind: 'too-many-requests',
  code: 'requests.too-many',
  detail: 'Too many requests came at once; wait, then send fewer.',
  retryAfterSeconds,
});

/**
 * What the gateway says for each of its response types; all of them stand here, so that the two defaults only meet what the
 * gateway may learn to say later. Where a method is not served the gateway says MISSING_AUTHENTICATION_TOKEN.
 */
const refusals = {
  ACCESS_DENIED: notAllowed,
  API_CONFIGURATION_ERROR: misconfigured,
  AUTHORIZER_CONFIGURATION_ERROR: misconfigured,
  AUTHORIZER_FAILURE: {
    kind: 'unavailable',
    code: 'sign-in.unavailable',
    detail: 'The sign-in cannot be reached; try again.',
    retryAfterSeconds: 1,
  },
  BAD_REQUEST_BODY: unreadable,
  BAD_REQUEST_PARAMETERS: unreadable,
  DEFAULT_4XX: unreadable,
  DEFAULT_5XX: misconfigured,
  EXPIRED_TOKEN: noToken,
  INTEGRATION_FAILURE: {
    kind: 'unavailable',
    code: 'service.busy',
    detail: 'The system is busy; try again shortly.',
    retryAfterSeconds: 1,
  },
  INTEGRATION_TIMEOUT: {
    kind: 'unavailable',
    code: 'service.timeout',
    detail: 'That took too long; try again.',
    retryAfterSeconds: 1,
  },
  INVALID_API_KEY: noApiKey,
  INVALID_SIGNATURE: noToken,
  MISSING_AUTHENTICATION_TOKEN: noRoute,
  QUOTA_EXCEEDED: {
    kind: 'too-many-requests',
    code: 'requests.quota',
    detail: "The day's requests of this client are used up; go on when the next day begins.",
    retryAfterSeconds: 3600,
  },
  REQUEST_TOO_LARGE: {
    kind: 'too-large',
    code: 'body.too-large',
    detail: 'The body has more bytes than this route takes.',
  },
  RESOURCE_NOT_FOUND: noRoute,
  THROTTLED: tooMany(1),
  UNAUTHORIZED: noToken,
  UNSUPPORTED_MEDIA_TYPE: {
    kind: 'unsupported-media-type',
    code: 'body.content-type',
    detail: 'Send the body as application/json in UTF-8.',
  },
  WAF_FILTERED: {
    kind: 'forbidden',
    code: 'request.filtered',
    detail:
      'The request looks like an attack, or its query is longer than any here; it was stopped before it was read.',
  },
} as const satisfies Readonly<Record<string, GatewayRefusal>>;

/** One gateway response as the body of a RestApi has it. */
export interface GatewayResponse {
  readonly statusCode: string;
  readonly responseParameters: Readonly<Record<string, string>>;
  readonly responseTemplates: Readonly<Record<string, string>>;
}

const problem = (refusal: GatewayRefusal, requestId: string) =>
  problemOf(
    new DomainError(
      refusal.kind,
      refusal.code,
      refusal.detail,
      refusal.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: refusal.retryAfterSeconds },
    ),
    { requestId },
  );

/** A fixed text stands in single quotes; those inside it are part of it. */
const headerParameters = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [`gatewayresponse.header.${name}`, `'${value}'`]));

/**
 * A response of gateway or firewall says the same headers whoever asks, so it names any origin, where a stage has origins at all.
 * It tells a page no more than the problem's code: callers are known by a token in a header and never by a cookie, and nothing
 * here lets a browser send credentials of its own.
 */
const pageHeaders = (origins: readonly string[]): Readonly<Record<string, string>> =>
  origins.length === 0 ? {} : anyOriginHeaders;

const responseOf = (refusal: GatewayRefusal, origins: readonly string[]): GatewayResponse => {
  const { status, body, retryAfterSeconds } = problem(refusal, '$context.requestId');
  return {
    statusCode: String(status),
    responseParameters: {
      ...headerParameters({
        ...securityHeaders,
        ...pageHeaders(origins),
        'Content-Type': 'application/problem+json; charset=utf-8',
        ...(retryAfterSeconds === undefined ? {} : { 'Retry-After': String(retryAfterSeconds) }),
        ...(status === 401 ? { 'WWW-Authenticate': 'Bearer' } : {}),
      }),
      'gatewayresponse.header.X-Request-Id': 'context.requestId',
    },
    // The gateway takes this template whatever the caller accepts; Content-Type above says what it is.
    responseTemplates: { 'application/json': JSON.stringify(body) },
  };
};

/** Every response of the gateway itself, as a problem document (RFC 9457). */
export const gatewayResponses = (origins: readonly string[]): Readonly<Record<string, GatewayResponse>> =>
  Object.fromEntries(Object.entries(refusals).map(([type, refusal]) => [type, responseOf(refusal, origins)]));

/** An answer of the firewall in its own words; its media type is application/json, which nobody can set. */
export interface FirewallAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Of the headers of every answer those that matter to one that holds no data: few may stand there. */
const firewallHeaders = ['Cache-Control', 'X-Content-Type-Options'];

const firewallAnswer = (refusal: GatewayRefusal, origins: readonly string[]): FirewallAnswer => {
  // The firewall knows no request id.
  const { status, body, retryAfterSeconds } = problem(refusal, 'none');
  return {
    status,
    headers: {
      ...Object.fromEntries(Object.entries(securityHeaders).filter(([name]) => firewallHeaders.includes(name))),
      ...pageHeaders(origins),
      ...(retryAfterSeconds === undefined ? {} : { 'Retry-After': String(retryAfterSeconds) }),
    },
    body: JSON.stringify(body),
  };
};

export type FirewallAnswerName = 'tooMany' | 'tooLarge';

/** What the firewall answers itself: where one caller sends too much, and where a body is larger than its route takes. */
export const firewallAnswers = (origins: readonly string[]): Readonly<Record<FirewallAnswerName, FirewallAnswer>> => ({
  tooMany: firewallAnswer(tooMany(60), origins),
  tooLarge: firewallAnswer(refusals.REQUEST_TOO_LARGE, origins),
});
