/**
 * The usual year of a place: 365 days, each with all the temperatures that its calendar day had in the years given, so that degrees
 * above and below a balance point come out as their mean (not as those of the mean temperature, which has no cold and hot days).
 * Undefined where a calendar day is missing; 29 February is left out.
 */
export const usualYear = (
  temperatures: ReadonlyMap<string, readonly number[]>,
): readonly { readonly celsius: readonly number[] }[] | undefined => {
  const days = new Map<string, number[]>();
  for (const [date, celsius] of temperatures) {
    const day = date.slice(5);
    if (day !== '02-29' && celsius.length > 0) days.set(day, [...(days.get(day) ?? []), ...celsius]);
  }
  return days.size === 365 ? [...days.values()].map((celsius) => ({ celsius })) : undefined;
};
