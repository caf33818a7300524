import type { MeasuredSeries } from '#functions/imports/rules/interval-series.ts';
import { espiUnits } from '#functions/imports/rules/measured-units.ts';
import { type QualityCode, quality } from '#shared/vocabulary/measures.ts';
import type { Commodity } from '#shared/vocabulary/statuses.ts';

const commodities: ReadonlyMap<number, Commodity> = new Map([
  [1, 'electricity'],
  [2, 'electricity'],
  [7, 'gas'],
  [9, 'water'],
]);
const serviceKinds: ReadonlyMap<number, Commodity> = new Map([
  [0, 'electricity'],
  [1, 'gas'],
  [2, 'water'],
]);
const flows: ReadonlyMap<number, 'forward' | 'reverse' | 'net'> = new Map([
  [1, 'forward'],
  [4, 'net'],
  [19, 'reverse'],
]);

const whole = (text: string | undefined): number | undefined =>
  text !== undefined && /^-?\d{1,15}$/.test(text) ? Number(text) : undefined;

/** ESPI's AccumulationKind of values that are what a dial stood at: bulkQuantity, summation. */
const dialStates: ReadonlySet<number> = new Set([1, 9]);
/** Of sums over billing periods, of demand above all: continuousCumulative, cumulative. No dial of use shows them. */
const periodSums: ReadonlySet<number> = new Set([2, 3]);

/** What is odd in a ReadingType. */
export interface TypeFault {
  readonly code: string;
  readonly message: string;
}

/** What a ReadingType says of the values under it. */
export interface ValueType {
  readonly powerOfTen: number;
  readonly quality: QualityCode;
  readonly series: Pick<MeasuredSeries, 'unit' | 'commodity' | 'flow' | 'intervalSeconds' | 'currency'>;
  /** Whether values are what a dial stood at, not the use of an interval. */
  readonly isDial?: true;
  /** Why values of this type are not read. */
  readonly refusal?: TypeFault;
  /** What is told once, while the values are read. */
  readonly remark?: TypeFault;
}

/** Reads a code of ESPI's QualityOfReading; undefined where it is none. */
export const readQuality = (text: string | undefined): QualityCode | undefined => {
  const read = whole(text);
  return Object.values(quality).find((code) => code === read);
};

/** Commodity of a ServiceCategory kind. */
export const commodityOfService = (kind: string | undefined): Commodity | undefined =>
  serviceKinds.get(whole(kind) ?? -1);

/** Reads powerOfTenMultiplier: UnitMultiplierKind has no other than -12 to 12. */
const readPower = (text: string | undefined): number | undefined => {
  const power = text === undefined ? 0 : whole(text);
  return power !== undefined && power >= -12 && power <= 12 ? power : undefined;
};

const refusalOf = (power: number | undefined, accumulation: number): TypeFault | undefined => {
  if (power === undefined)
    return { code: 'wrong-multiplier', message: 'powerOfTenMultiplier is not from -12 to 12; the block is left out' };
  return periodSums.has(accumulation)
    ? {
        code: 'period-sums',
        message:
          'the values are sums over billing periods, neither use of an interval nor a dial; the block is left out',
      }
    : undefined;
};

/** Reads a ReadingType; one without a unit that is known measures `none`. */
export const readValueType = (fields: ReadonlyMap<string, string>): ValueType => {
  const number = (name: string): number | undefined => whole(fields.get(name));
  const commodity = commodities.get(number('commodity') ?? -1);
  const flow = flows.get(number('flowDirection') ?? -1);
  const [intervalSeconds, currency] = [number('intervalLength'), number('currency')];
  const power = readPower(fields.get('powerOfTenMultiplier'));
  const accumulation = number('accumulationBehaviour') ?? 4;
  const refusal = refusalOf(power, accumulation);
  const uom = fields.get('uom') ?? '0';
  const unit = espiUnits.get(whole(uom) ?? -1);
  return {
    powerOfTen: power ?? 0,
    quality: readQuality(fields.get('defaultQuality')) ?? 0,
    series: {
      unit: unit ?? 'none',
      ...(commodity === undefined ? {} : { commodity }),
      ...(flow === undefined ? {} : { flow }),
      ...(intervalSeconds === undefined || intervalSeconds === 0 ? {} : { intervalSeconds }),
      ...(currency === undefined ? {} : { currency }),
    },
    ...(dialStates.has(accumulation) ? { isDial: true } : {}),
    ...(refusal === undefined ? {} : { refusal }),
    ...(unit === undefined
      ? {
          remark: {
            code: 'unknown-unit',
            message: `uom ${uom.slice(0, 20)} is not known; values are read without a unit`,
          },
        }
      : {}),
  };
};
