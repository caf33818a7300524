import { describe, expect, it } from 'vitest';
import { JudgeRegister } from '#functions/validation/judge-register.ts';
import { createCountedTable } from '#scripts/bench/counted-table.ts';
import { addDays } from '#shared/vocabulary/time.ts';
import type { Home } from '#tests/support/supplied-home.ts';
import {
  at,
  dayOf,
  meter,
  openMeasured,
  outage,
  pointChanged,
  send,
  tell,
  usual,
  weeksBefore,
  without,
} from './told-home.ts';

const first = '2026-05-05';

/** What judging one more day of a register reads: requests, and units of 4 KB, by table. */
const readsOf = async (home: Home, date: string, valueAt: (index: number) => number | null) => {
  const profile = createCountedTable(home.store.table('profile'));
  const readings = createCountedTable(home.store.table('readings'));
  const judge = new JudgeRegister({ profile, readings, metrics: home.metrics });
  const place = { meter, register: 'E1' };
  await home.ingest.take([dayOf(date, usual)]);
  await judge.news(place, [at(date, 0)]);
  profile.reset();
  readings.reset();
  const next = addDays(date, 1);
  await home.ingest.take([dayOf(next, valueAt)]);
  await judge.news(place, [at(next, 0)]);
  const [ofProfile, ofReadings] = [profile.counts(), readings.counts()];
  return {
    profile: [ofProfile.requests, ofProfile.readUnits],
    readings: [ofReadings.requests - (ofReadings.itemsWritten > 0 ? 1 : 0), Math.ceil(ofReadings.readUnits)],
  };
};

describe('judging a day of a register that is known already', () => {
  it('reads so much, and no more however long the register is read and however much is told of its place', async () => {
    const home = await openMeasured();
    await send(home, ...weeksBefore(first));
    const calm = await readsOf(home, first, usual);
    expect(calm).toEqual({ profile: [4, 4], readings: [7, 7] });
    for (const index of [1, 2, 3, 4, 5, 6]) {
      const dark = addDays(first, -3 * index);
      await tell(home, ...outage(at(dark, 10), at(dark, 12)));
      await tell(home, pointChanged(at(dark, 20), { minimalUsageExpected: index % 2 === 0 }));
    }
    await home.settleAll();
    expect(await readsOf(home, addDays(first, 2), usual)).toEqual(calm);
  });

  it('reads its history, too, where something of it is missing', async () => {
    const home = await openMeasured();
    await send(home, ...weeksBefore(first));
    expect(await readsOf(home, first, without(10, 20))).toEqual({ profile: [4, 4], readings: [13, 13] });
  });

  it('reads what each other register of the meter has of it', async () => {
    const home = await openMeasured([{ id: 'E1' }, { id: 'E2' }]);
    await send(home, ...weeksBefore(first));
    expect(await readsOf(home, first, usual)).toEqual({ profile: [4, 4], readings: [8, 8] });
  });
});
