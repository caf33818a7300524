import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import type ts from 'typescript';
import { impureUses } from './impure-uses.ts';
import {
  administration,
  capabilityOf,
  homes,
  layerOf,
  mayUse,
  offeredLayers,
  pureLayers,
  purePackages,
} from './layers.ts';
import { projectFiles, projectRoot } from './project-files.ts';
import { type ImportOf, importsOf, parseSource } from './read-imports.ts';

/** A source as the rules see it. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

/** What runs is separated from what only builds and tests. */
export interface Dependencies {
  readonly runtime: ReadonlySet<string>;
  readonly development: ReadonlySet<string>;
}

/** Folders whose files serve the checkout alone (checks, generated docs, what writes new code, measurements): they may use devDependencies. */
const toolFolders = [
  'tests/',
  'scripts/check/',
  'scripts/docs/',
  'scripts/new/',
  'scripts/bench/',
  ...administration,
  'scripts/deploy-test/',
  'infra/',
];
const toolFiles = new Set(['scripts/check.ts', 'vitest.config.ts']);
const isTool = (path: string): boolean => toolFiles.has(path) || toolFolders.some((folder) => path.startsWith(folder));

const packageOf = (specifier: string): string => {
  const [first = '', second] = specifier.split('/');
  return first.startsWith('@') && second !== undefined ? `${first}/${second}` : first;
};

/** Path of the project file an import leads to; undefined where it names a package. */
const targetOf = (from: string, specifier: string): string | undefined => {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(from), specifier);
  return specifier.startsWith('#') ? specifier.slice(1) : undefined;
};

/** What a capability offers to others: paths of its rules and of its store that its README names under "For others". */
export type Offers = ReadonlySet<string>;

/** Whether a file is of the engines that all capabilities share, and its target of a capability: engines know lists. */
const pointsUp = (from: string, target: string): boolean =>
  from.startsWith('shared/') && capabilityOf(target) !== undefined;

const foreignComplaint = (from: string, target: string, offers: Offers): string | undefined => {
  const [capability, other, layer] = [capabilityOf(from), capabilityOf(target), layerOf(target)];
  if (capability === undefined || other === undefined || layer === undefined || capability === other) return undefined;
  if (!offeredLayers.has(layer)) return `capability ${capability} imports capability ${other}; they meet in facts`;
  if (layer === 'contracts' || offers.has(target)) return undefined;
  return `${target} is not offered to other capabilities: name it in functions/${other}/README.md`;
};

const layerComplaint = (from: string, { specifier, typeOnly }: ImportOf, offers: Offers): string | undefined => {
  const target = targetOf(from, specifier);
  const layer = layerOf(from);
  const other = target === undefined ? undefined : layerOf(target);
  if (target === undefined || layer === undefined || other === undefined) return undefined;
  if (pointsUp(from, target)) return `${layer} imports capability ${capabilityOf(target)}`;
  const foreign = layer === 'composition root' ? undefined : foreignComplaint(from, target, offers);
  if (foreign !== undefined) return foreign;
  // The fields of a fact are said once, in its contract.
  if (layer === 'domain' && other === 'contracts' && typeOnly) return undefined;
  return layer === other || mayUse[layer].includes(other) ? undefined : `${layer} imports ${other}`;
};

const packageComplaint = (from: string, use: ImportOf, dependencies: Dependencies): string | undefined => {
  const name = packageOf(use.specifier);
  const layer = layerOf(from);
  if (name === 'zod' && use.names.includes('z')) return "import { z } from 'zod': write import * as z";
  if (use.specifier.startsWith('node:')) {
    return layer !== undefined && pureLayers.has(layer) ? `${layer} imports ${use.specifier}` : undefined;
  }
  if (layer !== undefined && pureLayers.has(layer) && !purePackages.has(name)) {
    return `${layer} imports ${name}, which is not on the list of pure packages`;
  }
  if (isTool(from) || use.typeOnly) return undefined;
  if (dependencies.development.has(name)) return `${name} is a devDependency`;
  return dependencies.runtime.has(name) ? undefined : `${name} is no dependency of package.json`;
};

interface Place {
  readonly path: string;
  readonly source: ts.SourceFile;
  readonly uses: readonly ImportOf[];
}

/** A client has one importer; the second and further files, and one outside its folder, are named. */
const homeComplaints = (places: readonly Place[]): string[] =>
  homes.flatMap(({ packages, folder }) => {
    const importers = places.filter(
      ({ path, uses }) =>
        layerOf(path) !== 'tests' &&
        !administration.some((folder) => path.startsWith(folder)) &&
        uses.some((use) => packages.test(packageOf(use.specifier))),
    );
    const outside = importers.filter(({ path }) => !path.startsWith(folder));
    const byPackage = new Map<string, string[]>();
    for (const { path, uses } of importers) {
      for (const name of new Set(uses.map((use) => packageOf(use.specifier)).filter((name) => packages.test(name)))) {
        byPackage.set(name, [...(byPackage.get(name) ?? []), path]);
      }
    }
    return [
      ...outside.map(({ path }) => `${path}: a client whose home is ${folder}`),
      ...[...byPackage]
        .filter(([, paths]) => paths.length > 1)
        .map(([name, paths]) => `${name} has ${paths.length} importers: ${paths.join(', ')}`),
    ];
  });

/** Which capabilities a capability takes something of, its composition roots aside. */
const capabilityGraph = (places: readonly Place[]): ReadonlyMap<string, ReadonlySet<string>> => {
  const graph = new Map<string, Set<string>>();
  for (const { path, uses } of places) {
    const capability = capabilityOf(path);
    if (capability === undefined || layerOf(path) === 'composition root') continue;
    const others = graph.get(capability) ?? new Set();
    for (const { specifier } of uses) {
      const other = capabilityOf(targetOf(path, specifier) ?? '');
      if (other !== undefined && other !== capability) others.add(other);
    }
    graph.set(capability, others);
  }
  return graph;
};

/** Circles of capabilities, each named once. */
const circleComplaints = (places: readonly Place[]): string[] => {
  const graph = capabilityGraph(places);
  const done = new Set<string>();
  const circles: string[] = [];
  const walk = (name: string, way: readonly string[]): void => {
    const at = way.indexOf(name);
    if (at !== -1) circles.push(`capabilities in a circle: ${[...way.slice(at), name].join(' -> ')}`);
    if (at !== -1 || done.has(name)) return;
    for (const other of graph.get(name) ?? []) walk(other, [...way, name]);
    done.add(name);
  };
  for (const name of graph.keys()) walk(name, []);
  return circles;
};

/** Every breach of the import rules, as `path:line: what`. */
export const importComplaints = (
  sources: readonly Source[],
  dependencies: Dependencies,
  offers: Offers = new Set(),
): readonly string[] => {
  const places = sources.map(({ path, text }): Place => {
    const source = parseSource(path, text);
    return { path, source, uses: importsOf(source) };
  });
  const single = places.flatMap(({ path, source, uses }) => {
    const layer = layerOf(path);
    const pure = layer !== undefined && pureLayers.has(layer);
    const imports = uses.flatMap((use) => {
      const target = targetOf(path, use.specifier);
      const complaint =
        target === undefined ? packageComplaint(path, use, dependencies) : layerComplaint(path, use, offers);
      return complaint === undefined ? [] : [`${path}:${use.line}: ${complaint}`];
    });
    return [
      ...imports,
      ...(pure ? impureUses(source).map(({ line, what }) => `${path}:${line}: ${layer} uses ${what}`) : []),
    ];
  });
  return [...single, ...homeComplaints(places), ...circleComplaints(places)];
};

/** The TypeScript sources of the project. */
export const projectSources = (root: string = projectRoot): readonly Source[] =>
  projectFiles(root)
    .filter(({ path }) => /\.(ts|mts|tsx)$/.test(path))
    .map(({ path }) => ({ path, text: readFileSync(join(root, path), 'utf8') }));

/** What package.json depends on. */
export const projectDependencies = (root: string = projectRoot): Dependencies => {
  const manifest: { dependencies?: Record<string, string>; devDependencies?: Record<string, string> } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  );
  return {
    runtime: new Set(Object.keys(manifest.dependencies ?? {})),
    development: new Set(Object.keys(manifest.devDependencies ?? {})),
  };
};

const forOthers = /^## For others\n+((?:- .*\n?)+)/m;

/** What READMEs of capabilities offer of their rules and stores: a list of paths from the capability's folder. */
export const projectOffers = (root: string = projectRoot): Offers =>
  new Set(
    projectFiles(root).flatMap(({ path }) => {
      const capability = capabilityOf(path);
      if (capability === undefined || path !== `functions/${capability}/README.md`) return [];
      const [, list = ''] = forOthers.exec(readFileSync(join(root, path), 'utf8')) ?? [];
      return [...list.matchAll(/`([^`]+\.ts)`/g)].map(([, file]) => `functions/${capability}/${file}`);
    }),
  );
