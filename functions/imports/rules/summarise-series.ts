import { instantOf } from '#shared/vocabulary/time.ts';
import { CoveredRanges } from './covered-ranges.ts';
import { decimalText } from './decimals.ts';
import type { MeasuredSeries, SeriesBlock } from './interval-series.ts';

/** What a file holds of one series. */
export interface SeriesSummary {
  readonly namespace: string;
  readonly reference: string;
  readonly register: string;
  readonly unit: string;
  /** Zone of the file's local times, where it declares one. */
  readonly zone?: string;
  /** The lowest power of ten of its blocks, at most 0 unless the file declares a higher one. */
  readonly powerOfTen: number;
  /** Intervals with a value. */
  readonly count: number;
  /** Sum of the values in the unit, a plain decimal. */
  readonly sum: string;
  /** RFC 3339, starts of the first and the last interval with a value; null where none has one. */
  readonly first: string | null;
  readonly last: string | null;
  /** Holes between the first and the last interval. */
  readonly gaps: number;
  /** Intervals of which a part was covered by one before. */
  readonly overlaps: number;
  /** Intervals by ESPI quality code. */
  readonly quality: Readonly<Record<string, number>>;
  /** What dials stood at, reads; only where the file tells them. */
  readonly reads?: number;
  /** Sum of costs in the currency, a plain decimal; only where the file tells costs. */
  readonly cost?: string;
}

/** Adds up without rounding: a safe part, carried into a big one before it is none. */
class ExactSum {
  #whole = 0n;
  #part = 0;

  add(value: number): void {
    const next = this.#part + value;
    if (Number.isSafeInteger(next)) {
      this.#part = next;
      return;
    }
    this.#whole += BigInt(this.#part);
    this.#part = value;
  }

  get value(): bigint {
    return this.#whole + BigInt(this.#part);
  }
}

const costScale = -5;

class SeriesTally {
  readonly #series: MeasuredSeries;
  /** Sums by power of ten: a file may change its scale. */
  readonly #sums = new Map<number, ExactSum>();
  readonly #covered = new CoveredRanges();
  readonly #codes = new Map<number, number>();
  readonly #costs = new ExactSum();
  #count = 0;
  #overlaps = 0;
  #reads = 0;
  #last = Number.NEGATIVE_INFINITY;
  #withCost = false;

  constructor(series: MeasuredSeries) {
    this.#series = series;
  }

  add({ powerOfTen, intervals, reads = [] }: SeriesBlock): void {
    this.#reads += reads.length;
    const sum = this.#sums.get(powerOfTen) ?? new ExactSum();
    this.#sums.set(powerOfTen, sum);
    for (const { start, seconds, value, quality, cost } of intervals) {
      if (cost !== undefined) {
        this.#withCost = true;
        this.#costs.add(cost);
      }
      if (value === null) continue;
      sum.add(value);
      this.#count += 1;
      this.#codes.set(quality, (this.#codes.get(quality) ?? 0) + 1);
      this.#last = Math.max(this.#last, start);
      if (this.#covered.add(start, start + seconds)) this.#overlaps += 1;
    }
  }

  result(): SeriesSummary {
    const powerOfTen = this.#sums.size === 0 ? 0 : Math.min(...this.#sums.keys());
    let sum = 0n;
    for (const [power, part] of this.#sums) sum += part.value * 10n ** BigInt(power - powerOfTen);
    const { namespace, reference, register, unit, zone } = this.#series;
    const { first } = this.#covered;
    return {
      namespace,
      reference,
      register,
      unit,
      ...(zone === undefined ? {} : { zone }),
      powerOfTen,
      count: this.#count,
      sum: decimalText(sum, powerOfTen),
      first: first === undefined ? null : instantOf(first),
      last: first === undefined ? null : instantOf(this.#last),
      gaps: Math.max(0, this.#covered.count - 1),
      overlaps: this.#overlaps,
      quality: Object.fromEntries([...this.#codes].sort(([left], [right]) => left - right)),
      ...(this.#reads > 0 ? { reads: this.#reads } : {}),
      ...(this.#withCost ? { cost: decimalText(this.#costs.value, costScale) } : {}),
    };
  }
}

/** Adds up the blocks of a file by namespace, reference, register and unit. */
export class SeriesSummaries {
  readonly #tallies = new Map<string, SeriesTally>();

  add(block: SeriesBlock): void {
    const { namespace, reference, register, unit } = block.series;
    const key = JSON.stringify([namespace, reference, register, unit]);
    let tally = this.#tallies.get(key);
    if (tally === undefined) {
      tally = new SeriesTally(block.series);
      this.#tallies.set(key, tally);
    }
    tally.add(block);
  }

  /** Series there are. */
  get size(): number {
    return this.#tallies.size;
  }

  /** In the order in which the file names them. */
  result(): readonly SeriesSummary[] {
    return [...this.#tallies.values()].map((tally) => tally.result());
  }
}
