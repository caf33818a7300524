import { expect, it } from 'vitest';
import * as z from 'zod';
import { routes } from '#functions/routes.ts';
import { answerMarks } from '#shared/access/field-matrix.ts';
import type { ResponseMarks } from '#shared/contracts/api/definition.ts';
import { openApiDocument } from '#shared/contracts/api/openapi.ts';

type Json = { readonly [name: string]: unknown };
const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Paths of every field of a schema, down to what a mark covers. */
const uncovered = (schema: Json, marks: ResponseMarks, path = ''): string[] => {
  if (path !== '' && marks[path] !== undefined) return [];
  const alternatives = [schema.anyOf, schema.oneOf, schema.allOf].flatMap((many) => (Array.isArray(many) ? many : []));
  const structured = alternatives.filter(
    (one): one is Json => isJson(one) && (isJson(one.properties) || isJson(one.items)),
  );
  if (structured.length > 0) return structured.flatMap((one) => uncovered(one, marks, path));
  if (isJson(schema.items)) return uncovered(schema.items, marks, `${path}[]`);
  if (!isJson(schema.properties)) return [path];
  return Object.entries(schema.properties).flatMap(([name, member]) =>
    uncovered(isJson(member) ? member : {}, marks, path === '' ? name : `${path}.${name}`),
  );
};

/** Whether a path leads to something in a schema. */
const leads = (schema: unknown, steps: readonly string[]): boolean => {
  if (!isJson(schema)) return false;
  const [step, ...rest] = steps;
  if (step === undefined) return true;
  const alternatives = [schema.anyOf, schema.oneOf].flatMap((many) => (Array.isArray(many) ? many : []));
  if (alternatives.some((one) => leads(one, steps))) return true;
  if (step === '[]') return leads(schema.items, rest);
  return isJson(schema.properties) && leads(schema.properties[step], rest);
};

const schemaOf = (schema: z.ZodType): Json => z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' });
const withAnswer = routes.filter((route) => (route.status ?? 200) !== 204);

it.each(withAnswer.map((route) => [route.operationId, route] as const))(
  '%s: every field of the answer has a class',
  (_id, route) => {
    expect(uncovered(schemaOf(route.response), route.marks)).toEqual([]);
  },
);

it('finds a field that somebody forgot to mark', () => {
  const schema = z.object({
    id: z.string(),
    bank: z.object({ sortCode: z.string() }),
    list: z.array(z.object({ a: z.int() })),
  });
  expect(uncovered(schemaOf(schema), { id: 'plain' })).toEqual(['bank.sortCode', 'list[].a']);
});

it.each(
  withAnswer.filter((route) => route.operationId !== 'readOpenApi').map((route) => [route.operationId, route] as const),
)('%s: every mark is of a field, and of a class the policy knows', (_id, route) => {
  const schema = schemaOf(route.response);
  for (const [path, mark] of Object.entries(route.marks)) {
    const steps = path
      .replaceAll('[]', '.[]')
      .split('.')
      .filter((step) => step !== '');
    expect([path, leads(schema, steps)]).toEqual([path, true]);
    const marks = typeof mark === 'string' ? [mark] : [...Object.values(mark.cases), mark.otherwise];
    for (const one of marks) expect([...answerMarks, 'shaped']).toContain(one);
  }
});

it('names each operation once, and each method on a path once', () => {
  expect(new Set(routes.map((route) => route.operationId)).size).toBe(routes.length);
  expect(new Set(routes.map((route) => `${route.method} ${route.path}`)).size).toBe(routes.length);
});

it('promises these routes, and no other', () => {
  expect(routes.map((route) => `${route.method} ${route.path}`).sort()).toEqual(
    [
      'GET /v1/health',
      'GET /v1/openapi.json',
      'POST /v1/facts',
      'GET /v1/facts/{id}',
      'GET /v1/customers',
      'POST /v1/customers',
      'GET /v1/customers/{id}',
      'PATCH /v1/customers/{id}',
      'GET /v1/customers/{id}/360',
      'GET /v1/customers/{id}/timeline',
      'POST /v1/customers/{id}/interactions',
      'GET /v1/customers/{id}/explain',
      'POST /v1/customers/{id}/pins',
      'DELETE /v1/customers/{id}/pins/{factId}',
      'GET /v1/change-requests',
      'GET /v1/customers/{id}/change-requests',
      'POST /v1/customers/{id}/change-requests/{requestId}/decision',
      'POST /v1/customers/{id}/contact-points',
      'PATCH /v1/customers/{id}/contact-points/{pointId}',
      'DELETE /v1/customers/{id}/contact-points/{pointId}',
      'GET /v1/customers/{id}/access-log',
      'POST /v1/customers/{id}/erasure',
      'GET /v1/customers/{id}/erasure',
      'POST /v1/customers/{id}/erasure/decision',
      'GET /v1/erasure-requests',
      'GET /v1/customers/{id}/accounts',
      'GET /v1/duplicates',
      'POST /v1/duplicates/{id}/decision',
      'POST /v1/merges',
      'POST /v1/merges/{id}/undo',
      'GET /v1/accounts/{id}',
      'GET /v1/accounts/{id}/agreements',
      'GET /v1/accounts/{id}/bills',
      'GET /v1/accounts/{id}/payments',
      'GET /v1/accounts/{id}/ledger',
      'POST /v1/accounts/{id}/payments',
      'POST /v1/accounts/{id}/payments/{paymentId}/reversal',
      'POST /v1/accounts/{id}/payments/{paymentId}/reversal/decision',
      'GET /v1/reversal-requests',
      'POST /v1/outages',
      'GET /v1/outages/{id}',
      'POST /v1/outages/{id}/restoration',
      'GET /v1/premises/{id}',
      'GET /v1/service-points/{id}',
      'GET /v1/service-points/{id}/usage',
      'GET /v1/service-points/{id}/insights',
      'POST /v1/service-points/{id}/insights/{insightId}/decision',
      'GET /v1/service-points/{id}/exceptions',
      'POST /v1/service-points/{id}/exceptions/{exceptionId}/resolution',
      'GET /v1/service-points/{id}/corrections',
      'POST /v1/service-points/{id}/corrections',
      'POST /v1/service-points/{id}/corrections/{factId}/undo',
      'POST /v1/service-points/{id}/settlements',
      'POST /v1/service-points/{id}/settlements/{factId}/undo',
      'GET /v1/service-points/{id}/green-button',
      'GET /v1/service-points/{id}/usage-file',
      'POST /v1/meters',
      'GET /v1/meters/{id}',
      'POST /v1/meters/{id}/key-exchange',
      'POST /v1/meters/{id}/settlements',
      'POST /v1/meters/{id}/settlements/{factId}/undo',
      'GET /v1/tariffs',
      'GET /v1/tariffs/{id}',
      'PUT /v1/tariffs/{id}',
      'GET /v1/weather-areas',
      'GET /v1/weather-areas/{id}/temperatures',
      'PUT /v1/weather-areas/{id}/temperatures',
      'POST /v1/imports',
      'GET /v1/imports/{id}',
      'GET /v1/imports/{id}/errors',
      'POST /v1/imports/{id}/undo',
    ].sort(),
  );
});

it('lets a change happen only on a version that was seen, and money only where a repeat does no harm', () => {
  for (const route of routes) {
    if (route.method === 'PATCH' || route.method === 'DELETE')
      expect([route.operationId, route.ifMatch]).toEqual([route.operationId, true]);
    if (route.method !== 'GET') expect(route.act).not.toBe('public');
  }
  for (const money of ['takePayment', 'reversePayment', 'decideReversal', 'requestErasure', 'decideErasure'])
    expect(routes.find((route) => route.operationId === money)?.idempotency).toBe('required');
});

it('marks every answer about a person as personal, so that each look at it is recorded', () => {
  const open = [
    'readHealth',
    'readOpenApi',
    'registerMeter',
    'listWeatherAreas',
    'putTemperatures',
    'readTemperatures',
    'listTariffs',
    'readTariff',
    'putTariff',
  ];
  expect(routes.filter((route) => !route.personal).map((route) => route.operationId)).toEqual(open);
});

it('describes each route in OpenAPI, and promises no field there that some callers do not get', () => {
  const document = openApiDocument(routes, { version: '0.1.0' });
  const paths = z
    .record(z.string(), z.record(z.string(), z.looseObject({ operationId: z.string() })))
    .parse(document.paths);
  const described = Object.values(paths).flatMap((methods) =>
    Object.values(methods).map(({ operationId }) => operationId),
  );
  expect(described.sort()).toEqual(routes.map((route) => route.operationId).sort());
  const account = JSON.stringify(paths['/v1/accounts/{id}']?.get);
  expect(account).toContain('"balance"');
  expect(account).not.toMatch(/"required":\[[^\]]*"(balance|lastPayments)"/);
  expect(account).toMatch(/"required":\[[^\]]*"status"/);
  expect(JSON.stringify(document)).not.toMatch(/"\$schema"/);
});
