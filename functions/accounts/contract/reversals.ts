import * as z from 'zod';
import {
  Instant,
  Kept,
  keptMarks,
  listMarks,
  Masked,
  Money,
  MoneySum,
  page,
  paging,
} from '#shared/contracts/api/common.ts';
import { defineRoute, type ResponseMarks } from '#shared/contracts/api/definition.ts';
import { id } from '#shared/vocabulary/ids.ts';
import { ReversalReason } from '#shared/vocabulary/statuses.ts';
import { reversalRequested } from './reversal-facts.ts';

/** Who asked for a payment to be taken back, and when. */
export const Asked = {
  requestedAt: Instant,
  requestedBy: z.string().describe('Who asked, e.g. "staff:…".'),
};

const ReversalRequest = z.object({
  id: z.string().describe('Id of the fact that asked; a decision names it.'),
  accountId: z.string(),
  paymentId: z.string(),
  amount: Money,
  reason: ReversalReason,
  note: z.string().optional().describe('Why, in words.'),
  ...Asked,
  takenBy: z.string().describe('Who took the payment. Neither they nor who asked may decide.'),
});

const Reversal = z.object({
  id: z.string().describe('Id of the payment.'),
  accountId: z.string(),
  status: z
    .enum(['reversed', 'requested', 'declined'])
    .describe('`requested`: nothing is booked until a second person confirms.'),
  requestId: z.string().optional().describe('What a second person decides on, or has decided on.'),
  ...Kept,
  balance: MoneySum.nullable().optional(),
  masked: Masked,
});
const reversalMarks: ResponseMarks = {
  id: 'plain',
  accountId: 'plain',
  status: 'plain',
  requestId: 'plain',
  ...keptMarks,
  balance: 'financial',
  masked: 'plain',
};

const { shape: asked } = reversalRequested.data;
const Decision = z
  .strictObject({
    request: id('fact').describe('The request that was looked at.'),
    decision: z.enum(['confirmed', 'declined']),
    note: asked.note.optional().describe('Why; with "declined" it must be said.'),
  })
  .refine(({ decision, note }) => decision === 'confirmed' || note !== undefined, {
    path: ['note'],
    message: 'must be said with "declined"',
  });

const reversal = {
  capability: 'accounts',
  personal: true,
  response: Reversal,
  marks: reversalMarks,
  status: 201,
  idempotency: 'required',
} as const;

export const reversalRoutes = [
  defineRoute({
    ...reversal,
    operationId: 'reversePayment',
    reason: 'note',
    method: 'POST',
    path: '/v1/accounts/{id}/payments/{paymentId}/reversal',
    summary: 'Take a payment back that staff took',
    description:
      'The whole amount is owed again. Above the bound of one person nothing is booked: the request is kept (202) and a second person decides. A payment that another system booked is for that system to take back.',
    act: 'payment.reverse',
    subject: 'account',
    body: z.strictObject({ reason: asked.reason, note: asked.note }),
  }),
  defineRoute({
    ...reversal,
    operationId: 'decideReversal',
    reason: 'note',
    method: 'POST',
    path: '/v1/accounts/{id}/payments/{paymentId}/reversal/decision',
    summary: 'Confirm or decline that a payment is taken back',
    description: 'By a second person, who neither asked for it nor took the payment.',
    act: 'reversal.decide',
    subject: 'account',
    body: Decision,
  }),
  defineRoute({
    operationId: 'listReversalRequests',
    method: 'GET',
    path: '/v1/reversal-requests',
    capability: 'accounts',
    summary: 'Payments that wait for a second person to take them back',
    description: 'The longest waiting first.',
    act: 'reversal.read',
    subject: 'none',
    personal: true,
    list: true,
    query: z.strictObject(paging),
    response: page(ReversalRequest),
    marks: listMarks({
      id: 'plain',
      accountId: 'plain',
      paymentId: 'plain',
      amount: 'financial',
      reason: 'financial',
      note: 'freeText',
      requestedAt: 'plain',
      requestedBy: 'internal',
      takenBy: 'internal',
    }),
  }),
];
