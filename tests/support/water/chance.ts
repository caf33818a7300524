/** Draws that are the same for the same seed: a Lehmer generator, so that a household has nothing in common with its neighbour. */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = (Math.imul(seed, 48_271) >>> 1) % 2_147_483_646 || 1;
    for (let warm = 0; warm < 16; warm += 1) this.of();
    this.#state = (this.#state + seed * 7919) % 2_147_483_647 || 1;
  }

  /** From 0 to 1, evenly. */
  of(): number {
    this.#state = (this.#state * 48_271) % 2_147_483_647;
    return this.#state / 2_147_483_647;
  }

  is(share: number): boolean {
    return this.of() < share;
  }

  between(low: number, high: number): number {
    return low + this.of() * (high - low);
  }

  /** As likely between 1 and 2 as between 10 and 20. */
  across(low: number, high: number): number {
    return low * (high / low) ** this.of();
  }

  whole(low: number, high: number): number {
    return Math.floor(this.between(low, high + 1));
  }

  /** About the mean, seldom twice as far off as `spread`. */
  around(mean: number, spread: number): number {
    return mean + (this.of() + this.of() + this.of() - 1.5) * 2 * spread;
  }
}
