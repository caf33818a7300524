import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJudgedMonths } from '#functions/validation/store/judged-months.ts';
import { readExceptions } from '#functions/validation/store/reading-exceptions.ts';
import { addDays } from '#shared/vocabulary/time.ts';
import { agreed, type Home } from '#tests/support/supplied-home.ts';
import {
  agreementEnded,
  at,
  begin,
  dayOf,
  feedInAgreed,
  installedAt,
  meter,
  openMeasured,
  outage,
  pointChanged,
  readAt,
  removedAt,
  runOf,
  tell,
  usual,
  without,
} from './told-home.ts';

const first = '2026-05-05';
const days = [0, 1, 2, 3].map((index) => addDays(first, index));
const [, second = '', third = '', fourth = ''] = days;
const sun = (index: number): number => (index > 14 && index < 34 ? 300 : 0);

const sumOf = (count: number): number =>
  Array.from({ length: count }, (_, index) => usual(index)).reduce((sum, value) => sum + value, 0);

type Step = (home: Home) => Promise<void>;
const takes =
  (...records: readonly ReturnType<typeof dayOf>[]): Step =>
  async (home) => {
    await home.ingest.take(records);
    await home.settleAll();
  };
const tells =
  (...facts: readonly object[]): Step =>
  (home) =>
    tell(home, ...facts);

/**
 * All that comes of four days: readings with holes, and what is told of the home. None of it questions the neighbours of a hole: an
 * estimate stands although what it was made from is questioned later (docs/vee.md), so which one stands depends on the order.
 */
const news: readonly Step[] = [
  takes(dayOf(first, without(36, 44))),
  takes(dayOf(second, without(4, 6))),
  takes(dayOf(third, usual)),
  takes(dayOf(fourth, without(20, 22))),
  takes(dayOf(second, sun, { register: 'B1' }), dayOf(third, sun, { register: 'B1' })),
  takes(readAt(at(third, 0), 90_000)),
  tells(...outage(at(first, 36), at(first, 44))),
  tells(pointChanged(at(second, 4), { connection: 'logically-disconnected' })),
  tells(pointChanged(at(second, 6), { connection: 'connected' })),
  tells(feedInAgreed('ana', third)),
  tells(agreementEnded('ana', third)),
  tells(
    installedAt(begin + 60, [{ register: 'E1', validation: { rated: { value: 337, unit: 'Wh' } } }], { from: begin }),
  ),
  tells(
    removedAt(at(fourth, 40), [{ register: 'E1', read: 90_000 + sumOf(48) + sumOf(40) - usual(20) - usual(21) + 300 }]),
  ),
];

/** What stands of the registers in the end. */
const judged = async (home: Home): Promise<unknown> => {
  const of = async (register: string) => {
    const place = { meter, register };
    const months = await readJudgedMonths(home.readings, place, { first: '2026-01-01', last: '2026-12-31' });
    const found = await readExceptions(home.readings, place, 0, 9_999_999_999);
    return {
      digests: months.flatMap(({ digests }) => digests),
      standing: found.flatMap(({ exception, state }) => (state === 'resolved' ? [] : [[exception, state]])),
      // Where a point was cut off there is nothing, or zero in place of what had been estimated.
      values: await Promise.all(
        days.map(async (date) => (await runOf(home, date, register)).map((value) => value ?? 0)),
      ),
    };
  };
  return { imported: await of('E1'), fed: await of('B1') };
};

const openHome = (): Promise<Home> =>
  openMeasured([{ id: 'E1' }, { id: 'B1', flow: 'reverse' }], [agreed('ana', '2025-01-01')]);
const told = async (order: readonly Step[]): Promise<unknown> => {
  const home = await openHome();
  for (const step of order) await step(home);
  // The daily look at meters: the day on which this one was removed is over.
  await home.judge.overdue({ meter, register: 'E1' }, { first, last: fourth }, 100);
  await home.settleAll();
  return judged(home);
};

describe('news of readings, of a home and of its meter', { timeout: 300_000 }, () => {
  it('come to the same judgement in any order', async () => {
    const calm = await told(news);
    const order = fc.array(fc.nat(), { minLength: news.length, maxLength: news.length });
    await fc.assert(
      fc.asyncProperty(order, async (ranks) => {
        const shuffled = news
          .map((step, index) => ({ step, rank: ranks[index] ?? 0 }))
          .sort((left, right) => left.rank - right.rank)
          .map(({ step }) => step);
        expect(await told(shuffled)).toEqual(calm);
      }),
      { numRuns: 12 },
    );
  });
});
