import * as z from 'zod';
import { LocalDate, Money, MoneySum } from '#shared/contracts/api/common.ts';
import { below, type ResponseMarks } from '#shared/contracts/api/definition.ts';
import { AccountStatus, PaymentMethod, Role } from '#shared/vocabulary/statuses.ts';

export const BillBrief = z.object({
  id: z.string(),
  number: z.string().optional(),
  amount: Money,
  issuedOn: LocalDate,
  dueOn: LocalDate,
});

export const PaymentBrief = z.object({
  id: z.string(),
  amount: Money,
  receivedOn: LocalDate,
  method: PaymentMethod,
  reversed: z.boolean().optional(),
});

export const AgreementBrief = z.object({
  id: z.string(),
  servicePointId: z.string(),
  tariff: z.string(),
  from: LocalDate,
  to: LocalDate.optional(),
  planned: z.literal(true).optional().describe('It is yet to begin.'),
});

export const NextDue = z.object({
  amount: MoneySum.describe('What is still owed on the bills of that day.'),
  dueOn: LocalDate,
  bills: z.int().describe('How many bills that is.'),
});

/** What the customer's roles on the account give them (docs/access.md); money only while such a role covers now. */
export const AccountView = z.object({
  id: z.string(),
  roles: z.array(Role).describe('Those that hold today.'),
  plannedRoles: z.array(z.object({ role: Role, from: LocalDate, to: LocalDate.nullable() })).optional(),
  formerRoles: z
    .array(z.object({ role: Role, from: LocalDate, to: LocalDate.nullable() }))
    .optional()
    .describe('Where every role of the customer is over: the account was theirs. Money is that of their time.'),
  from: LocalDate.optional(),
  to: LocalDate.nullable().optional(),
  status: AccountStatus.describe('`closed` once nobody owes what it owes and it takes no service.'),
  balance: MoneySum.nullable().optional(),
  overdue: MoneySum.nullable().optional(),
  lastBill: BillBrief.nullable().optional(),
  previousBill: BillBrief.nullable().optional(),
  lastPayments: z.array(PaymentBrief),
  nextDue: NextDue.nullable().optional(),
  actors: z
    .array(z.object({ customerId: z.string(), role: Role, from: LocalDate, to: LocalDate.nullable() }))
    .optional()
    .describe('Who else may act on it, now or to come; told where the customer owes what it owes.'),
  debtOf: z
    .array(z.object({ customerId: z.string(), role: Role }))
    .optional()
    .describe('Whose debt it is; told where it is that of somebody else.'),
  agreements: z.array(AgreementBrief),
});

const accountViewMarks = {
  id: 'plain',
  roles: 'plain',
  plannedRoles: 'plain',
  formerRoles: 'plain',
  from: 'plain',
  to: 'plain',
  status: 'plain',
  balance: 'financial',
  overdue: 'financial',
  lastBill: 'financial',
  previousBill: 'financial',
  lastPayments: 'financial',
  nextDue: 'financial',
  actors: 'plain',
  debtOf: 'plain',
  agreements: 'plain',
} as const satisfies ResponseMarks;

/** What the 360 view says of accounts. */
export const accountsInView = { schema: z.array(AccountView), marks: below('accounts[]', accountViewMarks) };
