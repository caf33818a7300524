import * as z from 'zod';
import { Instant, Kept, keptMarks, listMarks, Masked, page, paging } from '#shared/contracts/api/common.ts';
import { defineRoute, type ResponseMarks } from '#shared/contracts/api/definition.ts';
import { ErasureBlocker } from '#shared/vocabulary/erasure-policy.ts';
import { id } from '#shared/vocabulary/ids.ts';
import { ErasureGround } from '#shared/vocabulary/statuses.ts';
import { erasureDeclined, erasureRequested } from './erasure-facts.ts';

/** Kinds of things that are kept of a person, or with them. */
export const ErasedKind = z.enum([
  'key',
  'facts',
  'words-at-accounts-and-places',
  'states-and-views',
  'search-keys',
  'duplicates',
  'waiting-and-quarantined',
  'answers-kept-for-repeats',
  'import-files',
  'sign-in',
]);

/** What stays, under the id alone, and why. */
export const StayingKind = z.enum([
  'ledger',
  'agreements-and-roles',
  'usage',
  'addresses-of-premises',
  'references',
  'audit',
]);

const Asked = {
  requestId: z.string().optional().describe('The fact that asked; a decision names it.'),
  ground: ErasureGround.optional().describe('By Article 17(1) of the GDPR.'),
  reason: z.string().optional().describe('Why, in words that name nobody.'),
  requestedAt: Instant.optional(),
  requestedBy: z.string().optional().describe('Who asked, e.g. "staff:…".'),
};
const askedMarks: ResponseMarks = {
  requestId: 'plain',
  ground: 'internal',
  reason: 'internal',
  requestedAt: 'plain',
  requestedBy: 'internal',
};

export const Erasure = z.object({
  customerId: z.string(),
  status: z
    .enum(['none', 'requested', 'declined', 'approved', 'erased'])
    .describe('`approved`: it is being carried out; nothing more is kept of the person.'),
  ...Asked,
  approvedAt: Instant.optional(),
  approvedBy: z.string().optional().describe('The second person.'),
  erasedAt: Instant.optional(),
  records: z.array(z.string()).describe('Ids that are one with the customer: all are erased together.'),
  goes: z.array(z.object({ kind: ErasedKind, count: z.int().min(0).optional(), what: z.string() })),
  stays: z.array(z.object({ kind: StayingKind, count: z.int().min(0).optional(), what: z.string(), why: z.string() })),
  blockers: z
    .array(z.object({ kind: ErasureBlocker, accountId: z.string().optional(), what: z.string() }))
    .describe('What stands against it, by the policy of the utility.'),
  factId: Kept.factId.optional(),
  occurredAt: Kept.occurredAt.optional(),
  masked: Masked,
});
const erasureMarks: ResponseMarks = {
  customerId: 'plain',
  status: 'plain',
  ...askedMarks,
  approvedAt: 'plain',
  approvedBy: 'internal',
  erasedAt: 'plain',
  records: 'plain',
  goes: 'plain',
  stays: 'plain',
  blockers: 'internal',
  ...keptMarks,
  masked: 'plain',
};

const Waiting = z.object({
  customerId: z.string(),
  status: z.enum(['requested', 'approved']),
  ...Asked,
});

const { shape: asked } = erasureRequested.data;
const Decision = z
  .strictObject({
    request: id('fact').describe('The request that was looked at.'),
    decision: z.enum(['approved', 'declined']),
    reason: erasureDeclined.data.shape.reason.optional().describe('Why; with "declined" it must be said.'),
  })
  .refine(({ decision, reason }) => decision === 'approved' || reason !== undefined, {
    path: ['reason'],
    message: 'must be said with "declined"',
  });

const erasure = {
  capability: 'privacy',
  subject: 'customer',
  personal: true,
  response: Erasure,
  marks: erasureMarks,
} as const;

export const erasureRoutes = [
  defineRoute({
    ...erasure,
    operationId: 'requestErasure',
    reason: 'body',
    method: 'POST',
    path: '/v1/customers/{id}/erasure',
    summary: 'Ask for a person to be erased',
    description:
      'Nothing is erased until a second person has approved it. With `dryRun=true` nothing is written, and the answer (200) says what would go, what would stay and why, and what stands against it.',
    act: 'erasure.request',
    dryRunAct: 'erasure.read',
    query: z.strictObject({
      dryRun: z.enum(['true', 'false']).optional().describe('`true`: answers what would come of it, writes nothing.'),
    }),
    body: z.strictObject({ ground: asked.ground, reason: asked.reason }),
    status: 202,
    idempotency: 'required',
  }),
  defineRoute({
    ...erasure,
    operationId: 'decideErasure',
    reason: 'optional',
    method: 'POST',
    path: '/v1/customers/{id}/erasure/decision',
    summary: 'Approve or decline the erasure of a person',
    description:
      'By a second person, who did not ask. Once approved it is carried out by itself and cannot be undone; ask where it stands.',
    act: 'erasure.decide',
    body: Decision,
    status: 202,
    idempotency: 'required',
  }),
  defineRoute({
    ...erasure,
    operationId: 'readErasure',
    method: 'GET',
    path: '/v1/customers/{id}/erasure',
    summary: 'Where the erasure of a person stands',
    description: 'With what goes, what stays and why, and what stands against it.',
    act: 'erasure.read',
  }),
  defineRoute({
    operationId: 'listErasureRequests',
    method: 'GET',
    path: '/v1/erasure-requests',
    capability: 'privacy',
    summary: 'Erasures that wait for a second person, or are being carried out',
    description: 'The longest waiting first.',
    act: 'erasure.read',
    subject: 'none',
    personal: true,
    list: true,
    query: z.strictObject(paging),
    response: page(Waiting),
    marks: listMarks({ customerId: 'plain', status: 'plain', ...askedMarks }),
  }),
];
