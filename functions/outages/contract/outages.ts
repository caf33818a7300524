import * as z from 'zod';
import { Instant, Masked, references, Version } from '#shared/contracts/api/common.ts';
import { defineRoute, type ResponseMarks } from '#shared/contracts/api/definition.ts';
import { Commodity, OutageStatus } from '#shared/vocabulary/statuses.ts';
import { outageReported, outageRestored } from './outage-facts.ts';

const Outage = z.object({
  id: z.string(),
  premiseId: z.string().optional().describe('The premise without service; an outage of an area has none.'),
  area: z
    .object({ kind: z.enum(['region', 'postcode']), value: z.string(), premises: z.int(), restored: z.int() })
    .optional()
    .describe('Of an outage of an area: which, how many premises are part of it, and how many have service again.'),
  areaOutageId: z
    .string()
    .optional()
    .describe('The outage of the area that this one is taken for a part of; customers are not told.'),
  reports: z
    .int()
    .optional()
    .describe('How many reports of it came: of one premise and commodity, those while it was open are reports of it.'),
  reportOf: z
    .string()
    .optional()
    .describe('The outage that was open at the premise already, which this one is a report of.'),
  commodity: Commodity,
  status: OutageStatus,
  planned: z.boolean(),
  startedAt: Instant,
  expectedBy: Instant.optional(),
  restoredAt: Instant.optional(),
  cause: z.string().optional(),
  description: z.string().optional(),
  references: references.optional(),
  factId: z.string().optional(),
  version: Version,
  masked: Masked,
});
const outageMarks: ResponseMarks = {
  id: 'plain',
  premiseId: 'plain',
  area: 'plain',
  areaOutageId: 'plain',
  reports: 'plain',
  reportOf: 'plain',
  commodity: 'plain',
  status: 'plain',
  planned: 'plain',
  startedAt: 'plain',
  expectedBy: 'plain',
  restoredAt: 'plain',
  cause: 'plain',
  description: 'freeText',
  references: 'plain',
  factId: 'plain',
  version: 'plain',
  masked: 'plain',
};

const outage = { capability: 'outages', response: Outage, marks: outageMarks, personal: true } as const;

export const outageRoutes = [
  defineRoute({
    ...outage,
    operationId: 'reportOutage',
    method: 'POST',
    path: '/v1/outages',
    reason: 'optional',
    summary: 'Report an outage',
    description:
      'While an outage of the premise and commodity is open, the report joins it: the answer is 200 with that outage, not 201 with another one. Customers say where, what, since when (24 hours back at most) and what they see; what is planned, when service is expected back and names in other systems are for staff to say.',
    act: 'outage.report',
    subject: 'none',
    bodySubject: { member: 'premise', kind: 'premise' },
    body: outageReported.data.extend({ planned: z.boolean().optional(), references: references.max(5).optional() }),
    fromCustomers: ['premise', 'commodity', 'startedAt', 'description'],
    status: 201,
    idempotency: 'optional',
  }),
  defineRoute({
    ...outage,
    operationId: 'readOutage',
    method: 'GET',
    path: '/v1/outages/{id}',
    summary: 'Read an outage',
    act: 'outage.read',
    subject: 'outage',
  }),
  defineRoute({
    ...outage,
    operationId: 'restoreOutage',
    method: 'POST',
    path: '/v1/outages/{id}/restoration',
    reason: 'optional',
    summary: 'Say that service is back',
    act: 'outage.restore',
    subject: 'outage',
    body: outageRestored.data.omit({ outage: true, premise: true }),
    status: 201,
    idempotency: 'optional',
  }),
];
