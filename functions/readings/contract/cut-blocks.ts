import { midnightBefore, nextMidnight } from '#shared/vocabulary/time.ts';
import { blockLimits } from './block-limits.ts';
import type { UsageBlock } from './usage-block.ts';

/** What a meter measured in one interval; `value` in the register's scale, null where it has none. */
export interface Sample {
  /** Start, Unix seconds. */
  readonly start: number;
  readonly value: number | null;
}

/** The register whose samples are cut. */
export interface Series {
  readonly meter: string;
  readonly register: string;
  readonly zone: string;
  readonly intervalSeconds: number;
}

export interface Cut {
  readonly blocks: readonly UsageBlock[];
  /** Samples that lie on no interval of their day, counted from local midnight; no block can hold them. */
  readonly offGrid: readonly Sample[];
}

/**
 * Cuts samples, ascending by start and each start once, into blocks: each within one local date, at most 300 intervals. A gap
 * within a day is said by null; a day without a sample has no block. `seq` counts from `firstSeq`.
 */
export const cutBlocks = (series: Series, samples: readonly Sample[], firstSeq = 0): Cut => {
  const { meter, register, zone, intervalSeconds: interval } = series;
  const blocks: UsageBlock[] = [];
  const offGrid: Sample[] = [];
  let midnight = 0;
  let next = Number.NEGATIVE_INFINITY;
  let open: { readonly start: number; readonly values: (number | null)[] } | undefined;
  const close = (): void => {
    if (open === undefined) return;
    const { start, values } = open;
    blocks.push({ v: 1, meter, register, start, interval, values, seq: firstSeq + blocks.length, revision: 0 });
    open = undefined;
  };
  for (const sample of samples) {
    if (sample.start >= next) {
      close();
      midnight = midnightBefore(zone, sample.start);
      next = nextMidnight(zone, sample.start);
    }
    if ((sample.start - midnight) % interval !== 0) {
      offGrid.push(sample);
      continue;
    }
    const place = open === undefined ? 0 : (sample.start - open.start) / interval;
    if (open === undefined || place >= blockLimits.intervals) {
      close();
      open = { start: sample.start, values: [sample.value] };
      continue;
    }
    while (open.values.length < place) open.values.push(null);
    open.values.push(sample.value);
  }
  close();
  return { blocks, offGrid };
};
