import { describe, it } from 'vitest';
import { propertyRuns } from '#tests/support/drawn-runs.ts';
import { checkArrival, openInMemory } from './merge-checks.ts';

const runs = propertyRuns(40, 1000);

describe('records that are merged and parted', () => {
  it(
    `are shown the same in whatever order their facts, and those of accounts and premises, arrive (${runs} runs)`,
    {
      timeout: 600_000,
    },
    () => checkArrival(openInMemory, runs, 16),
  );
});
