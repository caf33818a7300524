import { ResponseType } from 'aws-cdk-lib/aws-apigateway';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { routes } from '#functions/routes.ts';
import { functionOfRoute, type GatewayBodySettings, gatewayBody, gatewayPath } from '#infra/api/gateway-body.ts';
import { firewallAnswers } from '#infra/api/gateway-problems.ts';
import { Problem } from '#shared/contracts/api/common.ts';
import { apiScope } from '#shared/edge/actor.ts';
import { securityHeaders } from '#shared/edge/answer.ts';
import { problemPages } from '#shared/edge/problem-codes.ts';

const origins = ['https://console.example', 'https://portal.example'];
const settings: GatewayBodySettings = {
  title: 'rotunda-test-api',
  version: 'v1',
  userPoolArns: ['x', 'y'].map((pool) => `arn:aws:cognito-idp:eu-west-1:000000000000:userpool/eu-west-1_${pool}`),
  invocationUri: (name) => `invoke:${name}`,
  origins,
};

const Operation = z.looseObject({
  operationId: z.string().optional(),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  parameters: z.array(z.object({ name: z.string(), in: z.string(), required: z.boolean(), schema: z.unknown() })),
  'x-amazon-apigateway-integration': z.object({
    type: z.literal('aws_proxy'),
    httpMethod: z.literal('POST'),
    uri: z.string(),
    timeoutInMillis: z.int().max(29_000),
  }),
});
const Response = z.object({
  statusCode: z.string(),
  responseParameters: z.record(z.string(), z.string()),
  responseTemplates: z.record(z.string(), z.string()),
});
const Body = z.looseObject({
  openapi: z.string(),
  security: z.undefined().optional(),
  paths: z.record(z.string(), z.record(z.string(), Operation)),
  components: z.looseObject({ securitySchemes: z.record(z.string(), z.looseObject({})) }),
  'x-amazon-apigateway-api-key-source': z.string(),
  'x-amazon-apigateway-binary-media-types': z.array(z.string()),
  'x-amazon-apigateway-gateway-responses': z.record(z.string(), Response),
});

const bodyFor = (allowed: readonly string[]) => Body.parse(gatewayBody(routes, { ...settings, origins: allowed }));
const body = bodyFor(origins);
const operations = Object.entries(body.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
);
const served = operations.filter(({ method }) => method !== 'OPTIONS');

describe('the routes of the gateway', () => {
  it('are those of the route list below the stage v1, no more and no fewer', () => {
    const named = served.map(({ method, path }) => `${method} /v1${path}`).sort();
    expect(named).toEqual(routes.map(({ method, path }) => `${method} ${path}`).sort());
    expect(named.length).toBeGreaterThan(20);
  });

  it('carry the names of their operations and lead to the function that answers them', () => {
    for (const route of routes) {
      const operation = body.paths[gatewayPath(route)]?.[route.method.toLowerCase()];
      expect(operation?.operationId).toBe(route.operationId);
      expect(operation?.['x-amazon-apigateway-integration'].uri).toBe(`invoke:${functionOfRoute(route)}`);
    }
    expect(routes.filter(({ operationId }) => operationId === 'searchCustomers').map(functionOfRoute)).toEqual([
      'search',
    ]);
    expect(routes.filter(({ operationId }) => operationId === 'readAccessLog').map(functionOfRoute)).toEqual([
      'access-log',
    ]);
  });

  it('want a token with the scope of the API, but for those of the act `public`, which want none', () => {
    for (const route of routes) {
      const security = body.paths[gatewayPath(route)]?.[route.method.toLowerCase()]?.security;
      const wanted =
        route.operationId === 'sendFacts' ? [{ signIn: [apiScope] }, { api_key: [] }] : [{ signIn: [apiScope] }];
      expect(security, route.operationId).toEqual(route.act === 'public' ? [] : wanted);
    }
    expect(body.components.securitySchemes.signIn).toMatchObject({
      in: 'header',
      name: 'Authorization',
      'x-amazon-apigateway-authorizer': { type: 'cognito_user_pools', providerARNs: settings.userPoolArns },
    });
  });

  it('count by the header x-api-key who sends facts', () => {
    expect(body['x-amazon-apigateway-api-key-source']).toBe('HEADER');
    expect(body.components.securitySchemes.api_key).toEqual({ type: 'apiKey', name: 'x-api-key', in: 'header' });
  });

  it('declare every parameter of their paths', () => {
    for (const { path, operation } of operations) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name, in: 'path', required: true }));
      expect(operation.parameters.map(({ name, in: place, required }) => ({ name, in: place, required }))).toEqual(
        named,
      );
    }
  });

  it('answer a preflight on every path by a function, without a token', () => {
    const preflights = operations.filter(({ method }) => method === 'OPTIONS');
    expect(preflights.map(({ path }) => path).sort()).toEqual(Object.keys(body.paths).sort());
    for (const { path, operation } of preflights) {
      expect(operation.security).toEqual([]);
      const here = routes.filter((route) => gatewayPath(route) === path).map(functionOfRoute);
      expect(here.map((name) => `invoke:${name}`)).toContain(operation['x-amazon-apigateway-integration'].uri);
    }
  });

  it('let bodies through as bytes, since functions answer gzip', () => {
    expect(body['x-amazon-apigateway-binary-media-types']).toEqual(['*/*']);
  });

  it('must lie below v1 and belong to a function', () => {
    const [route] = routes;
    if (route === undefined) throw new Error('no routes');
    expect(() => gatewayBody([{ ...route, path: '/v2/health' }], settings)).toThrow(/not below/);
    expect(() => gatewayBody([{ ...route, capability: 'weather' }], settings)).toThrow(/no function answers/);
  });
});

describe('what the gateway says itself', () => {
  const responses = Object.entries(body['x-amazon-apigateway-gateway-responses']);
  const headersOf = (response: z.infer<typeof Response>) =>
    Object.fromEntries(
      Object.entries(response.responseParameters).map(([name, value]) => [
        name.replace('gatewayresponse.header.', ''),
        value,
      ]),
    );
  const documentOf = (response: z.infer<typeof Response>) =>
    Problem.strict().parse(JSON.parse(response.responseTemplates['application/json'] ?? ''));

  it('covers every type of response the gateway has', () => {
    const types = Object.values(ResponseType).flatMap((type: unknown) =>
      type instanceof ResponseType ? [type.responseType] : [],
    );
    expect(types.length).toBeGreaterThan(18);
    expect(responses.map(([type]) => type).sort()).toEqual(types.sort());
  });

  it.each(responses)(
    '%s is a problem document with a page, the status it says, and nothing of the request',
    (_type, response) => {
      const document = documentOf(response);
      expect(String(document.status)).toBe(response.statusCode);
      expect(problemPages[document.code]).toBeDefined();
      expect(document.type).toBe(`/docs/problems/${document.code}`);
      expect(document.requestId).toBe('$context.requestId');
      expect(Object.keys(response.responseTemplates)).toEqual(['application/json']);
      expect(JSON.stringify(response).match(/\$?context\.\w+/g)).toEqual(['context.requestId', '$context.requestId']);
      expect(headersOf(response)).toMatchObject({
        'Content-Type': "'application/problem+json; charset=utf-8'",
        'X-Request-Id': 'context.requestId',
        ...Object.fromEntries(Object.entries(securityHeaders).map(([name, value]) => [name, `'${value}'`])),
      });
    },
  );

  it('says when to come back where it was too much or nobody was there', () => {
    for (const [type, response] of responses) {
      const wait = headersOf(response)['Retry-After'];
      if (['429', '503'].includes(response.statusCode)) expect(wait, type).toMatch(/^'[1-9]\d*'$/);
      else expect(wait, type).toBeUndefined();
    }
    expect(
      responses
        .filter(([, { statusCode }]) => statusCode === '429')
        .map(([type]) => type)
        .sort(),
    ).toEqual(['QUOTA_EXCEEDED', 'THROTTLED']);
  });

  it('asks for a token by WWW-Authenticate where none is taken', () => {
    const asked = responses.filter(([, response]) => headersOf(response)['WWW-Authenticate'] === "'Bearer'");
    expect(asked.map(([, { statusCode }]) => statusCode)).toEqual(asked.map(() => '401'));
    expect(asked.map(([type]) => type)).toContain('UNAUTHORIZED');
  });

  it('calls a path or method that is not served unknown, not forbidden', () => {
    const response = body['x-amazon-apigateway-gateway-responses'].MISSING_AUTHENTICATION_TOKEN;
    expect(response === undefined ? undefined : documentOf(response)).toMatchObject({
      status: 404,
      code: 'route.unknown',
    });
  });

  it('tells a sender without a key from one without rights, and a day that is used up from a moment that is', () => {
    const said = (type: string) => {
      const response = body['x-amazon-apigateway-gateway-responses'][type];
      if (response === undefined) throw new Error(`no response ${type}`);
      const { status, code } = documentOf(response);
      return [status, code, headersOf(response)['Retry-After']];
    };
    expect(said('INVALID_API_KEY')).toEqual([403, 'api-key.refused', undefined]);
    expect(said('ACCESS_DENIED')).toEqual([403, 'access.denied', undefined]);
    expect(said('QUOTA_EXCEEDED')).toEqual([429, 'requests.quota', "'3600'"]);
    expect(said('THROTTLED')).toEqual([429, 'requests.too-many', "'1'"]);
  });

  it('lets a page of any origin see what was refused, and sends no credentials by it', () => {
    for (const [type, response] of responses) {
      expect(headersOf(response), type).toMatchObject({
        'Access-Control-Allow-Origin': "'*'",
        'Access-Control-Expose-Headers': expect.stringContaining('Retry-After'),
      });
      expect(Object.keys(headersOf(response)), type).not.toContain('Access-Control-Allow-Credentials');
    }
  });

  it('says nothing of origins where no page may call', () => {
    for (const response of Object.values(bodyFor([])['x-amazon-apigateway-gateway-responses'])) {
      expect(Object.keys(headersOf(response)).filter((name) => name.startsWith('Access-Control'))).toEqual([]);
    }
  });
});

describe('what the firewall says itself', () => {
  const answers = Object.entries(firewallAnswers(origins));

  it.each(answers)('%s is a problem document with a page and the status it says', (_name, { status, body: said }) => {
    const document = Problem.strict().parse(JSON.parse(said));
    expect(document.status).toBe(status);
    expect(problemPages[document.code]).toBeDefined();
    // The firewall takes 4 KB (AWS WAF quotas).
    expect(Buffer.byteLength(said)).toBeLessThan(4096);
  });

  it.each(answers)('%s can be read by a page of any origin and is kept by nobody', (_name, { headers }) => {
    expect(headers).toMatchObject({
      'Access-Control-Allow-Origin': '*',
      'Access-Control-Expose-Headers': expect.stringContaining('Retry-After'),
      'Cache-Control': 'no-store',
    });
    expect(Object.keys(headers).map((name) => name.toLowerCase())).not.toContain('content-type');
    expect(Object.keys(headers).length).toBeLessThanOrEqual(10);
  });

  it('tells who sends too much when to come back, and says nothing of origins where no page may call', () => {
    const { tooMany, tooLarge } = firewallAnswers([]);
    expect([tooMany.status, tooMany.headers['Retry-After'], tooLarge.status]).toEqual([429, '60', 413]);
    for (const { headers } of [tooMany, tooLarge])
      expect(Object.keys(headers).filter((name) => name.startsWith('Access-Control'))).toEqual([]);
  });
});
