import * as z from 'zod';
import {
  Instant,
  Kept,
  keptMarks,
  LocalDate,
  listMarks,
  Masked,
  Money,
  MoneySum,
  page,
  paging,
  pastMoment,
  references,
  Version,
} from '#shared/contracts/api/common.ts';
import { defineRoute, type ResponseMarks } from '#shared/contracts/api/definition.ts';
import { AccountStatus, ReversalReason, Role } from '#shared/vocabulary/statuses.ts';
import { AgreementBrief, BillBrief, NextDue, PaymentBrief } from './account-view.ts';
import { paymentReceived } from './billing-facts.ts';
import { Asked } from './reversals.ts';

const Account = z.object({
  id: z.string(),
  status: AccountStatus.describe('`closed` once nobody owes what it owes and it takes no service.'),
  currency: z.string(),
  openedOn: LocalDate.optional(),
  references: references.optional(),
  holders: z.array(
    z.object({
      customerId: z.string(),
      role: Role,
      from: LocalDate,
      to: LocalDate.nullable().optional(),
      planned: z.literal(true).optional().describe('It is yet to begin.'),
    }),
  ),
  formerHolders: z
    .array(z.object({ customerId: z.string(), role: Role, from: LocalDate, to: LocalDate.nullable() }))
    .optional()
    .describe('Those who have left, the last 20 roles; a customer who has left is told of their own.'),
  agreements: z.array(AgreementBrief).describe('Those not over; to a customer who has left, those of their time.'),
  morePremises: z
    .int()
    .optional()
    .describe(
      'How many more premises it takes service at than `agreements` has room for: the list of agreements has all.',
    ),
  endsThatDiffer: z
    .array(
      z.object({
        agreementId: z.string().optional(),
        customerId: z.string().optional(),
        role: Role.optional(),
        from: LocalDate,
        ends: z.array(z.object({ source: z.string(), to: LocalDate })),
      }),
    )
    .optional()
    .describe('Agreements and roles of which sources say different ends; the earliest holds. Told to staff.'),
  endsWithoutStart: z
    .int()
    .optional()
    .describe('How many ends were told of agreements and roles that nobody said began. Told to staff.'),
  agreementsWithoutPoint: z
    .int()
    .optional()
    .describe(
      'How many agreements that are not over are of points that were taken back, and hold for nobody. Told to staff.',
    ),
  balance: MoneySum.nullable().optional(),
  overdue: MoneySum.nullable().optional(),
  lastBill: BillBrief.nullable().optional(),
  lastPayments: z.array(PaymentBrief),
  nextDue: NextDue.nullable().optional(),
  version: Version,
  masked: Masked,
});
const accountMarks: ResponseMarks = {
  id: 'plain',
  status: 'plain',
  currency: 'plain',
  openedOn: 'plain',
  references: 'plain',
  holders: 'plain',
  formerHolders: 'plain',
  agreements: 'plain',
  morePremises: 'plain',
  endsThatDiffer: 'internal',
  endsWithoutStart: 'internal',
  agreementsWithoutPoint: 'internal',
  balance: 'financial',
  overdue: 'financial',
  lastBill: 'financial',
  lastPayments: 'financial',
  nextDue: 'financial',
  // It counts bills and payments.
  version: 'financial',
  masked: 'plain',
};

const Bill = BillBrief.extend({
  periodFrom: LocalDate.optional(),
  periodTo: LocalDate.optional(),
  settledOn: LocalDate.nullable().optional(),
  open: MoneySum.optional().describe('What is still owed of it.'),
  references: references.optional(),
});

const AgreementEntry = AgreementBrief.extend({
  premiseId: z.string(),
  endsThatDiffer: z
    .array(z.object({ source: z.string(), to: LocalDate }))
    .optional()
    .describe('What sources say of its end, where they differ; the earliest holds. Told to staff.'),
  withoutPoint: z
    .literal(true)
    .optional()
    .describe('Its point was taken back: it holds for nobody. Told to staff; customers are told of none such.'),
});

const Payment = PaymentBrief.extend({
  reversedAt: Instant.optional(),
  reversalReason: z.string().optional(),
  reversalNote: z.string().optional().describe('Why, in words, where staff took it back.'),
  reversalRequest: z
    .object({ id: z.string(), reason: ReversalReason, note: z.string().optional(), ...Asked })
    .optional()
    .describe('Somebody asked to take it back; a second person has not decided yet.'),
  references: references.optional(),
});

const LedgerEntry = z.object({
  factId: z.string(),
  at: Instant,
  kind: z.enum(['bill', 'payment', 'reversal']),
  id: z.string().describe('Id of the bill or payment.'),
  amount: Money.describe('Positive: owed by the customer.'),
  balance: MoneySum.optional().describe('Balance after this entry, where the page knows it.'),
});

const below = (marks: ResponseMarks) => listMarks(marks);
const accountRead = { capability: 'accounts', subject: 'account', personal: true } as const;
const listQuery = z.strictObject(paging);

export const accountRoutes = [
  defineRoute({
    ...accountRead,
    operationId: 'readAccount',
    method: 'GET',
    path: '/v1/accounts/{id}',
    summary: 'Read an account',
    description: 'With `asOf` and `knownAt` as it was.',
    query: z.strictObject(pastMoment),
    act: 'account.read',
    response: Account,
    marks: accountMarks,
  }),
  defineRoute({
    ...accountRead,
    operationId: 'listAgreements',
    method: 'GET',
    path: '/v1/accounts/{id}/agreements',
    summary: 'Agreements, those that are over too',
    description:
      'Place by place, as the places know them. A page holds the agreements of at most `limit` service points, so it may hold more entries, or fewer. Customers are told of the time of their own roles.',
    act: 'account.read',
    list: true,
    query: listQuery,
    response: page(AgreementEntry),
    marks: below({
      id: 'plain',
      premiseId: 'plain',
      servicePointId: 'plain',
      tariff: 'plain',
      from: 'plain',
      to: 'plain',
      planned: 'plain',
      endsThatDiffer: 'internal',
      withoutPoint: 'internal',
    }),
  }),
  defineRoute({
    ...accountRead,
    operationId: 'listBills',
    method: 'GET',
    path: '/v1/accounts/{id}/bills',
    summary: 'Bills, newest first',
    act: 'money.read',
    list: true,
    query: listQuery,
    response: page(Bill),
    marks: below({
      id: 'plain',
      number: 'financial',
      amount: 'financial',
      issuedOn: 'financial',
      dueOn: 'financial',
      periodFrom: 'financial',
      periodTo: 'financial',
      settledOn: 'financial',
      open: 'financial',
      references: 'plain',
    }),
  }),
  defineRoute({
    ...accountRead,
    operationId: 'listPayments',
    method: 'GET',
    path: '/v1/accounts/{id}/payments',
    summary: 'Payments, newest first',
    description:
      'In the order in which they came about, each with its value date; `lastPayments` of the account go by value date.',
    act: 'money.read',
    list: true,
    query: listQuery,
    response: page(Payment),
    marks: below({
      id: 'plain',
      amount: 'financial',
      receivedOn: 'financial',
      method: 'financial',
      reversed: 'financial',
      reversedAt: 'financial',
      reversalReason: 'financial',
      reversalNote: 'freeText',
      reversalRequest: 'internal',
      references: 'plain',
    }),
  }),
  defineRoute({
    ...accountRead,
    operationId: 'readLedger',
    method: 'GET',
    path: '/v1/accounts/{id}/ledger',
    summary: 'Every entry that made the balance, newest first',
    act: 'money.read',
    list: true,
    query: listQuery,
    response: page(LedgerEntry),
    marks: below({
      factId: 'plain',
      at: 'plain',
      kind: 'financial',
      id: 'plain',
      amount: 'financial',
      balance: 'financial',
    }),
  }),
  defineRoute({
    ...accountRead,
    operationId: 'takePayment',
    method: 'POST',
    path: '/v1/accounts/{id}/payments',
    reason: 'optional',
    summary: 'Take a payment',
    description:
      'Staff record money received. It settles the oldest due bill first. The day is today; billing may say another one, from the opening of the account on.',
    act: 'payment.take',
    body: paymentReceived.data.omit({ account: true }),
    response: z.object({
      id: z.string(),
      accountId: z.string(),
      ...Kept,
      receivedOn: LocalDate,
      balance: MoneySum.nullable().optional(),
      masked: Masked,
    }),
    marks: {
      id: 'plain',
      accountId: 'plain',
      ...keptMarks,
      receivedOn: 'financial',
      balance: 'financial',
      masked: 'plain',
    },
    status: 201,
    idempotency: 'required',
  }),
];
