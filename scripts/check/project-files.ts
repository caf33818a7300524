import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds package.json. */
export const projectRoot = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** A file of the project: its path from the root with forward slashes, and its size in bytes. */
export interface ProjectFile {
  readonly path: string;
  readonly bytes: number;
}

/** Folder and file names that .gitignore leaves out; only its plain forms (`name/`, `*.ext`, `name`) are used here. */
const ignored = (root: string): ((name: string, folder: boolean) => boolean) => {
  const lines = readFileSync(join(root, '.gitignore'), 'utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  const folders = new Set(['.git', ...lines.filter((line) => line.endsWith('/')).map((line) => line.slice(0, -1))]);
  const endings = lines.filter((line) => line.startsWith('*.')).map((line) => line.slice(1));
  const names = new Set(lines.filter((line) => !line.endsWith('/') && !line.startsWith('*')));
  return (name, folder) =>
    names.has(name) || (folder ? folders.has(name) : endings.some((ending) => name.endsWith(ending)));
};

/** Every file of the project that belongs to it, in order of path: what a clone holds and what is about to be added. */
export const projectFiles = (root: string = projectRoot): readonly ProjectFile[] => {
  const leftOut = ignored(root);
  const found: ProjectFile[] = [];
  const walk = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (leftOut(entry.name, entry.isDirectory())) continue;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) walk(path);
      else if (entry.isFile())
        found.push({ path: relative(root, path).split(sep).join('/'), bytes: statSync(path).size });
    }
  };
  walk(root);
  return found.sort((left, right) => (left.path < right.path ? -1 : 1));
};

/** Paths of the files that are about to be committed, as git has them; those that go are left out. */
export const stagedFiles = (root: string = projectRoot): readonly string[] =>
  execFileSync('git', ['diff', '--cached', '--name-only', '--diff-filter=ACMR', '-z'], { cwd: root, encoding: 'utf8' })
    .split('\0')
    .filter((path) => path !== '');
