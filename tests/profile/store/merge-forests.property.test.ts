import { describe, it } from 'vitest';
import { propertyRuns } from '#tests/support/drawn-runs.ts';
import { checkForests, openInMemory } from './merge-checks.ts';

const runs = propertyRuns(15, 300);

describe('merges of any records, undone and retracted', () => {
  it(
    `make the same customers, views and names in whatever order and commits they arrive (${runs} runs)`,
    {
      timeout: 600_000,
    },
    () => checkForests(openInMemory, runs, 6),
  );
});
