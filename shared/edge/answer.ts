import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { APIGatewayProxyResult } from 'aws-lambda';
import type { FieldView } from '#shared/access/field-matrix.ts';
import { type AnswerMarks, shape } from '#shared/access/shape.ts';
import { DownloadedFile, fileBytes, mostFileBytes } from '#shared/contracts/api/common.ts';
import type { RouteDefinition } from '#shared/contracts/api/definition.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import type { Exchange } from './exchange.ts';
import { problemOf } from './problem.ts';

const compress = promisify(gzip);

/** Headers of every answer: nothing is kept by anyone on the way, nothing is framed, guessed or run. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Cross-Origin-Resource-Policy': 'same-site',
  'Permissions-Policy': 'interest-cohort=()',
  'Referrer-Policy': 'no-referrer',
  'Strict-Transport-Security': 'max-age=63072000; includeSubDomains',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
};

const shownHeaders = 'Content-Disposition, ETag, Idempotency-Replayed, Link, Location, Retry-After, X-Request-Id';

/** Headers for a page of another origin, where that origin is on the list; else none. */
export const crossOriginHeaders = (
  origin: string | undefined,
  allowed: readonly string[],
): Readonly<Record<string, string>> =>
  origin !== undefined && allowed.includes(origin)
    ? { 'Access-Control-Allow-Origin': origin, 'Access-Control-Expose-Headers': shownHeaders }
    : {};

/** Headers for pages of any origin, of answers that are the same whoever asks and hold nothing of anybody. */
export const anyOriginHeaders: Readonly<Record<string, string>> = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': shownHeaders,
};

/** Answer to a preflight. */
export const preflightHeaders = (methods: readonly string[]): Readonly<Record<string, string>> => ({
  'Access-Control-Allow-Headers':
    'Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Rotunda-Purpose, Rotunda-Reason, X-Request-Id',
  'Access-Control-Allow-Methods': methods.join(', '),
  'Access-Control-Max-Age': '600',
});

/** An answer as the policy lets it leave, with the marks that were shown and the number of things in it. */
export interface Leaving {
  readonly body: unknown;
  readonly fields: readonly string[];
  readonly count: number;
}

const marksOf = (route: RouteDefinition): AnswerMarks => route.marks;

const countOf = (body: unknown): number =>
  typeof body === 'object' && body !== null && 'data' in body && Array.isArray(body.data) ? body.data.length : 1;

/** Paths that the use case itself masked, in what is `shaped`. */
const maskedBefore = (body: unknown): readonly string[] =>
  typeof body === 'object' && body !== null && 'masked' in body && Array.isArray(body.masked)
    ? body.masked.filter((path) => typeof path === 'string')
    : [];

/**
 * Takes an answer through the route's schema (what it does not know is dropped; what does not fit is our mistake), then through
 * the policy. Names what was masked or left out.
 */
export const leave = (route: RouteDefinition, answer: unknown, view: FieldView): Leaving => {
  const parsed = route.response.safeParse(answer);
  if (!parsed.success) {
    const places = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.code}`).join('; ');
    throw new TypeError(`the answer of ${route.operationId} does not fit its schema: ${places}`);
  }
  const shaped = shape(parsed.data, marksOf(route), view);
  const fields = shaped.shown.filter((mark) => mark !== 'plain');
  const body =
    route.personal && typeof shaped.value === 'object' && shaped.value !== null && 'masked' in route.marks
      ? { ...shaped.value, masked: [...new Set([...maskedBefore(parsed.data), ...shaped.masked])].sort() }
      : shaped.value;
  return { body, fields, count: countOf(parsed.data) };
};

/** A JSON answer. */
export const jsonAnswer = (
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): APIGatewayProxyResult => ({
  statusCode: status,
  headers: body === undefined ? { ...headers } : { 'Content-Type': 'application/json; charset=utf-8', ...headers },
  body: body === undefined ? '' : JSON.stringify(body),
});

/** The file that leaves; one of which a part is not for this caller does not. */
export const fileLeaving = ({ operationId, file }: RouteDefinition, { body }: Leaving): DownloadedFile => {
  const whole = DownloadedFile.safeParse(body);
  if (!whole.success) throw new DomainError('forbidden', 'access.denied', 'Your role does not include all of this.');
  const { type, text } = whole.data;
  if (file?.includes(type) !== true) throw new TypeError(`${operationId} gives no file of the type ${type}`);
  if (fileBytes(text) > mostFileBytes)
    throw new TypeError(`the file of ${operationId} is larger than an answer may be`);
  return whole.data;
};

/** A file as an answer, to be kept by whoever asked. */
export const fileAnswer = (
  status: number,
  { name, type, text }: DownloadedFile,
  headers: Readonly<Record<string, string>>,
): APIGatewayProxyResult => ({
  statusCode: status,
  headers: {
    'Content-Type': `${type}; charset=utf-8`,
    'Content-Disposition': `attachment; filename="${name}"`,
    ...headers,
  },
  body: text,
});

/** The problem document of a refusal, as an answer. */
export const problemAnswer = (
  exchange: Pick<Exchange, 'requestId' | 'event'>,
  refusal: DomainError,
): APIGatewayProxyResult => {
  const problem = problemOf(refusal, { requestId: exchange.requestId, instance: exchange.event.path });
  return {
    statusCode: problem.status,
    headers: {
      'Content-Type': 'application/problem+json; charset=utf-8',
      ...(problem.retryAfterSeconds === undefined ? {} : { 'Retry-After': String(problem.retryAfterSeconds) }),
      ...(problem.status === 401
        ? { 'WWW-Authenticate': refusal.code === 'token.missing' ? 'Bearer' : 'Bearer error="invalid_token"' }
        : {}),
    },
    body: JSON.stringify(problem.body),
  };
};

const smallestToCompress = 1400;

/** Compresses a body worth it, where the caller takes gzip. */
export const compressed = async (
  answer: APIGatewayProxyResult,
  acceptEncoding: string | undefined,
): Promise<APIGatewayProxyResult> => {
  const takes = (acceptEncoding ?? '').split(',').some((part) => {
    const [name, quality] = part.trim().toLowerCase().split(';');
    return (name === 'gzip' || name === '*') && !/^\s*q=0(\.0*)?$/.test(quality ?? '');
  });
  if (!takes || answer.body.length < smallestToCompress) return answer;
  const bytes = await compress(answer.body);
  return {
    ...answer,
    headers: { ...answer.headers, 'Content-Encoding': 'gzip' },
    body: bytes.toString('base64'),
    isBase64Encoded: true,
  };
};
