import * as z from 'zod';
import { Commodity } from './statuses.ts';

/** Units in which registers count; a value is an integer times 10^powerOfTen of the unit. ESPI uom codes (REQ.21, UomType). */
export const Unit = z.enum(['Wh', 'varh', 'L', 'm3', 'ft3', 'therm']);
export type Unit = z.infer<typeof Unit>;
const espiUom = { Wh: 72, varh: 73, L: 134, m3: 42, ft3: 119, therm: 169 } as const satisfies Record<Unit, number>;

export const Flow = z.enum(['forward', 'reverse', 'net']);
export type Flow = z.infer<typeof Flow>;
/** ESPI flowDirection. */
const espiFlow = { forward: 1, reverse: 19, net: 4 } as const satisfies Record<Flow, number>;
/** ESPI commodity. */
const espiCommodity = { electricity: 1, gas: 7, water: 9 } as const satisfies Record<Commodity, number>;
/** ESPI kind: 12 energy, 58 volume. */
const espiKind = (unit: Unit): number => (unit === 'Wh' || unit === 'varh' ? 12 : 58);

/** ESPI quality of reading codes (QualityOfReading, ESPI 3.3 and 4.0). */
export const quality = {
  valid: 0,
  edited: 7,
  estimatedFromReferenceDays: 8,
  estimatedByInterpolation: 9,
  questionable: 10,
  derived: 11,
  projected: 12,
  mixed: 13,
  raw: 14,
  weatherNormalised: 15,
  other: 16,
  validated: 17,
  verified: 18,
  revenue: 19,
} as const;
export type QualityCode = (typeof quality)[keyof typeof quality];
export const QualityCode = z.union([0, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19].map((code) => z.literal(code)));
/** Codes of values that a person gives or stands for. */
export const CorrectionQuality = z
  .union([z.literal(quality.edited), z.literal(quality.verified), z.literal(quality.revenue)])
  .describe('ESPI code: 7 other values, 18 the measured ones are verified, 19 they are of revenue quality.');
export type CorrectionQuality = z.infer<typeof CorrectionQuality>;
/** Codes of values that count in billing (docs/vee.md, "Quality codes"). */
export const billableQualities: ReadonlySet<number> = new Set([0, 7, 8, 9, 11, 17, 18, 19]);
/** Codes that say a value was estimated. */
export const estimatedQualities: ReadonlySet<number> = new Set([8, 9, 12]);

/** What a register measures: one channel of a meter, its scale, its interval, its zone (IANA name or fixed offset `+10:00`). */
export const Register = z.strictObject({
  id: z
    .string()
    .regex(/^[A-Za-z0-9]{1,8}$/)
    .describe('Name of the register on its meter, e.g. "1", "E1".'),
  commodity: Commodity,
  flow: Flow,
  unit: Unit,
  powerOfTen: z.int().min(-6).max(6).describe('A raw value is times 10^powerOfTen of the unit.'),
  intervalSeconds: z.int().min(60).max(86_400).describe('Interval length in seconds.'),
  zone: z
    .string()
    .min(1)
    .max(64)
    .describe('IANA zone, or a fixed offset such as +10:00; the meter cuts its days there.'),
  acceptFrom: z.iso.datetime({ precision: 3 }).optional().describe('First instant readings are accepted for.'),
  retentionDays: z.int().min(1).optional().describe('Days of readings to keep; none by default.'),
});
export type Register = z.infer<typeof Register>;

/** A register described by ESPI's ReadingType codes (ESPI 3.3 and 4.0), for those who exchange Green Button data. */
export const ReadingType = z.strictObject({
  commodity: z.int().describe('1 electricity, 7 natural gas, 9 potable water.'),
  flowDirection: z.int().describe('1 forward, 19 reverse, 4 net.'),
  kind: z.int().describe('12 energy, 58 volume.'),
  accumulationBehaviour: z.literal(4).describe('4: each value is that of its interval.'),
  uom: z.int(),
  powerOfTenMultiplier: z.int(),
  intervalLength: z.int().describe('Seconds.'),
});

/** ESPI's codes of a register. */
export const readingTypeOf = (register: Register): z.infer<typeof ReadingType> => ({
  commodity: espiCommodity[register.commodity],
  flowDirection: espiFlow[register.flow],
  kind: espiKind(register.unit),
  accumulationBehaviour: 4,
  uom: espiUom[register.unit],
  powerOfTenMultiplier: register.powerOfTen,
  intervalLength: register.intervalSeconds,
});

/** Scale in which a register counts: a value is times 10^powerOfTen of the unit. */
export interface Scale {
  readonly unit: Unit;
  readonly powerOfTen: number;
}

/** What is known of a meter, for what it sends to be held against; installations in the stored form of instants. */
export interface MeterGround {
  readonly registers: readonly Register[];
  readonly installations: readonly { readonly from: string; readonly to: string | null }[];
}
