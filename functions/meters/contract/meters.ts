import * as z from 'zod';
import { Instant, Masked, references, Version } from '#shared/contracts/api/common.ts';
import { defineRoute } from '#shared/contracts/api/definition.ts';
import { ReadingType, Register } from '#shared/vocabulary/measures.ts';

const serial = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,39}$/)
  .describe('Serial number on the meter.');

const csr = z
  .string()
  .max(8192)
  .regex(/^-----BEGIN (NEW )?CERTIFICATE REQUEST-----\r?\n[\t\r\n\x20-\x7e]*$/, 'must be a certificate request in PEM')
  .optional();

const MeterBody = z.strictObject({
  serial,
  references: references.max(10).optional(),
  csr: csr.describe(
    'Certificate request in PEM; the private key never leaves the meter. Left out, the meter is announced: a device of this serial number may be provisioned by a claim certificate, once for each announcement.',
  ),
  registers: z
    .array(Register)
    .min(1)
    .max(8)
    .refine((registers) => new Set(registers.map((register) => register.id)).size === registers.length, {
      message: 'must have different ids',
    }),
  zone: z.string().min(1).max(64).optional().describe('Zone of the meter, where all its registers share one.'),
});

const Enrolled = z.object({
  id: z.string(),
  thing: z.string().describe('Name of the thing; the MQTT client id.'),
  certificatePem: z.string().optional().describe('Where a certificate request was sent, as all that speaks of it.'),
  caPem: z.string().optional().describe('Authority of the endpoint.'),
  endpoint: z.string().optional().describe('Where the meter connects.'),
  port: z.int().optional(),
  fingerprint: z.string().optional().describe('SHA-256 of the certificate, 64 hex digits.'),
  notAfter: Instant.optional(),
  topics: z.object({ usage: z.string() }),
});

const KeyExchange = z.strictObject({
  csr: csr.describe(
    'Certificate request in PEM of the new key. Left out, a device of the meter’s serial number may be provisioned once by a claim certificate.',
  ),
  reason: z
    .string()
    .trim()
    .min(3)
    .max(500)
    .describe('Why the meter gets another key, e.g. a module that was replaced. It is kept for good: name no person.'),
});

const ExchangedKey = Enrolled.extend({
  replaces: z
    .string()
    .nullable()
    .describe('Fingerprint of the certificate that stays good for 30 days more, until the meter has changed over.'),
});

/** Fields of what a meter gets, alike for every way it gets it. */
const enrolledMarks = {
  id: 'plain',
  thing: 'plain',
  certificatePem: 'plain',
  caPem: 'plain',
  endpoint: 'plain',
  port: 'plain',
  fingerprint: 'plain',
  notAfter: 'plain',
  topics: 'plain',
} as const;

const Meter = z.object({
  id: z.string(),
  serial: z.string(),
  references: references.optional(),
  thing: z.string().optional(),
  registers: z.array(Register.extend({ acceptFrom: Instant.optional(), readingType: ReadingType })),
  installations: z.array(
    z.object({
      servicePointId: z.string(),
      premiseId: z.string(),
      from: Instant,
      to: Instant.nullable(),
    }),
  ),
  disputed: z
    .array(
      z.object({
        from: Instant,
        to: Instant.nullable(),
        claims: z.array(z.object({ servicePointId: z.string(), premiseId: z.string(), source: z.string() })),
      }),
    )
    .optional()
    .describe('When sources say that it measures different service points; it measures none then. Told to staff.'),
  settled: z
    .array(
      z.object({
        servicePointId: z.string(),
        premiseId: z.string(),
        from: Instant,
        to: Instant.nullable(),
        factId: z.string(),
      }),
    )
    .optional()
    .describe('What a supervisor settled of that, in the order of deciding. Told to staff.'),
  endsThatDiffer: z
    .array(
      z.object({
        servicePointId: z.string(),
        premiseId: z.string(),
        from: Instant,
        ends: z.array(z.object({ source: z.string(), to: Instant })),
      }),
    )
    .optional()
    .describe('Installations of which sources say different ends; the earliest holds. Told to staff.'),
  certificate: z
    .object({ fingerprint: z.string(), notAfter: Instant, reason: z.string().optional() })
    .nullable()
    .optional()
    .describe('The newest; `reason` says why the key was exchanged for it.'),
  lastReadingAt: Instant.nullable().optional(),
  version: Version,
  masked: Masked,
});

export const meterRoutes = [
  defineRoute({
    operationId: 'registerMeter',
    method: 'POST',
    path: '/v1/meters',
    reason: 'optional',
    about: { kind: 'serial', member: 'serial' },
    // A certificate is issued by the registry.
    beyondCommit: true,
    capability: 'meters',
    summary: 'Register a meter and get its certificate, or announce one that is provisioned later',
    act: 'meter.register',
    subject: 'none',
    personal: false,
    body: MeterBody,
    response: Enrolled,
    marks: enrolledMarks,
    status: 201,
    idempotency: 'optional',
  }),
  defineRoute({
    operationId: 'exchangeMeterKey',
    reason: 'body',
    beyondCommit: true,
    method: 'POST',
    path: '/v1/meters/{id}/key-exchange',
    capability: 'meters',
    summary: 'Give a meter that is known another key',
    act: 'meter.exchange-key',
    subject: 'meter',
    personal: true,
    body: KeyExchange,
    response: ExchangedKey,
    marks: { ...enrolledMarks, replaces: 'plain' },
    status: 201,
    idempotency: 'required',
  }),
  defineRoute({
    operationId: 'readMeter',
    coveredByVersion: false,
    method: 'GET',
    path: '/v1/meters/{id}',
    capability: 'meters',
    summary: 'Read a meter',
    act: 'meter.read',
    subject: 'meter',
    personal: true,
    response: Meter,
    marks: {
      id: 'plain',
      serial: 'plain',
      references: 'plain',
      thing: 'internal',
      registers: 'plain',
      installations: 'plain',
      disputed: 'internal',
      settled: 'internal',
      endsThatDiffer: 'internal',
      certificate: 'internal',
      lastReadingAt: 'lastReading',
      version: 'plain',
      masked: 'plain',
    },
  }),
];
