/** Codes of values that count in billing (docs/vee.md, "What counts"). */
export const billableCodes: ReadonlySet<number> = new Set([0, 7, 8, 9, 11, 17, 18, 19]);

/** Codes of values that were measured and hold: what estimates may be made from. */
export const soundCodes: ReadonlySet<number> = new Set([0, 7, 11, 17, 18, 19]);
