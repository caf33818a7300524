import { quality } from '#shared/vocabulary/measures.ts';
import { type DayRule, spanOf, stretchesOf } from './day-context.ts';
import type { RegisterGround } from './judgement.ts';
import { isSettled, type Slot } from './read-day.ts';

/** Rules over the values of one day. Values a person stands for are not questioned. */

const { questionable } = quality;

type Present = Slot & { readonly value: number };

const present = (slots: readonly Slot[]): readonly Present[] =>
  slots.filter((slot): slot is Present => slot.value !== null);

/** Two blocks of one revision say different values: the one that stands is questionable. */
export const duplicate: DayRule = (day) =>
  stretchesOf(day.slots, (slot) => slot.others.length > 0 && !isSettled(slot)).map((slots) => ({
    ...spanOf(slots),
    severity: 'fail',
    quality: questionable,
    evidence: { intervals: slots.length, kept: slots[0]?.value ?? 0, other: slots[0]?.others[0] ?? 0 },
  }));

/** A register that counts one way cannot go below zero; a net register can. */
export const negative: DayRule = (day, { ground }) =>
  ground.register.flow === 'net'
    ? []
    : stretchesOf(day.slots, (slot) => slot.value !== null && slot.value < 0 && !isSettled(slot)).map((slots) => ({
        ...spanOf(slots),
        severity: 'fail',
        quality: questionable,
        evidence: { intervals: slots.length, lowest: Math.min(...slots.map(({ value }) => value ?? 0)) },
      }));

/** Feeding in without an agreement for it. */
export const reverseEnergy: DayRule = (day, { ground }) => {
  if (ground.register.flow !== 'reverse') return [];
  const fed = present(day.slots).filter(
    (slot) => slot.value > 0 && !ground.exportAgreed.some(({ from, to }) => from <= slot.from && slot.from < to),
  );
  if (fed.length === 0) return [];
  const total = fed.reduce((sum, { value }) => sum + value, 0);
  return [{ ...spanOf(fed), severity: 'warn', evidence: { intervals: fed.length, total } }];
};

/** What so much an hour, in whole units, comes to in an interval: whole, in the scale of the register. */
const inInterval = (
  register: RegisterGround['register'],
  perHour: number,
  seconds: number,
  perMille: number,
): number => {
  const [up, down] = register.powerOfTen < 0 ? [-register.powerOfTen, 0] : [0, register.powerOfTen];
  const counts = BigInt(perHour) * BigInt(seconds) * BigInt(perMille) * 10n ** BigInt(up);
  return Number(counts / (3_600_000n * 10n ** BigInt(down)));
};

/**
 * Intervals that stand out from the third-highest of the local day: (v1 - v3) / v3 above 1.8, with v3 above zero. Where two
 * stand out, both do. What stands out by less than a load may do is none.
 */
export const spike: DayRule = (day, { ground }) => {
  const { register, configuration } = ground;
  const { excessPerMille, leastExcess, leastExcessPerHour } = configuration.spike;
  const least = Math.max(leastExcess, inInterval(register, leastExcessPerHour, register.intervalSeconds, 1000));
  const values = present(day.slots);
  const third = values.map(({ value }) => value).sort((left, right) => right - left)[2];
  if (third === undefined || third <= 0) return [];
  return values
    .filter(
      (slot) => !isSettled(slot) && (slot.value - third) * 1000 > excessPerMille * third && slot.value - third >= least,
    )
    .map(({ from, to, value }) => ({
      from,
      to,
      severity: 'fail',
      quality: questionable,
      evidence: { value, third, excessPerMille: Math.floor(((value - third) * 1000) / third) },
    }));
};

/** The most a register can count in an interval of so many seconds, whole, by what it is rated for; undefined if unknown. */
export const capacityOf = ({ register, configuration }: RegisterGround, seconds: number): number | undefined => {
  const { ratedPerHour, capacity } = configuration;
  return ratedPerHour === undefined ? undefined : inInterval(register, ratedPerHour, seconds, capacity.perMille);
};

/** More than the supply can carry: above rated power times hours times 1.1. */
export const capacity: DayRule = (day, { ground }) => {
  const most = capacityOf(ground, ground.register.intervalSeconds);
  if (most === undefined) return [];
  return stretchesOf(day.slots, (slot) => slot.value !== null && slot.value > most && !isSettled(slot)).map(
    (slots) => ({
      ...spanOf(slots),
      severity: 'fail',
      quality: questionable,
      evidence: { intervals: slots.length, highest: Math.max(...slots.map(({ value }) => value ?? 0)), most },
    }),
  );
};
