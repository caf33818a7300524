import { blockLimits } from '#functions/readings/contract/block-limits.ts';
import type { RegisterRead } from '#functions/readings/contract/register-read.ts';
import { acceptMessage } from '#functions/readings/rules/accept-message.ts';
import { meterGround } from '#shared/profile/store/meters.ts';
import type { ChunkPlan } from './chunk-plan.ts';
import type { KeptAside } from './kept-aside.ts';
import { inRegister } from './registers.ts';
import type { SeriesBlock } from './rules/interval-series.ts';
import {
  type Found,
  type NoPlace,
  noPlace,
  notExact,
  notInstalled,
  placeOf,
  revisedTooOften,
  type Target,
} from './series-targets.ts';
import type { RegisterPlace } from './store/imported-registers.ts';
import { keyOfRead, type UnsettledReads } from './unsettled-reads.ts';

interface ToldRead {
  readonly value: number;
  readonly quality: RegisterRead['quality'];
  readonly block: SeriesBlock;
  readonly place: number;
}

const belowZero = noPlace('register.mismatch', 'below-zero', 'a dial does not stand below zero');

/** What a chunk says of one dial: by instant, the last that was said. */
interface Told {
  readonly target: Target;
  readonly reads: Map<number, ToldRead>;
}

/** Gathers the register reads of a chunk. */
export class ReadsPlanner {
  readonly #aside: KeptAside;
  readonly #told = new Map<string, Told>();
  #read = 0;

  constructor(aside: KeptAside) {
    this.#aside = aside;
  }

  /** The registers that reads were gathered for. */
  *registers(): Generator<RegisterPlace> {
    for (const { target } of this.#told.values()) yield placeOf(target);
  }

  /** Takes in the reads of a block; answers why one of them has no place, where that is so. */
  take(block: SeriesBlock, found: Found): NoPlace | undefined {
    let refused: NoPlace | undefined;
    for (const [place, { at, value, powerOfTen, quality }] of (block.reads ?? []).entries()) {
      this.#read += 1;
      const why =
        'none' in found ? found.none : this.#tell(found.targets, at, { value, quality, block, place }, powerOfTen);
      if (why === undefined) continue;
      this.#aside.add(block, place, why, 'read');
      refused ??= why;
    }
    return refused;
  }

  #tell(targets: readonly Target[], at: number, read: ToldRead, powerOfTen: number): NoPlace | undefined {
    const target = targets.find(({ from, to }) => from <= at && at < to);
    if (target === undefined) return notInstalled(targets);
    const value = inRegister(read.value, powerOfTen, read.block.series.unit, target.register);
    if (value === undefined) return notExact;
    if (value < 0) return belowZero;
    const key = `${target.meter.id}\n${target.register.id}`;
    const told = this.#told.get(key) ?? { target, reads: new Map<number, ToldRead>() };
    this.#told.set(key, told);
    told.reads.set(at, { ...read, value });
    return undefined;
  }

  /** The reads that are not known yet, and what became of all; `now` in Unix seconds. */
  async plan(
    unsettled: UnsettledReads,
    now: number,
  ): Promise<{
    readonly reads: ChunkPlan['reads'];
    readonly counts: ChunkPlan['counts']['registerReads'];
    readonly relies: readonly RegisterPlace[];
  }> {
    const reads: ChunkPlan['reads'] = [];
    const relies: RegisterPlace[] = [];
    for (const { target, reads: told } of this.#told.values()) {
      const { meter, register } = target;
      const instants = [...told.keys()].sort((left, right) => left - right);
      const known = await unsettled.of(meter.id, register.id, instants[0] ?? 0, (instants.at(-1) ?? 0) + 1);
      let isThere = false;
      for (const [at, { value, quality, block, place }] of told) {
        const there = known.at(at);
        if (there?.value === value && there.quality === quality) {
          isThere = true;
          continue;
        }
        const refused = acceptMessage(meterGround(meter), { at, register: register.id }, now);
        if (refused !== undefined) {
          const message = `the register read cannot be kept (${refused.code})`;
          this.#aside.add(block, place, { ...refused, message }, 'read');
          continue;
        }
        // As with readings, a file never takes 0: that is a meter's own.
        const revision = (there?.revision ?? 0) + 1;
        if (revision > blockLimits.revision) {
          this.#aside.add(block, place, revisedTooOften, 'read');
          continue;
        }
        const read: RegisterRead = {
          v: 1,
          kind: 'register-read',
          meter: meter.id,
          register: register.id,
          at,
          value,
          quality,
          seq: reads.length,
          revision,
        };
        reads.push({ sk: keyOfRead(read), read });
      }
      if (isThere) relies.push(placeOf(target));
    }
    const aside = this.#aside.size('read');
    const sent = reads.length;
    return { reads, counts: { read: this.#read, sent, aside, unchanged: this.#read - sent - aside }, relies };
  }
}
