/** Which instants a series covers, as ranges that do not meet: grows with the holes of a series, not with its intervals. */
export class CoveredRanges {
  readonly #from: number[] = [];
  readonly #to: number[] = [];

  /** Ranges there are; the holes between them are one less. */
  get count(): number {
    return this.#from.length;
  }

  get first(): number | undefined {
    return this.#from[0];
  }

  /** Index of the first range that ends at or after an instant. */
  #reaching(instant: number): number {
    const last = this.#to.length - 1;
    if (last < 0 || (this.#to[last] ?? 0) < instant) return last + 1;
    let [low, high] = [0, last];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#to[middle] ?? 0) < instant) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Adds [from, to) and says whether a part of it was covered. */
  add(from: number, to: number): boolean {
    const at = this.#reaching(from);
    let [low, high, end, overlaps] = [from, to, at, false];
    for (; end < this.#from.length && (this.#from[end] ?? 0) <= to; end += 1) {
      const [start, stop] = [this.#from[end] ?? 0, this.#to[end] ?? 0];
      if (start < to && from < stop) overlaps = true;
      low = Math.min(low, start);
      high = Math.max(high, stop);
    }
    if (end === at + 1) {
      this.#from[at] = low;
      this.#to[at] = high;
    } else {
      this.#from.splice(at, end - at, low);
      this.#to.splice(at, end - at, high);
    }
    return overlaps;
  }
}
