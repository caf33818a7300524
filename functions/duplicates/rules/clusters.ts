/** A pair of records and the bits that speak for one person. */
export interface WeighedPair {
  readonly left: number;
  readonly right: number;
  readonly bits: number;
}

/** Records of one component, and what speaks for each two of them; vetoed pairs have minus infinity. */
export type BitsBetween = (left: number, right: number) => number;

/** No single pair speaks louder than this, in bits above or below the cut: two strong pairs outweigh it. */
const loudest = 12;
/** Larger components are first taken apart by asking for more. */
const largestComponent = 300;

class Components {
  readonly #parents = new Map<number, number>();

  root(record: number): number {
    let root = record;
    for (
      let parent = this.#parents.get(root);
      parent !== undefined && parent !== root;
      parent = this.#parents.get(root)
    )
      root = parent;
    this.#parents.set(record, root);
    return root;
  }

  join(left: number, right: number): void {
    const [a, b] = [this.root(left), this.root(right)];
    this.#parents.set(Math.max(a, b), Math.min(a, b));
  }
}

/** Records that hang together by pairs of at least so many bits; ascending. */
const componentsOf = (pairs: readonly WeighedPair[], bits: number): readonly (readonly number[])[] => {
  const components = new Components();
  for (const pair of pairs) if (pair.bits >= bits) components.join(pair.left, pair.right);
  const members = new Map<number, number[]>();
  for (const record of [...new Set(pairs.flatMap(({ left, right }) => [left, right]))].sort((a, b) => a - b)) {
    const root = components.root(record);
    const known = members.get(root);
    if (known === undefined) members.set(root, [record]);
    else known.push(record);
  }
  return [...members.values()].filter(({ length }) => length > 1);
};

/** Parts what nothing can part by likeness, so that no file takes forever; neighbours in the order of content stay together. */
const slicesOf = (records: readonly number[]): readonly (readonly number[])[] =>
  Array.from({ length: Math.ceil(records.length / largestComponent) }, (_, slice) =>
    records.slice(slice * largestComponent, (slice + 1) * largestComponent),
  );

/** Sums of clipped bits between the clusters of one component; two clusters merge into the first. */
class Merging {
  readonly members: (readonly number[])[];
  readonly #sums: Float64Array[];

  constructor(records: readonly number[], between: BitsBetween, cut: number) {
    this.members = records.map((record) => [record]);
    this.#sums = records.map((left, row) =>
      Float64Array.from(records, (right, column) => {
        if (row === column) return 0;
        const bits = row < column ? between(left, right) : between(right, left);
        return bits === Number.NEGATIVE_INFINITY ? bits : Math.min(loudest, Math.max(-loudest, bits - cut));
      }),
    );
  }

  /** The two clusters with the highest mean above 0; of equals the first. */
  #best(): readonly [number, number] | undefined {
    let best: readonly [number, number] | undefined;
    let most = 0;
    for (const [row, left] of this.members.entries()) {
      if (left.length === 0) continue;
      for (let column = row + 1; column < this.members.length; column += 1) {
        const right = this.members[column]?.length ?? 0;
        const mean = right === 0 ? 0 : (this.#sums[row]?.[column] ?? 0) / (left.length * right);
        if (mean > most) [best, most] = [[row, column], mean];
      }
    }
    return best;
  }

  run(): readonly (readonly number[])[] {
    for (let pair = this.#best(); pair !== undefined; pair = this.#best()) {
      const [row, column] = pair;
      this.members[row] = [...(this.members[row] ?? []), ...(this.members[column] ?? [])];
      this.members[column] = [];
      for (let other = 0; other < this.members.length; other += 1) {
        const sum = (this.#sums[row]?.[other] ?? 0) + (this.#sums[column]?.[other] ?? 0);
        const [mine, theirs] = [this.#sums[row], this.#sums[other]];
        if (mine !== undefined) mine[other] = sum;
        if (theirs !== undefined) theirs[row] = sum;
      }
    }
    return this.members.filter(({ length }) => length > 1);
  }
}

/**
 * Parts records into persons: in each component of pairs that may be, the two clusters whose members speak most for each other on the
 * mean are merged, until none do. So a chain of likely pairs makes no cluster, and clusters with a vetoed pair between them never meet.
 * Source: correlation clustering, Bansal, Blum and Chawla (2004), by average linkage.
 */
export const clustersOf = (
  pairs: readonly WeighedPair[],
  between: BitsBetween,
  cut: number,
  weakest: number,
): readonly (readonly number[])[] => {
  const parted = (some: readonly WeighedPair[], bits: number): readonly (readonly number[])[] =>
    componentsOf(some, bits).flatMap((records) => {
      if (records.length <= largestComponent) return [records];
      if (bits > cut + loudest) return slicesOf(records);
      const inside = new Set(records);
      return parted(
        some.filter(({ left }) => inside.has(left)),
        bits + 2,
      );
    });
  return parted(pairs, weakest)
    .flatMap((records) => new Merging(records, between, cut).run())
    .map((records) => records.toSorted((left, right) => left - right));
};
