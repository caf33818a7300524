import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { routes } from '#functions/routes.ts';
import { parseQuery, proxyEvent } from '#local/http-server-event.ts';
import type { RouteDefinition } from '#shared/contracts/api/definition.ts';
import { largestJson, longestQuery } from '#shared/contracts/api/largest.ts';
import { bodyLimit, classBytes, queryLimit, requestClass } from '#shared/contracts/api/limits.ts';
import { openApiDocument } from '#shared/contracts/api/openapi.ts';
import type { Exchange } from '#shared/edge/exchange.ts';
import { readBody, readQuery } from '#shared/edge/request.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { largestValue, written } from '#tests/support/largest-value.ts';

const withBody = routes.filter(({ body }) => body !== undefined);
const withQuery = routes.filter(({ query }) => query !== undefined);
const schemaOf = (schema: z.ZodType | undefined): z.ZodType => {
  if (schema === undefined) throw new TypeError('the route takes none');
  return schema;
};

/** A request on its way to its operation, as the gateway hands it over. */
const exchangeOf = (
  route: RouteDefinition,
  { body = '', query = '' }: { readonly body?: string; readonly query?: string },
): Exchange => ({
  event: proxyEvent(
    {
      method: route.method,
      path: route.path,
      query,
      headers: [],
      body: Buffer.from(body),
      sourceIp: '127.0.0.1',
      requestId: 'r1',
      at: 0,
    },
    { resource: route.path, pathParameters: {} },
    parseQuery(query) ?? {},
  ),
  requestId: 'r1',
  entryId: 'e1',
  startedAt: 0,
  headers: new Map([['content-type', ['application/json']]]),
  answerHeaders: {},
  params: {},
});

/** What the edge says of a request: nothing, where it takes it as it is. */
const refusalOf = (read: () => unknown): DomainError | undefined => {
  try {
    read();
    return undefined;
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
};

/** Complaints about how parts fit together (a date before another) are of no matter here: sizes alone are asked for. */
const complaintsOfShape = (refusal: DomainError | undefined): readonly string[] =>
  refusal === undefined || refusal.kind === 'invalid'
    ? (refusal?.errors ?? [])
        .filter(({ code }) => code !== 'field.custom')
        .map(({ pointer, code }) => `${pointer} ${code}`)
    : [refusal.code];

/** The largest body of a route: by its schema, or as large as the route states. */
const largestBody = (route: RouteDefinition): string => {
  if (route.bodyBytes === undefined) return written(largestValue(schemaOf(route.body)));
  const sent = route.operationId === 'sendFacts' ? { facts: [''] } : { mapping: { about: '' } };
  const whole = route.operationId === 'sendFacts' ? sent : { format: 'csv', bytes: 1, sha256: '0'.repeat(64), ...sent };
  const empty = JSON.stringify(whole);
  return empty.replace('""', `"${'x'.repeat(route.bodyBytes - empty.length)}"`);
};

describe('the largest body of a route', () => {
  it.each(withBody.map((route) => [`${route.method} ${route.path}`, route] as const))('%s is taken', (_name, route) => {
    const body = largestBody(route);
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(bodyLimit(route));
    expect(complaintsOfShape(refusalOf(() => readBody(exchangeOf(route, { body }), route)))).toEqual([]);
  });

  it.each(withBody.map((route) => [`${route.method} ${route.path}`, route] as const))(
    '%s is measured as it is built, within a hundredth',
    (_name, route) => {
      if (route.bodyBytes !== undefined) return;
      const built = Buffer.byteLength(largestBody(route));
      const measured = largestJson(schemaOf(route.body));
      expect(built).toBeLessThanOrEqual(measured);
      expect(built).toBeGreaterThan(0.99 * measured - 32);
    },
  );

  it.each(withBody.map((route) => [`${route.method} ${route.path}`, route] as const))(
    '%s and blanks up to the limit are taken, one byte more is refused',
    (_name, route) => {
      const full = largestBody(route).padEnd(bodyLimit(route), ' ');
      expect(complaintsOfShape(refusalOf(() => readBody(exchangeOf(route, { body: full }), route)))).toEqual([]);
      const refusal = refusalOf(() => readBody(exchangeOf(route, { body: `${full} ` }), route));
      expect([refusal?.kind, refusal?.code]).toEqual(['too-large', 'body.too-large']);
      expect(refusal?.message).toContain(String(bodyLimit(route)));
    },
  );

  it('is stated at the route only where its schema has no bound, and within its class', () => {
    const stated = withBody.filter(({ bodyBytes }) => bodyBytes !== undefined);
    expect(stated.map(({ operationId }) => operationId).sort()).toEqual(['sendFacts', 'startImport']);
    for (const { body } of stated) expect(() => largestJson(schemaOf(body))).toThrow(/has no bound/);
    for (const route of routes) expect(bodyLimit(route)).toBeLessThanOrEqual(classBytes[requestClass(route)]);
  });

  it('is said with the body in the API document', () => {
    const Operation = z.looseObject({ requestBody: z.looseObject({ description: z.string() }).optional() });
    const { paths } = z
      .looseObject({ paths: z.record(z.string(), z.record(z.string(), Operation)) })
      .parse(openApiDocument(routes, { version: '1' }));
    for (const route of routes) {
      const said = paths[route.path]?.[route.method.toLowerCase()]?.requestBody?.description;
      const wanted = `At most ${bodyLimit(route).toLocaleString('en')} bytes.`;
      expect(said, route.operationId).toBe(route.body === undefined ? undefined : wanted);
    }
  });
});

describe('the longest query of a route', () => {
  it.each(withQuery.map((route) => [`${route.method} ${route.path}`, route] as const))(
    '%s is taken, and no longer than it is measured',
    (_name, route) => {
      const members = z.record(z.string(), z.string()).parse(largestValue(schemaOf(route.query)));
      const query = Object.entries(members)
        .map(([name, value]) => `${name}=${encodeURIComponent(value.replaceAll('Ж', '猫'))}`)
        .join('&');
      expect(query.length).toBeLessThanOrEqual(queryLimit(route));
      // Of an instant each character is counted as one that is encoded; in a long query that is little.
      if (query.length > 2048) expect(query.length).toBeGreaterThan(0.85 * queryLimit(route));
      const complaints = complaintsOfShape(refusalOf(() => readQuery(exchangeOf(route, { query }), route)));
      // Its longest text is more than a page holds.
      expect(complaints.filter((complaint) => complaint !== '/query/limit field.too-big')).toEqual([]);
    },
  );
});

describe('a schema without a bound', () => {
  it.each<[string, z.ZodType, RegExp]>([
    ['a text', z.strictObject({ note: z.string() }), /^note has no bound: a text/],
    ['a text of a pattern that repeats for ever', z.strictObject({ note: z.string().regex(/^a+$/) }), /^note /],
    ['a text of a pattern that has no end', z.strictObject({ note: z.string().regex(/^abc/) }), /^note /],
    ['a list', z.strictObject({ values: z.array(z.int()) }), /^values has no bound: a list/],
    ['a record', z.strictObject({ by: z.record(z.string(), z.int()) }), /^by has no bound: members/],
    ['members that are not known', z.strictObject({ inner: z.looseObject({}) }), /^inner has no bound: members/],
    ['anything', z.strictObject({ list: z.array(z.unknown()).max(3) }), /^list\[\] has no bound: a value/],
  ])('%s is named by its place', (_what, schema, message) => {
    expect(() => largestJson(schema)).toThrow(message);
  });

  it('is refused in a query too', () => {
    expect(() => longestQuery(z.strictObject({ q: z.string() }))).toThrow(/^q has no bound/);
  });
});

describe('a measured schema', () => {
  it.each<[string, z.ZodType, string]>([
    ['texts count six bytes for a unit', z.string().max(2), '"\\u0416\\u0416"'],
    ['texts of figures count one', z.string().regex(/^\d{3}$/), '"123"'],
    ['lines count two for their end', z.string().regex(/^(A\n){2}$/), '"A\\nA\\n"'],
    ['whole numbers count their sign', z.int().min(-900).max(60), '-900'],
    ['of alternatives the largest counts', z.union([z.literal('a'), z.enum(['bcd', 'e']), z.null()]), '"bcd"'],
    [
      'lists and objects count their blanks',
      z.array(z.strictObject({ a: z.boolean() })).max(2),
      '[{"a": false}, {"a": false}]',
    ],
    [
      'what may be absent counts',
      z.strictObject({ a: z.int().min(0).max(9).optional(), b: z.null() }),
      '{"a": 9, "b": null}',
    ],
    [
      'the input counts where a value is made another',
      z
        .string()
        .regex(/^\d{2}$/)
        .transform(Number),
      '"12"',
    ],
  ])('%s', (_what, schema, largest) => {
    expect(largestJson(schema)).toBe(largest.length);
  });
});
