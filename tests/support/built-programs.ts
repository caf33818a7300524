import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { TestProject } from 'vitest/node';
import { projectRoot } from '#scripts/check/project-files.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of `scripts/start.ts`, built: what a test starts many times then loads in a fifth of the time. */
    readonly builtStart: string;
    /** Path of the program `rotunda`, built. */
    readonly builtRotunda: string;
  }
}

/** What has native code or files beside it. */
const external = ['aws-crt', 'aws-iot-device-sdk-v2', 'classic-level', 'swagger-ui-dist'];

/** What packages that are no modules ask for. */
const require = `import { createRequire as requireAt } from 'node:module'; const require = requireAt(import.meta.url);`;

/**
 * Builds the programs before the tests run, inside the project so that packages are found, and as deep in it as the sources that
 * name a folder by its place from theirs; answers what removes them behind the tests.
 */
const providePrograms = async (project: TestProject): Promise<() => Promise<void>> => {
  const outdir = join(projectRoot, 'node_modules', '.cache', `rotunda-${randomUUID()}`);
  await build({
    absWorkingDir: projectRoot,
    entryPoints: { start: 'scripts/start.ts', rotunda: 'cli/run.ts' },
    bundle: true,
    splitting: true,
    // The sign-in names what it keeps by its classes.
    keepNames: true,
    platform: 'node',
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    banner: { js: require },
    external,
    outdir,
    logLevel: 'warning',
  });
  project.provide('builtStart', join(outdir, 'start.mjs'));
  project.provide('builtRotunda', join(outdir, 'rotunda.mjs'));
  return () => rm(outdir, { recursive: true, force: true });
};
export default providePrograms;
