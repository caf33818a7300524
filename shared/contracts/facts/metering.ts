import * as z from 'zod';
import { Instant } from '#shared/vocabulary/instants.ts';
import { idOrReference } from '#shared/vocabulary/references.ts';
import { MeterEventKind } from '#shared/vocabulary/statuses.ts';
import { defineFact, type FactDefinition } from './definition.ts';

const servicePoint = { namespace: 'mpan', value: '1900012345678' };
const meter = { namespace: 'serial', value: 'RT-00041' };

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
  }),
  marks: { servicePoint: 'plain', meter: 'plain', from: 'plain', serial: 'plain' },
  subjects: (data) => [
    { kind: 'servicePoint', named: data.servicePoint, pointer: '/data/servicePoint', family: 'metering' },
  ],
  resolves: { servicePoint: 'servicePoint', meter: 'meter' },
  fills: { serial: 'serial-of-meter' },
  examples: [{ name: 'first meter', data: { servicePoint, meter, from: '2025-10-01T08:00:00Z' } }],
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
  }),
  marks: { servicePoint: 'plain', meter: 'plain', at: 'plain' },
  subjects: (data) => [
    { kind: 'servicePoint', named: data.servicePoint, pointer: '/data/servicePoint', family: 'metering' },
  ],
  resolves: { servicePoint: 'servicePoint', meter: 'meter' },
  examples: [{ name: 'exchange', data: { servicePoint, meter, at: '2026-04-12T10:30:00Z' } }],
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

export const meteringFacts: readonly FactDefinition[] = [meterInstalled, meterRemoved, meterEventRecorded];
