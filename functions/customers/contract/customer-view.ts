import * as z from 'zod';
import { Instant, LocalDate } from '#shared/contracts/api/common.ts';
import type { ResponseMarks } from '#shared/contracts/api/definition.ts';
import { CustomerKind, CustomerStatus } from '#shared/vocabulary/statuses.ts';

/** Who the customer is, in the 360 view. */
export const customerInView = {
  schema: z.object({
    id: z.string(),
    kind: CustomerKind,
    name: z.string().optional(),
    status: CustomerStatus,
    since: LocalDate.nullable().optional(),
    version: z.int().describe("Counts the customer's own facts."),
  }),
  marks: {
    'customer.id': 'plain',
    'customer.kind': 'plain',
    'customer.name': 'name',
    'customer.status': 'plain',
    'customer.since': 'identity',
    // These count and date what was said of contacts and money, too.
    'customer.version': 'contact',
  } satisfies ResponseMarks,
};

/** What to look at first. */
export const alertsInView = {
  schema: z.array(
    z.object({
      class: z.string(),
      text: z.string(),
      because: z.array(z.string()),
      evidence: z.array(z.string()),
      since: Instant.or(LocalDate).optional(),
      expires: Instant.or(LocalDate).nullable().optional(),
    }),
  ),
  marks: {
    'alerts[]': {
      by: 'class',
      cases: { special: 'special', financial: 'financial', usage: 'usage' },
      otherwise: 'plain',
    },
    'alerts[].class': 'plain',
    'alerts[].text': {
      by: 'class',
      cases: { special: 'special', financial: 'financial', usage: 'usage' },
      otherwise: 'internal',
    },
    'alerts[].because': 'internal',
    'alerts[].evidence': 'internal',
    'alerts[].since': 'plain',
    'alerts[].expires': 'plain',
  } satisfies ResponseMarks,
};

/** How the customer is related to others. */
export const relationsInView = {
  schema: z.array(z.string()),
  marks: { relations: 'identity' } satisfies ResponseMarks,
};

/** What to say or do next. */
export const nextStepsInView = {
  schema: z.array(z.string()),
  marks: { nextSteps: 'freeText' } satisfies ResponseMarks,
};

/** When each source was last heard of. */
export const freshnessInView = {
  schema: z.object({
    asOf: Instant,
    sources: z.array(z.object({ source: z.string(), lastFactAt: Instant, lagSeconds: z.number() })),
  }),
  marks: { 'freshness.asOf': 'plain', 'freshness.sources': 'contact' } satisfies ResponseMarks,
};

/** What the view leaves out. */
export const omittedInView = {
  schema: z.array(z.string()).describe('What this view leaves out, and why, such as `premises: 2 more`.'),
  marks: { omitted: 'plain' } satisfies ResponseMarks,
};
