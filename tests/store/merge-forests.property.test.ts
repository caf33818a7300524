import { describe, it } from 'vitest';
import { checkForests, openInMemory } from './merge-checks.ts';

const runs = Number(process.env.ROTUNDA_PROPERTY_RUNS ?? 30);

describe('merges of any records, undone and retracted', () => {
  it(
    `make the same customers, views and names in whatever order and commits they arrive (${runs} runs)`,
    {
      timeout: 600_000,
    },
    () => checkForests(openInMemory, runs, 6),
  );
});
