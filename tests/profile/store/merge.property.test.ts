import { describe, it } from 'vitest';
import { propertyRuns } from '#tests/support/drawn-runs.ts';
import { checkUndone, openInMemory } from './merge-checks.ts';

const runs = propertyRuns(40, 1000);

describe('merges that were all undone', () => {
  it(
    `leave every record as if they had never been, facts that came in between included (${runs} runs)`,
    {
      timeout: 600_000,
    },
    () => checkUndone(openInMemory, runs, 16),
  );
});
