import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Generated files: path from the project's root -> content. */
export type Pages = ReadonlyMap<string, string>;

/** Folders that hold generated files and nothing else. */
export const generatedFolders = ['docs/events', 'docs/schemas', 'docs/problems', 'functions/roots'] as const;

const missing = (cause: unknown): boolean => cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';

const readIfThere = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    if (missing(cause)) return undefined;
    throw cause;
  }
};

const namesIn = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder);
  } catch (cause) {
    if (missing(cause)) return [];
    throw cause;
  }
};

/** Files in the generated folders that no generator makes any more. */
const strays = (root: string, pages: Pages): readonly string[] =>
  generatedFolders.flatMap((folder) =>
    namesIn(join(root, folder))
      .map((name) => `${folder}/${name}`)
      .filter((path) => !pages.has(path)),
  );

/** What differs between the pages and the folder, one line each; empty where the folder is up to date. */
export const comparePages = (root: string, pages: Pages): readonly string[] => [
  ...[...pages].flatMap(([path, content]) => {
    const held = readIfThere(join(root, path));
    if (held === content) return [];
    return [held === undefined ? `${path}: missing` : `${path}: out of date`];
  }),
  ...strays(root, pages).map((path) => `${path}: no longer generated`),
];

/** Brings the folder up to date; returns what it changed, as `comparePages` names it. */
export const writePages = (root: string, pages: Pages): readonly string[] => {
  const changes = comparePages(root, pages);
  for (const path of strays(root, pages)) rmSync(join(root, path));
  for (const [path, content] of pages) {
    if (readIfThere(join(root, path)) === content) continue;
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return changes;
};
