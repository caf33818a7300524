import { seededRandom } from '#cli/feed/send-order.ts';
import { addDays, localDays, startOfDate } from '#shared/vocabulary/time.ts';

/** A made-up file of meter data: the same plan, the same bytes. */
export interface FilePlan {
  readonly format: 'nem12' | 'csv';
  readonly meters: number;
  /** Local days of each meter from `first` on: of market time in NEM12, of London in CSV. */
  readonly days: number;
  readonly first: string;
  readonly seed: number;
}

/** What a file holds, known from making it. */
export interface FileTruth {
  readonly bytes: number;
  /** Values, and days that hold one. */
  readonly intervals: number;
  readonly days: number;
  readonly meters: ReadonlyMap<string, MeterTruth>;
}

/** What a file says of one meter, Wh: what was measured, and what it says was estimated. */
export interface MeterTruth {
  readonly measured: Sum;
  readonly estimated: Sum;
}

interface Sum {
  readonly intervals: number;
  readonly wattHours: number;
}

const intervalSeconds = 900;
const fileZones = { nem12: '+10:00', csv: 'Europe/London' } as const;

/** Of a thousand days of a meter: those that never came, those with a hole of two hours, those that were estimated. */
const perMille = { absent: 3, holed: 3, estimated: 10 };

/** A home's use by hour of the day, Wh of a quarter hour: low at night, peaks in the morning and the evening. */
const shape = [40, 35, 32, 30, 30, 35, 60, 110, 120, 90, 70, 65, 75, 70, 65, 70, 90, 150, 210, 220, 190, 150, 100, 60];

interface MadeDay {
  readonly date: string;
  readonly from: number;
  readonly values: readonly (number | null)[];
  readonly estimated: boolean;
}

/** Days of one meter in order, Wh of each quarter hour; a day that never came is left out. */
function* daysOfMeter({ format, first, days, seed }: FilePlan, meter: number): Generator<MadeDay> {
  const zone = fileZones[format];
  const random = seededRandom(seed * 1_000_003 + meter);
  const size = 0.4 + random() * 1.6;
  for (const { date, from, to } of localDays(zone, startOfDate(zone, first), startOfDate(zone, addDays(first, days)))) {
    const kind = random() * 1000;
    const [warmth, hole] = [0.8 + random() * 0.4, Math.floor(random() * 80)];
    const values = Array.from({ length: (to - from) / intervalSeconds }, (_, place) => {
      const hour = Math.floor(place / 4) % 24;
      return Math.round((shape[hour] ?? 0) * size * warmth * (0.5 + random()));
    });
    if (kind < perMille.absent) continue;
    const holed = kind < perMille.absent + perMille.holed;
    yield {
      date,
      from,
      values: holed ? values.map((value, place) => (place >= hole && place < hole + 8 ? null : value)) : values,
      estimated: !holed && kind < perMille.absent + perMille.holed + perMille.estimated,
    };
  }
}

const nothing: Sum = { intervals: 0, wattHours: 0 };

const kilowattHours = (wattHours: number): string =>
  `${Math.floor(wattHours / 1000)}.${String(wattHours % 1000).padStart(3, '0')}`;

/** Reference of a meter: an NMI, or a name of the namespace `bench`. */
const nameOf = ({ format }: FilePlan, meter: number): string =>
  format === 'nem12' ? `61${String(meter).padStart(8, '0')}` : `bench-${String(meter).padStart(5, '0')}`;

/** NEM12 tells one meter after the other, a day in a line; an hour without values is two lines of quality V and N. */
const nemDay = ({ date, values, estimated }: MadeDay): string => {
  const cells = values.map((value) => (value === null ? '' : kilowattHours(value)));
  const [from, to] = [values.indexOf(null) + 1, values.lastIndexOf(null) + 1];
  const flag = from > 0 ? 'V' : estimated ? 'E52' : 'A';
  const day = `300,${date.replaceAll('-', '')},${cells.join(',')},${flag},,,,\n`;
  if (from === 0) return day;
  const ranges: (readonly [number, number, string])[] = [
    [1, from - 1, 'A'],
    [from, to, 'N'],
    [to + 1, values.length, 'A'],
  ];
  return `${day}${ranges.flatMap(([first, last, code]) => (first > last ? [] : [`400,${first},${last},${code},,\n`])).join('')}`;
};

const csvDay = (name: string, { from, values, estimated }: MadeDay): string =>
  values
    .map((value, place) => {
      const start = new Date((from + place * intervalSeconds) * 1000).toISOString().slice(0, 16);
      return `${name},${start}Z,${value === null ? '' : kilowattHours(value)},${estimated ? 'E' : 'A'}\n`;
    })
    .join('');

/** How a CSV file of this kind is read. */
export const benchMapping = {
  name: 'bench',
  namespace: 'bench',
  reference: { column: 'meter' },
  register: { constant: 'E1' },
  commodity: 'electricity',
  flow: 'forward',
  unit: { constant: 'kWh' },
  time: { columns: ['start'], format: 'YYYY-MM-DDTHH:mmZ', zone: fileZones.csv, interval: intervalSeconds },
  layout: { kind: 'long', values: [{ column: 'kwh' }] },
  quality: { column: 'quality', codes: { A: 0, E: 8 } },
};

/** The lines of a file piece by piece; what it holds is told at the end. CSV tells all meters of a day, then the next day. */
export function* makeFile(plan: FilePlan): Generator<string, FileTruth> {
  const meters = new Map<string, MeterTruth>();
  let [bytes, days, intervals] = [0, 0, 0];
  const told = (name: string, { values, estimated }: MadeDay): void => {
    const before = meters.get(name) ?? { measured: nothing, estimated: nothing };
    const there = values.filter((value) => value !== null);
    const which = estimated ? 'estimated' : 'measured';
    const sum = {
      intervals: before[which].intervals + there.length,
      wattHours: there.reduce((total, value) => total + value, before[which].wattHours),
    };
    meters.set(name, { ...before, [which]: sum });
    days += 1;
    intervals += there.length;
  };
  for (const text of plan.format === 'nem12' ? nemLines(plan, told) : csvLines(plan, told)) {
    bytes += Buffer.byteLength(text);
    yield text;
  }
  return { bytes, intervals, days, meters };
}

type Told = (name: string, day: MadeDay) => void;

function* nemLines(plan: FilePlan, told: Told): Generator<string> {
  yield '100,NEM12,202601010000,BENCH,ROTUNDA\n';
  for (let meter = 0; meter < plan.meters; meter += 1) {
    const name = nameOf(plan, meter);
    yield `200,${name},E1,E1,E1,N1,${meter},kWh,${intervalSeconds / 60},\n`;
    for (const day of daysOfMeter(plan, meter)) {
      told(name, day);
      yield nemDay(day);
    }
  }
  yield '900\n';
}

function* csvLines(plan: FilePlan, told: Told): Generator<string> {
  yield 'meter,start,kwh,quality\n';
  const all = Array.from({ length: plan.meters }, (_, meter) => {
    const days = daysOfMeter(plan, meter);
    return { name: nameOf(plan, meter), days, next: days.next() };
  });
  for (let date = plan.first; date < addDays(plan.first, plan.days); date = addDays(date, 1)) {
    for (const one of all) {
      if (one.next.done === true || one.next.value.date !== date) continue;
      told(one.name, one.next.value);
      yield csvDay(one.name, one.next.value);
      one.next = one.days.next();
    }
  }
}
