import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { routes } from '#functions/routes.ts';
import { projectOffers, projectSources } from '#scripts/check/imports.ts';
import { capabilityOf, layerOf } from '#scripts/check/layers.ts';
import { projectRoot } from '#scripts/check/project-files.ts';
import { importsOf, parseSource } from '#scripts/check/read-imports.ts';
import { factTypes } from '#shared/contracts/facts/catalogue.ts';

const mostLines = 25;
const sections = ['**Facts in:**', '**Facts out:**', '**Routes:**', '**Runs:**', '**Surprises:**'];

const sources = projectSources();
/** A folder of functions/ that holds more than composition roots. */
const capabilities = [
  ...new Set(sources.flatMap(({ path }) => (layerOf(path) === 'composition root' ? [] : (capabilityOf(path) ?? [])))),
].sort();

const folderOf = (capability: string): string => `functions/${capability}`;
const readmeOf = (capability: string): string => {
  const path = join(projectRoot, folderOf(capability), 'README.md');
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
};

/** What stands in a text as code. */
const codeIn = (text: string): readonly string[] =>
  [...text.matchAll(/`([^`\n]+)`/g)].flatMap(([, code]) => code ?? []);
const routeOf = ({ method, path }: { readonly method: string; readonly path: string }): string => `${method} ${path}`;
const routesIn = (text: string): readonly string[] =>
  codeIn(text).filter((code) => /^(GET|POST|PUT|PATCH|DELETE) \//.test(code));

/** Files that a README names: from the root where they begin with one of its folders, else from the capability; links from there. */
const filesIn = (capability: string, text: string): readonly string[] => {
  const named = codeIn(text).filter((code) => /^[\w./-]+\.(ts|md)$/.test(code) || /^[\w-]+\/[\w/-]+$/.test(code));
  const linked = [...text.matchAll(/\]\(([^)#]+)/g)].flatMap(([, to]) => to ?? []);
  return [
    ...named.map((path) =>
      /^(functions|shared|local|cli|docs)\//.test(path) ? path : `${folderOf(capability)}/${path}`,
    ),
    ...linked.map((to) => posix.join(folderOf(capability), to)),
  ];
};

const missingFiles = (capability: string, text: string): readonly string[] =>
  filesIn(capability, text).filter((path) => !existsSync(join(projectRoot, path)));

/** The routes that the contract of a capability declares. */
const routesDeclared = async (capability: string): Promise<readonly string[]> => {
  const declared = new Set<unknown>();
  for (const { path } of sources.filter((source) => source.path.startsWith(`${folderOf(capability)}/contract/`))) {
    const module: Readonly<Record<string, unknown>> = await import(pathToFileURL(join(projectRoot, path)).href);
    for (const value of Object.values(module)) {
      for (const one of Array.isArray(value) ? value : []) declared.add(one);
    }
  }
  return routes.filter((route) => declared.has(route)).map(routeOf);
};

/** Files of a capability that others import, their composition roots aside, which may import all of it. */
const taken = new Set(
  sources.flatMap(({ path, text }) => {
    const capability = capabilityOf(path);
    if (capability === undefined || layerOf(path) === 'composition root') return [];
    const targets = importsOf(parseSource(path, text)).flatMap(({ specifier }) =>
      specifier.startsWith('#') ? [specifier.slice(1)] : [],
    );
    return targets.filter((target) => (capabilityOf(target) ?? capability) !== capability);
  }),
);

describe.each(capabilities)('the README of %s', (capability) => {
  const text = readmeOf(capability);
  const lines = text.trimEnd().split('\n');

  it(`says on at most ${mostLines} lines what it is for, what comes in, goes out and runs, and what surprises`, () => {
    expect(lines[0]).toBe(`# ${capability}`);
    expect(lines.length).toBeLessThanOrEqual(mostLines);
    expect(lines[2]).toMatch(/^[A-Z].{60,}\.$/);
    const told = lines.flatMap((line) => sections.filter((section) => line.startsWith(`- ${section} `)));
    expect(told).toEqual(sections);
    expect(lines.filter((line) => line === '## For others')).toHaveLength(1);
  });

  it('names files that there are', () => {
    expect(missingFiles(capability, text)).toEqual([]);
  });

  it('names fact types that there are', () => {
    const types = codeIn(text).filter((code) => /^[a-z-]+(\.[a-z-]+)+\.v\d+$/.test(code));
    expect(types.filter((type) => !factTypes.has(type))).toEqual([]);
  });

  it('names every route of its contract, and none that is not in the API', async () => {
    const named = routesIn(text);
    expect(named.filter((name) => !routes.some((route) => routeOf(route) === name))).toEqual([]);
    const list = routesIn(lines.find((line) => line.startsWith('- **Routes:**')) ?? '');
    expect((await routesDeclared(capability)).filter((route) => !list.includes(route))).toEqual([]);
  });
});

it('finds the capabilities by their folders', () => {
  expect(capabilities.length).toBeGreaterThan(20);
});

it('offers to others what they take, and nothing else', () => {
  const offers = projectOffers();
  expect(offers.size).toBeGreaterThan(20);
  expect([...offers].filter((path) => !taken.has(path))).toEqual([]);
});

it('is refused where it names a file that has gone', () => {
  const text = 'Asks `show-usage.ts`, `gone.ts`, `shared/gone.ts` and [this](../gone.md).';
  expect(missingFiles('usage', text)).toEqual(['functions/usage/gone.ts', 'shared/gone.ts', 'functions/gone.md']);
});
