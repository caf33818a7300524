import { expect, it } from 'vitest';
import * as z from 'zod';
import { routes } from '#functions/routes.ts';
import { openApiPages } from '#scripts/docs/openapi-page.ts';

const Operation = z.looseObject({ operationId: z.string(), parameters: z.array(z.looseObject({})) });
const Document = z.looseObject({ openapi: z.string(), paths: z.record(z.string(), z.record(z.string(), Operation)) });

const text = openApiPages().get('docs/openapi.json') ?? '';
const raw: unknown = JSON.parse(text);
const document = Document.parse(raw);

it('holds every route of the list, and no other', () => {
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => `${method.toUpperCase()} ${path} ${operation.operationId}`),
  );
  expect(described.sort()).toEqual(
    routes.map(({ method, path, operationId }) => `${method} ${path} ${operationId}`).sort(),
  );
});

const at = (pointer: string): unknown =>
  pointer
    .split('/')
    .slice(1)
    .reduce<unknown>(
      (value, name) => (typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined),
      raw,
    );

it('refers only to what it holds', () => {
  const references = [...text.matchAll(/"\$ref": "#([^"]+)"/g)].map(([, pointer = '']) => pointer);
  expect(references.length).toBeGreaterThan(0);
  expect(references.filter((pointer) => at(pointer) === undefined)).toEqual([]);
});

it('names every parameter of a path', () => {
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const operation of Object.values(methods)) {
      const named = operation.parameters
        .filter((parameter) => parameter.in === 'path')
        .map(({ name }) => `{${String(name)}}`);
      expect(named).toEqual(path.match(/\{[A-Za-z]+\}/g) ?? []);
    }
  }
});
