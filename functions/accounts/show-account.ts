import type { AnswerOf } from '#functions/routes.ts';
import { isLiableRole } from '#shared/access/held-rights.ts';
import { type AccountState, account, accountStatus, closesOn } from '#shared/profile/rules/account.ts';
import type { FoldState } from '#shared/profile/rules/fold.ts';
import { dayAsPeriod, isOver, overFrom, type Period } from '#shared/profile/rules/periods.ts';
import { type RoleHeld, rolesHeld } from '#shared/profile/rules/roles.ts';
import { timesOfService, toldAgreements } from '#shared/profile/rules/service-at.ts';
import { factsCounted, type States, stateOf } from '#shared/profile/rules/states.ts';
import { endsThatDiffer, endsWaiting } from '#shared/profile/rules/told-ends.ts';
import { versionOf } from '#shared/profile/store/view-writes.ts';
import { PaymentMethod } from '#shared/vocabulary/statuses.ts';
import type { AccountService } from './account-service.ts';
import { currencyOf } from './rules/account-currency.ts';
import { billing, latestPayments, newestBills, timeOfBill } from './rules/billing.ts';
import { dueAt } from './rules/due.ts';
import { type ToldToReader, toldAll } from './told-to-reader.ts';

type AccountAnswer = AnswerOf<'readAccount'>;
type OwedMembers = Pick<AccountAnswer, 'balance' | 'overdue' | 'nextDue'>;
type BillMembers = Pick<AccountAnswer, 'lastBill' | 'lastPayments'>;

/** What staff should ask about: ends of which sources say different things, and those of what nobody said began. */
const contestedEnds = (held: FoldState<AccountState>) => {
  const { roles } = held.state;
  // Of very many agreements each tells of its own ends in the list of them.
  const agreements =
    held.parts === undefined ? [] : toldAgreements(new Map([[account.name, held]]), account.name).starts;
  const differing = [
    ...agreements.map((start) => ({ agreementId: start.id, from: start.from, ends: endsThatDiffer(start) })),
    ...roles.starts.map((start) => ({
      customerId: start.customer,
      role: start.role,
      from: start.from,
      ends: endsThatDiffer(start),
    })),
  ].filter(({ ends }) => ends.length > 0);
  const waiting = (held.ofParts?.counts.waiting ?? 0) + endsWaiting(roles);
  return {
    ...(differing.length === 0
      ? {}
      : { endsThatDiffer: differing.map(({ ends, ...one }) => ({ ...one, ends: [...ends] })) }),
    ...(waiting === 0 ? {} : { endsWithoutStart: waiting }),
  };
};

/** Most roles that are over of which staff are told with an account. */
const mostFormer = 20;

/** Whose the account was, of those who owed: staff are told of all who have left, who has left of their own roles. */
const formerHolders = (
  all: readonly RoleHeld[],
  left: readonly Period[] | undefined,
  told: ToldToReader,
  today: string,
): Pick<AccountAnswer, 'formerHolders'> => {
  if (told !== toldAll && left === undefined) return {};
  const lasting = new Set(all.flatMap((role) => (isOver(role, today) ? [] : [role.customer])));
  const former = all
    .filter((role) => !lasting.has(role.customer) && isLiableRole(role) && told.role(role, today))
    .slice(-mostFormer);
  return former.length === 0
    ? {}
    : { formerHolders: former.map(({ customer, role, from, to }) => ({ customerId: customer, role, from, to })) };
};

/**
 * An account from its states, as who reads it is told of it; what is overdue is told for today.
 * @param service its agreements as they are in effect (`accountService`)
 */
export const accountView = (
  id: string,
  states: States,
  service: AccountService,
  today: string,
  told: ToldToReader = toldAll,
): AccountAnswer => {
  const held = stateOf(states, account);
  const { state } = held;
  const ledger = stateOf(states, billing).state;
  const currency = currencyOf(states) ?? 'XXX';
  const money = (amountMinor: number) => ({ amountMinor, currency });
  const left = told.left(today);
  const roles = rolesHeld(state.roles);
  const taken = timesOfService(states);
  const owed = told.owed(ledger, today);
  const due = dueAt(owed?.days ?? [], today);
  const [newest] = newestBills(ledger.bills.filter((bill) => told.money(timeOfBill(bill))));
  const owedMembers = (balance: number): OwedMembers => ({
    balance: money(balance),
    overdue: money(due.overdue),
    nextDue: due.next === undefined ? null : { ...due.next, amount: money(due.next.amount) },
  });
  const billMembers = (): BillMembers => ({
    lastBill:
      newest === undefined
        ? null
        : {
            id: newest.id,
            ...(newest.number === null ? {} : { number: newest.number }),
            amount: money(newest.amount),
            issuedOn: newest.issuedOn,
            dueOn: newest.dueOn,
          },
    lastPayments: latestPayments(ledger.payments)
      .filter(({ on }) => told.money(dayAsPeriod(on)))
      .slice(0, 3)
      .map((payment) => ({
        id: payment.id,
        amount: money(payment.amount),
        receivedOn: payment.on,
        method: PaymentMethod.parse(payment.method),
        ...(payment.reversed ? { reversed: true } : {}),
      })),
  });
  return {
    id,
    status: accountStatus(closesOn(roles, taken, left === undefined ? null : overFrom(left)), today),
    currency: state.currency ?? currency,
    ...(state.openedOn === null ? {} : { openedOn: state.openedOn }),
    references: [...state.references],
    holders: roles
      .filter((role) => !isOver(role, today) && told.role(role, today))
      .map((role) => ({
        customerId: role.customer,
        role: role.role,
        from: role.from,
        to: role.to,
        ...(role.from > today ? { planned: true as const } : {}),
      })),
    ...formerHolders(roles, left, told, today),
    agreements: service.agreements.map((one) => ({
      id: one.id,
      servicePointId: one.servicePoint,
      tariff: one.tariff,
      from: one.from,
      ...(one.to === null ? {} : { to: one.to }),
      ...(one.from > today ? { planned: true as const } : {}),
    })),
    ...(service.morePremises === 0 ? {} : { morePremises: service.morePremises }),
    ...(told === toldAll ? contestedEnds(held) : {}),
    ...(told === toldAll && service.withoutPoint > 0 ? { agreementsWithoutPoint: service.withoutPoint } : {}),
    ...(owed === undefined ? {} : owedMembers(owed.balance)),
    ...(told.bills(today) ? billMembers() : { lastPayments: [] }),
    // How often something was told of money there is nothing for a customer to count, nor what came after they left.
    version: Math.max(1, told === toldAll ? versionOf(states) : (left?.length ?? factsCounted(held))),
    masked: [],
  };
};
