import * as z from 'zod';
import { Instant, listMarks, page, paging } from '#shared/contracts/api/common.ts';
import { defineRoute } from '#shared/contracts/api/definition.ts';

const AccessEntry = z.object({
  id: z.string(),
  at: Instant,
  actor: z.string().describe('Who looked; a colleague is named by id to staff and by kind to the customer.').optional(),
  actorKind: z.string(),
  act: z
    .string()
    .optional()
    .describe('What was done; customers are not told of acts by which staff weigh who is who, or ask of a payment.'),
  purpose: z.string().optional(),
  reason: z.string().optional().describe('Why, in the words of who made a change; customers are not told.'),
  route: z.string().optional(),
  asOf: Instant.optional().describe('Where the past was looked at: as it was then.'),
  knownAt: Instant.optional().describe('Where the past was looked at: by what was known then.'),
  outcome: z.string(),
  fields: z.array(z.string()).describe('Classes of the fields that were shown.'),
  count: z.int(),
  times: z
    .int()
    .optional()
    .describe(
      'Of attempts that were refused, which are joined: how many of the kind they had made that day, at least.',
    ),
  requestId: z.string().optional(),
  sealed: z.boolean().describe('Whether the entry already stands in a chain.'),
});

export const accessLogRoutes = [
  defineRoute({
    operationId: 'readAccessLog',
    method: 'GET',
    path: '/v1/customers/{id}/access-log',
    capability: 'audit',
    summary: 'Who looked, when and why',
    act: 'access-log.read',
    subject: 'customer',
    personal: true,
    list: true,
    query: z.strictObject(paging),
    response: page(AccessEntry),
    marks: listMarks({
      id: 'plain',
      at: 'plain',
      actor: 'internal',
      actorKind: 'plain',
      act: 'plain',
      purpose: 'plain',
      reason: 'freeText',
      route: 'plain',
      asOf: 'plain',
      knownAt: 'plain',
      outcome: 'plain',
      fields: 'plain',
      count: 'plain',
      times: 'plain',
      requestId: 'internal',
      sealed: 'plain',
    }),
  }),
];
