import * as z from 'zod';
import { longestReason } from '#shared/vocabulary/reason.ts';
import { Problem } from './common.ts';
import type { ResponseMarks, RouteDefinition } from './definition.ts';
import { bodyLimit } from './limits.ts';

type Json = { readonly [member: string]: unknown };

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

const jsonSchema = (schema: z.ZodType, io: 'input' | 'output'): Json => {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
};

/** Whether a field leaves for every caller who may use the route. */
const alwaysLeaves = (marks: ResponseMarks, path: string): boolean => {
  const mark = marks[path];
  if (mark !== undefined) return mark === 'plain' || mark === 'shaped';
  return Object.keys(marks).some((known) => known.startsWith(`${path}.`) || known.startsWith(`${path}[]`));
};

/** Takes from `required` what the policy may leave out for some callers. */
const withoutPromises = (schema: Json, marks: ResponseMarks, path: string): Json => {
  if (path !== '' && marks[path] !== undefined) return schema;
  if (isJson(schema.items)) return { ...schema, items: withoutPromises(schema.items, marks, `${path}[]`) };
  if (!isJson(schema.properties)) return schema;
  const below = (name: string): string => (path === '' ? name : `${path}.${name}`);
  const properties = Object.fromEntries(
    Object.entries(schema.properties).map(([name, member]) => [
      name,
      isJson(member) ? withoutPromises(member, marks, below(name)) : member,
    ]),
  );
  const required = (Array.isArray(schema.required) ? schema.required : []).filter(
    (name) => typeof name === 'string' && alwaysLeaves(marks, below(name)),
  );
  const { required: _required, ...rest } = schema;
  return { ...rest, properties, ...(required.length === 0 ? {} : { required }) };
};

const subjectNames: Readonly<Record<RouteDefinition['subject'], string>> = {
  none: 'thing',
  customer: 'customer',
  account: 'account',
  premise: 'premise',
  servicePoint: 'service point',
  meter: 'meter',
  outage: 'outage',
  fact: 'fact',
  merge: 'merge',
  duplicate: 'duplicate',
};

/** What a path names that has no id, by the word before it. */
const namedParameters: Readonly<Record<string, string>> = {
  tariffs: 'The tariff: the code that agreements name, 1 to 40 characters.',
  'weather-areas':
    'The area: `region:` and an outage region, `postcode:` with a country and a postcode (of a British one the sector), e.g. `postcode:GB LS14`, or `all`.',
};

const pathParameters = (route: RouteDefinition): Json[] =>
  [...route.path.matchAll(/\{([A-Za-z]+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    description:
      namedParameters[route.path.split('/')[2] ?? ''] ??
      (name === 'id' && route.subject !== 'fact'
        ? `The ${subjectNames[route.subject]}: its id, or a reference to it as namespace:value (percent-encoded where needed).`
        : `Id of the ${name === 'id' ? subjectNames[route.subject] : 'contact point'}.`),
    schema: { type: 'string', minLength: 1 },
  }));

const queryParameters = (route: RouteDefinition): Json[] => {
  if (route.query === undefined) return [];
  const schema = jsonSchema(route.query, 'input');
  const required = Array.isArray(schema.required) ? schema.required : [];
  return Object.entries(isJson(schema.properties) ? schema.properties : {}).map(([name, member]) => {
    const { description, ...rest } = isJson(member) ? member : {};
    return {
      name,
      in: 'query',
      required: required.includes(name),
      ...(description === undefined ? {} : { description }),
      schema: rest,
    };
  });
};

const headerParameters = (route: RouteDefinition): Json[] => [
  ...(route.personal && route.act !== 'public' ? [{ $ref: '#/components/parameters/Purpose' }] : []),
  ...(route.reason === 'header' ? [{ $ref: '#/components/parameters/ReasonRequired' }] : []),
  ...(route.reason === 'optional' ? [{ $ref: '#/components/parameters/Reason' }] : []),
  ...(route.ifMatch === true ? [{ $ref: '#/components/parameters/IfMatch' }] : []),
  ...(route.idempotency === undefined
    ? []
    : [{ $ref: `#/components/parameters/IdempotencyKey${route.idempotency === 'required' ? 'Required' : ''}` }]),
  ...(route.metered === true ? [{ $ref: '#/components/parameters/ApiKey' }] : []),
];

/** Statuses of problems a route may answer with. */
const problemStatuses = (route: RouteDefinition): number[] => [
  400,
  ...(route.act === 'public' ? [] : [401, 403]),
  ...(route.subject === 'none' && route.bodySubject === undefined ? [] : [404]),
  ...(route.body === undefined ? [] : [409, 413, 415]),
  ...(route.ifMatch === true ? [412, 428] : []),
  422,
  ...(route.metered === true ? [429] : []),
  503,
];

const goodResponse = (route: RouteDefinition): Json => {
  const status = route.status ?? 200;
  if (status === 204) return { description: 'Done.' };
  const requestId = { 'X-Request-Id': { schema: { type: 'string' } } };
  if (route.file !== undefined)
    return {
      description: route.summary,
      headers: {
        ...requestId,
        'Content-Disposition': { description: 'Names the file.', schema: { type: 'string' } },
      },
      content: Object.fromEntries(route.file.map((type) => [type, { schema: { type: 'string' } }])),
    };
  const schema = withoutPromises(jsonSchema(route.response, 'output'), route.marks, '');
  return { description: route.summary, headers: requestId, content: { 'application/json': { schema } } };
};

const operationOf = (route: RouteDefinition): Json => ({
  operationId: route.operationId,
  summary: route.summary,
  ...(route.description === undefined ? {} : { description: route.description }),
  tags: [route.capability],
  ...(route.act === 'public' ? { security: [] } : {}),
  parameters: [...pathParameters(route), ...queryParameters(route), ...headerParameters(route)],
  ...(route.body === undefined
    ? {}
    : {
        requestBody: {
          description: `At most ${bodyLimit(route).toLocaleString('en')} bytes.`,
          required: true,
          content: { 'application/json': { schema: jsonSchema(route.body, 'input') } },
        },
      }),
  responses: {
    [String(route.status ?? 200)]: goodResponse(route),
    ...Object.fromEntries(
      problemStatuses(route).map((status) => [String(status), { $ref: '#/components/responses/Problem' }]),
    ),
  },
  'x-rotunda-act': route.act,
});

const purposes = ['service', 'billing', 'debt', 'safety', 'privacy', 'audit', 'test'];

const reason = {
  description:
    'Why, on one line; it stands in the audit for good, so it should name nobody. Percent-encoded as UTF-8 where it is not ASCII.',
  schema: { type: 'string', minLength: 3, maxLength: 3 * longestReason },
};

const oauthScheme = ({ who, tokenUrl, authorizationUrl }: OpenApiSignIn): Json => ({
  type: 'oauth2',
  description: `${who}: code with PKCE.`,
  flows: { authorizationCode: { authorizationUrl, tokenUrl, scopes: { 'rotunda/api': 'Use this API.' } } },
});

const components = (signIns: readonly OpenApiSignIn[]): Json => ({
  parameters: {
    Purpose: {
      name: 'Rotunda-Purpose',
      in: 'header',
      description: 'What the data is for. Staff who may read for several purposes must say it.',
      schema: { type: 'string', enum: purposes },
    },
    Reason: { name: 'Rotunda-Reason', in: 'header', ...reason },
    ReasonRequired: { name: 'Rotunda-Reason', in: 'header', required: true, ...reason },
    IfMatch: {
      name: 'If-Match',
      in: 'header',
      required: true,
      description: 'ETag of what was last read, e.g. "v17".',
      schema: { type: 'string', pattern: '^"v[1-9][0-9]*"$' },
    },
    IdempotencyKey: {
      name: 'Idempotency-Key',
      in: 'header',
      description: 'The same key with the same request is done once and answered alike for 24 hours.',
      schema: { type: 'string', minLength: 1, maxLength: 255 },
    },
    IdempotencyKeyRequired: {
      name: 'Idempotency-Key',
      in: 'header',
      required: true,
      description: 'The same key with the same request is done once and answered alike for 24 hours.',
      schema: { type: 'string', minLength: 1, maxLength: 255 },
    },
    ApiKey: {
      name: 'x-api-key',
      in: 'header',
      description:
        "The caller's own client id (`client_id` of its token), by which its calls are counted. It is no secret. A deployed gateway asks for it; on one machine it may be left out.",
      schema: { type: 'string', minLength: 1, maxLength: 128 },
    },
  },
  responses: {
    Problem: {
      description: 'What went wrong (RFC 9457).',
      content: { 'application/problem+json': { schema: jsonSchema(Problem, 'output') } },
    },
  },
  securitySchemes: {
    token: {
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'JWT',
      description: 'An access token with the scope rotunda/api.',
    },
    ...Object.fromEntries(signIns.map((signIn) => [signIn.name, oauthScheme(signIn)])),
  },
});

/** A place where people sign in: its name in the document, and who they are. */
export interface OpenApiSignIn {
  readonly name: string;
  readonly who: string;
  readonly tokenUrl: string;
  readonly authorizationUrl: string;
}

/** Addresses and version that stand in the document. */
export interface OpenApiSettings {
  readonly version: string;
  readonly serverUrl?: string;
  readonly signIns?: readonly OpenApiSignIn[];
}

/** The OpenAPI 3.1 document of the routes: what is served, committed and shown in the docs. */
export const openApiDocument = (routes: readonly RouteDefinition[], settings: OpenApiSettings): Json => {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operationOf(route) };
  }
  const { signIns = [] } = settings;
  return {
    openapi: '3.1.0',
    info: {
      title: 'Rotunda',
      version: settings.version,
      description: 'One true customer profile for utilities, from meter to view.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    ...(settings.serverUrl === undefined ? {} : { servers: [{ url: settings.serverUrl }] }),
    security: [{ token: [] }, ...signIns.map(({ name }) => ({ [name]: [] }))],
    tags: [...new Set(routes.map((route) => route.capability))].map((name) => ({ name })),
    paths,
    components: components(signIns),
  };
};
