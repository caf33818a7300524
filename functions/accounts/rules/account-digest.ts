import { isKept, isLiableRole, isToldOf, willHaveRight } from '#shared/access/held-rights.ts';
import { rolesForMoney } from '#shared/access/money-time.ts';
import { account, closesOn, maxPremises, servedBy } from '#shared/profile/rules/account.ts';
import { dayAsPeriod, isOver, overFrom, type Period } from '#shared/profile/rules/periods.ts';
import { type RoleHeld, rolesHeld } from '#shared/profile/rules/roles.ts';
import { timesOfService } from '#shared/profile/rules/service-at.ts';
import { type States, stateOf } from '#shared/profile/rules/states.ts';
import { type FreshnessView, latestBySource, readSources, writeSources } from '#shared/profile/rules/view/freshness.ts';
import { type DigestReader, type OtherRole, othersFor } from '#shared/profile/rules/view/other-roles.ts';
import { ByteReader, ByteWriter, cutText, indexIn, packWithin } from '#shared/profile/rules/view/packed.ts';
import { premiseMark } from '#shared/profile/rules/view/premise-mark.ts';
import { packBudgets } from '#shared/profile/rules/view/view-budgets.ts';
import { writeReference } from '#shared/vocabulary/references.ts';
import { PaymentMethod, Role } from '#shared/vocabulary/statuses.ts';
import { addDays, daysBetween } from '#shared/vocabulary/time.ts';
import { currencyOf } from './account-currency.ts';
import { billing, latestPayments, newestBills, timeOfBill } from './billing.ts';
import type { Bill, Payment } from './billing-state.ts';
import { type DueDay, type HeldDue, heldDue, mostDueDays } from './due.ts';
import { type DebtTold, debtHeld, debtsTold, owedToTell } from './former-money.ts';

/**
 * What one customer's view holds of one account: what the rights of their roles give (`roleRights`), of money that of the roles'
 * dates. Amounts in minor units of `currency`; nothing is owed where no role tells of it.
 */
export interface AccountDigest {
  readonly roles: readonly (Period & { readonly role: Role })[];
  /** The day from which the account is closed, as far as the reader's time knows; null while somebody holds it. */
  readonly closesOn: string | null;
  readonly currency: string | null;
  readonly reference: string | null;
  /** Whose debt `balance` and `due` are: all that the account owes, or what a former holder does. */
  readonly debt: DebtTold;
  readonly balance: number;
  /** The day from which a credit of somebody who left is theirs no more; null where none is known. */
  readonly creditUntil: string | null;
  readonly lastBill: BillView | null;
  readonly previousBill: BillView | null;
  readonly lastPayments: readonly {
    readonly id: string;
    readonly amount: number;
    readonly on: string;
    readonly method: string;
    readonly reversed: boolean;
  }[];
  readonly due: HeldDue;
  /** First 4 bytes of the packed id of each premise taken service at. */
  readonly premiseMarks: readonly string[];
  readonly sources: FreshnessView;
  /** Premises taken service at that have no mark here. */
  readonly more: number;
  /** To those who owe: who else may act. To the others: who owes. */
  readonly others: readonly OtherRole[];
  /** Roles of others that did not fit. */
  readonly moreOthers: number;
}
export interface BillView {
  readonly id: string;
  readonly amount: number;
  readonly issuedOn: string;
  readonly dueOn: string;
}

const only = (states: States, family: typeof account.name): States =>
  new Map([...states].filter(([name]) => name === family));

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

/**
 * Roles of a customer that are not over, at most 8; else the latest that are, so that three are told where there are three; and
 * always one in which they owed.
 */
const shownRoles = (roles: readonly RoleHeld[], today: string): readonly RoleHeld[] => {
  const lasting = new Set(roles.filter((role) => !isOver(role, today)).slice(-8));
  const former = roles.filter((role) => isOver(role, today));
  const owing = former.filter(isLiableRole).slice(-1);
  const shown = new Set([...lasting, ...owing, ...former.slice(former.length - Math.max(0, 3 - lasting.size))]);
  return roles.filter((role) => shown.has(role));
};

const writeDue = (writer: ByteWriter, { days, more }: HeldDue): void => {
  let last: string | undefined;
  writer.list(days, ({ dueOn, amount, bills }) => {
    if (last === undefined) writer.date(dueOn);
    else writer.whole(daysBetween(last, dueOn));
    writer.whole(amount).whole(bills);
    last = dueOn;
  });
  writer.whole(more);
};

const readDue = (reader: ByteReader): HeldDue => {
  let last: string | undefined;
  const days = reader.list((): DueDay => {
    const dueOn: string = last === undefined ? reader.date() : addDays(last, reader.whole());
    last = dueOn;
    return { dueOn, amount: reader.whole(), bills: reader.whole() };
  });
  return { days, more: reader.whole() };
};

/**
 * The digest of an account for one of its readers, or of those who were; a pure function of the account's states.
 * @param today the utility's local date: decides which agreements still name a premise, which roles are told first, what is overdue
 */
export const packAccountDigest = (states: States, reader: DigestReader, today: string): Uint8Array => {
  const { state } = stateOf(states, account);
  const { state: ledger } = stateOf(states, billing);
  const all = rolesHeld(state.roles);
  const held = all.filter((role) => reader.ids.includes(role.customer));
  const roles = shownRoles(held, today);
  const isFormer = held.length > 0 && held.every((role) => isOver(role, today));
  const [knowsOwed, knowsBills] = [willHaveRight(held, 'owed', today), willHaveRight(held, 'bills', today)];
  const debt = debtHeld(held, today);
  const known = reader.byNow === undefined ? [all] : [all, reader.byNow];
  const owed = owedToTell(debt, ledger, known, reader.ids, today);
  // A role to come is told of money once it has begun, which is read anew for those who have left until then.
  const tells = (role: RoleHeld): boolean => isKept(role, today) && (debt !== 'former' || role.from <= today);
  const forMoney = known.map((each) => rolesForMoney(each, reader.ids).filter(tells));
  const isTold = (time: Period): boolean => forMoney.every((each) => isToldOf(each, 'bills', time));
  const bills = ledger.bills.filter((bill) => isTold(timeOfBill(bill)));
  const payments = latestPayments(ledger.payments).filter(({ on }) => isTold(dayAsPeriod(on)));
  // Where it takes service now, and when it was last spoken of, is no matter of those who have left.
  const { premises, more } = isFormer ? { premises: [], more: 0 } : servedBy(states.get(account.name), today);
  const sources = isFormer ? [] : latestBySource(knowsBills || knowsOwed ? states : only(states, account.name));
  const service = timesOfService(states);
  const reference = state.references[0];
  const others = othersFor(all, reader, held, today);
  const way =
    (shownPayments: number, sourceCount: number, shownPremises: number, shownOthers: number, shownDue: number) =>
    () => {
      const writer = new ByteWriter();
      writer.list(roles, (role) => {
        writer.whole(Role.options.indexOf(role.role)).date(role.from).optionalDate(role.to);
      });
      writer.optionalDate(closesOn(all, service, isFormer ? overFrom(held) : null)).text(currencyOf(states) ?? '');
      writer
        .text(reference === undefined ? '' : cutText(writeReference(reference), 40))
        .whole(debtsTold.indexOf(debt))
        .signed(owed?.balance ?? 0);
      writer.list(newestBills(bills).slice(0, 2), (bill) => writeBill(writer, bill));
      writer.list(payments.slice(0, shownPayments), (payment) => writePayment(writer, payment));
      writeDue(writer, heldDue(owed?.days ?? [], today, shownDue));
      const marked = premises.slice(0, shownPremises);
      writer.list(marked, (premise) => {
        writer.raw(Buffer.from(premiseMark(premise), 'hex'));
      });
      writeSources(writer, sources.slice(0, sourceCount));
      writer.whole(premises.length - marked.length + more);
      const named = others.slice(0, shownOthers);
      writer.list(named, (other) => {
        writer.id(other.customer).whole(Role.options.indexOf(other.role)).date(other.from).optionalDate(other.to);
      });
      writer.whole(others.length - named.length);
      // Last, since a digest written before this was held ends here.
      const until = owed?.creditUntil ?? null;
      return (until === null ? writer : writer.date(until)).bytes();
    };
  return packWithin(isFormer ? packBudgets.former : packBudgets.account, [
    way(3, 3, maxPremises, 4, mostDueDays),
    way(3, 3, maxPremises, 4, 8),
    way(3, 2, maxPremises, 3, 4),
    way(2, 2, maxPremises, 3, 4),
    way(2, 1, 20, 2, 4),
    way(1, 0, 20, 2, 3),
    way(1, 0, 12, 2, 3),
    way(1, 0, 12, 1, 3),
    ...(isFormer ? [way(1, 0, 0, 0, 2)] : []),
  ]);
};

export const readAccountDigest = (bytes: Uint8Array): AccountDigest => {
  const reader = new ByteReader(bytes);
  const roles = reader.list(() => ({
    role: Role.options[reader.whole()] ?? ('nominee' as const),
    from: reader.date(),
    to: reader.optionalDate(),
  }));
  const closes = reader.optionalDate();
  const currency = reader.text();
  const reference = reader.text();
  const debt = debtsTold[reader.whole()] ?? 'none';
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
  const due = readDue(reader);
  const premiseMarks = reader.list(() => Buffer.from(reader.raw(4)).toString('hex'));
  const sources = readSources(reader);
  const more = reader.whole();
  const others = reader.list(() => ({
    customer: reader.id('customer'),
    role: Role.options[reader.whole()] ?? ('nominee' as const),
    from: reader.date(),
    to: reader.optionalDate(),
  }));
  const moreOthers = reader.whole();
  const creditUntil = reader.isAtEnd ? null : reader.date();
  return {
    roles,
    closesOn: closes,
    currency: currency === '' ? null : currency,
    reference: reference === '' ? null : reference,
    debt,
    balance,
    creditUntil,
    lastBill: bills[0] ?? null,
    previousBill: bills[1] ?? null,
    lastPayments,
    due,
    premiseMarks,
    sources,
    more,
    others,
    moreOthers,
  };
};
