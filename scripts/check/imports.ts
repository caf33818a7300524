import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import type ts from 'typescript';
import { impureUses } from './impure-uses.ts';
import { administration, capabilityOf, homes, layerOf, mayUse, pureLayers, purePackages } from './layers.ts';
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

/** Folders whose files serve the checkout alone (checks, generated docs, measurements): they may use devDependencies. */
const toolFolders = [
  'tests/',
  'scripts/check/',
  'scripts/docs/',
  'scripts/bench/',
  'scripts/deploy/',
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

const layerComplaint = (from: string, target: string): string | undefined => {
  const layer = layerOf(from);
  const other = layerOf(target);
  if (layer === undefined || other === undefined) return undefined;
  const capability = capabilityOf(from);
  const otherCapability = capabilityOf(target);
  const isForeign = capability !== undefined && otherCapability !== undefined && capability !== otherCapability;
  if (isForeign && layer !== 'composition root') {
    return `capability ${capability} imports capability ${otherCapability}; they meet in facts`;
  }
  if (layer === other || mayUse[layer].includes(other)) return undefined;
  return `${layer} imports ${other}`;
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
        !path.startsWith(administration) &&
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

/** Every breach of the import rules, as `path:line: what`. */
export const importComplaints = (sources: readonly Source[], dependencies: Dependencies): readonly string[] => {
  const places = sources.map(({ path, text }): Place => {
    const source = parseSource(path, text);
    return { path, source, uses: importsOf(source) };
  });
  const single = places.flatMap(({ path, source, uses }) => {
    const layer = layerOf(path);
    const pure = layer !== undefined && pureLayers.has(layer);
    const imports = uses.flatMap((use) => {
      const target = targetOf(path, use.specifier);
      const complaint = target === undefined ? packageComplaint(path, use, dependencies) : layerComplaint(path, target);
      return complaint === undefined ? [] : [`${path}:${use.line}: ${complaint}`];
    });
    return [
      ...imports,
      ...(pure ? impureUses(source).map(({ line, what }) => `${path}:${line}: ${layer} uses ${what}`) : []),
    ];
  });
  return [...single, ...homeComplaints(places)];
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
