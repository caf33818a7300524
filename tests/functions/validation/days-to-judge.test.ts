import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { daysToJudge, stretchesOf } from '#functions/validation/days-to-judge.ts';
import { addDays, daysBetween } from '#shared/vocabulary/time.ts';

const first = '2026-02-25';
const day = (offset: number): string => addDays(first, offset);

describe('the days to judge', () => {
  it('are none while the first day is under way', () => {
    expect(
      daysToJudge({ touched: [day(0)], judged: undefined, first: day(0), latest: day(0), latestIsComplete: false }),
    ).toEqual([]);
  });

  it('are those before the day under way, with those of which nothing came', () => {
    const judged = { first: day(0), last: day(1) };
    expect(daysToJudge({ touched: [day(5)], judged, first: day(0), latest: day(5), latestIsComplete: false })).toEqual([
      day(2),
      day(3),
      day(4),
    ]);
    expect(daysToJudge({ touched: [day(3)], judged, first: day(0), latest: day(3), latestIsComplete: true })).toEqual([
      day(2),
      day(3),
    ]);
  });

  it('are the changed one alone where it was judged before', () => {
    const judged = { first: day(0), last: day(9) };
    expect(daysToJudge({ touched: [day(4)], judged, first: day(0), latest: day(9), latestIsComplete: true })).toEqual([
      day(4),
    ]);
  });

  it('leave no gap between judged days, whatever comes in which order', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(40), fc.boolean()), { minLength: 1, maxLength: 12 }), (news) => {
        const judged = new Set<string>();
        const seen: string[] = [];
        for (const [offset, complete] of news) {
          seen.push(day(offset));
          const all = [...judged].sort();
          const [least, most] = [all[0], all.at(-1)];
          const known = least === undefined || most === undefined ? undefined : { first: least, last: most };
          const there = (known === undefined ? seen : [day(offset), known.first, known.last]).toSorted();
          const [earliest, latest] = [there[0] ?? first, there.at(-1) ?? first];
          const dates = daysToJudge({
            touched: [day(offset)],
            judged: known,
            first: earliest,
            latest,
            latestIsComplete: complete,
          });
          for (const date of dates) judged.add(date);
          expect(dates.every((date) => date <= latest)).toBe(true);
        }
        const all = [...judged].sort();
        const [least, most] = [all[0], all.at(-1)];
        if (least === undefined || most === undefined) return;
        expect(all).toHaveLength(daysBetween(least, most) + 1);
        const latest = seen.toSorted().at(-1) ?? first;
        expect(all.includes(addDays(latest, -1)) || least > addDays(latest, -1)).toBe(true);
        expect(least <= (seen.toSorted()[0] ?? first)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('are taken by months', () => {
    expect(stretchesOf([day(0), day(1), day(3), day(4), day(5)])).toEqual([
      { first: '2026-02-25', last: '2026-02-26' },
      { first: '2026-02-28', last: '2026-02-28' },
      { first: '2026-03-01', last: '2026-03-02' },
    ]);
  });
});
