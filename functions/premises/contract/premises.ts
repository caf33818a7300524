import * as z from 'zod';
import { OutageBrief } from '#functions/outages/contract/outage-view.ts';
import { Instant, Masked, paging, references, Version } from '#shared/contracts/api/common.ts';
import { below, defineRoute } from '#shared/contracts/api/definition.ts';
import { ReadingType, Register } from '#shared/vocabulary/measures.ts';
import { GasConversion } from '#shared/vocabulary/reading-rules.ts';
import { Commodity, ConnectionState, MeterEventKind, MeterTaskKind } from '#shared/vocabulary/statuses.ts';
import { Address } from './premise-facts.ts';
import { MeterBrief, PlannedAtPoint, ServicePointBrief, servicePointBriefMarks } from './premise-view.ts';

const Premise = z.object({
  id: z.string(),
  address: Address.optional(),
  addressLine: z.string().optional().describe('Address in one line.'),
  region: z.string().optional(),
  references: references.optional(),
  servicePoints: z.array(ServicePointBrief.extend({ zone: z.string().optional(), references: references.optional() })),
  openOutages: z.array(OutageBrief),
  disputed: z
    .array(
      z.object({
        servicePointId: z.string(),
        from: z.iso.date(),
        to: z.iso.date().nullable(),
        claims: z.array(
          z.object({ accountId: z.string(), agreementId: z.string(), tariff: z.string(), source: z.string() }),
        ),
      }),
    )
    .optional()
    .describe(
      'Days on which sources say that different accounts take service; none of them has it then. Told to staff.',
    ),
  settled: z
    .array(
      z.object({
        servicePointId: z.string(),
        accountId: z.string(),
        from: z.iso.date(),
        to: z.iso.date().nullable(),
        factId: z.string(),
      }),
    )
    .optional()
    .describe('What a supervisor settled of such days, in the order of deciding. Told to staff.'),
  metersForgotten: z
    .int()
    .optional()
    .describe('How many meters were removed so long ago that no usage of their time is told any more. Told to staff.'),
  version: Version,
  masked: Masked,
});

const ServicePoint = z.object({
  id: z.string(),
  premiseId: z.string(),
  commodity: Commodity,
  zone: z.string(),
  connection: ConnectionState.describe('As it is now.'),
  planned: PlannedAtPoint.optional(),
  references: references.optional(),
  meter: MeterBrief.nullable().describe('The meter that measures it now.'),
  registers: z
    .array(
      Register.extend({
        acceptFrom: Instant.optional(),
        readingType: ReadingType,
        lastRead: z
          .object({ at: Instant, value: z.int(), quality: z.int() })
          .optional()
          .describe('What its dial stood at when it was read last, a total in the scale of the register.'),
      }),
    )
    .describe('Registers of that meter.'),
  events: z
    .array(z.object({ meterId: z.string(), event: MeterEventKind, at: Instant, value: z.int().optional() }))
    .describe(
      'What meters told of themselves here, the latest first; electricity that went and came back is an outage. Of tampering customers are not told.',
    ),
  tasks: z
    .array(
      z.object({
        task: MeterTaskKind,
        number: z.int().describe('Counts the tasks of the kind for the meter.'),
        state: z.enum(['open', 'closed']),
        since: Instant,
        until: Instant.optional(),
        evidence: z
          .array(z.string())
          .describe(
            'Exceptions that speak for it; of a silent meter its registers; of tampering whose day is not judged yet, `<meter>.tamper.<when>`.',
          ),
      }),
    )
    .describe('What is to be done about that meter, and was done last, of each kind.'),
  masked: Masked,
});

const resolution = z.enum(['interval', 'day', 'month']);

const Energy = z
  .int()
  .nullable()
  .optional()
  .describe(
    'Energy of `value` in whole Wh: said of gas by volume where its register tells how that becomes energy (`conversions`); null where it does not for all of it.',
  );

/** Answer of the usage route; gaps are said explicitly with `value: null`. */
export const Usage = z.object({
  servicePointId: z.string(),
  meterId: z.string().nullable(),
  register: z.string(),
  commodity: Commodity,
  flow: z.enum(['forward', 'reverse', 'net']),
  unit: z.string(),
  powerOfTen: z.int().describe('A value is an integer times 10^powerOfTen of the unit.'),
  zone: z.string(),
  resolution,
  data: z.array(
    z.object({
      start: Instant,
      end: Instant,
      value: z.int().nullable(),
      quality: z.int().nullable(),
      count: z.int(),
      expected: z.int(),
      estimatedShare: z.number(),
      energy: Energy,
    }),
  ),
  total: z.object({
    value: z.int().describe('Sum of the values that count in billing.'),
    count: z.int().describe('Intervals with a value, estimates and questionable ones among them.'),
    expected: z.int(),
    missing: z.int(),
    byQuality: z
      .array(z.object({ quality: z.int(), count: z.int(), value: z.int() }))
      .describe(
        'All values by their ESPI quality code: 8, 9, 11 and 12 were estimated or derived, 10, 12 and 14 are left out of `value`.',
      ),
    energy: Energy,
  }),
  conversions: z
    .array(GasConversion)
    .optional()
    .describe('How volumes became energy over the range, the earliest first; only where `energy` is said.'),
  exchanges: z
    .array(z.object({ start: Instant, end: Instant, exchangedAt: Instant, missing: z.string().optional() }))
    .optional()
    .describe(
      'Intervals within which a meter was exchanged: their value is the sum of both meters, or null, and then `missing` says why.',
    ),
  asOf: Instant.nullable(),
  next: z.string().nullable(),
  masked: Masked,
});
export type Usage = z.input<typeof Usage>;

export const instantOrDate = z.union([Instant, z.iso.date()]).describe('Instant, or local date of the service point.');

export const premiseRoutes = [
  defineRoute({
    operationId: 'readPremise',
    coveredByVersion: false,
    method: 'GET',
    path: '/v1/premises/{id}',
    capability: 'premises',
    summary: 'Read a premise',
    act: 'premise.read',
    subject: 'premise',
    personal: true,
    response: Premise,
    marks: {
      id: 'plain',
      address: 'contact',
      addressLine: 'contact',
      region: 'plain',
      references: 'plain',
      ...below('servicePoints[]', { ...servicePointBriefMarks, zone: 'plain', references: 'plain' }),
      openOutages: 'plain',
      disputed: 'internal',
      settled: 'internal',
      metersForgotten: 'internal',
      version: 'plain',
      masked: 'plain',
    },
  }),
  defineRoute({
    operationId: 'readServicePoint',
    method: 'GET',
    path: '/v1/service-points/{id}',
    capability: 'premises',
    summary: 'Read a service point',
    act: 'premise.read',
    subject: 'servicePoint',
    personal: true,
    response: ServicePoint,
    marks: {
      id: 'plain',
      premiseId: 'plain',
      commodity: 'plain',
      zone: 'plain',
      connection: 'plain',
      planned: 'plain',
      references: 'plain',
      'meter.id': 'plain',
      'meter.serial': 'plain',
      'meter.lastReadingAt': 'lastReading',
      registers: 'plain',
      'registers[].lastRead': 'lastReading',
      events: 'plain',
      tasks: 'internal',
      masked: 'plain',
    },
  }),
  defineRoute({
    operationId: 'readUsage',
    method: 'GET',
    path: '/v1/service-points/{id}/usage',
    capability: 'usage',
    summary: 'What was used',
    description:
      'Intervals, days or months of one register (of `flow` reverse what was exported, of net the balance), half-open, gaps said explicitly. A page holds up to 10,000 intervals; `total` covers the whole range.',
    act: 'usage.read',
    subject: 'servicePoint',
    personal: true,
    query: z.strictObject({
      from: instantOrDate,
      to: instantOrDate,
      resolution: resolution.default('day'),
      register: z
        .string()
        .regex(/^[A-Za-z0-9]{1,8}$/)
        .optional(),
      limit: z
        .string()
        .regex(/^[1-9][0-9]{0,4}$/, 'must be a whole number from 1 to 10000')
        .transform(Number)
        .pipe(z.int().min(1).max(10_000))
        .default(10_000),
      cursor: paging.cursor,
    }),
    response: Usage,
    marks: {
      servicePointId: 'plain',
      meterId: 'plain',
      register: 'plain',
      commodity: 'plain',
      flow: 'plain',
      unit: 'plain',
      powerOfTen: 'plain',
      zone: 'plain',
      resolution: 'plain',
      data: 'usage',
      total: 'usage',
      conversions: 'plain',
      exchanges: 'plain',
      asOf: 'lastReading',
      next: 'plain',
      masked: 'plain',
    },
  }),
];
