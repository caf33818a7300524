import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod';
import { routes } from '#functions/routes.ts';
import { RunningSystem } from '#tests/support/running-system.ts';

let system: RunningSystem;
beforeAll(async () => {
  system = await RunningSystem.start();
});
afterAll(() => system.stop());

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
const named = routes.map(({ method, path }) => `${method} ${path}`).sort();

/** Words at one depth of the paths of the API. */
const wordsAt = (depth: number): readonly string[] => [
  ...new Set(routes.flatMap(({ path }) => path.split('/')[depth] ?? [])),
];

/** Names that stand for later and must not answer yet, and what callers of other systems try. */
const guessed = {
  resources: ['duplicates', 'quarantine', 'imports', 'calls', 'authority-checks', 'admin', 'internal', 'ops'],
  below: ['relations', 'portfolio', 'move-in', 'insights', 'ageing', 'mandates', 'export', '360/raw'],
};

/** Every path made of the words of the API, and of guesses: far more than there are routes. */
const candidates = (): readonly string[] => {
  const resources = [...wordsAt(2), ...guessed.resources].filter((word) => !word.startsWith('{'));
  const below = [...wordsAt(4), ...guessed.below].filter((word) => !word.startsWith('{'));
  return [
    '/v1',
    ...resources.flatMap((resource) => [
      `/v1/${resource}`,
      `/v1/${resource}/{id}`,
      ...below.flatMap((word) => [
        `/v1/${resource}/{id}/${word}`,
        ...(word === 'pins' ? [`/v1/${resource}/{id}/${word}/{factId}`] : []),
        ...(word === 'contact-points' ? [`/v1/${resource}/{id}/${word}/{pointId}`] : []),
      ]),
    ]),
  ];
};

/** Whether a route is there for a caller who does not sign in: it answers, or asks who they are. */
const answers = async (method: string, path: string): Promise<boolean> => {
  const filled = path
    .replace('{id}', 'crm:nobody')
    .replace('{pointId}', 'cpt_0123456789ABCDEFGHJKMNPQRS')
    .replace('{factId}', 'fct_0123456789ABCDEFGHJKMNPQRS');
  const { status, json } = await system.ask({ method, path: filled });
  if ((status === 404 && json.code === 'route.unknown') || (status === 405 && json.code === 'route.method'))
    return false;
  if (status === 200 || (status === 401 && json.code === 'token.missing')) return true;
  throw new Error(`${method} ${path} answered ${status} ${String(json.code)}`);
};

const OpenApi = z.looseObject({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });

it('the routes that answer are those of the route list and those of the OpenAPI document, no more and no fewer', async () => {
  const paths = [...new Set([...candidates(), ...routes.map(({ path }) => path)])];
  expect(paths.length).toBeGreaterThan(8 * routes.length);
  const answering: string[] = [];
  for (const path of paths) {
    const probed = await Promise.all(
      methods.map(async (method) => ((await answers(method, path)) ? method : undefined)),
    );
    answering.push(...probed.flatMap((method) => (method === undefined ? [] : [`${method} ${path}`])));
  }
  const document = OpenApi.parse((await system.must({ path: '/v1/openapi.json' })).json);
  const documented = Object.entries(document.paths).flatMap(([path, operations]) =>
    methods.filter((method) => operations[method.toLowerCase()] !== undefined).map((method) => `${method} ${path}`),
  );
  expect(answering.sort()).toEqual(named);
  expect(documented.sort()).toEqual(named);
});

it('a route takes the methods its Allow header names', async () => {
  for (const path of new Set(routes.map((route) => route.path))) {
    const method = methods.find((one) => !named.includes(`${one} ${path}`));
    const { headers } = await system.ask({ method: method ?? '', path: path.replace(/\{\w+\}/g, 'crm:nobody') });
    const allowed = (headers.get('allow') ?? '').split(', ').filter((method) => method !== 'OPTIONS');
    expect(allowed.map((method) => `${method} ${path}`).sort()).toEqual(
      named.filter((name) => name.split(' ')[1] === path),
    );
  }
});
