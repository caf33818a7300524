import { type ChangePoints, degreesOf, fitChangePoints, type Parts, type TemperatureSlope } from './change-points.ts';
import {
  areHours,
  type DegreeDay,
  delayed,
  isHourly,
  type Observations,
  observeDays,
  observeHours,
} from './degree-observations.ts';

/** Use of a day as base + heating x degrees below + cooling x degrees above; in the unit of the days. */
export interface TemperatureModel {
  readonly base: number;
  readonly heating: TemperatureSlope | undefined;
  readonly cooling: TemperatureSlope | undefined;
  /** Hours by which use follows the temperature outside. */
  readonly delay: number;
  readonly adjustedR2: number;
  readonly days: number;
}

/** Loads of the days themselves, in their unit: base, heating and cooling add up to what the model expects. */
export interface Loads {
  readonly base: number;
  readonly heating: number;
  readonly cooling: number;
}

/** A year with at most 37 days missing (CalTRACK 2.0, 2.2.1). */
export const leastDaysOfModel = 328;
/** Share of the deviance that heating or cooling must explain to count at all. */
const leastOfPart = 0.0005;
/** Hours tried by which walls and rooms hold a temperature back. */
const delays = [0, 1, 2, 3, 4, 5, 6] as const;
/** °C by which hours are taken together while delays are tried, and for the loads. */
const coarseCell = 1;
const fineCell = 0.25;
/** Rounds of weights that are enough to compare parts and delays. */
const fewRounds = 3;

const neither: Parts = { heating: false, cooling: false };
const kinds: readonly (readonly Parts[])[] = [
  [
    { heating: true, cooling: false },
    { heating: false, cooling: true },
  ],
  [{ heating: true, cooling: true }],
];

const bestOf = (fits: readonly (ChangePoints | undefined)[]): ChangePoints | undefined =>
  fits.reduce((left, right) => (left && (!right || left.deviance <= right.deviance) ? left : right), undefined);

/** What a model that knew every day would still leave: the deviance of a fit counts from here. */
const leastDeviance = ({ use }: Observations): number =>
  use.reduce((sum, one) => sum + (one > 0 ? one - one * Math.log(one) : 0), 0);

/** Which parts the days have, whatever hours would say: each must be worth its slope and balance point (Schwarz, 1978: BIC). */
const partsOf = (days: Observations): Parts => {
  const least = leastDeviance(days);
  const count = days.use.length;
  const degrees = degreesOf(days);
  let best = fitChangePoints(days, neither);
  const all = (best?.deviance ?? least) - least;
  for (const kind of kinds) {
    const fit = bestOf(kind.map((parts) => fitChangePoints(days, parts, 0.5, fewRounds, degrees)));
    if (fit === undefined || best === undefined) continue;
    const before = best.deviance - least;
    const after = Math.max(fit.deviance - least, Number.EPSILON * all);
    if (before - after > leastOfPart * all && count * Math.log(before / after) > 2 * Math.log(count)) best = fit;
  }
  return { heating: best?.heating !== undefined, cooling: best?.cooling !== undefined };
};

type Observe = (delay: number, cell: number) => Observations;

const delayOf = (observe: Observe, parts: Parts): number => {
  let [best, least] = [0, Number.POSITIVE_INFINITY];
  for (const delay of delays) {
    const deviance = fitChangePoints(observe(delay, coarseCell), parts, 0.5, fewRounds)?.deviance;
    if (deviance === undefined || deviance >= least) continue;
    [best, least] = [delay, deviance];
  }
  return best;
};

/**
 * A change-point model (ASHRAE Guideline 14; CalTRACK 2.0, 3.4): base, and slopes from balance points on, coefficients not negative.
 * Hours are looked at where every day has them, each hour of the day with a base of its own, else whole days. Undefined below
 * 328 days, or where every day is alike.
 */
export const fitTemperatures = (days: readonly DegreeDay[]): TemperatureModel | undefined => {
  if (days.length < leastDaysOfModel || days.every(({ use }) => use === days[0]?.use)) return undefined;
  const whole = !days.every(isHourly);
  const observe: Observe = (delay, cell) => (whole ? observeDays(days, delay) : observeHours(days, delay, cell));
  const first = partsOf(observeDays(days, 0));
  const hourly = days.every(({ celsius }) => areHours(celsius));
  const delay = hourly && (first.heating || first.cooling) ? delayOf(observe, first) : 0;
  const parts = delay === 0 ? first : partsOf(observeDays(days, delay));
  const fit = fitChangePoints(observe(delay, fineCell), parts);
  if (fit === undefined) return undefined;
  const { bases, heating, cooling } = fit;
  const base = bases.reduce((sum, one) => sum + one, 0) / bases.length;
  const model = { base, heating, cooling, delay, adjustedR2: 0, days: days.length };
  return { ...model, adjustedR2: explainedBy(model, days) };
};

const explainedBy = (model: TemperatureModel, days: readonly DegreeDay[]): number => {
  const mean = days.reduce((sum, { use }) => sum + use, 0) / days.length;
  let [left, all] = [0, 0];
  for (const day of days) {
    const { base, heating, cooling } = loadsOf(model, [day]);
    left += (day.use - base - heating - cooling) ** 2;
    all += (day.use - mean) ** 2;
  }
  const regressors = Number(model.heating !== undefined) + Number(model.cooling !== undefined);
  return 1 - ((left / all) * (days.length - 1)) / (days.length - regressors - 1);
};

const meanOf = (values: readonly number[], of: (value: number) => number): number =>
  values.reduce((sum, value) => sum + of(value), 0) / Math.max(1, values.length);

/** What a model expects of days of these temperatures, in parts; use that follows by hours needs those before each day too. */
export const loadsOf = (model: TemperatureModel, days: readonly Omit<DegreeDay, 'use'>[]): Loads => {
  const { base, heating, cooling, delay } = model;
  let [warm, cool] = [0, 0];
  for (const day of days) {
    const felt = delayed(day, delay);
    if (heating) warm += heating.perDegree * meanOf(felt, (one) => Math.max(0, heating.balance - one));
    if (cooling) cool += cooling.perDegree * meanOf(felt, (one) => Math.max(0, one - cooling.balance));
  }
  return { base: base * days.length, heating: warm, cooling: cool };
};

/** The loads of a usual year: the days of `usualYear`, in which each hour is as cold whenever its use follows. */
export const usualLoads = (model: TemperatureModel, year: readonly Omit<DegreeDay, 'use'>[]): Loads =>
  loadsOf({ ...model, delay: 0 }, year);
