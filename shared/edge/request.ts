import { createHash } from 'node:crypto';
import type { RouteDefinition } from '#shared/contracts/api/definition.ts';
import { bodyLimit } from '#shared/contracts/api/limits.ts';
import type { Idempotency } from '#shared/facts/idempotency.ts';
import { canonicalJson } from '#shared/runtime/canonical-json.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { type Exchange, header } from './exchange.ts';
import { parseOrRefuse } from './fields.ts';
import { bodyBytes, isJsonType, parseJsonBody } from './json-body.ts';
import { refuseUnplain } from './plain-text.ts';

const refuse = (code: string, message: string): DomainError => new DomainError('syntax', code, message);

/** Path parameters, decoded once; DomainError (400) where the encoding is broken. */
export const decodeParams = (raw: Readonly<Record<string, string | undefined>> | null): Record<string, string> => {
  const params: Record<string, string> = {};
  for (const [name, value] of Object.entries(raw ?? {})) {
    if (value === undefined) continue;
    try {
      params[name] = decodeURIComponent(value);
    } catch (cause) {
      throw new DomainError('syntax', 'path.encoding', 'The path is not encoded as it should be.', { cause });
    }
  }
  return params;
};

/** The query as the schema of the route reads it. */
export const readQuery = (exchange: Exchange, route: RouteDefinition): Readonly<Record<string, unknown>> => {
  const { multiValueQueryStringParameters: many, queryStringParameters: single } = exchange.event;
  const values: [string, string][] = [];
  for (const [name, sent] of Object.entries(many ?? {})) {
    if (sent === undefined) continue;
    if (sent.length > 1) throw refuse('query.repeated', 'A query parameter stands twice.');
    values.push([name, sent[0] ?? '']);
  }
  for (const [name, value] of Object.entries(single ?? {})) {
    if (value !== undefined && !values.some(([known]) => known === name)) values.push([name, value]);
  }
  if (values.some(([name, value]) => `${name}${value}`.includes('\u0000'))) {
    throw refuse('query.encoding', 'The query must not hold NUL.');
  }
  const query = Object.fromEntries(values);
  refuseUnplain(query, '/query');
  if (route.query === undefined) {
    if (values.length === 0) return {};
    throw new DomainError('invalid', 'query.invalid', 'This route takes no query.', {
      errors: values.map(([name]) => ({
        pointer: `/query/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`,
        code: 'field.unrecognized-keys',
        message: 'is not known here',
      })),
    });
  }
  const parsed = parseOrRefuse(route.query, query, '/query', 'query');
  return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
};

/** The body as the schema of the route reads it; undefined where the route takes none. */
export const readBody = (exchange: Exchange, route: RouteDefinition): unknown => {
  const sent = exchange.event.body ?? '';
  if (route.body === undefined) {
    if (sent !== '') throw refuse('body.unexpected', 'This route takes no body.');
    return undefined;
  }
  const encoding = header(exchange, 'content-encoding');
  if (encoding !== undefined && encoding !== 'identity') {
    throw new DomainError('unsupported-media-type', 'body.content-encoding', 'The body must not be compressed.');
  }
  const bytes = bodyBytes(sent, exchange.event.isBase64Encoded === true, bodyLimit(route));
  if (bytes.byteLength === 0) throw refuse('body.missing', 'This route takes a JSON body.');
  if (!isJsonType(header(exchange, 'content-type'))) {
    throw new DomainError('unsupported-media-type', 'body.content-type', 'Send the body as application/json in UTF-8.');
  }
  const value = parseJsonBody(bytes);
  // Of parts that get a result each, each is judged for itself.
  if (route.rawBody !== true) refuseUnplain(value, '');
  return parseOrRefuse(route.body, value, '', 'body');
};

/** The caller's key for repeats, with a hash of what is asked. */
export const readIdempotency = (exchange: Exchange, route: RouteDefinition): Idempotency | undefined => {
  if (route.idempotency === undefined) return undefined;
  const key = header(exchange, 'idempotency-key');
  if (key === undefined) {
    if (route.idempotency === 'optional') return undefined;
    throw refuse('idempotency.key-required', 'Send an Idempotency-Key, so that a repeat does no harm.');
  }
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw refuse('idempotency.key-invalid', 'An Idempotency-Key has 1 to 255 visible ASCII characters.');
  }
  const { id: _id, ...others } = exchange.params;
  const asked = [route.operationId, exchange.subject?.id ?? null, others, exchange.query ?? {}, exchange.body ?? null];
  return { key, requestHash: createHash('sha256').update(canonicalJson(asked)).digest('hex') };
};
