import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod';
import { problemPages } from '#shared/edge/problem-codes.ts';
import { ApiStand, tokenOf, type Who } from '#tests/edge/api-stand.ts';
import { ids } from '#tests/edge/api-world.ts';
import inputs from './bad-inputs.json' with { type: 'json' };

const BadInput = z.strictObject({
  title: z.string(),
  as: z.enum(['agent', 'supervisor', 'field', 'billing']),
  method: z.string(),
  url: z.string(),
  headers: z.array(z.string()).default([]),
  body: z.string().optional(),
  bodyBase64: z.string().optional(),
  bodyRepeated: z.strictObject({ before: z.string(), text: z.string(), times: z.int(), after: z.string() }).optional(),
  bodyNested: z.int().optional(),
  status: z.int(),
  code: z.string(),
  /** Pointer of the first complaint about a field. */
  pointer: z.string().optional(),
});
type BadInput = z.infer<typeof BadInput>;
const cases = z.array(BadInput).parse(inputs);

let stand: ApiStand;
let number = 0;
beforeAll(async () => {
  stand = await ApiStand.open();
});
afterAll(() => stand.close());

const fill = (text: string): string =>
  text
    .replaceAll('{customerLower}', ids.own.customer.toLowerCase())
    .replaceAll('{customer}', ids.own.customer)
    .replaceAll('{account}', ids.own.account)
    .replaceAll('{premise}', ids.own.premise)
    .replaceAll('{servicePoint}', ids.own.servicePoint)
    .replaceAll('{n}', String(number));

const bodyOf = (input: BadInput): string | Uint8Array => {
  if (input.bodyBase64 !== undefined) return Buffer.from(input.bodyBase64, 'base64');
  if (input.bodyNested !== undefined) return `${'['.repeat(input.bodyNested)}${']'.repeat(input.bodyNested)}`;
  const { bodyRepeated: repeated } = input;
  if (repeated !== undefined) return `${repeated.before}${repeated.text.repeat(repeated.times)}${repeated.after}`;
  return fill(input.body ?? '');
};

/** A machine bound to a source, or staff of a role. */
const who = (input: BadInput): Who =>
  input.as === 'billing' ? { client: 'billing', scopes: ['facts:write'] } : input.as;

const logical = async (table: 'profile' | 'readings'): Promise<string> => {
  const items: unknown[] = [];
  for await (const item of stand.store.scan(table)) items.push(item);
  return JSON.stringify(items);
};

it('holds at least 200 inputs, each with a title of its own', () => {
  expect(cases.length).toBeGreaterThanOrEqual(200);
  expect(new Set(cases.map(({ title }) => title)).size).toBe(cases.length);
});

const namesSubject = (input: BadInput, status: number): boolean =>
  status !== 405 &&
  /\{(customer|account|premise|servicePoint)\}(\/|\?|$)/.test(input.url) &&
  !['route.unknown', 'not-found'].includes(input.code);

it.each(cases)('refuses $title with $status $code', async (input) => {
  number += 1;
  const before = [await logical('profile'), await logical('readings')];
  const entries = (await stand.entries()).length;
  const asked = stand.asked.length;
  const refused = [...stand.metrics.counts.values()].reduce((sum, count) => sum + count, 0);
  const answered = await stand.ask({
    method: input.method,
    url: fill(input.url),
    headers: input.headers.map(fill),
    token: await tokenOf(who(input)),
    body: bodyOf(input),
  });
  expect([answered.status, answered.json.code]).toEqual([input.status, input.code]);
  expect(answered.headers['content-type']).toBe('application/problem+json; charset=utf-8');
  expect(answered.headers['cache-control']).toBe('no-store');
  expect(answered.json).toMatchObject({
    type: `/docs/problems/${input.code}`,
    title: expect.any(String),
    detail: expect.any(String),
    requestId: answered.headers['x-request-id'],
  });
  expect(Object.hasOwn(problemPages, input.code)).toBe(true);
  if (input.pointer !== undefined)
    expect(answered.json.errors).toContainEqual(expect.objectContaining({ pointer: input.pointer }));
  expect(answered.text).not.toMatch(/node_modules|\.ts:|ZodError|SyntaxError|at Object/);
  expect(stand.asked).toHaveLength(asked);
  expect([await logical('profile'), await logical('readings')]).toEqual(before);
  const recorded = (await stand.entries()).length - entries;
  const counted = [...stand.metrics.counts.values()].reduce((sum, count) => sum + count, 0) - refused;
  expect(counted).toBe(1);
  if (namesSubject(input, input.status)) expect(recorded).toBe(1);
});

it('never answers 5xx to any of them, and logs no failure', () => {
  expect(stand.logger.lines.filter(({ level }) => level === 'error')).toEqual([]);
});
