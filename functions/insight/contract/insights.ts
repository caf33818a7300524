import * as z from 'zod';
import { Instant, Kept, keptMarks, LocalDate, Masked } from '#shared/contracts/api/common.ts';
import { defineRoute } from '#shared/contracts/api/definition.ts';
import { InsightStanding, InsightState } from '#shared/vocabulary/insights.ts';
import { Register, Unit } from '#shared/vocabulary/measures.ts';
import { insightDecided, insightFound } from './insight-facts.ts';

const Fields = z.record(z.string(), z.union([z.number(), z.boolean(), z.string(), z.array(z.string())]));
const share = z.number().min(0).max(1);

const InsightKind = z.enum([
  'use-per-day',
  'trend',
  'significant-rise',
  'peak-window',
  'load-factor',
  'base-load',
  'base-load-rise',
  'unusual-use',
  'dead-meter',
  'night-flow',
  'even-flow',
  'high-flow',
  'away-flow',
  'similar-homes',
  'annual-usage',
]);

const Insight = z.object({
  kind: InsightKind,
  enough: z.boolean().describe('Whether there is enough data to say it.'),
  text: z
    .string()
    .describe("One sentence with the point's own numbers to read out; without enough data, what is missing."),
  method: z.string().describe('Section of docs/insight.md that says how.'),
  coverage: share.describe('Part of the window that was read.'),
  value: Fields.optional().describe("Amounts are whole, in the register's scale; shares have four decimals."),
  window: z.object({ from: LocalDate, to: LocalDate }).optional().describe('Local dates, half-open.'),
  confidence: share.optional(),
  evidence: Fields.optional().describe('Numbers and dates the value can be checked by.'),
});

const Told = z.object({
  id: z.string(),
  register: z.string(),
  kind: insightFound.data.shape.kind,
  state: InsightState.describe('What people made of it.'),
  standing: InsightStanding.describe('Whether its cause stands.'),
  since: Instant,
  until: Instant.optional().describe('When it ended, where it is over.'),
  expires: LocalDate.describe('From then on it is of no interest.'),
  headline: z.string(),
  text: z.string(),
  value: Fields,
  revision: z.int(),
});

const PointInsights = z.object({
  servicePointId: z.string(),
  data: z
    .array(
      z.object({
        register: z.string(),
        unit: Unit,
        powerOfTen: Register.shape.powerOfTen,
        zone: z.string().describe('In which days are cut.'),
        asOf: Instant.describe('End of the last day that was read.'),
        insights: z.array(Insight),
      }),
    )
    .describe('By register.'),
  told: z.array(Told).describe('What was found and told, the latest beginning first, at most 50 of each register.'),
  masked: Masked,
});

const decided = insightDecided.data;
const Decision = z
  .strictObject({ state: decided.shape.state, reason: decided.shape.reason })
  .refine(({ state, reason }) => state !== 'dismissed' || reason !== undefined, {
    path: ['reason'],
    message: 'must say why it is dismissed',
  });

export const insightRoutes = [
  defineRoute({
    capability: 'usage',
    subject: 'servicePoint',
    personal: true,
    operationId: 'readInsights',
    method: 'GET',
    path: '/v1/service-points/{id}/insights',
    summary: 'Say what readings tell of a service point',
    description:
      'From the readings as they are stored now, up to the last day that was judged, since the point is used as it is now. Of what lacks data it is said what is missing.',
    act: 'insight.read',
    query: z.strictObject({}),
    response: PointInsights,
    marks: {
      servicePointId: 'plain',
      'data[].register': 'plain',
      'data[].unit': 'plain',
      'data[].powerOfTen': 'plain',
      'data[].zone': 'plain',
      'data[].asOf': 'lastReading',
      'data[].insights[].kind': 'plain',
      'data[].insights[].enough': 'plain',
      'data[].insights[].text': 'usage',
      'data[].insights[].method': 'plain',
      'data[].insights[].coverage': 'plain',
      'data[].insights[].value': 'usage',
      'data[].insights[].window': 'plain',
      'data[].insights[].confidence': 'plain',
      'data[].insights[].evidence': 'usage',
      'told[].id': 'plain',
      'told[].register': 'plain',
      'told[].kind': 'plain',
      'told[].state': 'plain',
      'told[].standing': 'plain',
      'told[].since': 'plain',
      'told[].until': 'plain',
      'told[].expires': 'plain',
      'told[].headline': 'usage',
      'told[].text': 'usage',
      'told[].value': 'usage',
      'told[].revision': 'plain',
      masked: 'plain',
    },
  }),
  defineRoute({
    capability: 'validation',
    subject: 'servicePoint',
    personal: true,
    operationId: 'decideInsight',
    method: 'POST',
    path: '/v1/service-points/{id}/insights/{insightId}/decision',
    reason: 'body',
    summary: 'Say what became of an insight',
    description:
      'That it was seen, that something was done, or that it is nothing. What is dismissed is not told again for the same cause.',
    act: 'insight.decide',
    body: Decision,
    response: z.object({ id: z.string(), state: InsightState, ...Kept, masked: Masked }),
    marks: { id: 'plain', state: 'plain', ...keptMarks, masked: 'plain' },
    status: 201,
    idempotency: 'optional',
  }),
];
