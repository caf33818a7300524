/** Limits of a block, the same for the schema, the fast check and the binary form. */
export const blockLimits = {
  intervals: 300,
  value: 1_000_000_000_000,
  /** 2100-01-01, Unix seconds. */
  start: 4_102_444_800,
  intervalSeconds: { min: 60, max: 86_400 },
  revision: 9_999,
} as const;
