import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const folder = '../shared/data/sgsc-au-halfhourly';

/** Whether the households' real readings lie beside the project. */
export const householdsAreHere = existsSync(`${folder}/households.csv.gz`);
export const householdsAbsent = `the households of ${folder} are not on this machine`;

/** One household: half-hours as Unix seconds and Wh, in order; local time is +10:00 all year. */
export interface Household {
  readonly id: string;
  readonly readings: readonly (readonly [instant: number, wattHours: number])[];
}

/** Six Australian households, half-hourly for about two years; kWh with three decimals become Wh exactly. */
export const households = (): Household[] => {
  const byId = new Map<string, [number, number][]>();
  const text = gunzipSync(readFileSync(`${folder}/households.csv.gz`)).toString('utf8');
  for (const line of text.split('\n').slice(1)) {
    const [id, time, kilowattHours] = line.trim().split(',');
    if (id === undefined || time === undefined || kilowattHours === undefined) continue;
    const instant = Date.parse(`${time.replace(' ', 'T')}+10:00`) / 1000;
    const readings = byId.get(id) ?? [];
    byId.set(id, readings);
    readings.push([instant, Math.round(Number(kilowattHours) * 1000)]);
  }
  return [...byId].map(([id, readings]) => ({ id, readings }));
};

/** A household's days as blocks start to end: half-hours from the first to the last reading of each local date. */
export const dayRuns = (household: Household): { date: string; start: number; values: (number | null)[] }[] => {
  const days = new Map<string, Map<number, number>>();
  for (const [instant, value] of household.readings) {
    const date = new Date((instant + 36_000) * 1000).toISOString().slice(0, 10);
    const day = days.get(date) ?? new Map<number, number>();
    days.set(date, day);
    day.set(instant, value);
  }
  return [...days].map(([date, day]) => {
    const start = Math.min(...day.keys());
    const intervals = (Math.max(...day.keys()) - start) / 1800 + 1;
    const values = Array.from({ length: intervals }, (_, index) => day.get(start + index * 1800) ?? null);
    return { date, start, values };
  });
};
