import { describe, it } from 'vitest';
import { propertyRuns } from '#tests/support/drawn-runs.ts';
import { checkHistories } from './any-history/compare.ts';

const runs = propertyRuns(200, 3000);

describe('any history of all families', () => {
  it(`is answered as the rules say it, on any day and in any order (${runs} runs)`, { timeout: 900_000 }, () =>
    checkHistories(runs, 40),
  );
});
