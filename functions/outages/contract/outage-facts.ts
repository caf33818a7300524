import * as z from 'zod';
import { defineFact } from '#shared/contracts/facts/definition.ts';
import { Instant } from '#shared/vocabulary/instants.ts';
import { idOrReference, Reference } from '#shared/vocabulary/references.ts';
import { Commodity } from '#shared/vocabulary/statuses.ts';

const references = z.array(Reference).max(5).default([]).describe('Ids of this thing in other systems.');
const property = { namespace: 'uprn', value: '100012345678' };

/** Part of a network or a postal area in which outages are taken together. */
export const Area = z.strictObject({
  kind: z.enum(['region', 'postcode']),
  value: z.string().min(1).max(60).describe('Outage region of the premises, or the first part of their postcodes.'),
});

export const outageReported = defineFact({
  type: 'service.outage.reported.v1',
  title: 'Outage reported',
  description: 'Service is interrupted at a premise.',
  inFold: { kind: 'tells', turn: 'subject' },
  category: 'service',
  severity: 'urgent',
  data: z.strictObject({
    premise: idOrReference('premise'),
    commodity: Commodity.default('electricity'),
    startedAt: Instant.optional().describe('Start of the interruption; that of the fact where absent.'),
    expectedBy: Instant.optional().describe('When service is expected back.'),
    planned: z.boolean().default(false),
    description: z.string().max(500).optional(),
    references,
  }),
  marks: {
    premise: 'plain',
    commodity: 'plain',
    startedAt: 'plain',
    expectedBy: 'plain',
    planned: 'plain',
    description: 'freeText',
    references: 'plain',
  },
  subjects: (data) => [
    { kind: 'outage', self: true, family: 'outage' },
    { kind: 'premise', named: data.premise, pointer: '/data/premise', family: 'outage' },
  ],
  creates: 'outage',
  resolves: { premise: 'premise' },
  owner: (data) => ({ kind: 'premise', named: data.premise, pointer: '/data/premise' }),
  examples: [
    {
      name: 'no power',
      data: { premise: property, startedAt: '2026-03-04T17:10:00Z', description: 'Whole street is dark.' },
    },
  ],
});

export const outageRestored = defineFact({
  type: 'service.outage.restored.v1',
  title: 'Outage restored',
  description: 'Service is back, or is to be.',
  inFold: { kind: 'names', turn: 'end', grounds: { outage: 'outage' } },
  contends: (data) => [String(data.outage)],
  category: 'service',
  severity: 'notable',
  data: z.strictObject({
    outage: idOrReference('outage'),
    premise: idOrReference('premise').optional().describe('Filled from the outage where absent.'),
    restoredAt: Instant.optional().describe(
      'When service came back, or is to: until then the outage is open. That of the fact where absent.',
    ),
    cause: z.string().max(60).optional().describe('Code of the cause.'),
  }),
  marks: { outage: 'plain', premise: 'plain', restoredAt: 'plain', cause: 'plain' },
  subjects: (data) => [
    { kind: 'outage', named: data.outage, pointer: '/data/outage', family: 'outage' },
    ...(data.premise === undefined
      ? []
      : [{ kind: 'premise' as const, named: data.premise, pointer: '/data/premise', family: 'outage' as const }]),
  ],
  resolves: { outage: 'outage', premise: 'premise' },
  fills: { premise: 'premise-of-outage' },
  examples: [
    {
      name: 'cable mended',
      data: {
        outage: { namespace: 'field', value: 'OUT-551' },
        restoredAt: '2026-03-04T19:45:00Z',
        cause: 'cable-fault',
      },
    },
  ],
});

export const areaOutageProposed = defineFact({
  type: 'service.area-outage.proposed.v1',
  title: 'Area outage proposed',
  description: 'Outages at several premises of one area began within an hour: they may have one cause.',
  inFold: { kind: 'tells', turn: 'subject' },
  category: 'service',
  severity: 'urgent',
  data: z.strictObject({
    area: Area,
    commodity: Commodity,
    startedAt: Instant.describe('Start of the first of them.'),
  }),
  marks: { area: 'plain', commodity: 'plain', startedAt: 'plain' },
  subjects: () => [{ kind: 'outage', self: true, family: 'outage' }],
  creates: 'outage',
  resolves: {},
  ownOnly: true,
  examples: [
    {
      name: 'five homes of a region',
      data: {
        area: { kind: 'region', value: 'SALT-07' },
        commodity: 'electricity',
        startedAt: '2026-03-04T17:10:00Z',
      },
    },
  ],
});

export const outageJoined = defineFact({
  type: 'service.outage.joined.v1',
  title: 'Outage joined to an area outage',
  description: 'An outage at a premise is taken for part of an outage of its area.',
  inFold: { kind: 'names', turn: 'word', grounds: { outage: 'outage' } },
  category: 'service',
  severity: 'routine',
  data: z.strictObject({
    outage: idOrReference('outage'),
    premise: idOrReference('premise').optional().describe('Filled from the outage where absent.'),
    areaOutage: idOrReference('outage'),
  }),
  marks: { outage: 'plain', premise: 'plain', areaOutage: 'internal' },
  subjects: (data) => [
    { kind: 'outage', named: data.outage, pointer: '/data/outage', family: 'outage' },
    ...(data.premise === undefined
      ? []
      : [{ kind: 'premise' as const, named: data.premise, pointer: '/data/premise', family: 'outage' as const }]),
  ],
  resolves: { outage: 'outage', premise: 'premise', areaOutage: 'outage' },
  fills: { premise: 'premise-of-outage' },
  ownOnly: true,
  examples: [
    {
      name: 'one of a street',
      data: {
        outage: { namespace: 'field', value: 'OUT-551' },
        areaOutage: { namespace: 'field', value: 'AREA-17' },
      },
    },
  ],
});

export const outageFacts = [outageReported, outageRestored, areaOutageProposed, outageJoined] as const;
