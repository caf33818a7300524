import { describe, expect, it } from 'vitest';
import { JudgeRegister } from '#functions/validation/judge-register.ts';
import { type JudgeSilentParts, judgeSilent } from '#functions/validation/judge-silent.ts';
import { silenceSchedule } from '#functions/validation/schedule.ts';
import { readMeterTasks } from '#functions/validation/store/meter-tasks.ts';
import { readRound } from '#functions/validation/store/silence-round.ts';
import { metersToLookAt, watchWrite } from '#functions/validation/store/watched-meters.ts';
import type { Table } from '#shared/table/table.ts';
import {
  aMeter,
  meterId,
  premiseId,
  putMeter,
  servicePointId,
  telemetryGround,
} from '#tests/support/meters/telemetry.ts';
import { RecordedLogger, RecordedMetrics } from '#tests/support/recorders.ts';

const fleet = 100;
/** Meters that a run has time for: one group of those that are looked at side by side. */
const share = 16;
const minute = 60_000;
const noTime = () => true;
const allTime = () => false;

/** A table whose reads of some meters are as `meet` says. */
const meeting = (table: Table, meet: (meter: string) => Promise<void>): Table => ({
  name: table.name,
  get: async (key, options) => {
    if (key.pk.startsWith('MTR#')) await meet(key.pk.slice('MTR#'.length));
    return table.get(key, options);
  },
  query: (query) => table.query(query),
  scan: (scan) => table.scan(scan),
  batchPut: (items) => table.batchPut(items),
  close: () => table.close(),
  commit: (writes) => table.commit(writes),
});

/** A fleet of which nothing was ever heard; all of it is due. */
const silentFleet = async () => {
  const ground = await telemetryGround({ staleReads: false });
  const names = Array.from({ length: fleet }, (_, n) => `m${n}`);
  for (const name of names) {
    const place = { servicePoint: servicePointId(name), premise: premiseId(name), to: null };
    await putMeter(ground, aMeter(name, { installations: [{ ...place, from: '2026-05-20T00:00:00.000Z' }] }));
    await ground.profile.commit([watchWrite(meterId(name), '2026-05-24T00:00:00.000Z')]);
  }
  const [metrics, logger] = [new RecordedMetrics(), new RecordedLogger()];
  const { profile, readings, clock } = ground;
  const partsOn = (table: Table): JudgeSilentParts => {
    const judge = new JudgeRegister({ profile: table, readings, metrics });
    return { profile: table, readings, clock, metrics, logger, judge };
  };
  const due = async (): Promise<readonly string[]> => {
    const meters: string[] = [];
    for await (const { meter } of metersToLookAt(profile, '2026-06-01T12:00:00.000Z')) meters.push(meter);
    return meters;
  };
  /** Of each meter, the tasks that it is silent. */
  const tasks = async () =>
    (await Promise.all(names.map((name) => readMeterTasks(readings, meterId(name))))).map((of) =>
      of.filter(({ kind }) => kind === 'silent').map(({ kind, number, isOpen }) => [kind, number, isOpen]),
    );
  const later = (milliseconds: number): void => clock.set(clock.now() + milliseconds);
  return { ...ground, metrics, logger, parts: partsOn(profile), partsOn, due, tasks, later };
};
const each = Array.from({ length: fleet }, () => [['silent', 1, true]]);

describe('a fleet larger than what a run has time for', () => {
  it('is looked at whole by runs that hand the round on, and no meter is told of twice', async () => {
    const { parts, metrics, due, tasks, profile } = await silentFleet();
    const handedOn: string[] = [];
    const run = silenceSchedule({ ...parts, goOnWithRound: async (round) => void handedOn.push(round) });
    const late = { getRemainingTimeInMillis: () => minute };
    await run(undefined, late);
    expect(await due()).toHaveLength(fleet - share);
    let runs = 1;
    for (let round = handedOn.shift(); round !== undefined; round = handedOn.shift(), runs += 1)
      await run({ round }, late);
    expect(runs).toBeGreaterThan(fleet / share);
    expect(await due()).toEqual([]);
    expect(await readRound(profile)).toMatchObject({ isOpen: false, meters: fleet, failed: 0 });
    expect(await tasks()).toEqual(each);
    expect(metrics.of('meter.silent')).toBe(fleet);
    // A hand that comes a second time finds the round over.
    const { round = '' } = (await readRound(profile)) ?? {};
    expect(await judgeSilent(parts, round, allTime)).toBeUndefined();
  });

  it('is gone on with by the clock where a run was killed in it, and no meter is told of twice', async () => {
    const { parts, partsOn, profile, metrics, due, tasks, later } = await silentFleet();
    let met = 0;
    await new Promise<void>((killed) => {
      const dying = meeting(profile, async () => {
        met += 1;
        if (met <= share * 3 + 5) return;
        killed();
        await new Promise(() => {});
      });
      void judgeSilent(partsOn(dying), undefined, allTime);
    });
    const left = await readRound(profile);
    expect(left).toMatchObject({ isOpen: true });
    expect(left?.meters).toBeLessThan(fleet);
    // Whoever was at it may still be.
    expect(await judgeSilent(parts, undefined, allTime)).toBeUndefined();
    later(16 * minute);
    expect(await judgeSilent(parts, undefined, allTime)).toMatchObject({ round: left?.round, unfinished: false });
    expect(await due()).toEqual([]);
    expect(await tasks()).toEqual(each);
    expect(metrics.of('meter.silent')).toBe(fleet);
  });

  it('has one run at it: the earlier one leaves the round to whoever took it up later', async () => {
    const { parts, partsOn, profile, metrics, due } = await silentFleet();
    const begun = await judgeSilent(parts, undefined, noTime);
    let taken = false;
    const slow = meeting(profile, async () => {
      if (taken) return;
      taken = true;
      await judgeSilent(parts, begun?.round, allTime);
    });
    expect(await judgeSilent(partsOn(slow), begun?.round, allTime)).toBeUndefined();
    expect(await due()).toEqual([]);
    expect(metrics.of('meter.silent')).toBe(fleet);
  });
});

describe('a round that is not over in its time', () => {
  it('is counted for the alarm by each hour that finds it so, and no other is begun beside it', async () => {
    const { parts, profile, metrics, later } = await silentFleet();
    const begun = await judgeSilent(parts, undefined, noTime);
    later(50 * minute);
    await judgeSilent(parts, begun?.round, noTime);
    expect(metrics.of('meter.round-late')).toBe(0);
    later(10 * minute);
    expect(await judgeSilent(parts, undefined, allTime)).toBeUndefined();
    expect(metrics.of('meter.round-late')).toBe(1);
    expect((await readRound(profile))?.round).toBe(begun?.round);
    later(60 * minute);
    expect(await judgeSilent(parts, undefined, allTime)).toMatchObject({ round: begun?.round, unfinished: false });
    expect(metrics.of('meter.round-late')).toBe(2);
    later(60 * minute);
    const next = await judgeSilent(parts, undefined, allTime);
    expect(next?.round).not.toBe(begun?.round);
    expect(metrics.of('meter.round-late')).toBe(2);
  });

  it('meets those that cannot be looked at once, goes on behind them, and fails at its end; the next meets them again', async () => {
    const { partsOn, profile, metrics, due, later } = await silentFleet();
    const broken = new Set((await due()).slice(0, 20));
    const parts = partsOn(
      meeting(profile, async (meter) => {
        if (broken.has(meter)) throw new Error('no answer');
      }),
    );
    const handedOn: string[] = [];
    const run = silenceSchedule({ ...parts, goOnWithRound: async (round) => void handedOn.push(round) });
    const late = { getRemainingTimeInMillis: () => minute };
    const wholeRound = async (): Promise<void> => {
      await run(undefined, late);
      for (let round = handedOn.shift(); round !== undefined; round = handedOn.shift()) await run({ round }, late);
    };
    await expect(wholeRound()).rejects.toThrow(`20 of ${fleet} meters`);
    expect(metrics.of('meter.look-failed')).toBe(20);
    expect(new Set(await due())).toEqual(broken);
    broken.clear();
    later(60 * minute);
    await wholeRound();
    expect(await due()).toEqual([]);
  });
});
