import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outage } from '#functions/outages/rules/outages.ts';
import type { RecordOutcome } from '#functions/readings/ingest.ts';
import { lastRegisterRead, readRegisterReads } from '#functions/readings/store/register-reads.ts';
import { listQuarantine, readQuarantine } from '#shared/facts/quarantine.ts';
import { metering } from '#shared/profile/rules/installations.ts';
import { stateOf } from '#shared/profile/rules/states.ts';
import { loadSubject } from '#shared/profile/store/subjects.ts';
import { meterId } from '#tests/support/meters/telemetry.ts';
import { type Home, installed, openHome } from '#tests/support/supplied-home.ts';

const seconds = (instant: string): number => Date.parse(instant) / 1000;
const went = seconds('2026-03-04T17:10:00Z');
const back = seconds('2026-03-04T19:45:10Z');

let sequence = 0;
const record = (
  message: Record<string, unknown>,
  more: { readonly thing?: string; readonly arrivedAt?: number; readonly headEnd?: boolean } = {},
) => {
  sequence += 1;
  return {
    sequenceNumber: `m${sequence}`,
    thing: more.thing ?? meterId('one'),
    headEnd: more.headEnd ?? false,
    data: Buffer.from(JSON.stringify({ v: 1, meter: meterId('one'), seq: sequence, ...message })),
    arrivedAt: more.arrivedAt ?? back + 60,
  };
};
const event = (kind: string, at: number, more: Record<string, unknown> = {}) => ({
  kind: 'meter-event',
  event: kind,
  at,
  ...more,
});
const read = (at: number, value: number, more: Record<string, unknown> = {}) => ({
  kind: 'register-read',
  register: 'E1',
  at,
  value,
  ...more,
});

/** A home with a meter that was installed there. */
const metered = async (): Promise<Home> => {
  const home = await openHome();
  await home.meter('one');
  await home.tell([installed('one', '2024-01-02T00:00:00.000Z')]);
  await home.settleAll();
  return home;
};

const kinds = (outcomes: readonly RecordOutcome[]) => outcomes.map(({ kind }) => kind);

const outagesOf = async (home: Home) => {
  const { states } = await loadSubject(home.profile, home.idOf('prm'));
  return stateOf(states, outage).state.outages.map(({ id, startedAt, restoredAt }) => ({ id, startedAt, restoredAt }));
};
const refusals = async (home: Home) =>
  (await listQuarantine(home.profile, { limit: 100 })).entries.map(({ reason, detail }) => [reason, detail.code]);

describe('what a meter tells at once', () => {
  it('is an outage at its premise when power goes, restored when it is back', async () => {
    const home = await metered();
    expect(kinds(await home.ingest.take([record(event('last-gasp', went))]))).toEqual(['stored']);
    expect(await outagesOf(home)).toMatchObject([{ startedAt: '2026-03-04T17:10:00.000Z', restoredAt: null }]);
    await home.ingest.take([record(event('power-restoration', back, { since: went }))]);
    expect(await outagesOf(home)).toMatchObject([
      { startedAt: '2026-03-04T17:10:00.000Z', restoredAt: '2026-03-04T19:45:10.000Z' },
    ]);
  });

  it('is one outage however often, in whatever order and over however many batches it comes', async () => {
    const messages = [
      event('last-gasp', went),
      event('power-outage', went),
      event('power-restoration', back, { since: went }),
      event('power-restoration', back, { since: went }),
    ];
    const told: unknown[] = [];
    await fc.assert(
      fc.asyncProperty(
        fc
          .shuffledSubarray(messages, { minLength: 1 })
          .filter((some) => some.some(({ event: kind }) => kind === 'power-restoration')),
        fc.boolean(),
        async (some, together) => {
          const home = await metered();
          if (together) await home.ingest.take(some.map((one) => record(one)));
          else for (const one of some) await home.ingest.take([record(one)]);
          const found = await outagesOf(home);
          told.push(found);
          expect(found).toHaveLength(1);
          expect(found).toMatchObject([{ restoredAt: '2026-03-04T19:45:10.000Z' }]);
          expect(await refusals(home)).toEqual([]);
        },
      ),
      { numRuns: 25 },
    );
    expect(new Set(told.map((one) => JSON.stringify(one))).size).toBe(1);
  });

  it('is kept as an event of the service point where it is no matter of power, once', async () => {
    const home = await metered();
    const leak = event('leak', went, { value: 12 });
    const outcomes = await home.ingest.take([record(event('tamper', back)), record(leak), record(leak)]);
    expect(kinds(outcomes)).toEqual(['stored', 'stored', 'stored']);
    const { states } = await loadSubject(home.profile, home.idOf('prm'));
    expect(stateOf(states, metering).state.events).toEqual([
      {
        meter: meterId('one'),
        servicePoint: home.idOf('svp'),
        event: 'leak',
        at: '2026-03-04T17:10:00.000Z',
        value: 12,
      },
      {
        meter: meterId('one'),
        servicePoint: home.idOf('svp'),
        event: 'tamper',
        at: '2026-03-04T19:45:10.000Z',
        value: null,
      },
    ]);
  });

  it('is no outage where a meter of gas tells of its own power, but stands with its service point', async () => {
    const home = await openHome();
    await home.meter('one', { commodity: 'gas', unit: 'm3' });
    await home.tell([installed('one', '2024-01-02T00:00:00.000Z')]);
    await home.settleAll();
    const told = [
      event('power-outage', went),
      event('last-gasp', went),
      event('power-restoration', back, { since: went }),
    ];
    expect(kinds(await home.ingest.take(told.map((one) => record(one))))).toEqual(['stored', 'stored', 'stored']);
    expect(await outagesOf(home)).toEqual([]);
    const { states } = await loadSubject(home.profile, home.idOf('prm'));
    expect(
      stateOf(states, metering)
        .state.events?.map((one) => one.event)
        .toSorted(),
    ).toEqual(['last-gasp', 'power-outage', 'power-restoration']);
  });

  it('waits where the meter is not known or not installed yet, and is kept when it is', async () => {
    const home = await openHome();
    expect(kinds(await home.ingest.take([record(event('power-outage', went)), record(read(went, 5))]))).toEqual([
      'waiting',
      'waiting',
    ]);
    await home.meter('one');
    await home.settleAll();
    expect(await outagesOf(home)).toEqual([]);
    await home.tell([installed('one', '2024-01-02T00:00:00.000Z')]);
    await home.settleAll();
    expect(await outagesOf(home)).toHaveLength(1);
    expect(await lastRegisterRead(home.readings, meterId('one'), 'E1')).toMatchObject({ at: went, value: 5 });
  });

  it('goes to quarantine with its reason where it cannot be kept, and holds up nothing beside it', async () => {
    const home = await metered();
    const bad = [
      record({ ...event('flood', went) }),
      record({ ...event('power-restoration', back) }),
      record({ ...event('tamper', went, { since: went }) }),
      record({ ...event('tamper', went, { value: 3 }) }),
      record({ ...event('leak', went, { value: -3 }) }),
      record(event('tamper', went), { thing: meterId('two') }),
      record(event('tamper', back + 400), { arrivedAt: back }),
      record({ ...read(went, 5), register: 'E9' }),
      record({ ...read(went, -1) }),
      record({ ...read(went, 1.5) }),
    ];
    const outcomes = await home.ingest.take([...bad, record(event('tamper', went))]);
    expect(kinds(outcomes)).toEqual([...bad.map(() => 'quarantined'), 'stored']);
    expect((await refusals(home)).map(([reason]) => reason).toSorted()).toEqual(
      [...Array(7).fill('block.invalid'), 'block.foreign', 'block.future', 'register.unknown'].toSorted(),
    );
  });

  it('is tried again where the table does not answer', async () => {
    const home = await metered();
    const { Ingest } = await import('#functions/readings/ingest.ts');
    const broken = new Ingest({
      profile: home.profile,
      readings: home.readings,
      sealer: home.sealer,
      clock: home.clock,
      metrics: home.metrics,
      submit: () => Promise.reject(new Error('the table does not answer')),
    });
    expect(kinds(await broken.take([record(event('tamper', went)), record(read(went, 5))]))).toEqual([
      'failed',
      'stored',
    ]);
  });
});

describe('what a dial stood at', () => {
  it('is kept by its instant; the same again is nothing new, another value of the same revision is kept aside', async () => {
    const home = await metered();
    expect(kinds(await home.ingest.take([record(read(went, 100)), record(read(back, 140))]))).toEqual([
      'stored',
      'stored',
    ]);
    const [same, other] = await home.ingest.take([record(read(went, 100)), record(read(back, 150))]);
    expect(same?.kind).toBe('stored');
    const entry = other !== undefined && 'entry' in other ? await readQuarantine(home.profile, other.entry) : undefined;
    expect(entry).toMatchObject({ reason: 'block.conflict', source: meterId('one') });
    expect(await readRegisterReads(home.readings, meterId('one'), 'E1', went, back + 1)).toMatchObject([
      { at: went, value: 100 },
      { at: back, value: 140 },
    ]);
  });

  it('is the head end’s to correct: a meter that says another value, as a revision or as edited, is kept aside', async () => {
    const home = await metered();
    const outcomes = await home.ingest.take([
      record(read(went, 100)),
      record(read(went, 120, { revision: 1 })),
      record(read(went, 130, { revision: 9999 })),
      record(read(back, 140, { quality: 7 })),
    ]);
    expect(await readRegisterReads(home.readings, meterId('one'), 'E1', 0, back + 1)).toMatchObject([
      { at: went, value: 100 },
    ]);
    const codes = outcomes.map(async (outcome) => {
      const entry = 'entry' in outcome ? await readQuarantine(home.profile, outcome.entry) : undefined;
      return [entry?.reason, entry?.detail.code];
    });
    expect(await Promise.all(codes)).toEqual([
      [undefined, undefined],
      ['block.correction', 'revision-of-head-end'],
      ['block.correction', 'revision-of-head-end'],
      ['block.correction', 'edited'],
    ]);
  });

  it('is replaced by a higher revision of the head end, however late either comes', async () => {
    const home = await metered();
    await home.ingest.take([record(read(went, 120, { revision: 1 }), { headEnd: true }), record(read(went, 100))]);
    expect(await readRegisterReads(home.readings, meterId('one'), 'E1', 0, back)).toMatchObject([
      { at: went, value: 120 },
    ]);
    expect(await readRegisterReads(home.readings, meterId('one'), 'E1', 0, went)).toEqual([]);
  });
});
