import type { Observations } from './degree-observations.ts';

/** What a degree below (heating) or above (cooling) the balance point costs a day. */
export interface TemperatureSlope {
  readonly perDegree: number;
  /** °C. */
  readonly balance: number;
}

/** Which parts a model has. */
export interface Parts {
  readonly heating: boolean;
  readonly cooling: boolean;
}

/** A fit of observations: bases of their groups, slopes, and what is expected of each. */
export interface ChangePoints {
  readonly bases: Float64Array;
  readonly heating: TemperatureSlope | undefined;
  readonly cooling: TemperatureSlope | undefined;
  readonly expected: Float64Array;
  /** Half the Poisson deviance less what no model changes, so that hours taken together otherwise compare: it may be negative. */
  readonly deviance: number;
}

/** Balance points tried, in °C: 30 to 90 °F as CalTRACK 2.0 (3.4.3) has it, in ever finer steps around the best. */
const lowestBalance = -1;
const highestBalance = 32;
const steps = [2, 0.5, 0.1] as const;
/** A side of a balance point needs so many days, and so many degree days together (CalTRACK 2.0, 3.4.3.2: 10 and 20 °F). */
const leastDays = 10;
const leastDegrees = 11;

/**
 * Large uses scatter more: variance grows with what is expected (Poisson pseudo-likelihood, Gourieroux, Monfort, Trognon, 1984).
 * It holds whatever else is true of the scatter, and it alone makes what is expected add up to what was used. Expected use counts
 * as at least this share of the mean.
 */
const leastExpected = 0.1;
const mostRounds = 8;

type Kind = 'heating' | 'cooling';
/** Mean degrees of each observation on a side of a balance point, and whether they are enough for that side. */
interface DegreesAt {
  readonly degrees: Float64Array;
  readonly enough: boolean;
}
export type Degrees = Readonly<Record<Kind, (balance: number) => DegreesAt>>;

/** Temperatures of all observations in one row, since each balance point goes over all of them, and how many each has. */
const sideBySide = (all: Observations['celsius']) => {
  const lengths = all.map((one) => one.length);
  const celsius = new Float64Array(lengths.reduce((sum, length) => sum + length, 0));
  let from = 0;
  for (const one of all) {
    celsius.set(one, from);
    from += one.length;
  }
  return { lengths, celsius };
};

/** Degrees of observations by balance point, made as they are asked for: fits of the same observations share them. */
export const degreesOf = (of: Observations): Degrees => {
  const { lengths, celsius } = sideBySide(of.celsius);
  const table = (sign: number) => {
    const known = new Map<number, DegreesAt>();
    return (balance: number): DegreesAt => {
      const found = known.get(balance);
      if (found !== undefined) return found;
      const made = new Float64Array(lengths.length);
      let hour = 0;
      for (let place = 0; place < made.length; place += 1) {
        const end = hour + (lengths[place] ?? 0);
        let sum = 0;
        for (; hour < end; hour += 1) sum += Math.max(0, sign * ((celsius[hour] ?? 0) - balance));
        made[place] = sum / Math.max(1, lengths[place] ?? 0);
      }
      const at = { degrees: made, enough: suffice(made, of) };
      known.set(balance, at);
      return at;
    };
  };
  return { heating: table(-1), cooling: table(1) };
};

/** A column less the weighted means of its groups, times the roots of the weights. */
interface Column {
  readonly centred: Float64Array;
  readonly means: Float64Array;
  readonly square: number;
}

interface Side extends Column {
  readonly balance: number;
  readonly withUse: number;
}

interface Weighed {
  readonly of: Observations;
  readonly roots: Float64Array;
  readonly weights: Float64Array;
  readonly use: Column;
}

/** In four sums side by side: an addition waits for the one before it, and nearly all the time of a fit goes by here. */
const dot = (left: Float64Array, right: Float64Array): number => {
  let [first, second, third, fourth] = [0, 0, 0, 0];
  let place = 0;
  for (; place + 3 < left.length; place += 4) {
    first += (left[place] ?? 0) * (right[place] ?? 0);
    second += (left[place + 1] ?? 0) * (right[place + 1] ?? 0);
    third += (left[place + 2] ?? 0) * (right[place + 2] ?? 0);
    fourth += (left[place + 3] ?? 0) * (right[place + 3] ?? 0);
  }
  for (; place < left.length; place += 1) first += (left[place] ?? 0) * (right[place] ?? 0);
  return first + second + third + fourth;
};

const columnOf = (
  values: Float64Array,
  { group, groups }: Observations,
  roots: Float64Array,
  weights: Float64Array,
): Column => {
  const means = new Float64Array(groups);
  const centred = new Float64Array(values.length);
  for (let place = 0; place < values.length; place += 1) {
    const root = roots[place] ?? 0;
    const of = group[place] ?? 0;
    means[of] = (means[of] ?? 0) + (values[place] ?? 0) * root * root;
  }
  for (let of = 0; of < groups; of += 1) means[of] = (weights[of] ?? 0) > 0 ? (means[of] ?? 0) / (weights[of] ?? 1) : 0;
  let square = 0;
  for (let place = 0; place < values.length; place += 1) {
    const one = ((values[place] ?? 0) - (means[group[place] ?? 0] ?? 0)) * (roots[place] ?? 0);
    centred[place] = one;
    square += one * one;
  }
  return { centred, means, square };
};

const weigh = (of: Observations, expected: Float64Array | undefined): Weighed => {
  const all = of.days.reduce((sum, days) => sum + days, 0);
  const least = (leastExpected * dot(of.use, of.days)) / all;
  const roots = of.days.map((days, place) =>
    Math.sqrt(expected === undefined ? days : days / Math.max(least, expected[place] ?? 0)),
  );
  const weights = new Float64Array(of.groups);
  roots.forEach((root, place) => {
    const group = of.group[place] ?? 0;
    weights[group] = (weights[group] ?? 0) + root * root;
  });
  return { of, roots, weights, use: columnOf(of.use, of, roots, weights) };
};

/** Whether a side of a balance point has days and degrees enough. */
const suffice = (degrees: Float64Array, { days: lengths }: Observations): boolean => {
  let days = 0;
  for (let place = 0; place < degrees.length; place += 1) if ((degrees[place] ?? 0) > 0) days += lengths[place] ?? 0;
  return days >= leastDays && dot(degrees, lengths) >= leastDegrees;
};

const sideOf = (balance: number, degrees: Float64Array, { of, roots, weights, use }: Weighed): Side | undefined => {
  const { centred, means, square } = columnOf(degrees, of, roots, weights);
  return square === 0 ? undefined : { centred, means, square, balance, withUse: dot(centred, use.centred) };
};

interface Found {
  readonly heating: readonly [Side, number] | undefined;
  readonly cooling: readonly [Side, number] | undefined;
  readonly explained: number;
}

const basesOf = ({ use }: Weighed, sides: readonly (readonly [Side, number] | undefined)[]): Float64Array =>
  use.means.map((mean, group) =>
    sides.reduce((base, side) => base - (side === undefined ? 0 : side[1] * (side[0].means[group] ?? 0)), mean),
  );

/** Slopes and the base of a day are never below zero. */
const sound = (weighed: Weighed, found: Found): boolean => {
  if ((found.heating?.[1] ?? 0) < 0 || (found.cooling?.[1] ?? 0) < 0) return false;
  return basesOf(weighed, [found.heating, found.cooling]).reduce((sum, base) => sum + base, 0) >= 0;
};

const single = (kind: Kind, side: Side): Found => ({
  heating: undefined,
  cooling: undefined,
  [kind]: [side, side.withUse / side.square],
  explained: side.withUse ** 2 / side.square,
});

const both = (heating: Side, cooling: Side): Found | undefined => {
  const cross = dot(heating.centred, cooling.centred);
  const determinant = heating.square * cooling.square - cross * cross;
  if (determinant <= 1e-9 * heating.square * cooling.square) return undefined;
  const warm = (heating.withUse * cooling.square - cooling.withUse * cross) / determinant;
  const cool = (cooling.withUse * heating.square - heating.withUse * cross) / determinant;
  return {
    heating: [heating, warm],
    cooling: [cooling, cool],
    explained: warm * heating.withUse + cool * cooling.withUse,
  };
};

const around = (centre: number | undefined, step: number, wide: number): readonly number[] => {
  const from = Math.max(lowestBalance, (centre ?? lowestBalance) - wide);
  const to = Math.min(highestBalance, centre === undefined ? highestBalance : centre + wide);
  return Array.from({ length: Math.floor((to - from) / step + 1e-6) + 1 }, (_, place) =>
    Number((from + place * step).toFixed(1)),
  );
};

/** The best balance points under given weights: all of a coarse grid, then those around the best, finer and finer. */
const search = (weighed: Weighed, degrees: Degrees, parts: Parts, finest: number): Found | undefined => {
  let best: Found | undefined;
  let last = highestBalance;
  const take = (found: Found | undefined): void => {
    if (found !== undefined && found.explained > (best?.explained ?? 0) && sound(weighed, found)) best = found;
  };
  for (const step of steps) {
    if (step < finest) break;
    const sides = (kind: Kind): readonly Side[] =>
      parts[kind]
        ? around(best?.[kind]?.[0].balance, step, last).flatMap((balance) => {
            const at = degrees[kind](balance);
            return at.enough ? (sideOf(balance, at.degrees, weighed) ?? []) : [];
          })
        : [];
    const [heating, cooling] = [sides('heating'), sides('cooling')];
    if (parts.heating && parts.cooling)
      for (const side of heating)
        for (const other of cooling) {
          if (other.balance >= side.balance) take(both(side, other));
        }
    else {
      for (const side of heating) take(single('heating', side));
      for (const side of cooling) take(single('cooling', side));
    }
    if (best === undefined) return undefined;
    last = step;
  }
  return best;
};

const slopeOf = (side: readonly [Side, number] | undefined): TemperatureSlope | undefined =>
  side === undefined ? undefined : { perDegree: side[1], balance: side[0].balance };

const fitted = (weighed: Weighed, degrees: Degrees, found: Found): ChangePoints => {
  const { of } = weighed;
  const [heating, cooling] = [slopeOf(found.heating), slopeOf(found.cooling)];
  const bases = basesOf(weighed, [found.heating, found.cooling]);
  const cold = heating && degrees.heating(heating.balance).degrees;
  const hot = cooling && degrees.cooling(cooling.balance).degrees;
  const least = (leastExpected * dot(of.use, of.days)) / of.days.reduce((sum, days) => sum + days, 0);
  let deviance = 0;
  const expected = of.use.map((value, place) => {
    const warm = (heating?.perDegree ?? 0) * (cold?.[place] ?? 0);
    const cool = (cooling?.perDegree ?? 0) * (hot?.[place] ?? 0);
    const all = (bases[of.group[place] ?? 0] ?? 0) + warm + cool;
    const sure = Math.max(least, all);
    deviance += (of.days[place] ?? 0) * (sure - value * Math.log(sure));
    return all;
  });
  return { bases, heating, cooling, expected, deviance };
};

const nothing: Found = { heating: undefined, cooling: undefined, explained: 0 };

/**
 * Least squares with both balance points, fitted again with the weights that the last fit makes expect; the fit of the least
 * deviance stands. Undefined where no balance point has a sound fit. `finest` is the smallest step of balance points, °C.
 */
export const fitChangePoints = (
  of: Observations,
  parts: Parts,
  finest = 0.1,
  rounds = mostRounds,
  degrees = degreesOf(of),
): ChangePoints | undefined => {
  let best: ChangePoints | undefined;
  let expected: Float64Array | undefined;
  for (let round = 0; round < rounds; round += 1) {
    const weighed = weigh(of, expected);
    const found = parts.heating || parts.cooling ? search(weighed, degrees, parts, finest) : nothing;
    if (found === undefined) break;
    const fit = fitted(weighed, degrees, found);
    expected = fit.expected;
    if (best !== undefined && Math.abs(fit.deviance - best.deviance) < 1e-7 * Math.abs(best.deviance)) break;
    if (best === undefined || round === 1 || fit.deviance < best.deviance) best = fit;
  }
  return best;
};
