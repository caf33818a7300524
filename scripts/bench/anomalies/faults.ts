import type { SeriesReading } from '#functions/insight/rules/detect/detect.ts';
import type { Draws } from './draws.ts';

const day = 86_400;

/** Faults as they happen to meters and homes, each put into a series from an instant on; what it does, and for how many days. */
const faults: Readonly<
  Record<
    string,
    { readonly days: number; apply(values: readonly number[], draws: Draws, top: number, highest: number): number[] }
  >
> = {
  spike: {
    days: 1 / 48,
    apply: (values, draws, _top, highest) => values.map(() => highest * (2 + 3 * draws.even())),
  },
  stuck: { days: 1.5, apply: (values) => values.map(() => values[0] ?? 0) },
  dead: { days: 3, apply: (values) => values.map(() => 0) },
  'doubled week': { days: 7, apply: (values) => values.map((value) => 2 * value) },
  'tripled day': { days: 1, apply: (values) => values.map((value) => 3 * value) },
  noise: {
    days: 2,
    apply: (values, draws, top) => values.map((value) => Math.max(0, value + 0.5 * top * draws.normal())),
  },
  'extra base load': { days: 3, apply: (values, _draws, top) => values.map((value) => value + 0.25 * top) },
  'lost peak': {
    days: 2,
    apply: (values) => {
      const middle = values.toSorted((left, right) => left - right)[values.length >> 1] ?? 0;
      return values.map((value) => Math.min(value, middle));
    },
  },
  'day and night swapped': {
    days: 3,
    apply: (values) => values.map((_, index) => values[(index + 24) % values.length] ?? 0),
  },
};

export type FaultKind = string;
export const faultKinds: readonly FaultKind[] = Object.keys(faults);

/** One fault: the readings it changed, in order. */
export interface InjectedFault {
  readonly kind: FaultKind;
  readonly first: number;
  readonly readings: readonly SeriesReading[];
}

/** Puts a fault of a kind into half-hourly readings, at a place drawn after the first 60 days; undefined where none fits. */
export const injectFault = (
  rows: readonly SeriesReading[],
  kind: FaultKind,
  draws: Draws,
): InjectedFault | undefined => {
  const fault = faults[kind];
  const count = Math.round((fault?.days ?? 0) * 48);
  for (let attempt = 0; fault !== undefined && attempt < 50; attempt += 1) {
    const first = Math.floor(60 * 48 + draws.even() * (rows.length - 60 * 48 - count));
    const before = rows.slice(first - 28 * 48, first);
    const window = rows.slice(first, first + count);
    const whole = (window.at(-1)?.at ?? 0) - (before[0]?.at ?? 0) < 29 * day + fault.days * day;
    const inUse = before.slice(-96).reduce((sum, { value }) => sum + value, 0);
    // A reading that repeats, or a home that stands empty, hides the fault from everybody.
    if (!whole || inUse < 2 || (window[0]?.value ?? 0) === 0) continue;
    const sorted = before.map(({ value }) => value).sort((left, right) => left - right);
    const top = Math.max(0.5, sorted[Math.floor(sorted.length * 0.99)] ?? 0);
    const values = fault.apply(
      window.map(({ value }) => value),
      draws,
      top,
      Math.max(0.5, sorted.at(-1) ?? 0),
    );
    return { kind, first, readings: window.map(({ at }, index) => ({ at, value: values[index] ?? 0 })) };
  }
  return undefined;
};
