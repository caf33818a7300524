import * as z from 'zod';
import { Instant, Masked, Problem } from '#shared/contracts/api/common.ts';
import { defineRoute } from '#shared/contracts/api/definition.ts';
import { classBytes } from '#shared/contracts/api/limits.ts';
import { FactStatus, Writer } from '#shared/vocabulary/statuses.ts';

/** A fact as it came: each is judged for itself, so a bad one is a result and not a refusal of all. */
const FactsBody = z.strictObject({
  facts: z.array(z.unknown()).min(1).max(100).describe('Facts, 1 to 100; see the page of each fact type.'),
});

const Results = z.object({
  results: z.array(
    z.object({
      index: z.int(),
      status: FactStatus,
      factId: z.string().optional(),
      problem: Problem.partial().optional(),
      warnings: z
        .array(z.object({ pointer: z.string(), code: z.string(), message: z.string() }))
        .optional()
        .describe(
          'What the sender should know of a fact that was kept: values that the validators doubt or that never win, a fact without effect, one that only its id parts from another of the same instant.',
        ),
      effect: z
        .literal('none')
        .optional()
        .describe(
          'The fact is kept and changes nothing as things stand; `warnings` says why. It counts as soon as it can.',
        ),
    }),
  ),
});

const FactAnswer = z.object({
  id: z.string(),
  type: z.string(),
  source: z.object({ system: z.string(), channel: z.string().optional(), actor: z.string().optional() }),
  sourceEventId: z.string(),
  sourceSequence: z.int(),
  occurredAt: Instant,
  recordedAt: Instant,
  correlationId: z.string().optional(),
  causationId: z.string().optional(),
  subjects: z.array(z.string()),
  entity: z.string().optional(),
  writtenBy: Writer.optional().describe('Of an interaction: whose words it holds.'),
  data: z.record(z.string(), z.unknown()),
  masked: Masked,
});

export const factRoutes = [
  defineRoute({
    operationId: 'sendFacts',
    method: 'POST',
    path: '/v1/facts',
    reason: 'optional',
    capability: 'facts',
    summary: 'Send facts',
    description:
      'Takes 1 to 100 facts and answers one result for each. A fact is kept once, however often it is sent; its id is derived from source and source event id.',
    act: 'facts.write',
    subject: 'none',
    metered: true,
    personal: true,
    body: FactsBody,
    bodyBytes: classBytes.facts,
    rawBody: true,
    response: Results,
    marks: { results: 'plain' },
  }),
  defineRoute({
    operationId: 'readFact',
    method: 'GET',
    path: '/v1/facts/{id}',
    capability: 'facts',
    summary: 'Read a fact',
    act: 'fact.read',
    subject: 'fact',
    personal: true,
    response: FactAnswer,
    marks: {
      id: 'plain',
      type: 'plain',
      'source.system': 'plain',
      'source.channel': 'plain',
      'source.actor': 'internal',
      sourceEventId: 'plain',
      sourceSequence: 'plain',
      occurredAt: 'plain',
      recordedAt: 'plain',
      correlationId: 'plain',
      causationId: 'plain',
      subjects: 'plain',
      entity: 'plain',
      writtenBy: 'plain',
      data: 'shaped',
      masked: 'plain',
    },
  }),
];
