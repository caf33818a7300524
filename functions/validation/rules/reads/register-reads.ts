import type { VeeConfiguration } from '#functions/validation/rules/configuration.ts';
import { roundHalfUp } from '#functions/validation/rules/estimate/exact-shares.ts';
import type { Evidence } from '#functions/validation/rules/judgement.ts';
import { quality, type Register } from '#shared/vocabulary/measures.ts';
import type { Dial } from '#shared/vocabulary/reading-rules.ts';

/** What a dial showed: counts at an instant (Unix seconds). */
export interface RegisterRead {
  readonly at: number;
  readonly counts: number;
}

/** A meter was exchanged: what the old dial showed last and the new one first; `dial` of the new one where it differs. */
export interface MeterExchange {
  readonly at: number;
  readonly closing: number;
  readonly opening: number;
  readonly dial?: Dial;
}

/** What a difference of reads is held against. */
export interface DialGround {
  readonly register: Pick<Register, 'powerOfTen'>;
  readonly dial: Dial;
  readonly rollover: VeeConfiguration['rollover'];
  readonly exchanges: readonly MeterExchange[];
  /** Usual use of a day in the register's scale, where it is known. */
  readonly usualPerDay?: number | undefined;
}

/** Use between two reads in the register's scale; derived (11) where the dial went over. Or why there is none. */
export type RegisterDifference =
  | {
      readonly total: number;
      /** What one count of the coarsest dial is, in the register's scale. */
      readonly countSize: number;
      readonly quality: typeof quality.valid | typeof quality.derived;
      readonly rollovers: number;
      readonly evidence: Evidence;
    }
  | { readonly fault: 'backwards' | 'not-in-order' | 'not-on-the-dial'; readonly evidence: Evidence };

/** One dial from one read to another. */
interface Leg {
  readonly from: number;
  readonly to: number;
  readonly start: number;
  readonly end: number;
  readonly dial: Dial;
}

const legsOf = (start: RegisterRead, end: RegisterRead, ground: DialGround): readonly Leg[] => {
  const legs: Leg[] = [];
  let [from, counts, dial] = [start.at, start.counts, ground.dial];
  for (const exchange of ground.exchanges.toSorted((left, right) => left.at - right.at)) {
    // Reads at the moment of an exchange: the first of a period is of the new dial, the last of the old one.
    if (exchange.at < start.at || exchange.at >= end.at) continue;
    if (exchange.at > start.at) legs.push({ from, to: exchange.at, start: counts, end: exchange.closing, dial });
    if (exchange.at > start.at) counts = exchange.opening;
    [from, dial] = [exchange.at, exchange.dial ?? dial];
  }
  return [...legs, { from, to: end.at, start: counts, end: end.counts, dial }];
};

/** Counts of a dial as a fraction of the register's scale. */
const scaleOf = (dial: Dial, powerOfTen: number): readonly [up: bigint, down: bigint] => {
  const shift = dial.powerOfTen - powerOfTen;
  return shift < 0
    ? [BigInt(dial.multiplier), 10n ** BigInt(-shift)]
    : [BigInt(dial.multiplier) * 10n ** BigInt(shift), 1n];
};

/** Whether a dial that shows less than before may have gone over: the use would be usual, or at most half of the dial. */
const isPlausible = (counts: number, leg: Leg, ground: DialGround): boolean => {
  const { highPerMille, dialPerMille } = ground.rollover;
  if (ground.usualPerDay === undefined) return counts * 1000 <= 10 ** leg.dial.digits * dialPerMille;
  const [up, down] = scaleOf(leg.dial, ground.register.powerOfTen);
  const used = (counts * Number(up)) / Number(down);
  return used * 1000 * 86_400 <= ground.usualPerDay * highPerMille * (leg.to - leg.from);
};

const countsOf = (leg: Leg, ground: DialGround): { readonly counts: number; readonly rolled: boolean } | undefined => {
  const counts = leg.end - leg.start;
  if (counts >= 0) return { counts, rolled: false };
  const over = counts + 10 ** leg.dial.digits;
  return isPlausible(over, leg, ground) ? { counts: over, rolled: true } : undefined;
};

const isOnDial = ({ start, end, dial }: Leg): boolean =>
  [start, end].every((counts) => Number.isSafeInteger(counts) && counts >= 0 && counts < 10 ** dial.digits);

/**
 * Use between two reads: the difference of counts on each dial in between, times its multiplier, in the register's scale. A dial
 * that shows less went over if 10^digits more is plausible, else it went back and there is no difference. A difference finer
 * than the register's scale is rounded once, halves up.
 */
export const registerDifference = (start: RegisterRead, end: RegisterRead, ground: DialGround): RegisterDifference => {
  if (end.at <= start.at) return { fault: 'not-in-order', evidence: { from: start.at, to: end.at } };
  const legs = legsOf(start, end, ground);
  let [numerator, denominator, rollovers, countSize] = [0n, 1n, 0, 0];
  for (const leg of legs) {
    const evidence = { start: leg.start, end: leg.end, digits: leg.dial.digits };
    if (!isOnDial(leg)) return { fault: 'not-on-the-dial', evidence };
    const found = countsOf(leg, ground);
    if (found === undefined) return { fault: 'backwards', evidence };
    const [up, down] = scaleOf(leg.dial, ground.register.powerOfTen);
    numerator = numerator * down + BigInt(found.counts) * up * denominator;
    denominator *= down;
    countSize = Math.max(countSize, Number(up) / Number(down));
    if (found.rolled) rollovers += 1;
  }
  return {
    total: roundHalfUp(numerator, denominator),
    countSize,
    quality: rollovers > 0 ? quality.derived : quality.valid,
    rollovers,
    evidence: { start: start.counts, end: end.counts, dials: legs.length, rollovers },
  };
};
