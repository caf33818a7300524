import { describe, expect, it } from 'vitest';
import { addDays } from '#shared/vocabulary/time.ts';
import { saysAll } from '#tests/support/profile-system.ts';
import {
  agreementEnded,
  at,
  begin,
  dayOf,
  exceptionsOf,
  fact,
  feedInAgreed,
  installedAt,
  meter,
  openMeasured,
  outage,
  partOf,
  pointChanged,
  readAt,
  removedAt,
  runOf,
  send,
  standing,
  tell,
  usual,
  weeksBefore,
  without,
} from './told-home.ts';

describe('an evening without power', () => {
  const day = '2026-05-05';
  const evening = [36, 44] as const;

  it('is filled with zeros and not with habits, whether the outage is told before the readings or after', async () => {
    for (const isLate of [false, true]) {
      const home = await openMeasured();
      const facts = outage(at(day, evening[0]), at(day, evening[1]));
      await send(home, ...weeksBefore(day));
      if (!isLate) await tell(home, ...facts);
      await send(home, dayOf(day, without(...evening)), dayOf(addDays(day, 1), usual));
      if (isLate) {
        expect((await runOf(home, day)).slice(...evening)).toEqual(Array.from({ length: 8 }, (_, i) => usual(36 + i)));
        await tell(home, ...facts);
      }
      expect((await runOf(home, day)).slice(35, 45)).toEqual([usual(35), 0, 0, 0, 0, 0, 0, 0, 0, usual(44)]);
      expect(await standing(home, 'missing-intervals')).toMatchObject([
        { state: 'filled', exception: { severity: 'warn' } },
      ]);
      expect(await standing(home, 'meter-event')).toHaveLength(1);
    }
  });

  it('is no ground for the evening of another day', async () => {
    const home = await openMeasured();
    const dark = addDays(day, -7);
    await tell(home, ...outage(at(dark, 36), at(dark, 44)));
    const before = weeksBefore(day).filter((_, index) => index !== 14);
    const quiet = dayOf(dark, (index) => (index >= 36 && index < 44 ? 0 : usual(index)));
    await send(home, ...before, quiet, dayOf(day, without(...evening)), dayOf(addDays(day, 1), usual));
    expect((await runOf(home, day)).slice(...evening)).toEqual(Array.from({ length: 8 }, (_, i) => usual(36 + i)));
  });

  it('is as it was once the outage is taken back', async () => {
    const home = await openMeasured();
    const facts = outage(at(day, evening[0]), at(day, evening[1]));
    await tell(home, ...facts);
    await send(home, ...weeksBefore(day), dayOf(day, without(...evening)), dayOf(addDays(day, 1), usual));
    expect((await runOf(home, day))[40]).toBe(0);
    const [reported] = await home.submit([facts[0]], {
      actor: 'machine:billing',
      speaksFor: saysAll,
      supervisor: false,
    });
    if (reported?.status !== 'duplicate') throw new Error('the outage was not known');
    await tell(
      home,
      fact('service.outage.retracted.v1', at(day, 47), { factId: reported.fact.id, reason: 'Another street.' }),
    );
    expect((await runOf(home, day))[40]).toBe(usual(40));
  });
});

describe('a meter that is exchanged in the middle of a day', () => {
  const day = '2026-05-05';
  const noon = 24;
  const sumOf = (from: number, to: number): number =>
    Array.from({ length: to - from }, (_, index) => usual(from + index)).reduce((sum, value) => sum + value, 0);
  // 4 of the half-hours until noon are lost; the dials say that 500 Wh were used in them.
  const opened = 70_000;
  const closed = opened + sumOf(0, 20) + 500;
  const removal = removedAt(at(day, noon), [{ register: 'E1', read: closed }]);
  const arrival = installedAt(at(day, noon), [{ register: 'E1', read: 120 }], { serial: 'm2' });

  it('is judged to its end and from its beginning, and the lost half-hours add up to what the dials say', async () => {
    for (const isToldFirst of [true, false]) {
      const home = await openMeasured();
      await home.meter('m2');
      await send(home, ...weeksBefore(day), readAt(at(day, 0), opened));
      if (isToldFirst) await tell(home, removal, arrival);
      await send(home, partOf(day, 0, noon, without(20, 24)));
      if (!isToldFirst) await tell(home, removal, arrival);
      // The daily look at meters: the day of the removal is over.
      await home.judge.overdue({ meter, register: 'E1' }, { first: day, last: day }, 100);
      await send(home, partOf(day, noon, 48, usual, 'm2'), dayOf(addDays(day, 1), usual, { serial: 'm2' }));
      const before = await runOf(home, day);
      expect(before.slice(0, 20)).toEqual(Array.from({ length: 20 }, (_, index) => usual(index)));
      expect(before.slice(20, 24).reduce((sum: number, value) => sum + (value ?? 0), 0)).toBe(500);
      expect(before).toHaveLength(24);
      expect(await standing(home, 'missing-intervals')).toHaveLength(1);
      expect(await standing(home, 'sum-check')).toEqual([]);
    }
  });

  it('tells whether the intervals of its last days are right', async () => {
    const home = await openMeasured();
    await send(home, ...weeksBefore(day), readAt(at(day, 0), opened), partOf(day, 0, noon));
    await tell(home, removedAt(at(day, noon), [{ register: 'E1', read: opened + sumOf(0, noon) - 700 }]));
    await home.judge.overdue({ meter, register: 'E1' }, { first: day, last: day }, 100);
    expect(await standing(home, 'sum-check')).toMatchObject([
      { exception: { from: at(day, 0), to: at(day, noon), evidence: { difference: 700, missing: 0 } } },
    ]);
  });

  it('says nothing of the meter that comes after it on the same dial', async () => {
    const home = await openMeasured();
    await tell(home, removal);
    await tell(home, installedAt(at(addDays(day, 1), 0), [{ register: 'E1', read: 0 }]));
    await send(home, ...weeksBefore(day), readAt(at(day, 0), opened), partOf(day, 0, noon, without(20, 24)));
    await send(home, dayOf(addDays(day, 1), usual), readAt(at(addDays(day, 2), 0), sumOf(0, 48)));
    expect(await exceptionsOf(home, 'register-backwards')).toEqual([]);
    expect(await standing(home, 'sum-check')).toEqual([]);
  });
});

describe('what a solar home feeds in', () => {
  const day = '2026-05-05';
  const roof = [{ id: 'E1' }, { id: 'B1', flow: 'reverse' as const }];
  const sun = (index: number): number => (index > 14 && index < 34 ? 300 : 0);
  const fed = [dayOf(day, sun, { register: 'B1' }), dayOf(addDays(day, 1), sun, { register: 'B1' })];

  it('is somebody’s question without an agreement for it, and none with one', async () => {
    const home = await openMeasured(roof);
    await send(home, ...fed);
    expect(await standing(home, 'reverse-energy', 'B1')).toHaveLength(2);
    await tell(home, agreementEnded('ana', '2026-05-06'), feedInAgreed('ana', '2026-05-06'));
    expect(await standing(home, 'reverse-energy', 'B1')).toMatchObject([{ exception: { from: at(day, 15) } }]);
  });

  it('is no question where the utility does not ask of this register', async () => {
    const home = await openMeasured(roof);
    await send(home, ...fed);
    await tell(
      home,
      installedAt(at(day, 0), [{ register: 'B1', validation: { off: ['reverse-energy'] } }], { from: begin }),
    );
    expect(await standing(home, 'reverse-energy', 'B1')).toEqual([]);
  });
});

describe('a home that nobody lives in', () => {
  const empty = '2026-05-05';
  const days = (count: number, valueAt: (index: number) => number) =>
    Array.from({ length: count }, (_, index) => dayOf(addDays(empty, index), valueAt));

  it('uses nothing, and nobody is asked about it', async () => {
    const home = await openMeasured();
    await tell(home, agreementEnded('ana', empty));
    await send(home, ...weeksBefore(empty), ...days(8, () => 0));
    expect(await exceptionsOf(home, 'zero')).toEqual([]);
    expect(await exceptionsOf(home, 'high-low')).toEqual([]);
  });

  it('is known to be empty from the day on which that is told, however late', async () => {
    const home = await openMeasured();
    await send(home, ...weeksBefore(empty), ...days(8, () => 0));
    expect(await standing(home, 'zero')).toHaveLength(1);
    expect(await standing(home, 'high-low')).not.toEqual([]);
    await tell(home, pointChanged(at(empty, 0), { minimalUsageExpected: true }));
    expect(await standing(home, 'zero')).toEqual([]);
    expect(await standing(home, 'high-low')).toEqual([]);
  });

  it('and whose service is cut off should measure nothing: what it measures is questionable', async () => {
    const home = await openMeasured();
    await tell(home, pointChanged(at(empty, 0), { connection: 'physically-disconnected' }));
    await tell(home, pointChanged(at(addDays(empty, 1), 0), { connection: 'connected' }));
    await send(home, ...weeksBefore(empty), dayOf(addDays(empty, 1), usual));
    expect(await exceptionsOf(home, 'missing-intervals')).toEqual([]);
    await send(home, dayOf(empty, usual));
    expect(await standing(home, 'inactive-device')).toMatchObject([{ exception: { from: at(empty, 0), quality: 10 } }]);
  });
});

describe('a register that falls silent beside another', () => {
  const day = '2026-05-05';

  it('is told of on the other, and no longer once its day comes', async () => {
    const home = await openMeasured([{ id: 'E1' }, { id: 'E2' }]);
    const both = (date: string) => [dayOf(date, usual), dayOf(date, usual, { register: 'E2' })];
    await send(home, ...both(addDays(day, -1)), dayOf(day, usual), ...both(addDays(day, 1)));
    expect(await standing(home, 'sibling-missing')).toMatchObject([
      { exception: { from: at(day, 0), evidence: { absent: ['E2'] } } },
    ]);
    await send(home, dayOf(day, usual, { register: 'E2' }));
    expect(await standing(home, 'sibling-missing')).toEqual([]);
  });
});

describe('a register of which the utility says how it is judged', () => {
  const day = '2026-05-05';

  it('is judged so from then on, and its days before are judged again', async () => {
    const home = await openMeasured();
    const high = (index: number): number => (index === 20 ? 9_000 : usual(index));
    await send(home, ...weeksBefore(day), dayOf(day, high));
    expect(await standing(home, 'capacity')).toEqual([]);
    const rated = { rated: { value: 13_800, unit: 'Wh' }, off: ['spike'] };
    await tell(home, installedAt(at(day, 0), [{ register: 'E1', validation: rated }], { from: begin }));
    expect(await standing(home, 'capacity')).toMatchObject([
      { exception: { from: at(day, 20), evidence: { most: 7590 } } },
    ]);
    expect(await standing(home, 'spike')).toEqual([]);
  });

  it('fills its first days by its class where nothing else is known', async () => {
    const home = await openMeasured();
    const profile = { name: 'flat', annual: { value: 1_752_000, unit: 'Wh' } };
    await tell(home, installedAt(at(day, 0), [{ register: 'E1', validation: { profile } }], { from: begin }));
    await send(home, dayOf(day, without(10, 16)));
    expect((await runOf(home, day)).slice(9, 17)).toEqual([usual(9), 100, 100, 100, 100, 100, 100, usual(16)]);
  });
});
