import * as z from 'zod';
import { defineFact } from '#shared/contracts/facts/definition.ts';
import { Instant } from '#shared/vocabulary/instants.ts';
import { idOrReference, Reference } from '#shared/vocabulary/references.ts';
import { Commodity, ConnectionState, Presence } from '#shared/vocabulary/statuses.ts';
import { ZoneName } from '#shared/vocabulary/zone-name.ts';

const references = z.array(Reference).max(10).default([]).describe('Ids of this thing in other systems.');
const line = z
  .string()
  .trim()
  .min(1)
  .max(120)
  .regex(/^\P{Cc}+$/u, 'must not hold control characters');

/** A postal address as it is written; `country` is ISO 3166-1 alpha-2. */
export const Address = z.strictObject({
  lines: z.array(line).min(1).max(4).describe('Flat, building, street.'),
  town: line.max(60).optional(),
  postcode: line.max(12).optional(),
  country: z.string().regex(/^[A-Z]{2}$/),
});
export type Address = z.infer<typeof Address>;

const property = { namespace: 'uprn', value: '100012345678' };

export const premiseRegistered = defineFact({
  type: 'premise.premise.registered.v1',
  title: 'Premise registered',
  description: 'A place where service can be taken.',
  inFold: { kind: 'tells', turn: 'subject' },
  category: 'supply',
  severity: 'routine',
  data: z.strictObject({
    address: Address,
    region: z.string().max(40).optional().describe('Outage region or network area.'),
    references,
  }),
  marks: { address: 'contact', region: 'plain', references: 'plain' },
  subjects: () => [{ kind: 'premise', self: true, family: 'premise' }],
  creates: 'premise',
  resolves: {},
  examples: [
    {
      name: 'house',
      data: {
        address: { lines: ['12 Quay Street'], town: 'Saltmouth', postcode: 'ZZ1 4QS', country: 'GB' },
        region: 'SALT-07',
        references: [property],
      },
    },
  ],
});

export const servicePointRegistered = defineFact({
  type: 'premise.service-point.registered.v1',
  title: 'Service point registered',
  description: 'The point at a premise where one commodity is delivered.',
  inFold: { kind: 'tells', turn: 'thing' },
  category: 'supply',
  severity: 'routine',
  data: z.strictObject({
    premise: idOrReference('premise'),
    commodity: Commodity,
    zone: ZoneName.describe('IANA zone, or a fixed offset such as +10:00; days and months are cut there.'),
    connection: ConnectionState.default('connected'),
    references,
  }),
  marks: { premise: 'plain', commodity: 'plain', zone: 'plain', connection: 'plain', references: 'plain' },
  subjects: (data) => [{ kind: 'premise', named: data.premise, pointer: '/data/premise', family: 'premise' }],
  creates: 'servicePoint',
  resolves: { premise: 'premise' },
  examples: [
    {
      name: 'electricity',
      data: {
        premise: property,
        commodity: 'electricity',
        zone: 'Europe/London',
        references: [{ namespace: 'mpan', value: '1900012345678' }],
      },
    },
  ],
});

export const servicePointChanged = defineFact({
  type: 'premise.service-point.changed.v1',
  title: 'Service point changed',
  description:
    'A service point is connected or disconnected, use of it is to be expected or not, or somebody is at home there or not, from an instant on.',
  inFold: { kind: 'names', turn: 'word', grounds: { servicePoint: 'servicePoint' } },
  contends: (data) => [String(data.servicePoint)],
  category: 'supply',
  severity: 'notable',
  data: z
    .strictObject({
      servicePoint: idOrReference('servicePoint'),
      at: Instant.optional().describe('Since when; the instant of the fact where absent.'),
      connection: ConnectionState.optional(),
      minimalUsageExpected: z
        .boolean()
        .optional()
        .describe('Whether as good as no use is to be expected (ESPI UsagePoint, minimalUsageExpected).'),
      presence: Presence.optional().describe(
        'Whether somebody is at home from then on, as they or their home say: what water is used while nobody is, is told (docs/insight.md).',
      ),
    })
    .refine(
      ({ connection, minimalUsageExpected, presence }) =>
        connection !== undefined || minimalUsageExpected !== undefined || presence !== undefined,
      { message: 'must change something' },
    ),
  marks: {
    servicePoint: 'plain',
    at: 'plain',
    connection: 'plain',
    minimalUsageExpected: 'plain',
    presence: 'usage',
  },
  subjects: (data) => [
    { kind: 'servicePoint', named: data.servicePoint, pointer: '/data/servicePoint', family: 'premise' },
  ],
  resolves: { servicePoint: 'servicePoint' },
  examples: [
    {
      name: 'switched off',
      data: {
        servicePoint: { namespace: 'mpan', value: '1900012345678' },
        at: '2026-05-11T09:00:00Z',
        connection: 'logically-disconnected',
      },
    },
    {
      name: 'nobody at home',
      data: {
        servicePoint: { namespace: 'mpan', value: '1900012345678' },
        at: '2026-08-03T06:00:00Z',
        presence: 'away',
      },
    },
  ],
});

export const premiseFacts = [premiseRegistered, servicePointRegistered, servicePointChanged] as const;
