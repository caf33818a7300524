import type { Settled } from './effective-periods.ts';
import type { Period } from './periods.ts';

/** What people decided of who has a thing, with the fact that says so. */
export interface ToldSettled extends Settled {
  readonly fact: string;
}

/** Most decisions that a record holds; of one more it says that there is no room. */
const mostSettled = 40;

const within = (inner: Period, outer: Period): boolean =>
  outer.from <= inner.from && (outer.to === null || (inner.to !== null && inner.to <= outer.to));

/** Decisions with one more, the last; those of the same thing that say nothing any more beside it go. */
export const withSettled = <One extends ToldSettled>(
  settled: readonly One[] | undefined,
  one: One,
): readonly One[] | 'groundless' => {
  if (one.to !== null && one.to <= one.from) return 'groundless';
  const kept = (settled ?? []).filter((before) => before.thing !== one.thing || !within(before, one));
  return kept.length < mostSettled ? [...kept, one] : 'groundless';
};
