import { describe, it } from 'vitest';
import { propertyRuns } from '#tests/support/drawn-runs.ts';
import { checkMoments, openInMemory } from './as-of-moments.ts';

const runs = propertyRuns(40, 1000);

describe('the past as it is asked for', () => {
  it(
    `is at any instant the fold over the facts up to it, in whatever order they came, merges included (${runs} runs)`,
    { timeout: 900_000 },
    () => checkMoments(openInMemory, runs, 8),
  );
});
