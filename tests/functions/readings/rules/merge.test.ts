import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockKinds, mergeBlocks, type RankedBlock } from '#functions/readings/rules/merge.ts';
import { canonical, codesFromMarks, endOf } from '#functions/readings/rules/runs.ts';

const block = (
  kind: RankedBlock['kind'],
  revision: number,
  start: number,
  values: (number | null)[],
  code = 0,
): RankedBlock => ({
  kind,
  revision,
  order: `${String(start).padStart(6, '0')}${kind}${revision}`,
  run: canonical({ start, interval: 300, values, ...(code === 0 ? {} : { quality: [[0, code]] as const }) }),
});

/** Merged readings by instant: value and quality. */
const readings = (blocks: readonly RankedBlock[]): Map<number, readonly [number | null, number]> => {
  const found = new Map<number, readonly [number | null, number]>();
  for (const run of mergeBlocks(blocks)) {
    const codes = codesFromMarks(run.quality ?? [], run.values.length);
    run.values.forEach((value, index) => {
      found.set(run.start + index * run.interval, [value, value === null ? 0 : (codes[index] ?? 0)]);
    });
  }
  return found;
};

/** The rule said plainly: of all blocks that speak of an instant, the best that has a value. */
const plainly = (blocks: readonly RankedBlock[]): Map<number, readonly [number | null, number]> => {
  const found = new Map<number, readonly [number | null, number]>();
  const best = [...blocks].sort(
    (a, b) =>
      blockKinds.indexOf(a.kind) - blockKinds.indexOf(b.kind) ||
      (a.kind === 'supplement' ? a.revision - b.revision : b.revision - a.revision) ||
      (a.order < b.order ? -1 : 1),
  );
  for (const { run } of best) {
    const codes = codesFromMarks(run.quality ?? [], run.values.length);
    run.values.forEach((value, index) => {
      const start = run.start + index * run.interval;
      const there = found.get(start);
      if (there === undefined || (there[0] === null && value !== null)) {
        found.set(start, [value, value === null ? 0 : (codes[index] ?? 0)]);
      }
    });
  }
  return found;
};

const anyBlock = fc
  .record({
    kind: fc.constantFrom(...blockKinds),
    revision: fc.nat(3),
    start: fc.nat(30),
    values: fc.array(fc.option(fc.nat(500), { freq: 3 }), { minLength: 1, maxLength: 12 }),
    code: fc.constantFrom(0, 0, 8, 9),
  })
  .map(({ kind, revision, start, values, code }) => block(kind, revision, start * 300, values, code));
const blocks = fc.uniqueArray(anyBlock, { maxLength: 14, selector: ({ order }) => order });

describe('merging blocks of readings', () => {
  it('lets a correction stand over a reading, and a reading over an estimate', () => {
    const [estimate, actual, correction] = [
      block('estimate', 5, 0, [9, 9, 9], 8),
      block('actual', 0, 0, [1, 2, null]),
      block('correction', 0, 300, [20]),
    ];
    expect([...readings([estimate, actual, correction])]).toEqual([
      [0, [1, 0]],
      [300, [20, 0]],
      [600, [9, 8]],
    ]);
  });

  it('lets the higher revision stand, but never a missing interval over a value', () => {
    expect([...readings([block('actual', 0, 0, [1, 2]), block('actual', 1, 0, [null, 3])])]).toEqual([
      [0, [1, 0]],
      [300, [3, 0]],
    ]);
  });

  it('lets what a meter says later fill what it has not told, the first of it first, and replace nothing', () => {
    const told = [block('actual', 0, 0, [1, null, null, null]), block('supplement', 1, 0, [7, 8, null])];
    expect([...readings([...told, block('supplement', 9, 0, [6, 6, 6, 6])])].map(([, [value]]) => value)).toEqual([
      1, 8, 6, 6,
    ]);
  });

  it('lets the head end correct all that a meter said, however high the revision of the meter', () => {
    const said = [block('actual', 0, 0, [1, 2]), block('supplement', 9, 0, [6, 6, 6])];
    expect([...readings([...said, block('actual', 1, 0, [3, 4, 5])])].map(([, [value]]) => value)).toEqual([3, 4, 5]);
  });

  it('lets the complete day stand over the live intervals of the same revision', () => {
    const day = { ...block('actual', 0, 0, [1, 2, 3]), order: 'D#20260301' };
    const live = { ...block('actual', 0, 300, [7]), order: 'D#20260301#0005r0' };
    expect([...readings([live, day])].map(([, [value]]) => value)).toEqual([1, 2, 3]);
  });

  it('gives each instant the best value, whatever the order in which blocks came', () => {
    fc.assert(
      fc.property(blocks, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (given, chance) => {
        const expected = plainly(given);
        expect(new Map([...readings(given)].sort())).toEqual(new Map([...expected].sort()));
        const shuffled = given.map((entry) => [chance.next().value, entry] as const).sort(([a], [b]) => a - b);
        expect(mergeBlocks(shuffled.map(([, entry]) => entry))).toEqual(mergeBlocks(given));
      }),
      { numRuns: 500 },
    );
  });

  it('gives runs that ascend and never overlap', () => {
    fc.assert(
      fc.property(blocks, (given) => {
        const runs = mergeBlocks(given);
        runs.slice(1).forEach((next, index) => {
          const before = runs[index];
          expect(before === undefined ? 0 : endOf(before)).toBeLessThanOrEqual(next.start);
        });
      }),
    );
  });

  it('counts no time twice where a register was read in two interval lengths', () => {
    const coarse: RankedBlock = {
      kind: 'actual',
      revision: 0,
      order: 'a',
      run: { start: 0, interval: 1800, values: [60, 60] },
    };
    const fine = block('actual', 1, 1800, [1, 1, 1, 1, 1, 1]);
    const total = mergeBlocks([coarse, fine]).flatMap((run) => run.values);
    expect(total).toEqual([60, 1, 1, 1, 1, 1, 1]);
  });
});
