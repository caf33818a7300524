/** Draws of one seed (mulberry32). */
export class Draws {
  #state: number;
  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** Even, 0 to 1. */
  even(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let value = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  }

  /** Standard normal (Box and Muller). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.even())) * Math.cos(2 * Math.PI * this.even());
  }

  /** Student's t of so many degrees of freedom. */
  student(freedom: number): number {
    let squares = 0;
    for (let one = 0; one < freedom; one += 1) squares += this.normal() ** 2;
    return this.normal() / Math.sqrt(squares / freedom);
  }

  /** Poisson count (Knuth). */
  count(mean: number): number {
    const least = Math.exp(-mean);
    let [found, product] = [0, this.even()];
    while (product > least) {
      found += 1;
      product *= this.even();
    }
    return found;
  }
}
