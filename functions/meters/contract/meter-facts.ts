import * as z from 'zod';
import { defineFact } from '#shared/contracts/facts/definition.ts';
import { meter, ofServicePoint, registerId, servicePoint } from '#shared/contracts/facts/of-service-point.ts';
import { Instant } from '#shared/vocabulary/instants.ts';
import { RegisterValidation } from '#shared/vocabulary/reading-rules.ts';
import { idOrReference } from '#shared/vocabulary/references.ts';
import { MeterEventKind } from '#shared/vocabulary/statuses.ts';

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
  inFold: { kind: 'describes', turn: 'thing' },
  contends: (data) => [[data.meter, data.servicePoint, data.from].join(' ')],
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
  subjects: ofServicePoint,
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
  inFold: { kind: 'describes', turn: 'end' },
  contends: (data) => [[data.meter, data.servicePoint].join(' ')],
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
  subjects: ofServicePoint,
  resolves: { servicePoint: 'servicePoint', meter: 'meter' },
  examples: [
    { name: 'exchange', data: { servicePoint, meter, at: '2026-04-12T10:30:00Z' } },
    {
      name: 'exchange with the last read',
      data: { servicePoint, meter, at: '2026-04-12T10:30:00Z', registers: [{ register: 'E1', read: 5_204_310 }] },
    },
  ],
});

export const placeSettled = defineFact({
  type: 'metering.dispute.settled.v1',
  title: 'Dispute of a meter settled',
  description:
    'Sources say that a meter measures different service points at the same time, and a supervisor decided which. It goes before every source until it is taken back. Customers are not told.',
  inFold: { kind: 'tells', turn: 'hold' },
  contends: (data) => [[data.meter, data.from].join(' ')],
  category: 'metering',
  severity: 'notable',
  data: z
    .strictObject({
      servicePoint: idOrReference('servicePoint').describe('The point that it measures.'),
      meter: idOrReference('meter'),
      from: Instant.describe('From when it is settled.'),
      to: Instant.optional().describe('Until when it is settled.'),
      reason: z.string().trim().min(3).max(500),
    })
    .refine(({ from, to }) => to === undefined || Date.parse(from) < Date.parse(to), {
      path: ['to'],
      message: 'must be after from',
    }),
  marks: { servicePoint: 'plain', meter: 'plain', from: 'plain', to: 'plain', reason: 'freeText' },
  whole: 'internal',
  subjects: ofServicePoint,
  resolves: { servicePoint: 'servicePoint', meter: 'meter' },
  ownOnly: true,
  examples: [
    {
      name: 'seen on site',
      data: { servicePoint, meter, from: '2026-04-12T10:30:00Z', reason: 'A fitter read its number on site.' },
    },
  ],
});

/** Whom what a meter told is told: not those who may have meddled with it. */
export const meterEventWhole = { by: 'event', cases: { tamper: 'internal' }, otherwise: 'plain' } as const;

export const meterEventRecorded = defineFact({
  type: 'metering.event.recorded.v1',
  title: 'Meter event',
  description:
    'A meter told of something that happened to it: a tampered cover, water that never stops, a clock that ran off; one of gas or water of its own power, too. Of tampering customers are not told.',
  inFold: { kind: 'tells', turn: 'word' },
  category: 'metering',
  severity: 'notable',
  data: z
    .strictObject({
      servicePoint: idOrReference('servicePoint'),
      meter: idOrReference('meter'),
      event: MeterEventKind,
      value: z.int().optional().describe('Of `clock`: seconds the clock was ahead. Of `leak`: litres an hour, from 0.'),
    })
    .refine(({ event, value }) => event !== 'leak' || value === undefined || value >= 0, {
      path: ['value'],
      message: 'of a leak must not be below 0',
    }),
  marks: { servicePoint: 'plain', meter: 'plain', event: 'plain', value: 'plain' },
  whole: meterEventWhole,
  subjects: ofServicePoint,
  resolves: { servicePoint: 'servicePoint', meter: 'meter' },
  examples: [{ name: 'cover opened', data: { servicePoint, meter, event: 'tamper' } }],
});

export const meterFacts = [meterInstalled, meterRemoved, placeSettled, meterEventRecorded] as const;
