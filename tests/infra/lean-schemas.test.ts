import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { routes } from '#functions/routes.ts';
import { projectRoot } from '#infra/bundles.ts';
import { leanPackages } from '#infra/lean-packages.ts';
import { withoutDescriptions } from '#infra/lean-schemas.ts';
import { factTypes } from '#shared/contracts/facts/catalogue.ts';

const require = createRequire(import.meta.url);
const Parsing = z.custom<{ safeParse(value: unknown): z.ZodSafeParseResult<unknown> }>(
  (value) => typeof value === 'object' && value !== null && 'safeParse' in value,
);
const Lean = z.object({
  factTypes: z.custom<ReadonlyMap<string, unknown>>((value) => value instanceof Map),
  routes: z.array(z.looseObject({ operationId: z.string(), body: Parsing.optional(), query: Parsing.optional() })),
});

let folder: string;
let lean: z.infer<typeof Lean>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rotunda-lean-'));
  const outfile = join(folder, 'contracts.cjs');
  const contents = ['facts/catalogue', 'api/routes'].map((name) => `export * from '#shared/contracts/${name}.ts';`);
  await build({
    stdin: { contents: contents.join('\n'), resolveDir: projectRoot, loader: 'ts' },
    absWorkingDir: projectRoot,
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    mainFields: ['module', 'main'],
    plugins: [leanPackages(projectRoot, { jsonSchemas: false })],
    logLevel: 'error',
  });
  lean = Lean.parse(require(outfile));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What a schema makes of a value: the value as it is taken, or where and how it is refused. */
const outcome = (schema: { safeParse(value: unknown): z.ZodSafeParseResult<unknown> }, value: unknown): unknown => {
  const { success, data, error } = schema.safeParse(value);
  return success ? data : error.issues.map(({ path, code, message }) => ({ path, code, message }));
};

/** A value, and the same with each of its members away, made a text, or joined by one that nobody knows. */
const variants = (value: Readonly<Record<string, unknown>>): readonly unknown[] => [
  value,
  { ...value, unheardOf: 1 },
  null,
  ...Object.keys(value).flatMap((name) => {
    const { [name]: _, ...rest } = value;
    return [rest, { ...value, [name]: '\u0000' }, { ...value, [name]: -1 }, { ...value, [name]: null }];
  }),
];

describe('contracts without what they say to people', () => {
  it('take and refuse the same facts', () => {
    const definitions = [...factTypes.values()];
    expect([...lean.factTypes.keys()]).toEqual([...factTypes.keys()]);
    for (const { type, data, examples, title } of definitions) {
      const made = z.looseObject({ title: z.string(), data: Parsing }).parse(lean.factTypes.get(type));
      expect(made.title).toBe(title);
      for (const value of examples.flatMap((example) => variants({ ...Object(example.data) }))) {
        expect(outcome(made.data, value), type).toEqual(outcome(data, value));
      }
    }
  });

  it('have the same routes, which refuse the same', () => {
    expect(lean.routes.map(({ operationId }) => operationId)).toEqual(routes.map(({ operationId }) => operationId));
    for (const [index, route] of routes.entries()) {
      const made = lean.routes[index];
      for (const part of ['body', 'query'] as const) {
        const schema = Parsing.optional().parse(Reflect.get(route, part));
        expect(made?.[part] === undefined, route.operationId).toBe(schema === undefined);
        if (schema === undefined || made?.[part] === undefined) continue;
        for (const value of [{}, null, { limit: '0' }, { limit: '25' }, { unheardOf: 1 }])
          expect(outcome(made[part], value), route.operationId).toEqual(outcome(schema, value));
      }
    }
  });

  it('lose descriptions, examples and texts, and keep titles, members of those names, and the numbers of lines', () => {
    const source = [
      "const Name = z.object({ description: z.string().describe('What it is.').max(9), examples: z.int() });",
      'export const named = defineFact({',
      "  title: 'Named',",
      "  description: 'A name.',",
      '  data: Name.extend({ at: Instant.describe(told(1)) }),',
      '  examples: [',
      "    { name: 'one', data: { description: 'x' } },",
      '  ],',
      '});',
      "const other = { description: 'kept', describe: (one: string) => one };",
    ].join('\n');
    const cut = withoutDescriptions('x.ts', source);
    expect(cut.split('\n')).toHaveLength(source.split('\n').length);
    expect(cut.replaceAll(/\n+/g, '\n')).toBe(
      [
        'const Name = z.object({ description: z.string().max(9), examples: z.int() });',
        'export const named = defineFact({',
        "  title: 'Named',",
        "  description: '',",
        '  data: Name.extend({ at: Instant }),',
        '  examples: []',
        ',',
        '});',
        "const other = { description: 'kept', describe: (one: string) => one };",
      ].join('\n'),
    );
  });
});
