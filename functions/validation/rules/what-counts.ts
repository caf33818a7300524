/** Codes of values that were measured and hold: what estimates may be made from. */
export const soundCodes: ReadonlySet<number> = new Set([0, 7, 11, 17, 18, 19]);
