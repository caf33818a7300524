import { describe, it } from 'vitest';
import { checkHistories } from './any-history/compare.ts';

const runs = Number(process.env.ROTUNDA_PROPERTY_RUNS ?? 30);

describe('any history of all families', () => {
  it(`is answered as the rules say it, on any day and in any order (${runs} runs)`, { timeout: 900_000 }, () =>
    checkHistories(runs, 25),
  );
});
