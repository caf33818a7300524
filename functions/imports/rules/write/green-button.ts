import type { MeasuredInterval } from '#functions/imports/rules/interval-series.ts';
import { type QualityCode, quality, readingTypeOf } from '#shared/vocabulary/measures.ts';
import type { Commodity } from '#shared/vocabulary/statuses.ts';
import { localDateAt, nextMidnight } from '#shared/vocabulary/time.ts';
import { AtomFeed, type AtomNaming } from './atom-feed.ts';
import { localTimeParametersOf } from './espi-time-parameters.ts';
import { inOrder, NotWritable, type WrittenSeries } from './written-series.ts';

/** A service point whose readings are downloaded. */
export interface GreenButtonDownload extends AtomNaming {
  readonly servicePoint: { readonly id: string; readonly commodity: Commodity; readonly zone: string };
  /** Its registers; `currency` is the ISO 4217 number where intervals have costs. */
  readonly series: readonly (WrittenSeries & { readonly currency?: number })[];
}

/** ESPI's ServiceKind. */
const serviceKinds = { electricity: 0, gas: 1, water: 2 } as const satisfies Record<Commodity, number>;
/** Largest magnitude of ESPI's Int48. */
const largest = 2 ** 47 - 1;

const fieldsOf = (fields: Readonly<Record<string, string | number>>): string =>
  Object.entries(fields)
    .map(([name, value]) => `<${name}>${value}</${name}>`)
    .join('');

const resource = (kind: string, content: string): string =>
  content === ''
    ? `<${kind} xmlns="http://naesb.org/espi"/>`
    : `<${kind} xmlns="http://naesb.org/espi">${content}</${kind}>`;

const within = (register: string, what: string, value: number): number => {
  if (Math.abs(value) <= largest) return value;
  throw new NotWritable('wrong-value', `register ${register}: a ${what} is beyond the 48 bits of ESPI`);
};

const qualityText = (code: QualityCode): string =>
  code === quality.valid ? '' : `<ReadingQuality><quality>${code}</quality></ReadingQuality>`;

/** Children in the order of the schema: cost, ReadingQuality, timePeriod, value, tou. */
const readingText = (
  register: string,
  { start, seconds, value, quality: code, cost, tou }: MeasuredInterval,
): string =>
  value === null
    ? ''
    : `<IntervalReading>${cost === undefined ? '' : `<cost>${within(register, 'cost', cost)}</cost>`}${qualityText(code)}<timePeriod><duration>${seconds}</duration><start>${start}</start></timePeriod><value>${within(register, 'value', value)}</value>${tou === undefined ? '' : `<tou>${tou}</tou>`}</IntervalReading>`;

/** A local day of readings that have a value. */
interface Day {
  readonly date: string;
  readonly from: number;
  readonly to: number;
  readonly readings: readonly string[];
}

async function* daysOf(series: WrittenSeries): AsyncGenerator<Day, void, undefined> {
  const { id, zone } = series.register;
  let [readings, from, to, end]: [string[], number, number, number] = [[], 0, 0, 0];
  const day = (): Day => ({ date: localDateAt(zone, from).replaceAll('-', ''), from, to, readings });
  for await (const interval of inOrder(series)) {
    if (interval.value === null) continue;
    if (readings.length > 0 && interval.start >= end) {
      yield day();
      readings = [];
    }
    if (readings.length === 0) [from, end] = [interval.start, nextMidnight(zone, interval.start)];
    readings.push(readingText(id, interval));
    to = interval.start + interval.seconds;
  }
  if (readings.length > 0) yield day();
}

const readingTypeContent = ({ register, currency }: GreenButtonDownload['series'][number]): string => {
  const type = readingTypeOf(register);
  return fieldsOf({
    accumulationBehaviour: type.accumulationBehaviour,
    commodity: type.commodity,
    ...(currency === undefined ? {} : { currency }),
    dataQualifier: 12,
    defaultQuality: quality.valid,
    flowDirection: type.flowDirection,
    intervalLength: type.intervalLength,
    kind: type.kind,
    powerOfTenMultiplier: type.powerOfTenMultiplier,
    uom: type.uom,
  });
};

/**
 * A Green Button download (ESPI 4.0, valid by 3.3 too): one Atom feed with the service point, its local time, and for each
 * register its reading type and a block for each local day. Resources keep their ids from one download to the next. An interval
 * without a value is left out, since ESPI cannot say one; quality is written where it is not 0. Pieces of text, one entry each
 * at most, to be sent as they come. Throws NotWritable.
 */
export async function* writeGreenButton(told: GreenButtonDownload): AsyncGenerator<string, void, undefined> {
  const { servicePoint, series, uuidOf } = told;
  const feed = new AtomFeed(told);
  const usagePoint = `UsagePoint/${servicePoint.id}`;
  const localTime = `LocalTimeParameters/${uuidOf(`LocalTimeParameters/${servicePoint.zone}`)}`;
  yield feed.head(usagePoint);
  const { dstEndRule, dstOffset, dstStartRule, tzOffset } = localTimeParametersOf(servicePoint.zone, told.updated);
  yield feed.entry({
    self: localTime,
    up: 'LocalTimeParameters',
    title: servicePoint.zone,
    content: resource('LocalTimeParameters', fieldsOf({ dstEndRule, dstOffset, dstStartRule, tzOffset })),
  });
  yield feed.entry({
    self: usagePoint,
    up: 'UsagePoint',
    related: [`${usagePoint}/MeterReading`, localTime],
    title: told.title,
    content: resource(
      'UsagePoint',
      `<ServiceCategory><kind>${serviceKinds[servicePoint.commodity]}</kind></ServiceCategory>`,
    ),
  });
  const types = new Set<string>();
  for (const one of series) {
    const { id } = one.register;
    const type = readingTypeContent(one);
    const readingType = `ReadingType/${uuidOf(`ReadingType/${type}`)}`;
    const meterReading = `${usagePoint}/MeterReading/${id}`;
    if (!types.has(readingType))
      yield feed.entry({
        self: readingType,
        up: 'ReadingType',
        title: `${one.register.commodity}, ${one.register.flow}, ${one.register.unit}`,
        content: resource('ReadingType', type),
      });
    types.add(readingType);
    yield feed.entry({
      self: meterReading,
      up: `${usagePoint}/MeterReading`,
      related: [`${meterReading}/IntervalBlock`, readingType],
      title: `Register ${id}`,
      content: resource('MeterReading', ''),
    });
    for await (const { date, from, to, readings } of daysOf(one)) {
      const interval = `<interval>${fieldsOf({ duration: to - from, start: from })}</interval>`;
      yield feed.entry({
        self: `${meterReading}/IntervalBlock/${date}`,
        up: `${meterReading}/IntervalBlock`,
        title: date,
        content: resource('IntervalBlock', [interval, ...readings].join('\n')),
      });
    }
  }
  yield '</feed>\n';
}
