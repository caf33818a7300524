import type { MeasuredSeries } from '#functions/imports/rules/interval-series.ts';
import { before, type EntryLinks, type EspiResource, sharedKey } from './resources.ts';
import { type LocalTime, readLocalTime, zoneOf } from './time-parameters.ts';
import { commodityOfService, readValueType, type TypeFault, type ValueType } from './value-type.ts';

/** A meter reading: whose it is and what its values mean. */
interface MeterReading {
  /** Keys of the reading types it is related to. */
  readonly types: readonly string[];
  /** A reading type within it. */
  readonly own?: ValueType;
}
interface UsagePoint {
  readonly serviceKind: string | undefined;
  readonly localTimes: readonly string[];
}
export interface TypedSeries {
  readonly series: MeasuredSeries;
  readonly type: ValueType;
}
/** Why blocks have no series yet: nothing says what their values mean, or of which usage point they are. */
export type NoSeries = 'no-reading-type' | 'no-point';

/** Resources and links that a feed may name before the memory is given up. */
const mostNames = 200_000;

/** Whether a path names a usage point: one without an id is that of every home. */
const isPoint = (path: string | undefined): path is string =>
  path !== undefined && path !== '' && !/(?:^|\/)UsagePoint$/.test(path);

/** What the feed told so far: which meter reading has which reading type, usage point and local time. */
export class EspiFeed {
  readonly #meterReadings = new Map<string, MeterReading>();
  readonly #types = new Map<string, ValueType>();
  readonly #usagePoints = new Map<string, UsagePoint>();
  readonly #localTimes = new Map<string, LocalTime>();
  /** Meter readings by the paths of blocks they are related to. */
  readonly #byBlock = new Map<string, string>();
  readonly #series = new Map<string, TypedSeries>();

  get isFull(): boolean {
    const named = this.#meterReadings.size + this.#types.size + this.#usagePoints.size;
    return named + this.#localTimes.size + this.#byBlock.size + this.#series.size > mostNames;
  }

  /** Takes in a resource; answers what is wrong with it. */
  keep({ kind, path, fields }: EspiResource, links: EntryLinks): TypeFault | undefined {
    if (kind === 'UsagePoint') {
      const localTimes = links.related.flatMap((related) => sharedKey(related, 'LocalTimeParameters') ?? []);
      this.#usagePoints.set(path, { serviceKind: fields.get('ServiceCategory/kind'), localTimes });
    } else if (kind === 'ReadingType') this.#types.set(sharedKey(path, kind) ?? path, readValueType(fields));
    else if (kind === 'MeterReading') this.#keepMeterReading(path, links);
    else if (kind === 'LocalTimeParameters') {
      const time = readLocalTime(fields);
      if (typeof time === 'string')
        return { code: 'no-local-time', message: `${time}; the local time of the file is not known` };
      this.#localTimes.set(sharedKey(path, kind) ?? path, time);
    }
    return undefined;
  }

  #keepMeterReading(path: string, { related }: EntryLinks): void {
    const types = related.flatMap((one) => sharedKey(one, 'ReadingType') ?? []);
    this.#meterReadings.set(path, { ...this.#meterReadings.get(path), types });
    for (const one of related) if (/\/IntervalBlock\/[^/]+$/.test(one)) this.#byBlock.set(one, path);
  }

  /** A reading type that stands within its meter reading. */
  keepOwn(path: string, fields: ReadonlyMap<string, string>): void {
    this.#meterReadings.set(path, { types: [], own: readValueType(fields) });
  }

  /** Path of the meter reading of a block: as its links say, or as a meter reading says. */
  meterReadingOf(links: EntryLinks): string | undefined {
    const self = links.self ?? '';
    return before(self, 'IntervalBlock') ?? before(links.up ?? '', 'IntervalBlock') ?? this.#byBlock.get(self);
  }

  /**
   * The series of a meter reading, once its reading type and usage point are known. With `last`, the only one of the feed is taken.
   * @param instant of its first reading, Unix seconds: rules of summer time are those of its year
   */
  seriesOf(path: string | undefined, instant: number, last: boolean): TypedSeries | NoSeries {
    const [onlyReading] = this.#meterReadings.size === 1 ? this.#meterReadings.keys() : [];
    const place = path ?? (last ? onlyReading : undefined) ?? '';
    const known = this.#series.get(place);
    if (known !== undefined) return known;
    const type = this.#typeOf(place, last) ?? (last ? readValueType(new Map()) : undefined);
    const point = this.#pointOf(place, last);
    if (point === undefined) return 'no-point';
    if (type === undefined) return 'no-reading-type';
    const made = { type, series: this.#named(place, point, type, instant) };
    this.#series.set(place, made);
    return made;
  }

  /** Whether a reading type of the meter reading is known. */
  hasType(path: string | undefined): boolean {
    return this.#typeOf(path, true) !== undefined;
  }

  #typeOf(path: string | undefined, last: boolean): ValueType | undefined {
    const meterReading = this.#meterReadings.get(path ?? '');
    if (meterReading?.own !== undefined) return meterReading.own;
    for (const key of meterReading?.types ?? []) {
      const type = this.#types.get(key);
      if (type !== undefined) return type;
    }
    const [only] = last && this.#types.size === 1 ? this.#types.values() : [];
    return only;
  }

  #zoneOf(usagePoint: UsagePoint | undefined, instant: number): string | undefined {
    const [linked] = (usagePoint?.localTimes ?? []).flatMap((key) => this.#localTimes.get(key) ?? []);
    const [only] = this.#localTimes.size === 1 ? this.#localTimes.values() : [];
    const time = linked ?? only;
    return time === undefined ? undefined : zoneOf(time, instant);
  }

  /** Path of the usage point of a meter reading: as its own path says, or with `last` the only one of the feed. */
  #pointOf(path: string, last: boolean): string | undefined {
    const place = before(path, 'MeterReading');
    if (isPoint(place)) return place;
    const [only] = last && this.#usagePoints.size === 1 ? this.#usagePoints.keys() : [];
    return isPoint(only) ? only : undefined;
  }

  #named(path: string, point: string, type: ValueType, instant: number): MeasuredSeries {
    const usagePoint = this.#usagePoints.get(point);
    const place = before(path, 'MeterReading');
    const register = place === undefined ? '' : path.slice(place.length).replace(/^\/?MeterReading\/?/, '');
    const commodity = type.series.commodity ?? commodityOfService(usagePoint?.serviceKind);
    const zone = this.#zoneOf(usagePoint, instant);
    return {
      namespace: 'espi',
      reference: point.replace(/^.*\/resource\//, '').slice(-120),
      register: register || '1',
      ...type.series,
      ...(commodity === undefined ? {} : { commodity }),
      ...(zone === undefined ? {} : { zone }),
    };
  }
}
