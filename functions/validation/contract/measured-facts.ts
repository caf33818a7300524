import * as z from 'zod';
import { defineFact } from '#shared/contracts/facts/definition.ts';
import { meter, ofServicePoint, registerId, servicePoint } from '#shared/contracts/facts/of-service-point.ts';
import { Instant, LocalDate } from '#shared/vocabulary/instants.ts';
import { CorrectionQuality, QualityCode, Register, Unit } from '#shared/vocabulary/measures.ts';
import { idOrReference } from '#shared/vocabulary/references.ts';

export const readingsCorrected = defineFact({
  type: 'metering.correction.made.v1',
  title: 'Readings corrected',
  description:
    'A person gave values for intervals, or stands for those that were measured. They go before what meters send.',
  inFold: { kind: 'tells', turn: 'thing' },
  category: 'metering',
  severity: 'notable',
  data: z.strictObject({
    servicePoint: idOrReference('servicePoint'),
    meter: idOrReference('meter'),
    register: registerId,
    start: Instant.describe('Start of the first interval.'),
    interval: Register.shape.intervalSeconds,
    values: z
      .array(z.int().nullable())
      .min(1)
      .max(1500)
      .describe("One for each interval in the register's scale, within one local day; null leaves what there is."),
    quality: CorrectionQuality,
    revision: z.int().min(0).describe('Revision of the correction among those of its day.'),
    reason: z.string().trim().min(3).max(500),
  }),
  marks: {
    servicePoint: 'plain',
    meter: 'plain',
    register: 'plain',
    start: 'plain',
    interval: 'plain',
    values: 'usage',
    quality: 'plain',
    revision: 'plain',
    reason: 'freeText',
  },
  whole: 'usage',
  subjects: ofServicePoint,
  resolves: { servicePoint: 'servicePoint', meter: 'meter' },
  ownOnly: true,
  examples: [
    {
      name: 'two half-hours',
      data: {
        servicePoint,
        meter,
        register: 'E1',
        start: '2026-05-28T20:30:00Z',
        interval: 1800,
        values: [210, 190],
        quality: 7,
        revision: 0,
        reason: 'Read from the display on site.',
      },
    },
  ],
});

const byQuality = z
  .array(z.strictObject({ quality: QualityCode, count: z.int().min(0), value: z.int() }))
  .max(20)
  .describe('By ESPI code, ascending.');
const estimatedPerMille = z.int().min(0).max(1000);
const amount = z.int().describe("In the register's unit times 10^powerOfTen.");

export const monthClosed = defineFact({
  type: 'metering.month.closed.v1',
  title: 'Month of readings closed',
  description:
    'What a register of a service point measured in a local month, for billing. Issued again when it changes; the highest issue counts.',
  inFold: { kind: 'tells', turn: 'thing' },
  category: 'metering',
  severity: 'routine',
  data: z.strictObject({
    servicePoint: idOrReference('servicePoint'),
    register: registerId,
    month: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/),
    issue: z.int().min(1).describe('Counts the issues of the month.'),
    unit: Unit,
    powerOfTen: Register.shape.powerOfTen,
    value: amount.describe('Sum of the values that count in billing.'),
    excluded: amount.describe('Sum of those that do not: questionable, raw, projected.'),
    byQuality,
    expected: z.int().min(0).describe('Intervals that should have been read.'),
    missing: z.int().min(0).describe('Of those, the ones without any value.'),
    estimatedPerMille: estimatedPerMille.describe('Part of the value that is estimated, in thousandths.'),
    firstAt: Instant.optional().describe('Start of the first value that counts.'),
    lastAt: Instant.optional().describe('End of the last value that counts.'),
    days: z.int().min(28).max(31),
    daysComplete: z.int().min(0).max(31).describe('Days on which every expected interval has a value that counts.'),
    parts: z
      .array(
        z.strictObject({
          from: LocalDate,
          to: LocalDate.describe('First day no longer in the part.'),
          value: amount,
          excluded: amount,
          byQuality,
          expected: z.int().min(0),
          missing: z.int().min(0),
          estimatedPerMille,
          days: z.int().min(1).max(31),
          daysComplete: z.int().min(0).max(31),
        }),
      )
      .min(2)
      .max(31)
      .optional()
      .describe(
        'Where others began to take service within the month: its stretches, each as the month. A customer is told those of their own time, and no figure of the whole.',
      ),
    openExceptions: z.int().min(0).describe('Exceptions that stand over the month.'),
  }),
  marks: {
    servicePoint: 'plain',
    register: 'plain',
    month: 'plain',
    issue: 'plain',
    unit: 'plain',
    powerOfTen: 'plain',
    value: 'usage',
    excluded: 'usage',
    byQuality: 'usage',
    expected: 'plain',
    missing: 'plain',
    estimatedPerMille: 'plain',
    firstAt: 'plain',
    lastAt: 'plain',
    days: 'plain',
    daysComplete: 'plain',
    parts: 'usage',
    openExceptions: 'plain',
  },
  whole: 'usage',
  subjects: ofServicePoint,
  resolves: { servicePoint: 'servicePoint' },
  ownOnly: true,
  examples: [
    {
      name: 'whole month',
      data: {
        servicePoint,
        register: 'E1',
        month: '2026-05',
        issue: 1,
        unit: 'Wh',
        powerOfTen: 0,
        value: 214_350,
        excluded: 0,
        byQuality: [
          { quality: 0, count: 1486, value: 214_120 },
          { quality: 9, count: 2, value: 230 },
        ],
        expected: 1488,
        missing: 0,
        estimatedPerMille: 1,
        firstAt: '2026-04-30T23:00:00Z',
        lastAt: '2026-05-31T23:00:00Z',
        days: 31,
        daysComplete: 31,
        openExceptions: 0,
      },
    },
    {
      name: 'shared by two occupiers',
      data: {
        servicePoint,
        register: 'E1',
        month: '2026-06',
        issue: 2,
        unit: 'Wh',
        powerOfTen: 0,
        value: 201_600,
        excluded: 0,
        byQuality: [{ quality: 0, count: 1440, value: 201_600 }],
        expected: 1440,
        missing: 0,
        estimatedPerMille: 0,
        firstAt: '2026-05-31T23:00:00Z',
        lastAt: '2026-06-30T23:00:00Z',
        days: 30,
        daysComplete: 30,
        parts: [
          {
            from: '2026-06-01',
            to: '2026-06-11',
            value: 96_000,
            excluded: 0,
            byQuality: [{ quality: 0, count: 480, value: 96_000 }],
            expected: 480,
            missing: 0,
            estimatedPerMille: 0,
            days: 10,
            daysComplete: 10,
          },
          {
            from: '2026-06-11',
            to: '2026-07-01',
            value: 105_600,
            excluded: 0,
            byQuality: [{ quality: 0, count: 960, value: 105_600 }],
            expected: 960,
            missing: 0,
            estimatedPerMille: 0,
            days: 20,
            daysComplete: 20,
          },
        ],
        openExceptions: 0,
      },
    },
  ],
});

export const measuredFacts = [readingsCorrected, monthClosed] as const;
