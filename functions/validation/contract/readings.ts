import * as z from 'zod';
import { Instant, Kept, keptMarks, listMarks, Masked, page, paging } from '#shared/contracts/api/common.ts';
import { below, defineRoute, type ResponseMarks } from '#shared/contracts/api/definition.ts';
import { Register } from '#shared/vocabulary/measures.ts';
import { readingsCorrected } from './measured-facts.ts';

/** A rule by its id; one that is not of the pack finds nothing. */
const RuleName = z
  .string()
  .regex(/^[a-z]+(-[a-z]+)*$/, 'must be the id of a rule, e.g. spike')
  .max(40);

const state = z.enum(['open', 'filled', 'resolved', 'verified', 'corrected', 'dismissed']);

const ReadingException = z.object({
  id: z.string(),
  meterId: z.string(),
  register: z.string(),
  rule: z.string().describe('Id of the rule (docs/vee.md).'),
  ruleVersion: z.int(),
  severity: z.enum(['reject', 'quarantine', 'fail', 'warn']),
  state: state.describe('`open` and `filled` stand; the others are over.'),
  start: Instant,
  end: Instant,
  quality: z.int().optional().describe('ESPI code the values became.'),
  evidence: z
    .record(z.string(), z.union([z.string(), z.number(), z.array(z.string())]))
    .describe('The numbers that led to it.'),
  revision: z.int().describe('Counts what was written of it.'),
});
const exceptionMarks: ResponseMarks = {
  id: 'plain',
  meterId: 'plain',
  register: 'plain',
  rule: 'plain',
  ruleVersion: 'plain',
  severity: 'plain',
  state: 'plain',
  start: 'plain',
  end: 'plain',
  quality: 'plain',
  evidence: 'usage',
  revision: 'plain',
};

const Decided = z.object({ id: z.string(), state, ...Kept, masked: Masked });

const corrected = readingsCorrected.data;
const Correction = z.strictObject({
  register: corrected.shape.register,
  start: corrected.shape.start,
  values: corrected.shape.values,
  quality: corrected.shape.quality,
  reason: corrected.shape.reason,
});

const Corrected = z.object({
  servicePointId: z.string(),
  meterId: z.string(),
  register: z.string(),
  start: Instant,
  end: Instant,
  quality: z.int(),
  revision: z.int(),
  ...Kept,
  masked: Masked,
});

const CorrectionIds = {
  revision: z.int(),
  factId: z.string().describe('Fact that tells of it: by this it is taken back, and read with its reason.'),
};

const readings = { capability: 'validation', subject: 'servicePoint', personal: true } as const;

export const readingRoutes = [
  defineRoute({
    ...readings,
    operationId: 'listReadingExceptions',
    method: 'GET',
    path: '/v1/service-points/{id}/exceptions',
    summary: 'List what the rules found in readings',
    description: 'Register by register, the latest first. Those that stand, unless a state is asked for.',
    act: 'reading-exception.read',
    list: true,
    query: z.strictObject({
      state: state.optional(),
      rule: RuleName.optional().describe('Id of a rule (docs/vee.md).'),
      register: Register.shape.id.optional(),
      ...paging,
    }),
    response: page(ReadingException),
    marks: listMarks(exceptionMarks),
  }),
  defineRoute({
    ...readings,
    operationId: 'resolveReadingException',
    method: 'POST',
    path: '/v1/service-points/{id}/exceptions/{exceptionId}/resolution',
    reason: 'body',
    summary: 'Say that an exception is nothing, or take that back',
    description:
      'It stays so until the rule finds something else there. Values that are verified or given anew are corrections.',
    act: 'readings.correct',
    body: z.strictObject({
      decision: z.enum(['dismissed', 'reopened']).describe('`reopened` takes a dismissal back.'),
      reason: corrected.shape.reason.describe('Why it is nothing, or is something after all.'),
    }),
    response: Decided,
    marks: { id: 'plain', state: 'plain', ...keptMarks, masked: 'plain' },
    status: 201,
    idempotency: 'optional',
  }),
  defineRoute({
    ...readings,
    operationId: 'listCorrections',
    method: 'GET',
    path: '/v1/service-points/{id}/corrections',
    summary: 'List the corrections that stand',
    description: 'Of intervals in at most 92 days; those that were taken back are left out.',
    act: 'readings.correct',
    query: z.strictObject({ from: z.iso.date(), to: z.iso.date().describe('Local date after the last.') }),
    response: z.object({
      data: z.array(Correction.omit({ reason: true }).extend({ meterId: z.string(), end: Instant, ...CorrectionIds })),
      masked: Masked,
    }),
    marks: {
      ...below('data[]', {
        meterId: 'plain',
        register: 'plain',
        start: 'plain',
        end: 'plain',
        values: 'usage',
        quality: 'plain',
        revision: 'plain',
        factId: 'plain',
      }),
      masked: 'plain',
    },
  }),
  defineRoute({
    ...readings,
    operationId: 'undoCorrection',
    method: 'POST',
    path: '/v1/service-points/{id}/corrections/{factId}/undo',
    reason: 'body',
    summary: 'Take a correction back',
    description:
      'Its values leave the readings, and the day is judged again by what the meter sent. Other corrections of the day stay.',
    act: 'readings.correct',
    body: z.strictObject({ reason: corrected.shape.reason.describe('What was wrong with it.') }),
    response: Corrected.omit({ quality: true, revision: true }).extend({
      correction: z.string().describe('Fact of the correction.'),
    }),
    marks: {
      servicePointId: 'plain',
      meterId: 'plain',
      register: 'plain',
      start: 'plain',
      end: 'plain',
      correction: 'plain',
      ...keptMarks,
      masked: 'plain',
    },
    status: 201,
    idempotency: 'optional',
  }),
  defineRoute({
    ...readings,
    operationId: 'correctReadings',
    method: 'POST',
    path: '/v1/service-points/{id}/corrections',
    reason: 'body',
    summary: 'Correct readings, or stand for them',
    description:
      'Values for intervals of one local day of a register. They go before what the meter sends, now and later; what it sent stays stored.',
    act: 'readings.correct',
    body: Correction,
    response: Corrected,
    marks: {
      servicePointId: 'plain',
      meterId: 'plain',
      register: 'plain',
      start: 'plain',
      end: 'plain',
      quality: 'plain',
      revision: 'plain',
      ...keptMarks,
      masked: 'plain',
    },
    status: 201,
    idempotency: 'optional',
  }),
];
