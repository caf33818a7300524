import * as z from 'zod';
import { defineFact } from '#shared/contracts/facts/definition.ts';
import { id } from '#shared/vocabulary/ids.ts';
import { idOrReference } from '#shared/vocabulary/references.ts';
import { ReversalReason } from '#shared/vocabulary/statuses.ts';

/** Why, in words. */
export const reversalNote = z.string().trim().min(3).max(500);

const account = { namespace: 'billing', value: '000123' };
const payment = 'pay_0123456789ABCDEFGHJKMNPQRS';

const common = {
  category: 'payment',
  severity: 'notable',
  // What staff ask of one another is nothing that happened to the customer; what comes of it is told.
  // What staff at a desk ask one another: no customer and no field crew is told that it is there.
  whole: 'freeText',
  resolves: { account: 'account', payment: 'payment' },
  ownOnly: true,
} as const;

export const reversalRequested = defineFact({
  ...common,
  type: 'billing.reversal.requested.v1',
  title: 'Reversal of a payment asked for',
  description:
    'Staff asked for a payment to be taken back whose amount is above what one person takes back alone. Nothing is booked until a second person confirms it.',
  inFold: { kind: 'names', turn: 'request', grounds: { payment: 'payment' } },
  data: z.strictObject({
    account: idOrReference('account'),
    payment: idOrReference('payment'),
    reason: ReversalReason,
    note: reversalNote.describe('Why, in words.'),
  }),
  marks: { account: 'plain', payment: 'plain', reason: 'financial', note: 'freeText' },
  subjects: (data) => [{ kind: 'account', named: data.account, pointer: '/data/account', family: 'billing' }],
  examples: [
    { name: 'a slip', data: { account, payment, reason: 'error', note: 'Booked 8,423.00 in place of 84.23.' } },
  ],
});

export const reversalDeclined = defineFact({
  ...common,
  type: 'billing.reversal.declined.v1',
  title: 'Reversal of a payment declined',
  description: 'A second person declined to take a payment back: it stays booked.',
  inFold: { kind: 'names', turn: 'refusal', grounds: { payment: 'payment', request: 'fact' } },
  data: z.strictObject({
    account: idOrReference('account'),
    payment: idOrReference('payment'),
    request: id('fact').describe('The fact that asked for it.'),
    note: reversalNote.describe('Why, in words.'),
  }),
  marks: { account: 'plain', payment: 'plain', request: 'plain', note: 'freeText' },
  subjects: (data) => [{ kind: 'account', named: data.account, pointer: '/data/account', family: 'billing' }],
  examples: [
    {
      name: 'the amount is right',
      data: {
        account,
        payment,
        request: 'fct_0123456789ABCDEFGHJKMNPQRS',
        note: 'The bank statement shows the amount as booked.',
      },
    },
  ],
});
