/** One day: what was used, and the temperatures outside in °C, evenly spaced; degrees are their mean, hour by hour. */
export interface DegreeDay {
  readonly use: number;
  readonly celsius: readonly number[];
}

/** What a degree below (heating) or above (cooling) the balance point costs a day. */
export interface TemperatureSlope {
  readonly perDegree: number;
  readonly balance: number;
}

/** Use of a day as base + heating x degrees below + cooling x degrees above; in the unit of the days. */
export interface TemperatureModel {
  readonly base: number;
  readonly heating: TemperatureSlope | undefined;
  readonly cooling: TemperatureSlope | undefined;
  readonly adjustedR2: number;
  readonly days: number;
}

/** Loads of the days themselves, in their unit: base, heating and cooling add up to what the model expects. */
export interface Loads {
  readonly base: number;
  readonly heating: number;
  readonly cooling: number;
}

/** Balance points tried, in °C: 30 to 90 °F as CalTRACK 2.0 (3.4.3) has it. */
const lowestBalance = -1;
const highestBalance = 32;
const balanceStep = 0.5;
/** A side of a balance point needs so many days, and so many degree days together (CalTRACK 2.0, 3.4.3.2: 10 and 20 °F). */
const leastDays = 10;
const leastDegrees = 11;
/** A year with at most 37 days missing (CalTRACK 2.0, 2.2.1). */
export const leastDaysOfModel = 328;

const balances = Array.from(
  { length: (highestBalance - lowestBalance) / balanceStep + 1 },
  (_, place) => lowestBalance + place * balanceStep,
);

/** How the days scatter grows with their use, so each counts by the inverse square of what is expected of it, at least this share of the mean. */
const leastExpected = 0.2;
const rounds = 5;

/** Degrees of each day on one side of a balance point, and the weighted sums that a fit needs. */
interface Side {
  readonly balance: number;
  /** Less their mean, times the root of the weight. */
  readonly degrees: readonly number[];
  readonly mean: number;
  readonly square: number;
  readonly withUse: number;
}

/** Uses as they are fitted: less their weighted mean, times the root of the weight. */
interface Uses {
  readonly roots: readonly number[];
  readonly weights: number;
  readonly mean: number;
  readonly centred: readonly number[];
  readonly total: number;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const weightedMean = (values: readonly number[], roots: readonly number[], weights: number): number =>
  values.reduce((total, value, day) => total + value * (roots[day] ?? 0) ** 2, 0) / weights;

const usesOf = (days: readonly DegreeDay[], expected: readonly number[] | undefined): Uses => {
  const least = (leastExpected * sum(days.map(({ use }) => use))) / days.length;
  const roots = days.map((_, day) => (expected === undefined ? 1 : 1 / Math.max(least, expected[day] ?? least)));
  const weights = sum(roots.map((root) => root * root));
  const mean = weightedMean(
    days.map(({ use }) => use),
    roots,
    weights,
  );
  const centred = days.map(({ use }, day) => (use - mean) * (roots[day] ?? 0));
  return { roots, weights, mean, centred, total: sum(centred.map((use) => use * use)) };
};

const sideOf = (balance: number, degrees: readonly number[], { roots, weights, centred }: Uses): Side | undefined => {
  if (degrees.filter((one) => one > 0).length < leastDays || sum(degrees) < leastDegrees) return undefined;
  const mean = weightedMean(degrees, roots, weights);
  const weighted = degrees.map((one, day) => (one - mean) * (roots[day] ?? 0));
  let [square, withUse] = [0, 0];
  weighted.forEach((one, day) => {
    square += one * one;
    withUse += one * (centred[day] ?? 0);
  });
  return square === 0 ? undefined : { balance, degrees: weighted, mean, square, withUse };
};

interface Fit {
  readonly heating: readonly [Side, number] | undefined;
  readonly cooling: readonly [Side, number] | undefined;
  readonly explained: number;
  readonly regressors: number;
}

const noFit: Fit = { heating: undefined, cooling: undefined, explained: 0, regressors: 0 };
/** Adjusted R2 by which heating or cooling must do better to count at all. */
const gainOfPart = 0.01;

const one = (side: Side): { readonly slope: number; readonly explained: number } => ({
  slope: side.withUse / side.square,
  explained: side.withUse ** 2 / side.square,
});

const both = (heating: Side, cooling: Side): Fit | undefined => {
  let cross = 0;
  for (let day = 0; day < heating.degrees.length; day += 1)
    cross += (heating.degrees[day] ?? 0) * (cooling.degrees[day] ?? 0);
  const determinant = heating.square * cooling.square - cross * cross;
  if (determinant <= 1e-9 * heating.square * cooling.square) return undefined;
  const warm = (heating.withUse * cooling.square - cooling.withUse * cross) / determinant;
  const cool = (cooling.withUse * heating.square - heating.withUse * cross) / determinant;
  if (warm < 0 || cool < 0) return undefined;
  return {
    heating: [heating, warm],
    cooling: [cooling, cool],
    explained: warm * heating.withUse + cool * cooling.withUse,
    regressors: 2,
  };
};

const fitsOf = (heating: readonly Side[], cooling: readonly Side[]): readonly Fit[] => {
  const fits: Fit[] = [noFit];
  for (const side of heating) {
    const { slope, explained } = one(side);
    if (slope >= 0) fits.push({ heating: [side, slope], cooling: undefined, explained, regressors: 1 });
    for (const other of cooling) {
      if (other.balance < side.balance) continue;
      const fit = both(side, other);
      if (fit !== undefined) fits.push(fit);
    }
  }
  for (const side of cooling) {
    const { slope, explained } = one(side);
    if (slope >= 0) fits.push({ heating: undefined, cooling: [side, slope], explained, regressors: 1 });
  }
  return fits;
};

const meanOf = (values: readonly number[]): number => sum(values) / Math.max(1, values.length);
const below = (balance: number, celsius: readonly number[]): number =>
  meanOf(celsius.map((one) => Math.max(0, balance - one)));
const above = (balance: number, celsius: readonly number[]): number =>
  meanOf(celsius.map((one) => Math.max(0, one - balance)));

const slopeOf = (side: readonly [Side, number] | undefined): TemperatureSlope | undefined =>
  side === undefined ? undefined : { perDegree: side[1], balance: side[0].balance };

/** Degrees of each day at each balance point. */
type DegreeTable = readonly { readonly balance: number; readonly degrees: readonly number[] }[];

const fitOnce = (
  days: readonly DegreeDay[],
  [cold, hot]: readonly [DegreeTable, DegreeTable],
  expected: readonly number[] | undefined,
): TemperatureModel | undefined => {
  const uses = usesOf(days, expected);
  if (uses.total === 0) return undefined;
  const sidesOf = (table: DegreeTable): readonly Side[] =>
    table.flatMap(({ balance, degrees }) => sideOf(balance, degrees, uses) ?? []);
  const adjusted = ({ explained, regressors }: Fit): number =>
    1 - ((1 - explained / uses.total) * (days.length - 1)) / (days.length - regressors - 1);
  const fits = fitsOf(sidesOf(cold), sidesOf(hot));
  const bestOf = (regressors: number): Fit | undefined =>
    fits
      .filter((fit) => fit.regressors === regressors)
      .reduce<Fit | undefined>((left, right) => (left && adjusted(left) >= adjusted(right) ? left : right), undefined);
  const [nothing, single, double] = [bestOf(0), bestOf(1), bestOf(2)];
  let best = nothing ?? noFit;
  for (const fit of [single, double]) if (fit && adjusted(fit) > adjusted(best) + gainOfPart) best = fit;
  const part = (side: readonly [Side, number] | undefined): number => (side === undefined ? 0 : side[1] * side[0].mean);
  return {
    base: uses.mean - part(best.heating) - part(best.cooling),
    heating: slopeOf(best.heating),
    cooling: slopeOf(best.cooling),
    adjustedR2: adjusted(best),
    days: days.length,
  };
};

/**
 * The daily model of CalTRACK 2.0 (3.4): least squares over all balance points, coefficients not negative, the best adjusted
 * R2 wins. It is fitted again with days weighted by what it expected of them, since large uses scatter more and would drown the
 * mild days that tell the base. Undefined below 328 days, or where every day is alike.
 */
export const fitTemperatures = (days: readonly DegreeDay[]): TemperatureModel | undefined => {
  if (days.length < leastDaysOfModel) return undefined;
  const tables = [below, above].map((degreesOf) =>
    balances.map((balance) => ({ balance, degrees: days.map(({ celsius }) => degreesOf(balance, celsius)) })),
  );
  const [cold = [], hot = []] = tables;
  let model = fitOnce(days, [cold, hot], undefined);
  for (let round = 1; round < rounds && model !== undefined; round += 1) {
    const known = model;
    const expected = days.map(({ celsius }) => {
      const { base, heating, cooling } = loadsOf(known, [celsius]);
      return base + heating + cooling;
    });
    model = fitOnce(days, [cold, hot], expected);
  }
  return model;
};

/** What a model expects of days of these temperatures, in parts. */
export const loadsOf = (model: TemperatureModel, days: readonly DegreeDay['celsius'][]): Loads => {
  const { base, heating, cooling } = model;
  let [warm, cool] = [0, 0];
  for (const celsius of days) {
    if (heating !== undefined) warm += heating.perDegree * below(heating.balance, celsius);
    if (cooling !== undefined) cool += cooling.perDegree * above(cooling.balance, celsius);
  }
  return { base: base * days.length, heating: warm, cooling: cool };
};
