import { describe, it } from 'vitest';
import { checkUndone, openInMemory } from './merge-checks.ts';

const runs = Number(process.env.ROTUNDA_PROPERTY_RUNS ?? 500);

describe('merges that were all undone', () => {
  it(
    `leave every record as if they had never been, facts that came in between included (${runs} runs)`,
    {
      timeout: 600_000,
    },
    () => checkUndone(openInMemory, runs, 16),
  );
});
