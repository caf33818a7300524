import * as z from 'zod';
import { Instant } from '#shared/contracts/api/common.ts';
import { below, type ResponseMarks } from '#shared/contracts/api/definition.ts';
import { Commodity, ConnectionState, MeterTaskKind } from '#shared/vocabulary/statuses.ts';

export const MeterBrief = z.object({
  id: z.string(),
  serial: z.string().optional(),
  lastReadingAt: Instant.nullable().optional(),
});

export const Attention = z.object({
  exceptions: z.int().describe('Findings in its readings that stand, of the latest 40; gaps are left out.'),
  worst: z.enum(['fail', 'warn']).nullable().describe('`fail`: values are questionable; `warn`: they stand.'),
  tasks: z.array(MeterTaskKind).describe('What is to be done about its meter.'),
});

export const PlannedAtPoint = z
  .object({
    connection: z.object({ to: ConnectionState, at: Instant }).optional(),
    meter: MeterBrief.pick({ id: true, serial: true }).extend({ at: Instant }).optional(),
    removalAt: Instant.optional().describe('When the meter that measures it now is to be taken away.'),
  })
  .describe('What is to become of it, in time that is the own of who reads it; until then it is as it is told.');

export const ServicePointBrief = z.object({
  id: z.string(),
  commodity: Commodity,
  meter: MeterBrief.nullable(),
  connection: ConnectionState.describe('As it is now.'),
  planned: PlannedAtPoint.optional(),
  attention: Attention.optional().describe('What staff should look at; left out where nothing is.'),
});

export const servicePointBriefMarks = {
  id: 'plain',
  commodity: 'plain',
  'meter.id': 'plain',
  'meter.serial': 'plain',
  'meter.lastReadingAt': 'lastReading',
  connection: 'plain',
  planned: 'plain',
  attention: 'internal',
} as const satisfies ResponseMarks;

/** What the 360 view says of premises. */
export const premisesInView = {
  schema: z.array(
    z.object({
      id: z.string(),
      accountId: z.string().optional(),
      address: z.string().optional(),
      servicePoints: z.array(ServicePointBrief),
    }),
  ),
  marks: {
    'premises[].id': 'plain',
    'premises[].accountId': 'plain',
    'premises[].address': 'contact',
    ...below('premises[].servicePoints[]', servicePointBriefMarks),
  } satisfies ResponseMarks,
};
