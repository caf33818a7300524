/** Where a share of the samples lies: of 100 samples, 0.95 gives the 95th in order. NaN where there is none. */
export const quantile = (samples: readonly number[], share: number): number => {
  const ordered = samples.toSorted((a, b) => a - b);
  return ordered[Math.max(0, Math.ceil(ordered.length * share) - 1)] ?? Number.NaN;
};

/** Runs an act and gives its milliseconds. */
export const millisecondsOf = async (act: () => Promise<unknown>): Promise<number> => {
  const started = performance.now();
  await act();
  return performance.now() - started;
};
