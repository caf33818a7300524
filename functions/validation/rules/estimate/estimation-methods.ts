import type { ClassProfile } from '#functions/validation/rules/configuration.ts';
import type { Evidence, RegisterGround } from '#functions/validation/rules/judgement.ts';
import type { Slot } from '#functions/validation/rules/read-day.ts';
import { quality } from '#shared/vocabulary/measures.ts';
import { addDays, localDateAt } from '#shared/vocabulary/time.ts';
import { type DayShape, isRestDay, nearestDays, placeOf, type Shapes } from './day-shapes.ts';

/** How a hole was filled. Version of each: raised where the same readings would be estimated otherwise. */
export const methodVersions = {
  'powered-off': 1,
  line: 1,
  'like-days': 1,
  'last-year': 1,
  'class-profile': 1,
  even: 1,
  withdrawn: 1,
} as const;
export type EstimationMethod = keyof typeof methodVersions;

/** Values of neighbouring intervals as fractions with one denominator, before they are made whole. */
export interface Draft {
  readonly method: EstimationMethod;
  readonly quality: number;
  readonly numerators: readonly bigint[];
  readonly denominator: bigint;
  /** The readings it was made from, by name. */
  readonly inputs: Evidence;
}

/** Zero, where the power was off and flagged on both sides. */
export const draftZero = (slots: readonly Slot[]): Draft => ({
  method: 'powered-off',
  quality: quality.estimatedByInterpolation,
  numerators: slots.map(() => 0n),
  denominator: 1n,
  inputs: {},
});

/** A straight line between the sound values on both sides, for holes of at most 2 hours. */
export const draftLine = (
  { register, configuration }: RegisterGround,
  slots: readonly Slot[],
  shapes: Shapes,
): Draft | undefined => {
  const [first, last] = [slots[0], slots.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  if (last.to - first.from > configuration.estimation.lineSeconds) return undefined;
  const [at, next] = [first.from - register.intervalSeconds, last.to];
  const before = shapes.soundAt(localDateAt(register.zone, at), at);
  const after = shapes.soundAt(localDateAt(register.zone, next), next);
  if (before === undefined || after === undefined) return undefined;
  const n = slots.length;
  return {
    method: 'line',
    quality: quality.estimatedByInterpolation,
    numerators: slots.map((_, index) => BigInt(before) * BigInt(n - index) + BigInt(after) * BigInt(index + 1)),
    denominator: BigInt(n + 1),
    inputs: { before, beforeAt: at, after, afterAt: next },
  };
};

/** Means of values by place as fractions with one denominator; undefined where a place has none. */
const meansOf = (
  slots: readonly Slot[],
  valuesAt: (slot: Slot) => readonly number[],
): { readonly numerators: readonly bigint[]; readonly denominator: bigint } | undefined => {
  const means = slots.map((slot) => {
    const values = valuesAt(slot);
    return { sum: values.reduce((all, value) => all + value, 0), count: values.length };
  });
  // An hour that no reference day had, because all of them changed their clocks in it.
  if (means.some(({ count }) => count === 0)) return undefined;
  const denominator = [...new Set(means.map(({ count }) => count))].reduce((all, count) => all * BigInt(count), 1n);
  return { numerators: means.map(({ sum, count }) => (BigInt(sum) * denominator) / BigInt(count)), denominator };
};

/** The values that days have at the places of slots. */
const valuesOn =
  (ground: RegisterGround, days: readonly DayShape[]) =>
  ({ from }: Slot): readonly number[] => {
    const place = placeOf(ground, from);
    return days.flatMap(({ byPlace }) => byPlace.get(place) ?? []);
  };

/** How far after a hole days are looked for, in days. */
const daysAfter = 14;

/** The mean of the same interval on the like days nearest to it: 3 before and, where they are known, 3 after. */
export const draftLikeDays = (
  ground: RegisterGround,
  date: string,
  slots: readonly Slot[],
  shapes: Shapes,
): Draft | undefined => {
  const { likeDays, likeWithinDays } = ground.configuration.estimation;
  const rest = isRestDay(ground.configuration, date);
  const days = nearestDays(
    shapes,
    date,
    { most: likeDays, before: likeWithinDays, after: daysAfter },
    (shape) => shape.rest === rest,
  );
  const means = meansOf(slots, valuesOn(ground, days));
  return (
    means && {
      method: 'like-days',
      quality: quality.estimatedFromReferenceDays,
      ...means,
      inputs: { days: days.map((day) => day.date) },
    }
  );
};

const yearBack = 364;
/** The days of last year that a day is estimated from lie so many days around the same weekday then. */
const yearAround = 10;
/** How far before a day use is compared with last year. */
const ratioAround = 28;
/** How far around a day the level of the class profile is taken from. */
const profileAround = 14;

/** Whether nothing was used on a day: what a place that stood empty last year says nothing of. */
const isIdle = ({ byPlace }: DayShape): boolean => [...byPlace.values()].every((value) => value === 0);

/** What was used on days near a date, and on the same days 52 weeks before, at the places known of both. */
const againstLastYear = (date: string, shapes: Shapes) => {
  let [pairs, recent, before] = [0, 0, 0];
  for (let away = -ratioAround; away <= daysAfter; away += 1) {
    const day = addDays(date, away);
    const [now, past] = [shapes.of(day), shapes.of(addDays(day, -yearBack))];
    if (away === 0 || now?.representative !== true || past?.representative !== true || isIdle(past)) continue;
    pairs += 1;
    for (const [place, value] of now.byPlace) {
      const then = past.byPlace.get(place);
      if (then === undefined) continue;
      recent += value;
      before += then;
    }
  }
  return { pairs, recent, before };
};

/** The mean of the same interval on like days around the same weekday last year, times the ratio of use near it now and then. */
export const draftLastYear = (
  ground: RegisterGround,
  date: string,
  slots: readonly Slot[],
  shapes: Shapes,
): Draft | undefined => {
  const centre = addDays(date, -yearBack);
  const rest = isRestDay(ground.configuration, date);
  const there = shapes.of(centre);
  const days = [
    ...(there?.representative === true && there.rest === rest && !isIdle(there) ? [there] : []),
    ...nearestDays(
      shapes,
      centre,
      { most: yearAround, before: yearAround, after: yearAround },
      (shape) => shape.rest === rest && !isIdle(shape),
    ),
  ].sort((left, right) => (left.date < right.date ? -1 : 1));
  const means = meansOf(slots, valuesOn(ground, days));
  const { pairs, recent, before } = againstLastYear(date, shapes);
  if (means === undefined || pairs < ground.configuration.estimation.lastYearLeastDays || before <= 0) return undefined;
  return {
    method: 'last-year',
    quality: quality.estimatedFromReferenceDays,
    numerators: means.numerators.map((numerator) => numerator * BigInt(recent)),
    denominator: means.denominator * BigInt(before),
    inputs: { days: days.map((day) => day.date), recent, before, pairs },
  };
};

/** Weight of each interval of a day on the local clock in a class profile, times the seconds it lasts. */
const weightsByPlace = (profile: ClassProfile, rest: boolean, intervalSeconds: number): readonly number[] => {
  const weights = rest ? profile.restday : profile.workday;
  return Array.from({ length: Math.ceil(86_400 / intervalSeconds) }, (_, place) => {
    let weight = 0;
    const end = Math.min((place + 1) * intervalSeconds, 86_400);
    for (let at = place * intervalSeconds; at < end; ) {
      const step = Math.min(profile.stepSeconds - (at % profile.stepSeconds), end - at);
      weight += (weights[Math.floor(at / profile.stepSeconds)] ?? 0) * step;
      at += step;
    }
    return weight;
  });
};

const monthWeight = (profile: ClassProfile, date: string): number =>
  profile.months?.[Number(date.slice(5, 7)) - 1] ?? 1;

/** What the register used near a date, where it is known, and what the profile weighs there. */
const againstProfile = (
  profile: ClassProfile,
  byPlace: { readonly rest: readonly number[]; readonly work: readonly number[] },
  date: string,
  shapes: Shapes,
) => {
  let [count, used, weight] = [0, 0, 0];
  for (let away = -profileAround; away <= profileAround; away += 1) {
    const day = addDays(date, away);
    const known = shapes.of(day);
    if (known === undefined) continue;
    const weights = known.rest ? byPlace.rest : byPlace.work;
    let ofDay = 0;
    for (const [place, value] of known.byPlace) {
      count += 1;
      used += value;
      ofDay += weights[place] ?? 0;
    }
    weight += ofDay * monthWeight(profile, day);
  }
  return { count, used, weight };
};

/**
 * The class profile at the level of the register's own values near it, where at least a day of them is known; else its share of
 * the annual estimate.
 */
export const draftClassProfile = (
  ground: RegisterGround,
  date: string,
  slots: readonly Slot[],
  shapes: Shapes,
): Draft | undefined => {
  const { classProfile: profile } = ground.configuration;
  if (profile === undefined) return undefined;
  const { intervalSeconds } = ground.register;
  const byPlace = {
    rest: weightsByPlace(profile, true, intervalSeconds),
    work: weightsByPlace(profile, false, intervalSeconds),
  };
  const ofDate = isRestDay(ground.configuration, date) ? byPlace.rest : byPlace.work;
  const month = monthWeight(profile, date);
  // The last interval of a day may be cut short where the clocks change by less than its length.
  const weights = slots.map((slot) => (ofDate[placeOf(ground, slot.from)] ?? 0) * month * (slot.to - slot.from));
  const { count, used, weight } = againstProfile(profile, byPlace, date, shapes);
  const isOwn = count * intervalSeconds >= 86_400 && weight > 0;
  const level = isOwn
    ? { up: used, down: BigInt(weight) }
    : { up: profile.annual, down: BigInt(profile.yearWeight) * BigInt(profile.stepSeconds) };
  return {
    method: 'class-profile',
    quality: quality.projected,
    numerators: weights.map((one) => BigInt(one) * BigInt(level.up)),
    denominator: level.down * BigInt(intervalSeconds),
    inputs: { profile: profile.source, ...(isOwn ? { used, intervals: count } : { annual: profile.annual }) },
  };
};

/** Nothing to go by but the total of the register. */
export const draftEven = (slots: readonly Slot[]): Draft => ({
  method: 'even',
  quality: quality.estimatedByInterpolation,
  numerators: slots.map(() => 1n),
  denominator: 1n,
  inputs: {},
});
