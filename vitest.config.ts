import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { ClosingLine } from './scripts/check/closing-line.ts';
import { LongestFirst } from './tests/support/longest-first.ts';

/**
 * Folders and files whose tests put something in the place of what a whole process shares (a client of the SDK, the environment,
 * code that was bundled), or start native add-ons. Each of these files has a process of its own; the others share a few.
 */
const apart: readonly string[] = [
  'tests/infra/**',
  'tests/iot/**',
  'tests/lambda/**',
  'tests/messaging/**',
  'tests/runtime/**',
  'tests/scripts/deploy/**',
  'tests/scripts/rehearse/**',
  'tests/cli/stage.test.ts',
  'tests/table/dynamo/dynamo-table.test.ts',
  'tests/**/*.all.test.ts',
];

/**
 * `npm test` runs what needs no second program. Files named `*.all.test.ts` need one (Java, a browser, a child process that is
 * killed) and run with `npm run test:all`, which is the mode `all`.
 */
export default defineConfig(({ mode }) => {
  const all = mode === 'all' || process.env.ROTUNDA_TEST_ALL === '1';
  const left = ['**/node_modules/**', ...(all ? [] : ['**/*.all.test.ts'])];
  return {
    root: fileURLToPath(new URL('.', import.meta.url)),
    test: {
      env: {
        AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
        ...(all ? { ROTUNDA_TEST_ALL: '1' } : {}),
      },
      ...(all ? { globalSetup: ['tests/support/built-programs.ts'] } : {}),
      // A worker thread cannot be killed where a native add-on (Level, the device SDK) hangs.
      pool: 'forks',
      sequence: { sequencer: LongestFirst },
      // Some of the files wait for what they have started, so there is one more than there are processors, within memory.
      maxWorkers: Math.min(6, availableParallelism() + 1),
      // Only what hangs is to meet these: other steps may run on the same two cores.
      testTimeout: all ? 400_000 : 60_000,
      hookTimeout: all ? 240_000 : 60_000,
      reporters: ['default', new ClosingLine(all)],
      coverage: { provider: 'v8', include: ['shared/**', 'functions/**', 'iot/**', 'local/**', 'cli/**'] },
      projects: [
        {
          extends: true,
          test: {
            name: 'together',
            include: ['tests/**/*.test.ts'],
            exclude: [...left, ...apart],
            isolate: false,
          },
        },
        {
          extends: true,
          test: {
            name: 'apart',
            include: apart.map((path) => (path.endsWith('**') ? `${path}/*.test.ts` : path)),
            exclude: left,
          },
        },
      ],
    },
  };
});
