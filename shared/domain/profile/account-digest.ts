import { writeReference } from '#shared/vocabulary/references.ts';
import { AccountStatus, PaymentMethod, Role } from '#shared/vocabulary/statuses.ts';
import { account, maxPremises, premisesOf } from './account.ts';
import { type Bill, balanceOf, billing, type Owed, owedOf, type Payment } from './billing.ts';
import { type FreshnessView, latestBySource, readSources, writeSources } from './customer-sections.ts';
import { type States, stateOf } from './families.ts';
import { ByteReader, ByteWriter, cutText, indexIn, packWithin } from './packed.ts';
import { isOver, type Period } from './periods.ts';
import type { RoleHeld } from './roles.ts';
import { packBudgets } from './view-budgets.ts';

/** What one customer's view holds of one account. Amounts in minor units of `currency`. */
export interface AccountDigest {
  readonly roles: readonly (Period & { readonly role: Role })[];
  readonly status: AccountStatus;
  readonly currency: string | null;
  readonly reference: string | null;
  readonly balance: number;
  readonly lastBill: BillView | null;
  readonly previousBill: BillView | null;
  readonly lastPayments: readonly {
    readonly id: string;
    readonly amount: number;
    readonly on: string;
    readonly method: string;
    readonly reversed: boolean;
  }[];
  /** What is owed, oldest due first; of more than five, the first stands for all that is overdue, the last for the rest. */
  readonly owed: readonly { readonly dueOn: string; readonly amount: number }[];
  /** First 4 bytes of the packed id of each premise taken service at. */
  readonly premiseMarks: readonly string[];
  readonly sources: FreshnessView;
  /** Premises taken service at that have no mark here. */
  readonly more: number;
}
export interface BillView {
  readonly id: string;
  readonly amount: number;
  readonly issuedOn: string;
  readonly dueOn: string;
}

/** The mark by which an account digest names a premise: 4 bytes of its id, as hex. */
export const premiseMark = (premise: string): string =>
  Buffer.from(new ByteWriter().id(premise).bytes().subarray(0, 4)).toString('hex');

/** The two bills issued last, newest first. */
export const newestBills = (bills: readonly Bill[]): readonly Bill[] =>
  bills
    .toSorted((a, b) => (a.issuedOn === b.issuedOn ? (a.id < b.id ? 1 : -1) : a.issuedOn < b.issuedOn ? 1 : -1))
    .slice(0, 2);

const writeBill = (writer: ByteWriter, bill: Bill): void => {
  writer.id(bill.id).signed(bill.amount).date(bill.issuedOn).date(bill.dueOn);
};

const writePayment = (writer: ByteWriter, payment: Payment): void => {
  const method = indexIn(PaymentMethod.options, payment.method);
  writer
    .id(payment.id)
    .whole(payment.amount)
    .date(payment.on)
    .whole((method + 1) * 2 + (payment.reversed ? 1 : 0));
};

/** Roles of a customer that are not over, at most 8; else the latest that are, so that three are told where there are three. */
const shownRoles = (roles: readonly RoleHeld[], today: string): readonly RoleHeld[] => {
  const lasting = new Set(roles.filter((role) => !isOver(role, today)).slice(-8));
  const former = roles.filter((role) => isOver(role, today));
  const shown = new Set([...lasting, ...former.slice(former.length - Math.max(0, 3 - lasting.size))]);
  return roles.filter((role) => shown.has(role));
};

const maxOwed = 5;

/**
 * What is owed in at most 5 entries. What is overdue already stays so until it is paid: it is told as one sum first, then the
 * last of what is due later.
 */
const shownOwed = (owed: readonly Owed[], today: string): AccountDigest['owed'] => {
  const sumOf = (entries: readonly Owed[]): AccountDigest['owed'] =>
    entries.slice(0, 1).map(({ dueOn }) => ({ dueOn, amount: entries.reduce((sum, one) => sum + one.amount, 0) }));
  if (owed.length <= maxOwed) return owed;
  const late = sumOf(owed.filter((one) => one.dueOn < today));
  const coming = owed.filter((one) => one.dueOn >= today);
  const places = maxOwed - late.length;
  if (coming.length <= places) return [...late, ...coming];
  return [...late, ...coming.slice(0, places - 1), ...sumOf(coming.slice(places - 1))];
};

/**
 * The digest of an account for one of its readers; a pure function of the account's states.
 * @param customer the reader's ids: their own, and those of records merged into theirs
 * @param today the utility's local date: decides which agreements still name a premise, which roles are told first, what is overdue
 */
export const packAccountDigest = (states: States, customer: readonly string[], today: string): Uint8Array => {
  const { state } = stateOf(states, account);
  const { state: ledger } = stateOf(states, billing);
  const ofCustomer = state.roles.filter((role) => customer.includes(role.customer));
  const roles = shownRoles(ofCustomer, today);
  const owed = shownOwed(owedOf(ledger), today);
  const premises = premisesOf(state, today);
  const sources = latestBySource(states);
  const reference = state.references[0];
  const way = (payments: number, sourceCount: number, shownPremises: number) => () => {
    const writer = new ByteWriter();
    writer.list(roles, (role) => {
      writer.whole(Role.options.indexOf(role.role)).date(role.from).optionalDate(role.to);
    });
    writer.whole(AccountStatus.options.indexOf('open')).text(state.currency ?? ledger.currency ?? '');
    writer.text(reference === undefined ? '' : cutText(writeReference(reference), 40)).signed(balanceOf(ledger));
    writer.list(newestBills(ledger.bills), (bill) => writeBill(writer, bill));
    writer.list(ledger.payments.slice(-payments).toReversed(), (payment) => writePayment(writer, payment));
    writer.list(owed, (one) => {
      writer.date(one.dueOn).whole(one.amount);
    });
    const marked = premises.slice(0, shownPremises);
    writer.list(marked, (premise) => {
      writer.raw(Buffer.from(premiseMark(premise), 'hex'));
    });
    writeSources(writer, sources.slice(0, sourceCount));
    return writer.whole(premises.length - marked.length).bytes();
  };
  return packWithin(packBudgets.account, [
    way(3, 3, maxPremises),
    way(3, 2, maxPremises),
    way(2, 2, maxPremises),
    way(2, 1, 20),
    way(1, 0, 20),
    way(1, 0, 12),
  ]);
};

export const readAccountDigest = (bytes: Uint8Array): AccountDigest => {
  const reader = new ByteReader(bytes);
  const roles = reader.list(() => ({
    role: Role.options[reader.whole()] ?? ('nominee' as const),
    from: reader.date(),
    to: reader.optionalDate(),
  }));
  const status = AccountStatus.options[reader.whole()] ?? 'open';
  const currency = reader.text();
  const reference = reader.text();
  const balance = reader.signed();
  const bills = reader.list(() => ({
    id: reader.id('bill'),
    amount: reader.signed(),
    issuedOn: reader.date(),
    dueOn: reader.date(),
  }));
  const lastPayments = reader.list(() => {
    const payment = { id: reader.id('payment'), amount: reader.whole(), on: reader.date() };
    const code = reader.whole();
    return { ...payment, method: PaymentMethod.options[(code >> 1) - 1] ?? 'other', reversed: (code & 1) === 1 };
  });
  const owed = reader.list(() => ({ dueOn: reader.date(), amount: reader.whole() }));
  const premiseMarks = reader.list(() => Buffer.from(reader.raw(4)).toString('hex'));
  const sources = readSources(reader);
  const more = reader.whole();
  return {
    roles,
    status,
    currency: currency === '' ? null : currency,
    reference: reference === '' ? null : reference,
    balance,
    lastBill: bills[0] ?? null,
    previousBill: bills[1] ?? null,
    lastPayments,
    owed,
    premiseMarks,
    sources,
    more,
  };
};
