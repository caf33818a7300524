import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formerService, inTimeOf } from '#functions/accounts/account-service.ts';
import { account, accountAgreements } from '#shared/profile/rules/account.ts';
import { emptyFold } from '#shared/profile/rules/fold.ts';
import { covers, type Period } from '#shared/profile/rules/periods.ts';
import { addDays } from '#shared/vocabulary/time.ts';
import { home, idOf, inParts } from '#tests/profile/rules/told-facts.ts';

/** What an account took, as far as it goes in the time of somebody who has left it. */

const agreed = (from: string, to: string | null) => ({
  id: 'agr',
  account: 'acc',
  servicePoint: 'svp',
  premise: 'prm',
  tariff: 'STANDARD',
  from,
  to,
});
const told = (left: readonly Period[], one: ReturnType<typeof agreed>) =>
  inTimeOf(left, one).map(({ from, to }) => [from, to]);

const day = fc.integer({ min: 0, max: 60 }).map((place) => addDays('2026-01-01', place));
const period = fc
  .tuple(day, fc.option(fc.integer({ min: 1, max: 30 })))
  .map(([from, days]): Period => ({ from, to: days === null ? null : addDays(from, days) }));

describe('service in the time of somebody who has left', () => {
  it('is told of each of the stretches in which they were there', () => {
    const left = [
      { from: '2026-01-01', to: '2026-03-01' },
      { from: '2026-07-01', to: '2026-09-01' },
    ];
    expect(told(left, agreed('2026-02-01', '2026-08-01'))).toEqual([
      ['2026-02-01', '2026-03-01'],
      ['2026-07-01', '2026-08-01'],
    ]);
  });

  it('goes as far as the longer of two roles that they had at a time', () => {
    const left = [
      { from: '2026-01-01', to: '2026-02-01' },
      { from: '2026-01-10', to: '2026-04-01' },
    ];
    expect(told(left, agreed('2026-01-05', null))).toEqual([['2026-01-05', '2026-04-01']]);
  });

  it('is told of just the days on which they were there and it was agreed, each once', () => {
    fc.assert(
      fc.property(fc.array(period, { maxLength: 5 }), period, (left, { from, to }) => {
        const shown = inTimeOf(left, agreed(from, to));
        for (let place = 0; place < 100; place += 1) {
          const on = addDays('2026-01-01', place);
          const is = covers({ from, to }, on) && left.some((one) => covers(one, on));
          expect(shown.filter((one) => covers(one, on))).toHaveLength(is ? 1 : 0);
        }
      }),
    );
  });

  it('is told of the premises where it ended last, and of how many more there were', async () => {
    const held = Array.from({ length: 30 }, (_, n) => ({
      ...agreed('2026-01-01', addDays('2026-01-02', n)),
      id: `agr-${n}`,
      account: home,
      servicePoint: idOf('servicePoint', n),
      premise: idOf('premise', n),
      source: 'billing',
    }));
    const states = new Map([[account.name, inParts(emptyFold(account), accountAgreements, held)]]);
    let asked = 0;
    const { agreements, morePremises } = await formerService(states, [{ from: '2025-01-01', to: null }], async () => {
      asked += 1;
      return true;
    });
    expect([agreements.length, morePremises, asked]).toEqual([25, 5, 25]);
    expect(agreements.every(({ to }) => (to ?? '') > '2026-01-06')).toBe(true);
  });
});
