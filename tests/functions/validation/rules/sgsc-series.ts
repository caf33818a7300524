import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readIntervalCsv } from '#cli/feed/interval-csv.ts';
import { inRegister } from '#cli/feed/units.ts';
import type { IntervalRun } from '#functions/readings/rules/runs.ts';
import {
  type ClassProfile,
  defaultConfiguration,
  type VeeConfiguration,
} from '#functions/validation/rules/configuration.ts';
import type { HistoryDay } from '#functions/validation/rules/day-digest.ts';
import { isRestDay } from '#functions/validation/rules/estimate/day-shapes.ts';
import type { RegisterGround } from '#functions/validation/rules/judgement.ts';
import { localDateAt, localDays } from '#shared/vocabulary/time.ts';

/** The households of the data set sgsc-au-halfhourly, in whole Wh by start of the half-hour. */
const folder = fileURLToPath(new URL('../../../../../shared/data/sgsc-au-halfhourly/', import.meta.url));
export const sgscFacts = `${folder}facts.json`;
export const sgscPresent = existsSync(sgscFacts);

/** The file is written without zone; it has no gap or repeat where Sydney changes its clocks. */
export const sgscZone = '+10:00';
const step = 1800;

export interface Household {
  readonly id: string;
  readonly values: ReadonlyMap<number, number>;
  /** From the first value to the end of the last. */
  readonly from: number;
  readonly to: number;
}

export const readHouseholds = async (): Promise<readonly Household[]> => {
  const file = await readIntervalCsv(`${folder}households.csv.gz`, {
    meterColumn: 'customer_id',
    timeColumn: 'reading_datetime',
    valueColumn: 'general_supply_kwh',
    zone: sgscZone,
    stamp: 'start',
  });
  return file.meters.map(({ meter, readings }) => {
    const values = new Map(readings.map(({ start, value }) => [start, inRegister('kWh', 0, value) ?? Number.NaN]));
    const starts = [...values.keys()];
    return { id: meter, values, from: Math.min(...starts), to: Math.max(...starts) + step };
  });
};

/** A household's register; all that is said of it is that it was installed for the time of the file. */
export const groundOf = (
  { id, from, to }: Household,
  configuration: VeeConfiguration = defaultConfiguration,
): RegisterGround => ({
  meter: id,
  register: {
    id: '1',
    commodity: 'electricity',
    flow: 'forward',
    unit: 'Wh',
    powerOfTen: 0,
    intervalSeconds: step,
    zone: sgscZone,
  },
  configuration,
  installed: [{ from, to }],
  disconnected: [],
  zeroExpected: [],
  exportAgreed: [],
});

/** The whole local days of a household as one run each, missing where nothing is known or where a start is hidden. */
export const daysOf = ({ values, from, to }: Household, hidden: ReadonlySet<number> = new Set()): HistoryDay[] =>
  [...localDays(sgscZone, from, to)].map((day) => {
    const slots = Array.from({ length: (day.to - day.from) / step }, (_, index) => day.from + index * step);
    const run: IntervalRun = {
      start: day.from,
      interval: step,
      values: slots.map((start) => (hidden.has(start) ? null : (values.get(start) ?? null))),
    };
    return { date: day.date, runs: [run], outage: false };
  });

/** Numbers in [0, 1) that a seed decides (mulberry32). */
export const seeded = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

/** A stretch of hidden half-hours. */
export interface Hole {
  readonly from: number;
  readonly to: number;
}

/** Holes of one length that hide 5 % of a household's values, none next to another or where a value is missing. */
export const hideSome = ({ values, from, to }: Household, length: number, random: () => number): readonly Hole[] => {
  const holes: Hole[] = [];
  const taken = new Set<number>();
  const wanted = Math.max(1, Math.round((values.size * 0.05) / length));
  for (let tried = 0; holes.length < wanted && tried < 100_000; tried += 1) {
    const start = from + Math.floor(random() * ((to - from) / step - length)) * step;
    const around = Array.from({ length: length + 2 }, (_, index) => start + (index - 1) * step);
    if (around.some((at) => !values.has(at) || taken.has(at))) continue;
    for (const at of around) taken.add(at);
    holes.push({ from: start, to: start + length * step });
  }
  return holes.sort((left, right) => left.from - right.from);
};

/** Sums and counts by place. */
class Means {
  readonly #sums: number[];
  readonly #counts: number[];

  constructor(places: number) {
    this.#sums = new Array<number>(places).fill(0);
    this.#counts = new Array<number>(places).fill(0);
  }

  add(place: number, value: number): void {
    this.#sums[place] = (this.#sums[place] ?? 0) + value;
    this.#counts[place] = (this.#counts[place] ?? 0) + 1;
  }

  /** The mean of each place in thousandths. */
  whole(): number[] {
    return this.#sums.map((sum, place) => Math.round((1000 * sum) / Math.max(1, this.#counts[place] ?? 0)));
  }
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** The mean shape of households by half-hour, kind of day and month, each household counted at its own mean. */
export const classProfileOf = (households: readonly Household[], annual: number): ClassProfile => {
  const [workday, restday, months] = [new Means(48), new Means(48), new Means(12)];
  for (const { values } of households) {
    const mean = sumOf([...values.values()]) / values.size;
    for (const [start, value] of values) {
      const date = localDateAt(sgscZone, start);
      const half = Math.floor(((start + 36_000) % 86_400) / step);
      (isRestDay(defaultConfiguration, date) ? restday : workday).add(half, value / mean);
      months.add(Number(date.slice(5, 7)) - 1, value / mean);
    }
  }
  const [work, rest, byMonth] = [workday.whole(), restday.whole(), months.whole()];
  const perDay = (5 * sumOf(work) + 2 * sumOf(rest)) / 7;
  return {
    source: 'the other households of the data set',
    stepSeconds: step,
    workday: work,
    restday: rest,
    months: byMonth,
    yearWeight: Math.round((perDay * sumOf(byMonth) * 365) / 12),
    annual,
  };
};
