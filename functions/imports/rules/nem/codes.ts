import { type QualityCode, quality } from '#shared/vocabulary/measures.ts';

/**
 * Codes of AEMO's Meter Data File Format (MDFF) NEM12 and NEM13 and what they are in ESPI's words. Flags and method flags:
 * MDFF specification v2.x, appendix on quality and method flags; methods of estimation: AEMO Metrology Procedure, part B. Suffixes:
 * AEMO National Metering Identifier Procedure, table of data stream suffixes. QualityOfReading: ESPI 3.3 and 4.0.
 */

/** Market time: the whole market writes Australian Eastern Standard Time, without summer time. */
export const marketZone = '+10:00';
/** Seconds that market time is ahead of UTC. */
export const marketOffset = 36_000;

/** Quality flags without a method. `N` has no value and so no quality; `V` is told by 400 records. */
const flags: Readonly<Record<string, QualityCode>> = {
  /** Actual. */
  A: quality.valid,
  /** Forward estimate. */
  E: quality.estimatedFromReferenceDays,
  /** Final substitute. */
  F: quality.estimatedFromReferenceDays,
  /** Substitute. */
  S: quality.estimatedFromReferenceDays,
};

/** Methods whose way of estimation ESPI has a code of its own for. */
const methods: Readonly<Record<string, QualityCode>> = {
  /** Read from the check meter: measured, by another meter. */
  '11': quality.verified,
  /** Calculated from other meters. */
  '12': quality.derived,
  '13': quality.derived,
  /** Like day, average of like days, previous year. */
  '14': quality.estimatedFromReferenceDays,
  '15': quality.estimatedFromReferenceDays,
  /** Agreed. */
  '16': quality.edited,
  /** Linear. */
  '17': quality.estimatedByInterpolation,
  /** Alternate, zero. */
  '18': quality.edited,
  '19': quality.edited,
  '51': quality.estimatedFromReferenceDays,
  '52': quality.estimatedFromReferenceDays,
  /** Revision. */
  '53': quality.edited,
  '54': quality.estimatedByInterpolation,
  '55': quality.edited,
  '56': quality.edited,
  /** Customer class: a profile, not the customer's own days. */
  '57': quality.projected,
  '58': quality.edited,
  '61': quality.estimatedFromReferenceDays,
  '62': quality.estimatedFromReferenceDays,
  '63': quality.projected,
  '64': quality.edited,
  '65': quality.projected,
  '66': quality.edited,
  /** Read by the customer. */
  '67': quality.raw,
  '68': quality.edited,
  '69': quality.estimatedByInterpolation,
  /** Calculated from an inventory (unmetered loads). */
  '71': quality.derived,
  '72': quality.derived,
  '73': quality.derived,
  '74': quality.edited,
  '75': quality.derived,
};

export interface QualityMethod {
  readonly flag: 'A' | 'E' | 'F' | 'N' | 'S' | 'V';
  readonly method: string;
  /** ESPI's code; for V, whose intervals 400 records tell, and N, which has no value, `other`. */
  readonly code: QualityCode;
}

const form = /^([AEFNSV])(\d{2})?$/;
const isFlag = (text: string | undefined): text is QualityMethod['flag'] =>
  text === 'A' || text === 'E' || text === 'F' || text === 'N' || text === 'S' || text === 'V';

/** Reads a QualityMethod such as `A` or `S14`; undefined where it is none. */
export const readQualityMethod = (text: string): QualityMethod | undefined => {
  const match = form.exec(text);
  const [flag, method = ''] = [match?.[1], match?.[2]];
  if (!isFlag(flag)) return undefined;
  return { flag, method, code: methods[method] ?? flags[flag] ?? quality.other };
};

/** The flag with method that says an ESPI code in a NEM12 file. */
export const qualityMethodOf = (code: QualityCode): string => {
  if (code === quality.valid || code === quality.validated || code === quality.revenue) return 'A';
  return writtenMethods.get(code) ?? 'S18';
};
const writtenMethods: ReadonlyMap<QualityCode, string> = new Map<QualityCode, string>([
  [quality.verified, 'F11'],
  [quality.derived, 'F12'],
  [quality.edited, 'F16'],
  [quality.estimatedFromReferenceDays, 'S14'],
  [quality.estimatedByInterpolation, 'S17'],
  [quality.projected, 'S57'],
]);

/** Flag and method that the code of a value does not say by itself; undefined where it does, or where there is no value. */
export const methodBeside = ({ flag, method, code }: QualityMethod): string | undefined => {
  const text = `${flag}${method}`;
  return flag === 'N' || flag === 'V' || qualityMethodOf(code) === text ? undefined : text;
};

/** Flag and method of a stored value: as its source said them, as long as its code is that of them. */
export const writtenMethodOf = (code: QualityCode, method: string | undefined): string =>
  method !== undefined && readQualityMethod(method)?.code === code ? method : qualityMethodOf(code);

/** Direction by the first letter of a suffix: E, F, Q, R from the grid to the customer; B, C, K, L from the customer to the grid. */
const flowBySuffix: Readonly<Record<string, 'forward' | 'reverse'>> = {
  E: 'forward',
  F: 'forward',
  Q: 'forward',
  R: 'forward',
  B: 'reverse',
  C: 'reverse',
  K: 'reverse',
  L: 'reverse',
};
export const flowOfSuffix = (suffix: string): 'forward' | 'reverse' | undefined =>
  flowBySuffix[suffix.slice(0, 1).toUpperCase()];

/** Lengths of an interval, in minutes, that a 200 record may declare; 5, 15 and 30 are the market's. */
export const intervalMinutes: ReadonlySet<number> = new Set([1, 5, 10, 15, 30, 60]);
