/** Order statistics that a few wrong values do not move. */

const ascending = (left: number, right: number): number => left - right;

/** Moves values so that those before a place are no larger than the one there, and those behind no smaller (quickselect). */
const select = (values: Float64Array, place: number): void => {
  let first = 0;
  let last = values.length - 1;
  while (first < last) {
    const pivot = values[(first + last) >> 1] ?? 0;
    let left = first;
    let right = last;
    while (left <= right) {
      while ((values[left] ?? 0) < pivot) left += 1;
      while ((values[right] ?? 0) > pivot) right -= 1;
      if (left > right) break;
      const held = values[left] ?? 0;
      values[left] = values[right] ?? 0;
      values[right] = held;
      left += 1;
      right -= 1;
    }
    if (place <= right) last = right;
    else if (place >= left) first = left;
    else return;
  }
};

/** Median of values that may be moved, 0 without any: no copy is made. */
export const medianIn = (values: Float64Array): number => {
  const middle = values.length >> 1;
  select(values, middle);
  const upper = values[middle] ?? 0;
  if (values.length % 2 === 1 || values.length === 0) return upper;
  let lower = Number.NEGATIVE_INFINITY;
  for (let place = 0; place < middle; place += 1) lower = Math.max(lower, values[place] ?? lower);
  return (lower + upper) / 2;
};

/** Median, 0 without values. */
export const medianOf = (values: readonly number[]): number => medianIn(new Float64Array(values));

/** Median absolute deviation of values from their median, 0 without values, which are lost: no copy is made. */
export const spreadIn = (values: Float64Array): number => {
  const centre = medianIn(values);
  for (let index = 0; index < values.length; index += 1) values[index] = Math.abs((values[index] ?? 0) - centre);
  return medianIn(values);
};

/** Median absolute deviation from a centre, 0 without values. */
export const madAround = (values: readonly number[], centre: number): number => {
  const deviations = new Float64Array(values.length);
  for (let index = 0; index < values.length; index += 1) deviations[index] = Math.abs((values[index] ?? 0) - centre);
  return medianIn(deviations);
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
