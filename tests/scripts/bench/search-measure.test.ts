import { describe, expect, it } from 'vitest';
import { askAll, questionsOf, together } from '#scripts/bench/search/measure.ts';
import { mutations } from '#scripts/bench/search/mutations.ts';
import { openSearchedUtility } from '#scripts/bench/search/searched-utility.ts';

describe('the measure of search on a small utility', () => {
  it('asks the same questions whenever it is asked, and finds whom they mean', async () => {
    const utility = await openSearchedUtility('small', 120);
    const questions = questionsOf(utility.all, 'small', 12);
    expect(questionsOf(utility.all, 'small', 12)).toEqual(questions);
    const missed: string[] = [];
    const found = await askAll(utility, questions, ({ category, q }) => missed.push(`${category}: ${q}`));
    const { requests, ...counts } = together([...found.values()]);
    expect(found.size).toBe(mutations.length);
    expect(missed).toEqual([]);
    expect(counts).toMatchObject({ asked: 346, first: 346, five: 346 });
    expect(Math.max(...requests)).toBe(224);
    await utility.store.close();
  }, 120_000);
});
