import { afterAll, beforeAll, expect, it } from 'vitest';
import { problemPages } from '#shared/edge/problem-codes.ts';
import { ApiStand, tokenOf } from '#tests/edge/api-stand.ts';
import { ids } from '#tests/edge/api-world.ts';
import { bodyOf, cases, fill, namesSubject, who } from './bad-input-cases.ts';

let stand: ApiStand;
let number = 0;
beforeAll(async () => {
  stand = await ApiStand.open();
});
afterAll(() => stand.close());

const logical = async (table: 'profile' | 'readings'): Promise<string> => {
  const items: unknown[] = [];
  for await (const item of stand.store.scan(table)) items.push(item);
  return JSON.stringify(items);
};

it('holds at least 200 inputs, each with a title of its own', () => {
  expect(cases.length).toBeGreaterThanOrEqual(200);
  expect(new Set(cases.map(({ title }) => title)).size).toBe(cases.length);
});

it.each(cases)('refuses $title with $status $code', async (input) => {
  number += 1;
  const before = [await logical('profile'), await logical('readings')];
  const entries = (await stand.entries()).length;
  const asked = stand.asked.length;
  const refused = [...stand.metrics.counts.values()].reduce((sum, count) => sum + count, 0);
  const answered = await stand.ask({
    method: input.method,
    url: fill(input.url, ids.own, number),
    headers: input.headers.map((header) => fill(header, ids.own, number)),
    token: await tokenOf(who(input)),
    body: bodyOf(input, ids.own, number),
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
  // Attempts of one kind on one subject are joined; one at a change that names none is the caller's own.
  expect(recorded).toBeLessThanOrEqual(namesSubject(input, input.status) || input.method !== 'GET' ? 1 : 0);
});

it('never answers 5xx to any of them, and logs no failure', () => {
  expect(stand.logger.lines.filter(({ level }) => level === 'error')).toEqual([]);
});

it('takes a meter without a certificate request: it is announced, and asks for its certificate itself', async () => {
  const announced = cases.find(({ title }) => title === 'a meter whose certificate request is empty');
  if (announced === undefined) throw new Error('there is no such input');
  const answered = await stand.ask({
    method: announced.method,
    url: announced.url,
    headers: announced.headers,
    token: await tokenOf(who(announced)),
    body: String(bodyOf(announced, ids.own, 0)).replace('"csr":"",', ''),
  });
  expect(answered.status).toBe(201);
  expect(stand.asked.at(-1)?.operation).toBe('registerMeter');
});
