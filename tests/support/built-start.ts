import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { TestProject } from 'vitest/node';
import { projectRoot } from '#scripts/check/project-files.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of `scripts/start.ts` in one file: what a test starts many times then loads in a third of the time. */
    readonly builtStart: string;
  }
}

/** Builds it before the tests run, inside the project so that its packages are found; answers what removes it behind them. */
const provideStart = async (project: TestProject): Promise<() => Promise<void>> => {
  const outfile = join(projectRoot, 'node_modules', '.cache', 'rotunda', `start-${randomUUID()}.mjs`);
  await build({
    absWorkingDir: projectRoot,
    entryPoints: ['scripts/start.ts'],
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    outfile,
    logLevel: 'warning',
  });
  project.provide('builtStart', outfile);
  return () => rm(outfile, { force: true });
};
export default provideStart;
