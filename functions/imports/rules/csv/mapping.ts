import * as z from 'zod';
import { readDecimal } from '#functions/imports/rules/decimals.ts';
import { readUnit } from '#functions/imports/rules/measured-units.ts';
import { QualityCode } from '#shared/vocabulary/measures.ts';
import { Commodity } from '#shared/vocabulary/statuses.ts';
import { ZoneName } from '#shared/vocabulary/zone-name.ts';
import { TimeFormat } from './time-format.ts';

/** How a CSV file of meter data is laid out. Nothing is guessed while reading: what a mapping does not say, a file does not mean. */

const Column = z.string().max(200).describe('Name of a column as the header writes it; blanks around it do not count.');
const Names = z
  .record(z.string(), z.string().regex(/^[A-Za-z0-9]{1,8}$/))
  .describe('What stands in the column, and the register it means. Anything else is left out and told.');
const UnitName = z
  .string()
  .refine(
    (text) => text !== '' && readUnit(text) !== undefined,
    'is no unit that is read: kWh, Wh, MWh, kvarh, L, kL, m3, ft3, ccf, therm ...',
  );
const Scale = z
  .string()
  .refine((text) => typeof readDecimal(text) !== 'string', 'is no decimal')
  .describe(
    'Decimal that every value is multiplied with, e.g. "0.5" for the energy of a half hour from its mean power.',
  );
const Flow = z.enum(['forward', 'reverse', 'net']);

const Time = z.strictObject({
  columns: z.array(Column).min(1).max(3).describe('Columns that make the time, joined by a blank.'),
  format: z
    .string()
    .max(60)
    .refine(
      (text) => TimeFormat.isWhole(text),
      'needs year, month and day, each part once: YYYY MM M MMM DD D HH H mm ss Z',
    )
    .describe('YYYY MM M MMM DD D HH H mm ss, and Z for an offset; everything else stands for itself.'),
  zone: ZoneName.describe('IANA zone or fixed offset of times without an offset, and of days.'),
  stamp: z.enum(['start', 'end']).default('start').describe('Which end of its interval a time marks.'),
  interval: z
    .union([z.int().min(60).max(86_400), z.literal('day'), z.literal('until-next')])
    .describe('Length in seconds, `day` for local days of 23 to 25 hours, or `until-next` row of the series.'),
  order: z
    .enum(['ascending', 'descending', 'any'])
    .default('ascending')
    .describe('How the rows of a series follow each other; tells the two passes of a repeated hour apart.'),
  midnight: z
    .enum(['begins', 'ends'])
    .default('begins')
    .describe('`ends` where 00:00 with a date is the end of that date, not its beginning.'),
});

const Long = z.strictObject({
  kind: z.literal('long'),
  values: z
    .array(
      z.strictObject({
        column: Column,
        register: z
          .string()
          .regex(/^[A-Za-z0-9]{1,8}$/)
          .optional(),
        flow: Flow.optional(),
        unit: UnitName.optional(),
        scale: Scale.optional(),
      }),
    )
    .min(1)
    .max(50),
});
const Wide = z.strictObject({
  kind: z.literal('wide'),
  first: Column.describe('Column of the first interval of the day; the others follow it.'),
  count: z.int().min(1).max(1500),
  clock: z
    .enum(['clock', 'elapsed'])
    .default('clock')
    .describe(
      '`clock`: a column is a time of the clock; `elapsed`: the n-th interval since midnight, 46 to 50 on days of change.',
    ),
});

/** A mapping file. Strict: a name it does not know is an error. */
export const CsvMapping = z
  .strictObject({
    name: z.string().regex(/^[a-z0-9-]{1,60}$/),
    about: z.string().max(1000).optional().describe('What the layout is and where its oddities come from.'),
    delimiter: z.enum([',', ';', '\t', '|']).default(','),
    decimal: z.enum(['.', ',']).default('.'),
    header: z
      .array(z.string().max(200))
      .min(1)
      .optional()
      .describe('Names of the columns, where the file has no header.'),
    missing: z.array(z.string().max(20)).default(['']).describe('Texts that say that there is no value.'),
    namespace: z
      .string()
      .regex(/^[a-z0-9-]{1,30}$/)
      .default('csv')
      .describe('Who gave the references.'),
    reference: z
      .union([
        z.strictObject({ column: Column }),
        z.strictObject({
          constant: z
            .string()
            .min(1)
            .max(64)
            .refine((text) => text !== '?', 'is to be said: which meter the file is of'),
        }),
      ])
      .describe('Which meter or service point a row is of.'),
    register: z
      .union([
        z.strictObject({ column: Column, names: Names.optional() }),
        z.strictObject({ constant: z.string().regex(/^[A-Za-z0-9]{1,8}$/) }),
      ])
      .default({ constant: '1' }),
    commodity: Commodity.optional(),
    flow: Flow.optional(),
    unit: z.union([z.strictObject({ column: Column }), z.strictObject({ constant: UnitName })]),
    scale: Scale.optional(),
    decimals: z.int().min(0).max(9).optional().describe('Decimals kept, the half rounded to even; without it all are.'),
    time: Time,
    layout: z.discriminatedUnion('kind', [Long, Wide]),
    states: z
      .strictObject({
        longest: z
          .int()
          .min(60)
          .max(400 * 86_400)
          .describe('Seconds between two readings whose advance still counts as use.'),
      })
      .optional()
      .describe('Values are states of a register: what it advanced is the use.'),
    quality: z
      .strictObject({ column: Column, codes: z.record(z.string(), QualityCode) })
      .optional()
      .describe('ESPI quality code of what stands in a column.'),
    complete: z
      .strictObject({ column: Column, count: z.int().min(1) })
      .optional()
      .describe('A value made of fewer measurements than this is questionable.'),
    tiers: z
      .record(Column, z.int().min(0).max(99))
      .optional()
      .describe('Columns of which the one that holds 1 names the time-of-use tier.'),
  })
  .superRefine((mapping, context) => {
    const { time, layout, states } = mapping;
    const refuse = (path: readonly string[], message: string): void =>
      context.addIssue({ code: 'custom', path: [...path], message });
    if (layout.kind === 'wide' && typeof time.interval !== 'number')
      refuse(['time', 'interval'], 'of a wide layout is a length in seconds');
    if (layout.kind === 'wide' && (time.stamp === 'end' || states !== undefined))
      refuse(['layout'], 'wide goes with stamp "start" and without states: its columns are intervals');
    if (states !== undefined && time.interval !== 'until-next')
      refuse(['time', 'interval'], 'of register states is "until-next"');
    if (states !== undefined && time.order === 'descending')
      refuse(['time', 'order'], 'of register states is "ascending" or "any"');
    if (states === undefined && time.interval === 'until-next' && time.order === 'any')
      refuse(['time', 'order'], 'with "until-next" is "ascending" or "descending"');
    if (typeof time.interval !== 'number' && time.stamp === 'end')
      refuse(['time', 'stamp'], '"end" needs an interval in seconds');
  });
export type CsvMapping = z.infer<typeof CsvMapping>;
