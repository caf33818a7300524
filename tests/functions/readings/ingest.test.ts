import { describe, expect, it } from 'vitest';
import { keepOverwritten } from '#functions/readings/block-conflicts.ts';
import { writeUsageFrame } from '#functions/readings/contract/usage-frame.ts';
import { meterAwaited } from '#functions/readings/ingest.ts';
import { placeWaiting, redriveBlock } from '#functions/readings/redrive.ts';
import { lastReadingAt, readRuns } from '#functions/readings/store/readings.ts';
import { readingsStream } from '#functions/readings/stream.ts';
import { listQuarantine, openQuarantined, readQuarantine, waitingFor } from '#shared/facts/quarantine.ts';
import { LimitExceeded, type Table, Throttled } from '#shared/table/table.ts';
import {
  aBlock,
  aMeter,
  arrived,
  changesOf,
  halfHours,
  installMeter,
  itemsOf,
  meterId,
  premiseId,
  putMeter,
  servicePointId,
  telemetryGround,
} from '#tests/support/meters/telemetry.ts';

const day = (first: number): number[] => Array.from({ length: 48 }, (_, index) => first + index);
const midnight = '2026-01-15T00:00:00Z';

const refusals = async (ground: Awaited<ReturnType<typeof telemetryGround>>) =>
  (await listQuarantine(ground.profile, { limit: 100 })).entries.map(({ reason, detail }) => [reason, detail.code]);

describe('blocks of readings', () => {
  it('are kept one item each: the whole day under its date, others under their start and revision', async () => {
    const ground = await telemetryGround();
    await putMeter(ground, aMeter('one'));
    const outcomes = await ground.ingest.take([
      arrived(aBlock('one', midnight, day(100))),
      arrived(aBlock('one', midnight, day(200), { revision: 1 }), { headEnd: true }),
      arrived(aBlock('one', midnight, day(300), { revision: 1 })),
      arrived(aBlock('one', '2026-01-16T09:30:00Z', [7, null])),
      arrived(aBlock('one', '2026-03-29T00:00:00Z', Array(46).fill(5))),
      arrived(aBlock('one', '2026-10-24T23:00:00Z', Array(50).fill(5))),
    ]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(Array(6).fill('stored'));
    const items = await itemsOf(ground.store, 'readings');
    expect(items.map(({ pk, sk }) => [pk, sk])).toEqual(
      ['D#20260115', 'D#20260115#0000r1', 'D#20260115#0000s1', 'D#20260116#0570r0', 'D#20260329', 'D#20261025'].map(
        (sk) => [`M#${meterId('one')}#E1`, sk],
      ),
    );
  });

  it('sent again, shuffled and doubled within a batch, leave the same bytes and no change', async () => {
    const ground = await telemetryGround();
    await putMeter(ground, aMeter('one'));
    const blocks = [100, 200, 300].map((first, index) => aBlock('one', `2026-01-1${index + 1}T00:00:00Z`, day(first)));
    await ground.ingest.take(blocks.map((block) => arrived(block)));
    const before = await itemsOf(ground.store, 'readings');
    const changes = (await changesOf(ground.store, 'readings')).length;
    const again = [...blocks.toReversed(), ...blocks, ...blocks.map((block) => ({ ...block, seq: 99 }))];
    const outcomes = await ground.ingest.take(again.map((block) => arrived(block)));
    expect(outcomes.every(({ kind }) => kind === 'stored')).toBe(true);
    expect(await itemsOf(ground.store, 'readings')).toEqual(before);
    expect((await changesOf(ground.store, 'readings')).length).toBe(changes);
    expect(await refusals(ground)).toEqual([]);
  });

  it('as JSON and as a frame are one reading: the same bytes are kept, and no change is seen', async () => {
    const ground = await telemetryGround();
    await putMeter(ground, aMeter('one'));
    const blocks = [
      aBlock('one', midnight, day(100)),
      aBlock('one', '2026-01-16T09:30:00Z', [7, null, -3], { quality: [[2, 8]], revision: 2 }),
    ];
    await ground.ingest.take(blocks.map((block) => arrived(block)));
    const before = await itemsOf(ground.store, 'readings');
    const changes = (await changesOf(ground.store, 'readings')).length;
    const frames = blocks.map((block) => ({ ...arrived(block), data: writeUsageFrame(block) }));
    const outcomes = await ground.ingest.take([...frames, ...frames.toReversed()]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(Array(4).fill('stored'));
    expect(before.length).toBe(2);
    expect(await itemsOf(ground.store, 'readings')).toEqual(before);
    expect((await changesOf(ground.store, 'readings')).length).toBe(changes);
  });

  it('as frames wait for their meter, and are placed when it is known', async () => {
    const ground = await telemetryGround({ staleReads: false });
    const block = aBlock('one', midnight, day(100));
    const [outcome] = await ground.ingest.take([{ ...arrived(block), data: writeUsageFrame(block) }]);
    expect(outcome?.kind).toBe('waiting');
    await putMeter(ground, aMeter('one'));
    const { profile, sealer, ingest } = ground;
    await placeWaiting({ profile, sealer, ingest }, await changesOf(ground.store, 'profile'));
    expect((await itemsOf(ground.store, 'readings')).map(({ sk }) => sk)).toEqual(['D#20260115']);
  });

  it('go to quarantine once, with their reason and bytes, and hold up nobody', async () => {
    const ground = await telemetryGround({ staleReads: false });
    await putMeter(
      ground,
      aMeter('one', { registers: [halfHours('Europe/London', { acceptFrom: '2026-01-01T00:00:00.000Z' })] }),
    );
    const good = arrived(aBlock('one', midnight, day(1)));
    const bad = [
      { ...good, data: Buffer.from('{bad') },
      { ...good, data: Buffer.from(JSON.stringify({ ...aBlock('one', midnight, day(1)), v: 2 })) },
      arrived(aBlock('one', midnight, day(1)), { thing: meterId('two') }),
      arrived(aBlock('one', midnight, [1], { register: 'E2' })),
      arrived(aBlock('one', midnight, [1], { interval: 900 })),
      arrived(aBlock('one', '2026-01-15T00:10:00Z', [1])),
      arrived(aBlock('one', '2026-01-15T23:00:00Z', [1, 2, 3])),
      arrived(aBlock('one', '2025-12-31T10:00:00Z', [1])),
      arrived(aBlock('one', midnight, [1]), { arrivedAt: Date.parse(midnight) / 1000 + 1800 - 301 }),
    ];
    const within = arrived(aBlock('one', '2026-01-14T00:00:00Z', [1]), {
      arrivedAt: Date.parse('2026-01-14T00:25:00Z') / 1000,
    });
    for (let time = 0; time < 2; time += 1) {
      const outcomes = await ground.ingest.take([...bad, good, within]);
      expect(outcomes.map(({ kind }) => kind)).toEqual([...bad.map(() => 'quarantined'), 'stored', 'stored']);
    }
    expect((await refusals(ground)).sort()).toEqual(
      [
        ['block.invalid', 'not-json'],
        ['block.invalid', 'wrong-version'],
        ['block.foreign', undefined],
        ['register.unknown', 'unknown-register'],
        ['register.mismatch', 'other-interval'],
        ['register.mismatch', 'off-the-grid'],
        ['block.invalid', 'crosses-midnight'],
        ['block.too-old', 'before-accept-from'],
        ['block.future', 'ends-after-receipt'],
      ].sort(),
    );
    expect(await itemsOf(ground.store, 'readings')).toHaveLength(2);
    const [first] = (await listQuarantine(ground.profile, { limit: 1 })).entries;
    if (first === undefined) throw new Error('nothing in quarantine');
    const opened = await openQuarantined(ground.sealer, first);
    expect(bad.some(({ data }) => Buffer.compare(data, opened ?? Buffer.alloc(0)) === 0)).toBe(true);
    expect(JSON.stringify(await itemsOf(ground.store, 'profile'))).not.toContain('"values"');
  });

  it('are listed in quarantine by pages, oldest first, each once', async () => {
    const ground = await telemetryGround({ staleReads: false });
    await putMeter(ground, aMeter('one'));
    const bad = Array.from({ length: 23 }, (_, index) =>
      arrived(aBlock('one', midnight, [index], { register: 'X' }), { arrivedAt: 1_770_000_000 + index }),
    );
    await ground.ingest.take(bad);
    const times: string[] = [];
    let after: string | undefined;
    do {
      const page = await listQuarantine(ground.profile, { limit: 5, after });
      times.push(...page.entries.map(({ receivedAt }) => receivedAt));
      after = page.next;
    } while (after !== undefined);
    expect(times).toEqual(bad.map(({ arrivedAt }) => new Date(arrivedAt * 1000).toISOString()));
  });

  it('wait while their meter is unknown or not installed then, and are placed when it is', async () => {
    const ground = await telemetryGround({ staleReads: false });
    const record = arrived(aBlock('late', midnight, day(1)));
    expect((await ground.ingest.take([record])).map(({ kind }) => kind)).toEqual(['waiting']);
    const parts = { profile: ground.profile, sealer: ground.sealer, ingest: ground.ingest };
    await putMeter(ground, aMeter('late', { installations: [] }));
    await placeWaiting(parts, await changesOf(ground.store, 'profile'));
    expect((await ground.ingest.take([record])).map(({ kind }) => kind)).toEqual(['waiting']);
    const waiting = [];
    for await (const entry of waitingFor(ground.profile, meterAwaited(meterId('late')))) waiting.push(entry);
    expect(waiting).toHaveLength(1);
    expect(await itemsOf(ground.store, 'readings')).toEqual([]);
    await installMeter(ground, meterId('late'), [
      { servicePoint: servicePointId('a'), premise: premiseId('a'), from: '2026-01-15T12:00:00.000Z', to: null },
    ]);
    await placeWaiting(parts, await changesOf(ground.store, 'profile'));
    expect(await itemsOf(ground.store, 'readings')).toHaveLength(1);
    for await (const entry of waitingFor(ground.profile, meterAwaited(meterId('late'))))
      throw new Error(`still waits: ${entry.id}`);
    expect((await listQuarantine(ground.profile, { limit: 10, queue: 'waiting' })).entries).toEqual([]);
  });

  it('are taken from quarantine once the cause is mended, and stay there until then', async () => {
    const ground = await telemetryGround({ staleReads: false });
    await putMeter(ground, aMeter('one', { registers: [halfHours('Europe/London', { intervalSeconds: 900 })] }));
    const [outcome] = await ground.ingest.take([arrived(aBlock('one', midnight, day(1)))]);
    if (outcome?.kind !== 'quarantined') throw new Error('not quarantined');
    const parts = { profile: ground.profile, sealer: ground.sealer, ingest: ground.ingest };
    expect(await redriveBlock(parts, outcome.entry)).toBe('quarantined');
    expect(await readQuarantine(ground.profile, outcome.entry)).toBeDefined();
    const mended = aMeter('one');
    await ground.profile.commit([
      { remove: { pk: `MTR#${mended.id}`, sk: 'HEAD' } },
      { remove: { pk: 'REF#meter#serial#one', sk: 'HEAD' } },
    ]);
    await putMeter(ground, mended);
    expect(await redriveBlock(parts, outcome.entry)).toBe('stored');
    expect(await readQuarantine(ground.profile, outcome.entry)).toBeUndefined();
    expect(await redriveBlock(parts, outcome.entry)).toBeUndefined();
    expect(await itemsOf(ground.store, 'readings')).toHaveLength(1);
  });

  it('of a meter with two contents under one key leave the first, and the other in quarantine, in one batch or in two', async () => {
    for (const together of [true, false]) {
      const ground = await telemetryGround({ staleReads: false });
      await putMeter(ground, aMeter('one'));
      const [first, second] = [
        arrived(aBlock('one', midnight, day(1))),
        arrived(aBlock('one', midnight, day(500), { seq: 2 })),
      ];
      const outcomes = together
        ? await ground.ingest.take([first, second, first])
        : [...(await ground.ingest.take([first])), ...(await ground.ingest.take([second, first]))];
      expect(outcomes.map(({ kind }) => kind)).toEqual(['stored', 'quarantined', 'stored']);
      await keepOverwritten(ground, await changesOf(ground.store, 'readings'));
      const [run] = await readRuns(ground.readings, meterId('one'), 'E1', first.arrivedAt - 86_400, first.arrivedAt);
      expect(run?.values).toEqual(day(1));
      const { entries } = await listQuarantine(ground.profile, { limit: 10 });
      expect(entries.map(({ reason, source }) => [reason, source])).toEqual([['block.conflict', meterId('one')]]);
      const [entry] = entries;
      const raw = entry === undefined ? undefined : await openQuarantined(ground.sealer, entry);
      expect(Buffer.from(raw ?? []).equals(second.data)).toBe(true);
    }
  });

  it('of the head end with two contents under one key leave the later, and the other in quarantine, in one batch or in two', async () => {
    for (const together of [true, false]) {
      const ground = await telemetryGround({ staleReads: false });
      await putMeter(ground, aMeter('one'));
      const byFile = { headEnd: true } as const;
      const [first, second] = [
        arrived(aBlock('one', midnight, day(1), { revision: 1 }), byFile),
        arrived(aBlock('one', midnight, day(500), { revision: 1, seq: 2 }), byFile),
      ];
      if (together) await ground.ingest.take([first, second]);
      else for (const record of [first, second]) await ground.ingest.take([record]);
      await keepOverwritten(ground, await changesOf(ground.store, 'readings'));
      await keepOverwritten(ground, await changesOf(ground.store, 'readings'));
      const [run] = await readRuns(ground.readings, meterId('one'), 'E1', first.arrivedAt - 86_400, first.arrivedAt);
      expect(run?.values).toEqual(day(500));
      const { entries } = await listQuarantine(ground.profile, { limit: 10 });
      expect(entries.map(({ reason }) => reason)).toEqual(['block.conflict']);
      const [entry] = entries;
      const raw = entry === undefined ? undefined : await openQuarantined(ground.sealer, entry);
      expect(JSON.parse(Buffer.from(raw ?? []).toString())).toEqual({
        ...aBlock('one', midnight, day(1), { revision: 1 }),
        seq: 0,
      });
      expect(entry?.source).toBe(`head-end/${meterId('one')}`);
    }
  });

  it('are reported to be tried again exactly where their write failed', async () => {
    const failing = (table: Table): Table => ({
      ...table,
      name: table.name,
      get: (key, options) => table.get(key, options),
      query: (query) => table.query(query),
      scan: (scan) => table.scan(scan),
      commit: async (writes) => {
        if (writes.some((write) => 'put' in write && write.put.sk === 'D#20260103')) throw new Throttled();
        await table.commit(writes);
      },
      batchPut: (items) => table.batchPut(items),
      close: () => table.close(),
    });
    const ground = await telemetryGround({ readings: failing });
    await putMeter(ground, aMeter('one'));
    const records = Array.from({ length: 60 }, (_, index) =>
      arrived(aBlock('one', Date.UTC(2026, 0, index + 1) / 1000, day(index))),
    );
    const poison = { ...records[5], ...arrived(aBlock('one', midnight, day(1))), data: Buffer.from('no block') };
    const batch = [...records, poison, ...records.slice(0, 4)];
    const response = await readingsStream(ground.ingest)({
      Records: batch.map(({ sequenceNumber, thing, data, arrivedAt }) => ({
        awsRegion: 'local',
        eventID: sequenceNumber,
        eventName: 'aws:kinesis:record',
        eventSource: 'aws:kinesis',
        eventSourceARN: 'local',
        eventVersion: '1.0',
        invokeIdentityArn: 'local',
        kinesis: {
          approximateArrivalTimestamp: arrivedAt,
          data: Buffer.from(data).toString('base64'),
          kinesisSchemaVersion: '1.0',
          partitionKey: thing,
          sequenceNumber,
        },
      })),
    });
    const third = records[2]?.sequenceNumber;
    expect(response.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual([third, third]);
    expect(await itemsOf(ground.store, 'readings')).toHaveLength(59);
  });

  it('are all to be tried again where the table takes nothing, without asking it for each', async () => {
    let asked = 0;
    const ground = await telemetryGround({
      readings: (table) => ({
        name: table.name,
        get: (key, options) => table.get(key, options),
        query: (query) => table.query(query),
        scan: (scan) => table.scan(scan),
        commit: async () => {
          asked += 1;
          throw new LimitExceeded('nothing goes');
        },
        batchPut: async () => {
          asked += 1;
          throw new LimitExceeded('nothing goes');
        },
        close: () => table.close(),
      }),
    });
    await putMeter(ground, aMeter('one'));
    const records = Array.from({ length: 200 }, (_, index) =>
      arrived(aBlock('one', Date.UTC(2026, 0, index + 1) / 1000, [index])),
    );
    const outcomes = await ground.ingest.take(records);
    expect(outcomes.every(({ kind }) => kind === 'failed')).toBe(true);
    expect(asked).toBeLessThan(30);
  });

  it('of a meter replace nothing it told, whatever they claim; those of its head end replace what the meter told', async () => {
    const ground = await telemetryGround();
    await putMeter(ground, aMeter('one'));
    const holed = day(100).map((value, place) => (place === 7 ? null : value));
    await ground.ingest.take([arrived(aBlock('one', midnight, holed))]);
    const read = async () => {
      const from = Date.parse(midnight) / 1000;
      return (await readRuns(ground.readings, meterId('one'), 'E1', from, from + 86_400))[0]?.values;
    };
    for (let revision = 0; revision <= 20; revision += 1)
      await ground.ingest.take([
        arrived(aBlock('one', midnight, day(900 + revision), { revision, seq: revision + 2 })),
      ]);
    await ground.ingest.take([
      arrived(aBlock('one', midnight, day(800), { revision: 9999 })),
      arrived(aBlock('one', midnight, day(800), { revision: 2, quality: [[0, 7]] })),
      arrived(aBlock('one', midnight, day(800), { revision: 2, methods: [[0, 'E52']] })),
      arrived(aBlock('one', '2026-01-15T01:00:00Z', [5, 5], { revision: 0 })),
    ]);
    expect(await read()).toEqual(day(100).map((value, place) => (place === 7 ? 908 : value)));
    expect(ground.metrics.of('readings.refused:block.correction')).toBe(14);
    expect(ground.metrics.of('readings.refused:block.conflict')).toBe(1);
    await ground.ingest.take([arrived(aBlock('one', midnight, day(600), { revision: 1 }), { headEnd: true })]);
    expect(await read()).toEqual(day(600));
    await ground.ingest.take([arrived(aBlock('one', midnight, day(700), { revision: 9 }))]);
    expect(await read()).toEqual(day(600));
  });

  it('kept aside of the head end are its word when they are brought in again', async () => {
    const ground = await telemetryGround({ staleReads: false });
    const record = arrived(aBlock('late', midnight, day(1), { revision: 12 }), { headEnd: true });
    expect((await ground.ingest.take([record])).map(({ kind }) => kind)).toEqual(['waiting']);
    await putMeter(ground, aMeter('late'));
    const parts = { profile: ground.profile, sealer: ground.sealer, ingest: ground.ingest };
    await placeWaiting(parts, await changesOf(ground.store, 'profile'));
    expect((await itemsOf(ground.store, 'readings')).map(({ sk }) => sk)).toEqual(['D#20260115#0000r12']);
  });

  it('tell when the last reading was, gaps at the end not counting', async () => {
    const ground = await telemetryGround();
    await putMeter(ground, aMeter('one'));
    expect(await lastReadingAt(ground.readings, meterId('one'), 'E1')).toBeUndefined();
    await ground.ingest.take([
      arrived(aBlock('one', midnight, day(1))),
      arrived(aBlock('one', '2026-01-16T00:00:00Z', [1, 2, null, null])),
      arrived(aBlock('one', '2026-01-17T00:00:00Z', [null, null])),
    ]);
    expect(await lastReadingAt(ground.readings, meterId('one'), 'E1')).toBe(Date.parse('2026-01-16T01:00:00Z') / 1000);
  });
});
