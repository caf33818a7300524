import type { DegreeDay } from '#functions/insight/rules/degree-observations.ts';
import type { Loads } from '#functions/insight/rules/temperature-model.ts';
import { Draws } from '#scripts/bench/anomalies/draws.ts';

/** °C: mean of the year, half the distance of winter and summer, half that of night and day, scatter of a day. */
export const climates = {
  'cold winters': { mean: 8, season: 15, day: 5, scatter: 5 },
  'warm summers, cold winters': { mean: 13, season: 13, day: 6, scatter: 4.5 },
  'mild by the sea': { mean: 11, season: 6.5, day: 3.5, scatter: 3 },
  'hot summers': { mean: 21, season: 10, day: 7, scatter: 3.5 },
} as const;

export interface HomePlan {
  readonly climate: keyof typeof climates;
  readonly seed: number;
  /** Units a day, spread over the hours as people live. */
  readonly base: number;
  /** Units a degree and day. */
  readonly heating: number;
  readonly cooling: number;
  readonly heatingBalance: number;
  readonly coolingBalance: number;
  /** Hours. */
  readonly delay: number;
  /** Scatter of an hour as a share of what is expected of it: 1 is that of the exponential distribution. */
  readonly scatter: number;
}

const hours = 24;
const year = 365;
const evening = Array.from(
  { length: hours },
  (_, hour) => 0.6 + Math.exp(-((hour - 19) ** 2) / 8) + 0.6 * Math.exp(-((hour - 8) ** 2) / 4),
);
const wholeEvening = evening.reduce((sum, one) => sum + one, 0);
const weekday = (day: number): number => (day % 7 >= 5 ? 1.15 : 0.94);

/** Hourly temperatures with fronts that stay for days. */
const weatherOf = ({ climate, seed }: HomePlan, count: number): readonly number[] => {
  const { mean, season, day, scatter } = climates[climate];
  const draws = new Draws(seed);
  let front = 0;
  return Array.from({ length: (count + 1) * hours }, (_, hour) => {
    front = 0.985 * front + scatter * Math.sqrt(1 - 0.985 ** 2) * draws.normal();
    const date = hour / hours;
    const winter = -Math.cos((2 * Math.PI * (date - 15)) / year);
    return mean + season * winter - day * Math.cos((2 * Math.PI * ((hour % hours) - 3)) / hours) + front;
  });
};

/** Log-normal, of mean 1 and the scatter that is asked for. */
const noise = (draws: Draws, scatter: number): number => {
  if (scatter === 0) return 1;
  const width = Math.sqrt(Math.log(1 + scatter * scatter));
  return Math.exp(width * draws.normal() - (width * width) / 2);
};

/** A year, or so many days, of a home made of known loads, and those loads: what was expected of its days, before chance. */
export const madeHome = (
  plan: HomePlan,
  count: number = year,
): { readonly days: readonly DegreeDay[]; readonly loads: Loads } => {
  const celsius = weatherOf(plan, count);
  const draws = new Draws(plan.seed + 1);
  const loads = { base: 0, heating: 0, cooling: 0 };
  const days = Array.from({ length: count }, (_, place): DegreeDay => {
    const first = (place + 1) * hours;
    const used = Array.from({ length: hours }, (_hour, hour) => {
      const felt = celsius[first + hour - plan.delay] ?? 0;
      const base = (plan.base * (evening[hour] ?? 0) * weekday(place)) / wholeEvening;
      const heating = (plan.heating * Math.max(0, plan.heatingBalance - felt)) / hours;
      const cooling = (plan.cooling * Math.max(0, felt - plan.coolingBalance)) / hours;
      loads.base += base;
      loads.heating += heating;
      loads.cooling += cooling;
      return (base + heating + cooling) * noise(draws, plan.scatter);
    });
    return {
      use: used.reduce((sum, one) => sum + one, 0),
      celsius: celsius.slice(first, first + hours),
      before: celsius.slice(first - hours, first),
      hours: used,
    };
  });
  return { days, loads };
};
