import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeFailedBatch } from '#shared/messaging/failed-batch.ts';
import {
  type EventSourceOptions,
  type SourceBatch,
  startEventSource,
} from '#shared/messaging/local/local-event-source.ts';
import { createMemoryObjects } from '#shared/messaging/local/memory-objects.ts';
import type { Objects } from '#shared/messaging/ports.ts';
import { StoryClock } from '#shared/runtime/clock.ts';
import { openLevelStore } from '#shared/table/level/level-store.ts';
import { RecordedLogger, RecordedMetrics, until } from '#tests/support/recorders.ts';

interface Entry {
  readonly id: number;
  readonly data: Uint8Array;
  readonly arrival: number;
}

const start = Date.parse('2026-03-01T12:00:00Z');
const entry = (id: number): Entry => ({ id, data: Uint8Array.of(id % 256, 255), arrival: start });

const newGround = async (shards = 1) => {
  const store = await openLevelStore();
  const log = store.log<Entry>('events', shards);

  const metrics = new RecordedMetrics();
  const clock = new StoryClock(start);
  const failures = createMemoryObjects(clock);
  const run = (invoke: EventSourceOptions<Entry>['invoke'], options: Partial<EventSourceOptions<Entry>> = {}) =>
    startEventSource({
      consumer: 'test',
      log,
      positions: store.positions,
      arrivedAt: (one) => one.arrival,
      failures,
      clock,
      logger: new RecordedLogger(),
      metrics,
      backoffMs: 0,
      invoke,
      ...options,
    });
  return { store, log, failures, metrics, clock, run };
};
const idsOf = (batch: SourceBatch<Entry>): number[] => batch.records.map((record) => record.entry.id);
const givenUp = async (failures: Objects): Promise<number[]> => {
  const ids: number[] = [];
  for (const name of await failures.list('failures/')) {
    const batch = decodeFailedBatch((await failures.get(name)) ?? new Uint8Array());
    for (const record of batch.records) {
      const kept = record.entry as Entry;
      expect(kept.data).toEqual(entry(kept.id).data);
      ids.push(kept.id);
    }
  }
  return ids.sort((left, right) => left - right);
};

describe('the local event source', () => {
  it('hands out a shard in order, in batches of at most the size', async () => {
    const { log, run } = await newGround();
    await log.append(
      0,
      Array.from({ length: 25 }, (_, id) => entry(id)),
    );
    const batches: number[][] = [];
    const source = run(
      async (batch) => {
        batches.push(idsOf(batch));
        return [];
      },
      { batchSize: 10 },
    );
    await source.drain();
    await source.stop();
    expect(batches.map((batch) => batch.length)).toEqual([10, 10, 5]);
    expect(batches.flat()).toEqual(Array.from({ length: 25 }, (_, id) => id));
  });

  it('goes on where it stood after a restart', async () => {
    const { log, run } = await newGround();
    const seen: number[] = [];
    const invoke = async (batch: SourceBatch<Entry>) => {
      seen.push(...idsOf(batch));
      return [];
    };
    await log.append(0, [entry(0), entry(1)]);
    const first = run(invoke);
    await first.drain();
    await first.stop();
    await log.append(0, [entry(2)]);
    const second = run(invoke);
    await second.drain();
    await second.stop();
    expect(seen).toEqual([0, 1, 2]);
  });

  it('runs again from the lowest record the function reported, and keeps what went before', async () => {
    const { store, log, run } = await newGround();
    await log.append(
      0,
      Array.from({ length: 6 }, (_, id) => entry(id)),
    );
    const batches: number[][] = [];
    let failing = true;
    const source = run(async (batch) => {
      batches.push(idsOf(batch));
      const failed = batch.records.filter((record) => failing && [2, 4].includes(record.entry.id));
      failing = false;
      return failed.map((record) => record.position);
    });
    await source.drain();
    await source.stop();
    expect(batches).toEqual([[0, 1, 2, 3, 4, 5], [2], [3, 4, 5]]);
    expect(await store.positions.get('test', 0)).toBe((await log.read(0, undefined, 6)).at(-1)?.position);
  });

  it('takes a report about a record that is not of the batch as the failure of the whole batch', async () => {
    const { log, run, failures } = await newGround();
    await log.append(0, [entry(0), entry(1)]);
    let calls = 0;
    const source = run(async () => {
      calls += 1;
      return calls === 1 ? ['no such position'] : [];
    });
    await source.drain();
    await source.stop();
    expect(calls).toBe(3);
    expect(await givenUp(failures)).toEqual([]);
  });

  it('without splitting, gives up the whole batch after its attempts', async () => {
    const { log, run, failures } = await newGround();
    await log.append(0, [entry(0), entry(1)]);
    let calls = 0;
    const source = run(
      async () => {
        calls += 1;
        throw new Error('never');
      },
      { bisect: false, retries: 3 },
    );
    await source.drain();
    await source.stop();
    expect(calls).toBe(4);
    expect(await givenUp(failures)).toEqual([0, 1]);
  });

  it('gives up at the first failure what is too old, and goes on trying what is not', async () => {
    const { log, run, failures, clock } = await newGround();
    await log.append(0, [entry(0), { ...entry(1), arrival: start + 60_000 }]);
    clock.set(start + 61_000);
    const tries = new Map<number, number>();
    const source = run(
      async (batch) => {
        for (const id of idsOf(batch)) tries.set(id, (tries.get(id) ?? 0) + 1);
        throw new Error('never');
      },
      { maxAgeMs: 30_000, retries: 4, bisect: false },
    );
    await source.drain();
    await source.stop();
    expect(await givenUp(failures)).toEqual([0, 1]);
    expect(tries.get(0)).toBe(1);
    expect(tries.get(1)).toBe(5);
  });

  it('waits its window for a batch to fill, but not when it is drained', async () => {
    const { log, run } = await newGround();
    const batches: number[][] = [];
    const source = run(
      async (batch) => {
        batches.push(idsOf(batch));
        return [];
      },
      { windowMs: 3_600_000 },
    );
    await log.append(0, [entry(0)]);
    await log.append(0, [entry(1)]);
    await source.drain();
    await source.stop();
    expect(batches.flat()).toEqual([0, 1]);
  });

  it('does not go past records that its failure destination could not keep', async () => {
    const { log, run, failures } = await newGround();
    await log.append(0, [entry(0), entry(1)]);
    let broken = 3;
    const seen: number[] = [];
    const source = run(
      async (batch) => {
        if (idsOf(batch).includes(0)) throw new Error('poison');
        seen.push(...idsOf(batch));
        return [];
      },
      {
        retries: 0,
        failures: {
          ...failures,
          put: async (...given) => {
            broken -= 1;
            if (broken >= 0) throw new Error('disk full');
            await failures.put(...given);
          },
        },
      },
    );
    await source.drain();
    await source.stop();
    expect(await givenUp(failures)).toEqual([0]);
    expect(seen).toEqual([1]);
  });

  it('tells a drain that it was stopped before the end', async () => {
    const { log, run } = await newGround();
    await log.append(0, [entry(0)]);
    let started = false;
    const source = run(
      async () => {
        started = true;
        throw new Error('never');
      },
      { backoffMs: 60_000 },
    );
    const drained = source.drain();
    await until('the first try', () => started);
    await Promise.all([expect(drained).rejects.toThrow('stopped'), source.stop()]);
  });

  it('loses nothing, keeps the order of each shard and is never held up by poison, whatever fails and whenever it stops', async () => {
    const behaviour = fc.constantFrom('good', 'good', 'good', 'good', 'throws', 'reported', 'flaky');
    const scenario = fc.record({
      shards: fc.array(fc.array(behaviour, { maxLength: 30 }), { minLength: 1, maxLength: 3 }),
      batchSize: fc.integer({ min: 1, max: 12 }),
      retries: fc.integer({ min: 1, max: 4 }),
      lostResponses: fc.array(fc.nat(40), { maxLength: 4 }),
      restarts: fc.array(fc.integer({ min: 1, max: 15 }), { maxLength: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(scenario, async ({ shards, batchSize, retries, lostResponses, restarts }) => {
        const restartAfter = [...restarts];
        // A lost response uses up an attempt of a record that did not fail.
        const allowed = retries + lostResponses.length;
        const { store, log, run, failures } = await newGround(shards.length);
        const behaviours = new Map<number, string>();
        for (const [shard, list] of shards.entries()) {
          const entries = list.map((how, index) => {
            const id = shard * 1000 + index;
            behaviours.set(id, how);
            return entry(id);
          });
          await log.append(shard, entries);
        }
        const firstDone: number[][] = shards.map(() => []);
        const alone = new Map<number, number>();
        const flakes = new Map<number, number>();
        let calls = 0;
        let restartAt = restartAfter.shift();
        let restart = (): void => {};
        const invoke = async (batch: SourceBatch<Entry>): Promise<readonly string[]> => {
          calls += 1;
          if (calls === restartAt) restart();
          const [only] = batch.records;
          if (batch.records.length === 1 && only !== undefined)
            alone.set(only.entry.id, (alone.get(only.entry.id) ?? 0) + 1);
          for (const {
            position,
            entry: { id },
          } of batch.records) {
            const how = behaviours.get(id);
            if (how === 'throws') throw new Error('poison');
            if (how === 'reported') return [position];
            if (how === 'flaky' && (flakes.get(id) ?? 0) < retries) {
              flakes.set(id, (flakes.get(id) ?? 0) + 1);
              return [position];
            }
            if (firstDone[batch.shard]?.includes(id) === false) firstDone[batch.shard]?.push(id);
          }
          if (lostResponses.includes(calls)) throw new Error('the response was lost');
          return [];
        };
        let source = run(invoke, { batchSize, retries: allowed });
        for (;;) {
          const stopped = new Promise<'stopped'>((resolve) => {
            restart = () => resolve('stopped');
          });
          const how = await Promise.race([
            source.drain().then(
              () => 'drained' as const,
              () => 'stopped' as const,
            ),
            stopped,
          ]);
          await source.stop();
          if (how === 'drained') break;
          restartAt = restartAfter.length > 0 ? calls + (restartAfter.shift() ?? 1) : undefined;
          source = run(invoke, { batchSize, retries: allowed });
        }
        const poison = [...behaviours].filter(([, how]) => how === 'throws' || how === 'reported').map(([id]) => id);
        expect(await givenUp(failures)).toEqual(poison);
        for (const done of firstDone) expect(done).toEqual([...done].sort((left, right) => left - right));
        expect(firstDone.flat().length + poison.length).toBe(behaviours.size);
        // Each restart and each lost response may begin a record's attempts anew.
        const rounds = 1 + restarts.length + lostResponses.length;
        for (const id of poison) expect(alone.get(id) ?? 0).toBeLessThanOrEqual((1 + allowed) * rounds);
        await store.close();
      }),
      { numRuns: 150 },
    );
  });
});
