import * as z from 'zod';
import { ToldInsightKind } from '#shared/vocabulary/insights.ts';
import { Instant, LocalDate } from '#shared/vocabulary/instants.ts';
import { CorrectionQuality, QualityCode, Register, Unit } from '#shared/vocabulary/measures.ts';
import { RegisterValidation } from '#shared/vocabulary/reading-rules.ts';
import { idOrReference } from '#shared/vocabulary/references.ts';
import { MeterEventKind, MeterTaskKind } from '#shared/vocabulary/statuses.ts';
import { defineFact, type FactDefinition } from './definition.ts';

const servicePoint = { namespace: 'mpan', value: '1900012345678' };
const meter = { namespace: 'serial', value: 'RT-00041' };
const registerId = Register.shape.id;

const registerRead = z
  .int()
  .min(0)
  .describe("What its total stood at, in the register's unit times 10^powerOfTen; as `register-read.v1` says it.");
const eachOnce = <Entry extends { readonly register: string }>(entries: readonly Entry[]): boolean =>
  new Set(entries.map(({ register }) => register)).size === entries.length;
const onceOnly = 'must name each register once';

export const meterInstalled = defineFact({
  type: 'metering.meter.installed.v1',
  title: 'Meter installed',
  description: 'A registered meter measures a service point from an instant on.',
  category: 'metering',
  severity: 'notable',
  data: z.strictObject({
    servicePoint: idOrReference('servicePoint'),
    meter: idOrReference('meter'),
    from: Instant.optional().describe('Instant of installation; that of the fact where absent.'),
    serial: z
      .string()
      .min(1)
      .max(40)
      .optional()
      .describe('Serial number; filled from the register of meters where absent.'),
    registers: z
      .array(
        z.strictObject({
          register: registerId,
          read: registerRead.optional(),
          validation: RegisterValidation.optional().describe(
            'How its readings are judged here, where that differs from the pack of its kind (docs/vee.md).',
          ),
        }),
      )
      .max(8)
      .refine(eachOnce, onceOnly)
      .optional()
      .describe(
        'What is known of its registers at this point. Told again for the same instant, it takes the place of this.',
      ),
  }),
  marks: { servicePoint: 'plain', meter: 'plain', from: 'plain', serial: 'plain', registers: 'usage' },
  subjects: (data) => [
    { kind: 'servicePoint', named: data.servicePoint, pointer: '/data/servicePoint', family: 'metering' },
  ],
  resolves: { servicePoint: 'servicePoint', meter: 'meter' },
  fills: { serial: 'serial-of-meter' },
  examples: [
    { name: 'first meter', data: { servicePoint, meter, from: '2025-10-01T08:00:00Z' } },
    {
      name: 'with the first read, and a supply of 60 A',
      data: {
        servicePoint,
        meter,
        from: '2025-10-01T08:00:00Z',
        registers: [{ register: 'E1', read: 1200, validation: { rated: { value: 13_800, unit: 'Wh' } } }],
      },
    },
  ],
});

export const meterRemoved = defineFact({
  type: 'metering.meter.removed.v1',
  title: 'Meter removed',
  description: 'A meter no longer measures a service point.',
  category: 'metering',
  severity: 'notable',
  data: z.strictObject({
    servicePoint: idOrReference('servicePoint'),
    meter: idOrReference('meter'),
    at: Instant.optional().describe('Instant of removal; that of the fact where absent.'),
    registers: z
      .array(z.strictObject({ register: registerId, read: registerRead }))
      .max(8)
      .refine(eachOnce, onceOnly)
      .optional()
      .describe('What its registers stood at last.'),
  }),
  marks: { servicePoint: 'plain', meter: 'plain', at: 'plain', registers: 'usage' },
  subjects: (data) => [
    { kind: 'servicePoint', named: data.servicePoint, pointer: '/data/servicePoint', family: 'metering' },
  ],
  resolves: { servicePoint: 'servicePoint', meter: 'meter' },
  examples: [
    { name: 'exchange', data: { servicePoint, meter, at: '2026-04-12T10:30:00Z' } },
    {
      name: 'exchange with the last read',
      data: { servicePoint, meter, at: '2026-04-12T10:30:00Z', registers: [{ register: 'E1', read: 5_204_310 }] },
    },
  ],
});

export const meterEventRecorded = defineFact({
  type: 'metering.event.recorded.v1',
  title: 'Meter event',
  description:
    'A meter told of something that happened to it: a tampered cover, water that never stops, a clock that ran off.',
  category: 'metering',
  severity: 'notable',
  data: z.strictObject({
    servicePoint: idOrReference('servicePoint'),
    meter: idOrReference('meter'),
    event: MeterEventKind,
    value: z.int().optional().describe('Of `clock`: seconds the clock was ahead. Of `leak`: litres an hour.'),
  }),
  marks: { servicePoint: 'plain', meter: 'plain', event: 'plain', value: 'plain' },
  subjects: (data) => [
    { kind: 'servicePoint', named: data.servicePoint, pointer: '/data/servicePoint', family: 'metering' },
  ],
  resolves: { servicePoint: 'servicePoint', meter: 'meter' },
  examples: [{ name: 'cover opened', data: { servicePoint, meter, event: 'tamper' } }],
});

const exceptionId = z
  .string()
  .min(1)
  .max(120)
  .describe('`<meter>.<register>.<rule>.<start>`: judging again finds the same.');
const exceptionRevision = z.int().min(1).describe('Counts what was written of the exception; the highest counts.');
const exceptionExample = {
  servicePoint,
  meter,
  register: 'E1',
  exception: 'mtr_0123456789ABCDEFGHJKMNPQRS.E1.spike.1780000200',
};

export const readingExceptionRaised = defineFact({
  type: 'metering.exception.raised.v1',
  title: 'Exception raised',
  description: 'A rule of validation found something in the readings of a register that somebody should look at.',
  category: 'metering',
  severity: 'routine',
  data: z.strictObject({
    servicePoint: idOrReference('servicePoint'),
    meter: idOrReference('meter'),
    register: registerId,
    exception: exceptionId,
    revision: exceptionRevision,
    rule: z
      .string()
      .regex(/^[a-z]+(-[a-z]+)*$/)
      .max(40)
      .describe('Id of the rule (docs/vee.md).'),
    ruleVersion: z.int().min(1),
    severity: z
      .enum(['reject', 'quarantine', 'fail', 'warn'])
      .describe('`fail`: the values became questionable; `warn`: they stand.'),
    start: Instant,
    end: Instant.describe('End of what the rule found when it was raised; a row of equal values may go on.'),
    quality: QualityCode.optional().describe('ESPI code the values became.'),
    reason: z.string().trim().min(3).max(500).optional().describe('Why a person took their dismissal of it back.'),
  }),
  marks: {
    servicePoint: 'plain',
    meter: 'plain',
    register: 'plain',
    exception: 'plain',
    revision: 'plain',
    rule: 'plain',
    ruleVersion: 'plain',
    severity: 'plain',
    start: 'plain',
    end: 'plain',
    quality: 'plain',
    reason: 'freeText',
  },
  subjects: (data) => [
    { kind: 'servicePoint', named: data.servicePoint, pointer: '/data/servicePoint', family: 'metering' },
  ],
  resolves: { servicePoint: 'servicePoint', meter: 'meter' },
  ownOnly: true,
  examples: [
    {
      name: 'spike',
      data: {
        ...exceptionExample,
        revision: 1,
        rule: 'spike',
        ruleVersion: 1,
        severity: 'fail',
        start: '2026-05-28T20:30:00Z',
        end: '2026-05-28T21:00:00Z',
        quality: 10,
      },
    },
  ],
});

export const readingExceptionResolved = defineFact({
  type: 'metering.exception.resolved.v1',
  title: 'Exception resolved',
  description: 'What a rule had found no longer stands: better readings came, or a person decided.',
  category: 'metering',
  severity: 'routine',
  data: z.strictObject({
    servicePoint: idOrReference('servicePoint'),
    meter: idOrReference('meter'),
    register: registerId,
    exception: exceptionId,
    revision: exceptionRevision,
    outcome: z
      .enum(['resolved', 'verified', 'corrected', 'dismissed'])
      .describe('By itself; a person verified the values, gave others, or said that it is nothing.'),
    reason: z.string().trim().min(3).max(500).optional().describe('Why, where a person decided.'),
  }),
  marks: {
    servicePoint: 'plain',
    meter: 'plain',
    register: 'plain',
    exception: 'plain',
    revision: 'plain',
    outcome: 'plain',
    reason: 'freeText',
  },
  subjects: (data) => [
    { kind: 'servicePoint', named: data.servicePoint, pointer: '/data/servicePoint', family: 'metering' },
  ],
  resolves: { servicePoint: 'servicePoint', meter: 'meter' },
  ownOnly: true,
  examples: [
    { name: 'by itself', data: { ...exceptionExample, revision: 2, outcome: 'resolved' } },
    {
      name: 'dismissed',
      data: { ...exceptionExample, revision: 2, outcome: 'dismissed', reason: 'A kiln was fired that night.' },
    },
  ],
});

export const readingsCorrected = defineFact({
  type: 'metering.correction.made.v1',
  title: 'Readings corrected',
  description:
    'A person gave values for intervals, or stands for those that were measured. They go before what meters send.',
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
  subjects: (data) => [
    { kind: 'servicePoint', named: data.servicePoint, pointer: '/data/servicePoint', family: 'metering' },
  ],
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

const amount = z.int().describe("In the register's unit times 10^powerOfTen.");

export const monthClosed = defineFact({
  type: 'metering.month.closed.v1',
  title: 'Month of readings closed',
  description:
    'What a register of a service point measured in a local month, for billing. Issued again when it changes; the highest issue counts.',
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
    byQuality: z
      .array(z.strictObject({ quality: QualityCode, count: z.int().min(0), value: amount }))
      .max(20)
      .describe('By ESPI code, ascending.'),
    expected: z.int().min(0).describe('Intervals that should have been read.'),
    missing: z.int().min(0).describe('Of those, the ones without any value.'),
    estimatedPerMille: z.int().min(0).max(1000).describe('Part of the value that is estimated, in thousandths.'),
    firstAt: Instant.optional().describe('Start of the first value that counts.'),
    lastAt: Instant.optional().describe('End of the last value that counts.'),
    days: z.int().min(28).max(31),
    daysComplete: z.int().min(0).max(31).describe('Days on which every expected interval has a value that counts.'),
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
    openExceptions: 'plain',
  },
  subjects: (data) => [
    { kind: 'servicePoint', named: data.servicePoint, pointer: '/data/servicePoint', family: 'metering' },
  ],
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
  ],
});

const taskExample = { servicePoint, meter, task: 'prolonged-estimation', number: 1 } as const;
const task = MeterTaskKind.describe(
  '`silent`: nothing comes, the connection is to be looked at. The others are for somebody at the meter: estimated for more than 7 days, nothing but zeros, meddled with.',
);
const taskNumber = z.int().min(1).describe('Counts the tasks of the kind for the meter: one is open at most.');

export const meterTaskOpened = defineFact({
  type: 'metering.task.opened.v1',
  title: 'Task for a meter opened',
  description: 'Readings say that somebody should look after a meter.',
  category: 'metering',
  severity: 'notable',
  data: z.strictObject({
    servicePoint: idOrReference('servicePoint'),
    meter: idOrReference('meter'),
    task,
    number: taskNumber,
    since: Instant.describe('Since when what it is opened for goes on.'),
    evidence: z
      .array(z.string().min(1).max(120))
      .min(1)
      .max(20)
      .describe('Exceptions that speak for it; of a silent meter its registers.'),
  }),
  marks: {
    servicePoint: 'plain',
    meter: 'plain',
    task: 'plain',
    number: 'plain',
    since: 'plain',
    evidence: 'plain',
  },
  subjects: (data) => [
    { kind: 'servicePoint', named: data.servicePoint, pointer: '/data/servicePoint', family: 'metering' },
  ],
  resolves: { servicePoint: 'servicePoint', meter: 'meter' },
  ownOnly: true,
  examples: [
    {
      name: 'estimated for long',
      data: {
        ...taskExample,
        since: '2026-05-20T23:00:00Z',
        evidence: ['mtr_0123456789ABCDEFGHJKMNPQRS.E1.prolonged-estimation.1779318000'],
      },
    },
  ],
});

export const meterTaskClosed = defineFact({
  type: 'metering.task.closed.v1',
  title: 'Task for a meter closed',
  description:
    'Nothing speaks for a task any longer: measured values came, somebody decided, or the meter was removed.',
  category: 'metering',
  severity: 'routine',
  data: z.strictObject({
    servicePoint: idOrReference('servicePoint'),
    meter: idOrReference('meter'),
    task,
    number: taskNumber,
    since: Instant,
    until: Instant.describe('When the last of what spoke for it ended.'),
  }),
  marks: {
    servicePoint: 'plain',
    meter: 'plain',
    task: 'plain',
    number: 'plain',
    since: 'plain',
    until: 'plain',
  },
  subjects: (data) => [
    { kind: 'servicePoint', named: data.servicePoint, pointer: '/data/servicePoint', family: 'metering' },
  ],
  resolves: { servicePoint: 'servicePoint', meter: 'meter' },
  ownOnly: true,
  examples: [
    {
      name: 'read again',
      data: { ...taskExample, since: '2026-05-20T23:00:00Z', until: '2026-06-02T23:00:00Z' },
    },
  ],
});

const insightCommon = {
  servicePoint: idOrReference('servicePoint'),
  register: registerId,
  insight: z
    .string()
    .min(1)
    .max(120)
    .describe('`<service point>.<register>.<kind>.<start>`: the same cause has the same.'),
  revision: z.int().min(1).describe('Counts what was written of the insight; the highest counts.'),
};
const insightMarks = { servicePoint: 'plain', register: 'plain', insight: 'plain', revision: 'plain' } as const;
const insightExample = {
  servicePoint,
  register: 'E1',
  insight: 'svp_0123456789ABCDEFGHJKMNPQRS.E1.unusual-use.1780000200',
};

export const insightFound = defineFact({
  type: 'metering.insight.found.v1',
  title: 'Insight found',
  description:
    'Readings tell something that people should hear of: use that rose, something unusual, a meter that counts nothing, a leak. Each cause is told once; what lasts is told again after a quarter.',
  category: 'metering',
  severity: 'notable',
  data: z.strictObject({
    ...insightCommon,
    kind: ToldInsightKind.describe('Section of docs/insight.md that says how.'),
    start: Instant.describe('When it began.'),
    end: Instant.optional().describe('When it ended, where it is over.'),
    headline: z.string().min(1).max(120).describe('In a few words.'),
    reason: z.string().min(1).max(600).describe("One sentence with the point's own numbers."),
    evidence: z
      .record(z.string().max(40), z.union([z.number(), z.boolean(), z.string().max(200)]))
      .describe("Numbers it rests on; amounts are whole in the register's scale, shares have four decimals."),
    expires: LocalDate.describe('From then on it is of no interest.'),
  }),
  marks: {
    ...insightMarks,
    kind: 'plain',
    start: 'plain',
    end: 'plain',
    headline: 'usage',
    reason: 'usage',
    evidence: 'usage',
    expires: 'plain',
  },
  subjects: (data) => [
    { kind: 'servicePoint', named: data.servicePoint, pointer: '/data/servicePoint', family: 'metering' },
  ],
  resolves: { servicePoint: 'servicePoint' },
  ownOnly: true,
  examples: [
    {
      name: 'unusual use',
      data: {
        ...insightExample,
        revision: 1,
        kind: 'unusual-use',
        start: '2026-05-28T20:30:00Z',
        end: '2026-05-28T23:00:00Z',
        headline: 'Unusual use, 9.4 kWh more',
        reason:
          'Unusual use, 2026-05-28 20:30 to 2026-05-28 23:00 UTC: six hours of more than usual, 9.4 kWh more than expected. Ask whether something is known of it.',
        evidence: { reason: 'shiftUp6h', excess: 9_412, readings: 6, score: 6.1 },
        expires: '2026-07-02',
      },
    },
  ],
});

export const insightEnded = defineFact({
  type: 'metering.insight.ended.v1',
  title: 'Insight ended',
  description: 'What readings told is over, or the readings, come late or corrected, no longer say so.',
  category: 'metering',
  severity: 'routine',
  data: z.strictObject({
    ...insightCommon,
    outcome: z.enum(['over', 'withdrawn']),
    end: Instant.describe('When it was over, or last seen.'),
  }),
  marks: { ...insightMarks, outcome: 'plain', end: 'plain' },
  subjects: (data) => [
    { kind: 'servicePoint', named: data.servicePoint, pointer: '/data/servicePoint', family: 'metering' },
  ],
  resolves: { servicePoint: 'servicePoint' },
  ownOnly: true,
  examples: [{ name: 'over', data: { ...insightExample, revision: 2, outcome: 'over', end: '2026-05-28T23:00:00Z' } }],
});

export const insightDecided = defineFact({
  type: 'metering.insight.decided.v1',
  title: 'Insight decided',
  description:
    'A person saw what readings told, acted on it, or said that it is nothing; what is dismissed is not told again for the same cause.',
  category: 'metering',
  severity: 'routine',
  data: z.strictObject({
    ...insightCommon,
    state: z.enum(['seen', 'actioned', 'dismissed']),
    reason: z.string().trim().min(3).max(500).optional().describe('What was done, or why it is nothing.'),
  }),
  marks: { ...insightMarks, state: 'plain', reason: 'freeText' },
  subjects: (data) => [
    { kind: 'servicePoint', named: data.servicePoint, pointer: '/data/servicePoint', family: 'metering' },
  ],
  resolves: { servicePoint: 'servicePoint' },
  ownOnly: true,
  examples: [
    { name: 'seen', data: { ...insightExample, revision: 2, state: 'seen' } },
    {
      name: 'dismissed',
      data: { ...insightExample, revision: 3, state: 'dismissed', reason: 'A kiln was fired that night.' },
    },
  ],
});

export const meteringFacts: readonly FactDefinition[] = [
  meterInstalled,
  meterRemoved,
  meterEventRecorded,
  readingExceptionRaised,
  readingExceptionResolved,
  readingsCorrected,
  monthClosed,
  insightFound,
  insightEnded,
  insightDecided,
  meterTaskOpened,
  meterTaskClosed,
];
