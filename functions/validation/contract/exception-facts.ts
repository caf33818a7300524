import * as z from 'zod';
import { defineFact } from '#shared/contracts/facts/definition.ts';
import { meter, ofServicePoint, registerId, servicePoint } from '#shared/contracts/facts/of-service-point.ts';
import { Instant } from '#shared/vocabulary/instants.ts';
import { QualityCode } from '#shared/vocabulary/measures.ts';
import { idOrReference } from '#shared/vocabulary/references.ts';

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
  inFold: { kind: 'describes', turn: 'thing' },
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
  whole: 'internal',
  subjects: ofServicePoint,
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
  inFold: { kind: 'describes', turn: 'end' },
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
  whole: 'internal',
  subjects: ofServicePoint,
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

export const exceptionFacts = [readingExceptionRaised, readingExceptionResolved] as const;
