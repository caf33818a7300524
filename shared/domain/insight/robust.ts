/** Order statistics that a few wrong values do not move. */

const ascending = (left: number, right: number): number => left - right;

/** Middle of values that ascend, 0 without any; the mean of the two middle ones of an even count. */
export const medianOfSorted = (sorted: readonly number[] | Float64Array): number => {
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
};

/** Median, 0 without values. */
export const medianOf = (values: readonly number[]): number => medianOfSorted(Float64Array.from(values).sort());

/** Median absolute deviation from a centre, 0 without values. */
export const madAround = (values: readonly number[], centre: number): number => {
  const deviations = new Float64Array(values.length);
  for (let index = 0; index < values.length; index += 1) deviations[index] = Math.abs((values[index] ?? 0) - centre);
  return medianOfSorted(deviations.sort());
};

/** MAD of a normal distribution times this is its standard deviation. */
export const normalConsistency = 1.4826;

/**
 * Quantile of values by linear interpolation between order statistics (Hyndman and Fan 1996, type 7). Share from 0 to 1;
 * NaN without values.
 */
export const quantileOf = (values: readonly number[], share: number): number => {
  if (values.length === 0) return Number.NaN;
  const sorted = values.toSorted(ascending);
  const place = share * (sorted.length - 1);
  const low = sorted[Math.floor(place)] ?? 0;
  const high = sorted[Math.ceil(place)] ?? low;
  return low + (high - low) * (place - Math.floor(place));
};
