/** Limits of a block, the same for the schema, the fast check and the binary form. */
export const blockLimits = {
  intervals: 300,
  value: 1_000_000_000_000,
  /** 2100-01-01, Unix seconds. */
  start: 4_102_444_800,
  intervalSeconds: { min: 60, max: 86_400 },
  revision: 9_999,
  /**
   * The highest revision of a meter itself. A meter says a time again when it knows more of it (live, then as a day); each telling
   * is an item that every reader of the day meets, and ten are ample.
   */
  meterRevision: 9,
} as const;
