import { describe, expect, it } from 'vitest';
import { datesOfChange, otherDatesOfChange, type Stay } from '#functions/validation/rules/stays.ts';

const stay = (account: string, from: string, to: string | null = null): Stay => ({ account, from, to });

describe('the dates on which others take service', () => {
  it('are those on which somebody begins after another, after nobody, or nobody after somebody', () => {
    expect(datesOfChange([])).toEqual([]);
    expect(datesOfChange([stay('ana', '2026-01-01', '2026-03-11'), stay('ben', '2026-03-11')])).toEqual([
      '2026-01-01',
      '2026-03-11',
    ]);
    expect(datesOfChange([stay('ben', '2026-03-20'), stay('ana', '2026-01-01', '2026-03-11')])).toEqual([
      '2026-01-01',
      '2026-03-11',
      '2026-03-20',
    ]);
  });

  it('are not those on which the same account goes on with another tariff', () => {
    expect(datesOfChange([stay('ana', '2026-01-01', '2026-02-01'), stay('ana', '2026-02-01')])).toEqual(['2026-01-01']);
  });

  it('are both ends of a time in which two take service at once', () => {
    const both = [stay('ana', '2026-01-01', '2026-03-15'), stay('ben', '2026-03-11')];
    expect(datesOfChange(both)).toEqual(['2026-01-01', '2026-03-11', '2026-03-15']);
  });

  it('differ where one was moved: the old date and the new', () => {
    const [was, is] = ['2026-03-11', '2026-03-20'].map((to) => [stay('ana', '2026-01-01', to), stay('ben', to)]);
    expect(otherDatesOfChange(was ?? [], is ?? [])).toEqual(['2026-03-11', '2026-03-20']);
    expect(otherDatesOfChange(is ?? [], is ?? [])).toEqual([]);
  });
});
