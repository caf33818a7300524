import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { ClosingLine } from './scripts/check/closing-line.ts';
import { LongestFirst } from './tests/support/longest-first.ts';

/**
 * `npm test` runs what needs no second program. Files named `*.all.test.ts` need one (Java, a browser, a child process that is
 * killed) and run with `npm run test:all`, which is the mode `all`.
 */
export default defineConfig(({ mode }) => {
  const all = mode === 'all' || process.env.ROTUNDA_TEST_ALL === '1';
  return {
    root: fileURLToPath(new URL('.', import.meta.url)),
    test: {
      include: ['tests/**/*.test.ts'],
      exclude: ['**/node_modules/**', ...(all ? [] : ['**/*.all.test.ts'])],
      env: {
        AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
        ...(all ? { ROTUNDA_TEST_ALL: '1' } : {}),
      },
      // Native add-ons (Level, the device SDK) and tests that set process.env are safest in a process of their own.
      ...(all ? { globalSetup: ['tests/support/built-programs.ts'] } : {}),
      pool: 'forks',
      sequence: { sequencer: LongestFirst },
      // Some of the files wait for what they have started, so there is one more than there are processors, within memory.
      maxWorkers: Math.min(6, availableParallelism() + 1),
      // Only what hangs is to meet these: other steps may run on the same two cores.
      testTimeout: all ? 400_000 : 60_000,
      hookTimeout: all ? 240_000 : 60_000,
      reporters: ['default', new ClosingLine(all)],
      coverage: { provider: 'v8', include: ['shared/**', 'functions/**', 'iot/**'] },
    },
  };
});
