import { mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Metafile } from 'esbuild';
import * as z from 'zod';
import { type FunctionName, functionNames } from '#functions/manifest.ts';
import type { CodeFolders } from './deployment.ts';

/** The folder that holds package.json. */
export const projectRoot = dirname(dirname(fileURLToPath(import.meta.url)));

/** Composition root of each function, made from the manifest. */
export const rootOf = (name: FunctionName): string => `functions/roots/${name}.ts`;

/** Functions whose code may have more than others, in bytes. */
const largerCode: Readonly<Partial<Record<FunctionName, number>>> = {
  // Reading phone numbers in questions takes numbering plans.
  search: 1_500_000,
  // Beside what a commit takes it holds clients of two services more: files of imports, and functions that work on.
  operations: 1_250_000,
};

/** Most bytes of a function's code. */
export const codeLimit = (name: FunctionName): number => largerCode[name] ?? 1_200_000;

/** A function's code as it is deployed. */
export interface Bundle {
  readonly name: FunctionName;
  readonly code: Uint8Array;
  /** Kept beside the folders, not in them: it would be deployed. */
  readonly sourceMap: Uint8Array;
  /** Bytes of each source in the code, by its path from the root. */
  readonly inputs: Metafile['outputs'][string]['inputs'];
}

/** Name of the file in a function's folder; its handler is `index.handler`. CommonJS loads faster: see DECISIONS.md. */
export const codeFile = 'index.js';

/**
 * Bundles functions, each into one file with all it needs. Equal sources give equal bytes, whoever builds where. `root` is the
 * project's folder.
 */
export const makeBundles = async (
  names: readonly FunctionName[] = functionNames,
  root: string = projectRoot,
): Promise<readonly Bundle[]> => {
  const outdir = join(root, 'cdk.out/functions');
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(names.map((name) => [`${name}/${basename(codeFile, '.js')}`, rootOf(name)])),
    outdir,
    write: false,
    bundle: true,
    splitting: false,
    minify: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    mainFields: ['module', 'main'],
    preserveSymlinks: true,
    charset: 'utf8',
    legalComments: 'none',
    sourcemap: 'external',
    sourcesContent: false,
    metafile: true,
    logLevel: 'warning',
  });
  const files = new Map(outputFiles.map((file) => [relative(outdir, file.path), file.contents]));
  return names.map((name) => {
    const code = files.get(join(name, codeFile));
    const sourceMap = files.get(join(name, `${codeFile}.map`));
    const output = metafile.outputs[relative(root, join(outdir, name, codeFile)).replaceAll('\\', '/')];
    if (code === undefined || sourceMap === undefined || output === undefined)
      throw new Error(`the bundler wrote no code for ${name}`);
    return { name, code, sourceMap, inputs: output.inputs };
  });
};

/** Says what the code is, wherever the folder lies. */
const commonJs = Buffer.from('{"type":"commonjs"}\n');

const Folders = z.record(z.enum(functionNames), z.string());

const writeInto = async (path: string, bytes: Uint8Array): Promise<void> => {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
};

const bundledCode = join(projectRoot, 'cdk.out/functions');

/** Where the code of each function lies once it was bundled into a folder. */
export const codeFoldersIn = (into: string = bundledCode): CodeFolders =>
  Folders.parse(Object.fromEntries(functionNames.map((name) => [name, join(into, name)])));

/** Bundles every function into a folder of its own, which is what is deployed. Source maps lie in `source-maps` beside them. */
export const bundleFunctions = async (into: string = bundledCode): Promise<CodeFolders> => {
  const bundles = await makeBundles();
  await rm(into, { recursive: true, force: true });
  for (const { name, code, sourceMap } of bundles) {
    await writeInto(join(into, name, codeFile), code);
    await writeInto(join(into, name, 'package.json'), commonJs);
    await writeInto(join(into, 'source-maps', `${name}.map`), sourceMap);
  }
  return codeFoldersIn(into);
};
