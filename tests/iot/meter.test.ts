import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readUsageBlock, type UsageBlock } from '#functions/readings/contract/usage-block.ts';
import { memoryJournal, openJournal } from '#iot/journal.ts';
import { Meter, type MeterOptions } from '#iot/meter.ts';
import type { Pace } from '#iot/pace.ts';
import { slotOf } from '#iot/slot.ts';
import { localDateAt, startOfDate } from '#shared/vocabulary/time.ts';

const meter = 'mtr_0000000000000000000000000A';
const zone = 'Europe/London';
const day = startOfDate(zone, '2026-03-28');

/** A time that jumps to whatever is waited for, and ends the run when it passes `end`. */
const jumpingPace = (start: number, end: number, stop: AbortController): Pace => {
  let now = start * 1000;
  return {
    now: () => now,
    until: async (time) => {
      now = Math.max(now, time);
      if (now > end * 1000) stop.abort();
    },
  };
};

class Line {
  readonly blocks: UsageBlock[] = [];
  up = true;
  async publish(_topic: string, payload: Uint8Array): Promise<void> {
    if (!this.up) throw new Error('the line is down');
    const { block } = readUsageBlock(payload);
    if (block === undefined) throw new Error('no block');
    this.blocks.push(block);
  }
}

let line: Line;
let folder: string;
beforeEach(async () => {
  line = new Line();
  folder = await mkdtemp(join(tmpdir(), 'rotunda-meter-'));
});
afterEach(() => rm(folder, { recursive: true }));
const optionsOf = (more: Partial<MeterOptions>): MeterOptions => ({
  meter,
  register: '1',
  zone,
  intervalSeconds: 1800,
  topic: 't',
  line,
  journal: memoryJournal(),
  pace: { now: () => day * 1000, until: async () => {} },
  measure: (start) => (start / 1800) % 100,
  live: false,
  ...more,
});
const runFrom = async (start: number, end: number, more: Partial<MeterOptions> = {}): Promise<void> => {
  const stop = new AbortController();
  await new Meter(optionsOf({ pace: jumpingPace(start, end, stop), ...more })).run(stop.signal);
};

describe('a meter', () => {
  it('sends each local day as one block with its own times, also where clocks change', async () => {
    await runFrom(day, startOfDate(zone, '2026-03-31') + 9 * 3600);
    expect(line.blocks.map(({ start, values, seq }) => [localDateAt(zone, start), values.length, seq])).toEqual([
      ['2026-03-28', 48, 0],
      ['2026-03-29', 46, 1],
      ['2026-03-30', 48, 2],
    ]);
    expect(line.blocks[0]?.values).toEqual(Array.from({ length: 48 }, (_, index) => (day / 1800 + index) % 100));
  });

  it('sends a day in its slot of the night, and not a second before', async () => {
    const times: number[] = [];
    const stop = new AbortController();
    const pace = jumpingPace(day, startOfDate(zone, '2026-03-29') + 9 * 3600, stop);
    const journal = memoryJournal();
    const timed = { publish: async () => void times.push(pace.now() / 1000) };
    await new Meter(optionsOf({ pace, journal, line: timed })).run(stop.signal);
    expect(times).toEqual([startOfDate(zone, '2026-03-29') + slotOf(meter)]);
  });

  it('live, sends each interval as it closes, and the day once more in its slot', async () => {
    await runFrom(day, startOfDate(zone, '2026-03-29') + slotOf(meter) + 1, {
      live: true,
      intervalSeconds: 300,
      measure: (start) => (start / 300) % 100,
    });
    const singles = line.blocks.filter(({ values }) => values.length === 1);
    const days = line.blocks.filter(({ values }) => values.length > 1);
    expect(singles.length).toBeGreaterThanOrEqual(288);
    expect(days.map(({ start, values, revision }) => [start, values.length, revision])).toEqual([[day, 288, 0]]);
    expect(new Set(line.blocks.map(({ seq }) => seq)).size).toBe(line.blocks.length);
  });

  it('live, sends a day it knows only in part as a new revision, since it begins where a live block did', async () => {
    const noon = day + 12 * 3600;
    await runFrom(noon, startOfDate(zone, '2026-03-29') + 9 * 3600, { live: true });
    const part = line.blocks.find(({ start, revision }) => start === noon && revision === 1);
    expect(part?.values.length).toBe(24);
  });

  it('keeps what it measured while the line was down and sends it later, each interval once and at its own time', async () => {
    line.up = false;
    const journal = await openJournal(join(folder, 'journal'));
    const trouble: unknown[] = [];
    await runFrom(day, day + 2.5 * 86_400, { journal, onTrouble: (error) => trouble.push(error) });
    await journal.close();
    expect(line.blocks).toEqual([]);
    expect(trouble.length).toBeGreaterThan(0);
    line.up = true;
    const again = await openJournal(join(folder, 'journal'));
    await runFrom(day + 2.5 * 86_400, day + 3.5 * 86_400, { journal: again });
    await again.close();
    const starts = line.blocks.flatMap(({ start, values }) => values.map((_, index) => start + index * 1800));
    expect(new Set(starts).size).toBe(starts.length);
    expect(Math.min(...starts)).toBe(day);
    expect(line.blocks.map(({ seq }) => seq)).toEqual(line.blocks.map((_, index) => index));
  });

  it('sends again after a restart what was not acknowledged, and nothing that was', async () => {
    const path = join(folder, 'journal');
    const journal = await openJournal(path);
    const first = new Meter(optionsOf({ journal, live: true }));
    await first.record({ start: day, value: 1 });
    await first.settle();
    line.up = false;
    await first.record({ start: day + 1800, value: 2 });
    await first.settle();
    await journal.close();
    line.up = true;
    const again = await openJournal(path);
    const second = new Meter(optionsOf({ journal: again, live: true }));
    await second.tick();
    await second.settle();
    expect(line.blocks.map(({ values, seq }) => [values, seq])).toEqual([
      [[1], 0],
      [[2], 1],
    ]);
    expect(again.state).toMatchObject({ outbox: [], nextSeq: 2, samples: [{ start: day }, { start: day + 1800 }] });
    await again.close();
  });

  it('opens its journal after a crash that cut the last line, and keeps it short', async () => {
    const path = join(folder, 'journal');
    const journal = await openJournal(path);
    for (let seq = 0; seq < 20; seq += 1) {
      const block = { v: 1, meter, register: '1', start: day, interval: 1800, values: [1], seq, revision: 0 } as const;
      await journal.add({ block: { ...block, values: [1] } });
      await journal.add({ acknowledged: seq });
    }
    await journal.close();
    await appendFile(path, '{"sample":[1,');
    const again = await openJournal(path);
    expect(again.state).toMatchObject({ outbox: [], nextSeq: 20, samples: [] });
    await again.close();
    expect((await readFile(path, 'utf8')).trim().split('\n')).toEqual(['{"nextSeq":20}']);
  });

  it('says explicitly that its sensor failed', async () => {
    await runFrom(day, startOfDate(zone, '2026-03-29') + 9 * 3600, { measure: (start) => (start === day ? null : 7) });
    expect(line.blocks[0]?.values.slice(0, 2)).toEqual([null, 7]);
  });
});
