import type { View360 } from '#functions/view.ts';
import { isLiable } from '#shared/access/held-rights.ts';
import { liableRoles } from '#shared/access/role-rights.ts';
import { accountStatus } from '#shared/profile/rules/account.ts';
import { covers, isOver } from '#shared/profile/rules/periods.ts';
import type { ViewBasis } from '#shared/profile/rules/view/section.ts';
import { isFormerOf, type ViewParts } from '#shared/profile/rules/view/view-360.ts';
import { PaymentMethod } from '#shared/vocabulary/statuses.ts';
import type { AccountDigest } from './account-digest.ts';
import { debtOn, mayKnowBills } from './account-digest-today.ts';
import { dueAt } from './due.ts';

type AccountEntry = View360['accounts'][number];

/** An amount of an account in its currency. */
export const moneyOf = (amountMinor: number, digest: AccountDigest) => ({
  amountMinor,
  currency: digest.currency ?? 'XXX',
});

const billView = (bill: NonNullable<AccountDigest['lastBill']>, digest: AccountDigest) => ({
  id: bill.id,
  amount: moneyOf(bill.amount, digest),
  issuedOn: bill.issuedOn,
  dueOn: bill.dueOn,
});

const paymentView = (payment: AccountDigest['lastPayments'][number], digest: AccountDigest) => ({
  id: payment.id,
  amount: moneyOf(payment.amount, digest),
  receivedOn: payment.on,
  method: PaymentMethod.parse(payment.method),
  ...(payment.reversed ? { reversed: true } : {}),
});

const owedView = (digest: AccountDigest, today: string) => {
  const due = dueAt(digest.due.days, today);
  return {
    balance: moneyOf(digest.balance, digest),
    overdue: moneyOf(due.overdue, digest),
    nextDue: due.next === undefined ? null : { ...due.next, amount: moneyOf(due.next.amount, digest) },
  };
};

const billsView = (digest: AccountDigest) => ({
  lastBill: digest.lastBill === null ? null : billView(digest.lastBill, digest),
  previousBill: digest.previousBill === null ? null : billView(digest.previousBill, digest),
  lastPayments: digest.lastPayments.map((payment) => paymentView(payment, digest)),
});

/** Whose debt an account's is, told where it is not the customer's own. */
export const debtOf = (digest: AccountDigest, today: string): NonNullable<AccountEntry['debtOf']> =>
  isLiable(digest.roles, today)
    ? []
    : digest.others
        .filter((other) => liableRoles.includes(other.role) && covers(other, today))
        .map(({ customer, role }) => ({ customerId: customer, role }));

/** Who else may act on the account, told to those who owe what it owes. */
const actorsOf = (digest: AccountDigest, today: string): NonNullable<AccountEntry['actors']> =>
  isLiable(digest.roles, today)
    ? digest.others
        .filter((other) => !liableRoles.includes(other.role) && !isOver(other, today))
        .map(({ customer, role, from, to }) => ({ customerId: customer, role, from, to }))
    : [];

/** An account as the 360 document of a customer tells it: what the rights of their roles give today, and no more (`roleRights`). */
const accountEntry = (
  { id, digest }: ViewParts['accounts'][number],
  supplied: ViewParts['premises'],
  today: string,
): AccountEntry => {
  const shown = digest.roles.filter((role) => covers(role, today));
  const planned = digest.roles.filter((role) => role.from > today && !isOver(role, today));
  const first = shown[0];
  const [actors, debt] = [actorsOf(digest, today), debtOf(digest, today)];
  return {
    id,
    roles: shown.map((role) => role.role),
    ...(planned.length === 0 ? {} : { plannedRoles: planned.map(({ role, from, to }) => ({ role, from, to })) }),
    ...(isFormerOf(digest, today)
      ? { formerRoles: digest.roles.map(({ role, from, to }) => ({ role, from, to })) }
      : {}),
    ...(first === undefined ? {} : { from: first.from, to: first.to }),
    status: accountStatus(digest.closesOn, today),
    ...(debtOn(digest, today) === 'none' ? {} : owedView(digest, today)),
    ...(mayKnowBills(digest, today) ? billsView(digest) : { lastPayments: [] }),
    ...(actors.length > 0 ? { actors } : {}),
    ...(debt.length > 0 ? { debtOf: debt } : {}),
    agreements: supplied
      .filter((premise) => premise.account === id)
      .flatMap((premise) => premise.digest.agreements)
      .map(({ servicePoint, to, ...agreement }) => ({
        ...agreement,
        servicePointId: servicePoint,
        ...(to === null ? {} : { to }),
        ...(agreement.from > today ? { planned: true as const } : {}),
      })),
  };
};

/** Accounts of the customer, as the 360 view tells them. */
export const showAccounts = ({ shown, supplied, today }: ViewBasis): View360['accounts'] =>
  shown.map((account) => accountEntry(account, supplied, today));
