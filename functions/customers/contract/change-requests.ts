import * as z from 'zod';
import { Instant, Kept, keptMarks, listMarks, Masked, page, paging } from '#shared/contracts/api/common.ts';
import { defineRoute, type ResponseMarks } from '#shared/contracts/api/definition.ts';
import { ChangeRequestStatus } from '#shared/vocabulary/statuses.ts';
import { AskedChange, changeRequestSettled } from './contact-facts.ts';
import { contactPointVerified } from './contact-point-facts.ts';

const asked = z
  .array(AskedChange.keyof())
  .describe('What it asks for, by name: for what it is to be, see the requests of the customer.');

const Queued = z.object({
  id: z.string().describe('The interaction that the request is.'),
  customerId: z.string(),
  askedAt: Instant,
  asked,
});
const queuedMarks: ResponseMarks = { id: 'plain', customerId: 'plain', askedAt: 'plain', asked: 'plain' };

const Request = z.object({
  id: z.string(),
  askedAt: Instant,
  status: ChangeRequestStatus,
  asked,
  change: AskedChange.describe('As it was asked for.'),
  settledAt: Instant.optional(),
  reason: z.string().optional().describe('Why it was decided so.'),
  correction: z.string().optional().describe('The fact that made the change.'),
});

const { reason, correction } = changeRequestSettled.data.shape;
const Decision = z
  .strictObject({
    outcome: z.enum(['done', 'declined']).describe('"done" makes the change as it was asked for, with the decision.'),
    reason,
    correction: correction.describe('With "done": the fact that has made the change already; none is made then.'),
    method: contactPointVerified.data.shape.method.optional(),
  })
  .refine(({ outcome, correction }) => outcome === 'done' || correction === undefined, {
    path: ['correction'],
    message: 'belongs to "done" alone',
  });

const Decided = z.object({
  id: z.string(),
  customerId: z.string(),
  status: ChangeRequestStatus,
  correction: z.string().optional(),
  ...Kept,
  masked: Masked,
});

const shared = { capability: 'customers', personal: true } as const;

export const changeRequestRoutes = [
  defineRoute({
    ...shared,
    operationId: 'listChangeRequests',
    method: 'GET',
    path: '/v1/change-requests',
    summary: 'List what customers asked to be changed',
    description:
      'Requests that nobody has decided on, the oldest first: who, when, and names of what is to be changed.',
    act: 'change-request.list',
    subject: 'none',
    list: true,
    query: z.strictObject(paging),
    response: page(Queued),
    marks: listMarks(queuedMarks),
  }),
  defineRoute({
    ...shared,
    operationId: 'readChangeRequests',
    method: 'GET',
    path: '/v1/customers/{id}/change-requests',
    summary: 'See what a customer asked to be changed',
    description: 'All that is open, then what was decided last, the latest first.',
    act: 'change-request.read',
    subject: 'customer',
    response: z.object({ data: z.array(Request), masked: Masked }),
    marks: {
      'data[].id': 'plain',
      'data[].askedAt': 'plain',
      'data[].status': 'plain',
      'data[].asked': 'plain',
      'data[].change.name': 'identity',
      'data[].change.kind': 'plain',
      'data[].change.dateOfBirth': 'identity',
      'data[].change.references': 'plain',
      'data[].change.contactPoint': 'contact',
      'data[].settledAt': 'plain',
      'data[].reason': 'contact',
      'data[].correction': 'plain',
      masked: 'plain',
    },
  }),
  defineRoute({
    ...shared,
    operationId: 'decideChangeRequest',
    reason: 'body',
    method: 'POST',
    path: '/v1/customers/{id}/change-requests/{requestId}/decision',
    summary: 'Decide on what a customer asked to be changed',
    description:
      '"done" makes the change and settles the request in one; where somebody has made it by hand, name the fact. "declined" changes nothing. The customer reads the reason.',
    act: 'change-request.decide',
    subject: 'customer',
    body: Decision,
    response: Decided,
    marks: { id: 'plain', customerId: 'plain', status: 'plain', correction: 'plain', ...keptMarks, masked: 'plain' },
    status: 201,
    idempotency: 'optional',
  }),
];
