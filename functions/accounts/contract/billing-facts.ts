import * as z from 'zod';
import { defineFact } from '#shared/contracts/facts/definition.ts';
import { id } from '#shared/vocabulary/ids.ts';
import { LocalDate } from '#shared/vocabulary/instants.ts';
import { Money, PositiveMoney } from '#shared/vocabulary/money.ts';
import { idOrReference, Reference } from '#shared/vocabulary/references.ts';
import { PaymentMethod, ReversalReason } from '#shared/vocabulary/statuses.ts';
import { reversalDeclined, reversalNote, reversalRequested } from './reversal-facts.ts';

const references = z.array(Reference).max(5).default([]).describe('Ids of this thing in other systems.');
const account = { namespace: 'billing', value: '000123' };

export const billIssued = defineFact({
  type: 'billing.bill.issued.v1',
  title: 'Bill issued',
  description: 'A bill was issued to an account; a negative amount is a credit.',
  inFold: { kind: 'tells', turn: 'thing' },
  category: 'billing',
  severity: 'notable',
  data: z
    .strictObject({
      account: idOrReference('account'),
      number: z.string().min(1).max(40).optional().describe('Number printed on the bill.'),
      amount: Money,
      issuedOn: LocalDate,
      dueOn: LocalDate,
      periodFrom: LocalDate.optional().describe('First day billed for.'),
      periodTo: LocalDate.optional().describe('First day no longer billed for.'),
      references,
    })
    .refine((data) => data.periodFrom === undefined || data.periodTo === undefined || data.periodFrom < data.periodTo, {
      path: ['periodTo'],
      message: 'must be after periodFrom',
    }),
  marks: {
    account: 'plain',
    number: 'financial',
    amount: 'financial',
    issuedOn: 'financial',
    dueOn: 'financial',
    periodFrom: 'financial',
    periodTo: 'financial',
    references: 'plain',
  },
  whole: 'financial',
  subjects: (data) => [{ kind: 'account', named: data.account, pointer: '/data/account', family: 'billing' }],
  creates: 'bill',
  inAccountCurrency: 'amount',
  resolves: { account: 'account' },
  numbers: (data) => (data.number === undefined ? [] : [{ kind: 'bill', value: data.number }]),
  examples: [
    {
      name: 'monthly bill',
      data: {
        account,
        number: 'B-2026-0001',
        amount: { amountMinor: 8423, currency: 'GBP' },
        issuedOn: '2026-02-01',
        dueOn: '2026-02-15',
        periodFrom: '2026-01-01',
        periodTo: '2026-02-01',
      },
    },
  ],
});

export const paymentReceived = defineFact({
  type: 'billing.payment.received.v1',
  title: 'Payment received',
  description: 'Money came in for an account. It settles the oldest due bill first.',
  inFold: { kind: 'tells', turn: 'thing' },
  category: 'payment',
  severity: 'notable',
  data: z.strictObject({
    account: idOrReference('account'),
    amount: PositiveMoney,
    method: PaymentMethod.default('other'),
    receivedOn: LocalDate.optional().describe(
      'Value date; where absent the local day of the fact, in the zone of the utility.',
    ),
    references,
  }),
  marks: { account: 'plain', amount: 'financial', method: 'financial', receivedOn: 'financial', references: 'plain' },
  whole: 'financial',
  subjects: (data) => [{ kind: 'account', named: data.account, pointer: '/data/account', family: 'billing' }],
  creates: 'payment',
  bounded: 'amount',
  inAccountCurrency: 'amount',
  resolves: { account: 'account' },
  examples: [
    {
      name: 'direct debit',
      data: {
        account,
        amount: { amountMinor: 8423, currency: 'GBP' },
        method: 'direct-debit',
        references: [{ namespace: 'billing', value: 'P-77120' }],
      },
    },
  ],
});

export const paymentReversed = defineFact({
  type: 'billing.payment.reversed.v1',
  title: 'Payment reversed',
  description: 'A payment was taken back, e.g. by the bank; the whole amount is owed again.',
  inFold: { kind: 'names', turn: 'end', grounds: { payment: 'payment', request: 'fact' } },
  category: 'payment',
  severity: 'notable',
  data: z.strictObject({
    account: idOrReference('account'),
    payment: idOrReference('payment'),
    reason: ReversalReason.default('other'),
    note: reversalNote.optional().describe('Why, in words, where a person took it back.'),
    request: id('fact').optional().describe('The fact that asked for it, where a second person confirmed.'),
  }),
  marks: { account: 'plain', payment: 'plain', reason: 'financial', note: 'freeText', request: 'internal' },
  whole: 'financial',
  subjects: (data) => [{ kind: 'account', named: data.account, pointer: '/data/account', family: 'billing' }],
  resolves: { account: 'account', payment: 'payment' },
  takesBack: 'payment',
  examples: [
    {
      name: 'refused',
      data: { account, payment: { namespace: 'billing', value: 'P-77120' }, reason: 'insufficient-funds' },
    },
  ],
});

export const billingFacts = [
  billIssued,
  paymentReceived,
  paymentReversed,
  reversalRequested,
  reversalDeclined,
] as const;
