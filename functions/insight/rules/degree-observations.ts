/** One day: what was used, and the temperatures outside in °C, evenly spaced. */
export interface DegreeDay {
  readonly use: number;
  readonly celsius: readonly number[];
  /** Temperatures of the hours right before the day, oldest first, where they are known. */
  readonly before?: readonly number[];
  /** What each hour used, as many as there are temperatures, where the register tells it; they add up to the day. */
  readonly hours?: readonly number[];
}

/** Days, or hours of one hour of the day and one temperature taken together: what a fit looks at. */
export interface Observations {
  /** Mean use, in units a day. */
  readonly use: Float64Array;
  /** How much time each stands for, in days. */
  readonly days: Float64Array;
  /** Observations of one group share their base: hours of the day, or all days. */
  readonly group: Uint8Array;
  readonly groups: number;
  readonly celsius: readonly (readonly number[])[];
}

const hoursOfDay = 24;
/** The temperatures that a day feels whose use follows them by some hours; those not given by the hour stay as they are. */
export const delayed = ({ celsius, before = [] }: Omit<DegreeDay, 'use'>, delay: number): readonly number[] => {
  if (delay === 0 || !areHours(celsius)) return celsius;
  const first = celsius[0] ?? 0;
  const felt = before.slice(-delay);
  const early = [...Array.from({ length: delay - felt.length }, () => felt[0] ?? first), ...felt];
  return [...early, ...celsius].slice(0, celsius.length);
};

export const observeDays = (days: readonly DegreeDay[], delay: number): Observations => ({
  use: Float64Array.from(days, ({ use }) => use),
  days: new Float64Array(days.length).fill(1),
  group: new Uint8Array(days.length),
  groups: 1,
  celsius: days.map((day) => delayed(day, delay)),
});

/** Whether temperatures are those of the hours of a day; 23 or 25 where the clocks change. */
export const areHours = (values: readonly number[]): boolean => Math.abs(values.length - hoursOfDay) <= 1;

export const isHourly = ({ celsius, hours }: DegreeDay): boolean =>
  areHours(celsius) && hours?.length === celsius.length;

/**
 * Hours by hour of the day and temperature: those within `cell` °C are one observation. The hour that a change of clocks adds counts
 * to the last of its day.
 */
export const observeHours = (days: readonly DegreeDay[], delay: number, cell: number): Observations => {
  const cells = new Map<number, { group: number; count: number; use: number; celsius: number }>();
  for (const day of days) {
    const felt = delayed(day, delay);
    day.hours?.forEach((use, hour) => {
      const celsius = felt[hour] ?? 0;
      const group = Math.min(hour, hoursOfDay - 1);
      const key = Math.floor(celsius / cell) * hoursOfDay + group;
      const known = cells.get(key);
      if (known === undefined) cells.set(key, { group, count: 1, use, celsius });
      else {
        known.count += 1;
        known.use += use;
        known.celsius += celsius;
      }
    });
  }
  const all = [...cells.values()];
  return {
    use: Float64Array.from(all, ({ use, count }) => (use / count) * hoursOfDay),
    days: Float64Array.from(all, ({ count }) => count / hoursOfDay),
    group: Uint8Array.from(all, ({ group }) => group),
    groups: hoursOfDay,
    celsius: all.map(({ celsius, count }) => [celsius / count]),
  };
};
