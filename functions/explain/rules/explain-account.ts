import { billing, moneyOf, newestBills, owedOf, timeOfBill, timeOfMoney } from '#functions/accounts/rules/billing.ts';
import type { BillingState } from '#functions/accounts/rules/billing-state.ts';
import { byDueDay, dueAt } from '#functions/accounts/rules/due.ts';
import { debtTold, owedByFormer } from '#functions/accounts/rules/former-money.ts';
import { isKept, isToldOf } from '#shared/access/held-rights.ts';
import { rolesForMoney } from '#shared/access/money-time.ts';
import { liableRoles } from '#shared/access/role-rights.ts';
import { account, accountAgreements } from '#shared/profile/rules/account.ts';
import {
  effectiveAgreements,
  factsOfAgreement,
  joinedList,
  supplyParts,
  type ToldAgreements,
} from '#shared/profile/rules/agreements.ts';
import { effectsOf, endOf, endsOfParts } from '#shared/profile/rules/effects.ts';
import type { OrderedFact, Parts } from '#shared/profile/rules/fold.ts';
import { covers, isOver, type Period } from '#shared/profile/rules/periods.ts';
import { rolesHeld } from '#shared/profile/rules/roles.ts';
import { computed, creatorOf, type Explanation, explainSlot, type Input } from './explain.ts';
import { factOf } from './explain-customer.ts';

/** Facts of an account, by family. */
export interface AccountFacts {
  readonly account: readonly OrderedFact[];
  readonly billing: readonly OrderedFact[];
}

/** Facts of service at the premises of an account, by premise: who else has or claims a point is known there alone. */
export type ServiceFacts = ReadonlyMap<string, readonly OrderedFact[]>;

/** Agreements that facts come to, of all points. */
const agreementsOf = (parts: Parts<ToldAgreements>, facts: readonly OrderedFact[]): ToldAgreements =>
  joinedList(endsOfParts(parts, facts));

/** Premises that an account was said to take service at, the last said last; of an agreement that of its own. */
export const premisesToldOf = (facts: readonly OrderedFact[], agreement?: string): readonly string[] => {
  const order = new Map(facts.map(({ fact }, place) => [fact.entity, place] as const));
  const place = (id: string): number => order.get(id) ?? 0;
  const starts = agreementsOf(accountAgreements, facts).starts.toSorted((a, b) => place(b.id) - place(a.id));
  const meant = agreement === undefined ? starts : starts.filter(({ id }) => id === agreement);
  return [...new Set(meant.map(({ premise }) => premise))].toReversed();
};

/** Whose view the account stands in: their own id, and those of records merged into theirs. */
type Reader = readonly string[];

type ToldMoney = (time: Period) => boolean;

/** What of the account's debt the reader is told, bill by bill: of those who have left, that of their time. */
const toldDebt = (facts: AccountFacts, reader: Reader, today: string) => {
  const all = rolesHeld(endOf(account, effectsOf(account, facts.account)).roles);
  const ledger = endOf(billing, effectsOf(billing, facts.billing));
  const debt = debtTold(
    all.filter(({ customer }) => reader.includes(customer)),
    today,
  );
  return { debt, ledger, owed: debt === 'former' ? owedByFormer(ledger, [all], reader) : owedOf(ledger) };
};

/** Whether the reader is told of money that speaks of a time: within the dates of a role that gives it. */
const toldMoney = (facts: AccountFacts, reader: Reader, today: string): ToldMoney => {
  const all = rolesHeld(endOf(account, effectsOf(account, facts.account)).roles);
  const held = rolesForMoney(all, reader).filter((role) => role.from <= today && isKept(role, today));
  return (time) => isToldOf(held, 'bills', time);
};

/** Most inputs listed one by one; those before are told as one sum. */
const mostInputs = 200;

const signOf: Readonly<Record<string, { readonly sign: number; readonly what: string }>> = {
  'billing.bill.issued.v1': { sign: 1, what: 'bill' },
  'billing.payment.received.v1': { sign: -1, what: 'payment' },
  'billing.payment.reversed.v1': { sign: 1, what: 'payment reversed' },
};

const amountOf = (input: Input): number => {
  const { value } = input;
  return typeof value === 'object' && value !== null && 'amountMinor' in value && typeof value.amountMinor === 'number'
    ? value.amountMinor
    : 0;
};

/** What each fact adds to the balance, in minor units; what the reader is not told of one by one is one sum. */
const balanceInputs = (facts: readonly OrderedFact[], told: ToldMoney, currency: string | null): readonly Input[] => {
  const entries = effectsOf(billing, facts).flatMap(({ entry: { fact }, counted }) => {
    const kind = counted ? signOf[fact.type] : undefined;
    const about = fact.type === 'billing.payment.reversed.v1' ? creatorOf(facts, fact.data.payment ?? '') : fact;
    const amount = about === undefined ? undefined : moneyOf(about);
    if (kind === undefined || about === undefined || amount === undefined) return [];
    const value = { amountMinor: kind.sign * amount.amountMinor, currency: amount.currency };
    return [{ input: { what: kind.what, factId: fact.id, value }, isTold: told(timeOfMoney(about)) }];
  });
  const untold = entries.filter(({ isTold }) => !isTold);
  const amountMinor = untold.reduce((sum, { input }) => sum + amountOf(input), 0);
  return [
    ...(untold.length === 0
      ? []
      : [{ what: 'entries that the roles do not tell of', value: { amountMinor, currency: currency ?? 'XXX' } }]),
    ...entries.flatMap(({ input, isTold }) => (isTold ? [input] : [])),
  ];
};

const bounded = (inputs: readonly Input[], currency: string | null): readonly Input[] => {
  if (inputs.length <= mostInputs) return inputs;
  const early = inputs.slice(0, inputs.length - mostInputs + 1);
  const amountMinor = early.reduce((sum, one) => sum + amountOf(one), 0);
  return [
    { what: `${early.length} earlier entries`, value: { amountMinor, currency: currency ?? 'XXX' } },
    ...inputs.slice(early.length),
  ];
};

/** What is owed, bill by bill, of those due within some dates. */
const owedInputs = (
  { ledger, owed }: Pick<ReturnType<typeof toldDebt>, 'ledger' | 'owed'>,
  facts: readonly OrderedFact[],
  told: ToldMoney,
  due: (dueOn: string) => boolean,
): readonly Input[] =>
  owed
    .filter(({ dueOn }) => due(dueOn))
    .map(({ bill, dueOn, amount }) => {
      const fact = bill === null ? undefined : creatorOf(facts, bill);
      return {
        what: `still owed, due ${dueOn}`,
        ...factOf(fact !== undefined && told(timeOfMoney(fact)) ? fact : undefined),
        value: { amountMinor: amount, currency: ledger.currency ?? 'XXX' },
      };
    });

export const explainOverdue = (facts: AccountFacts, reader: Reader, today: string): Explanation => {
  const debt = toldDebt(facts, reader, today);
  return computed(
    'billing.overdue',
    'sum of what is still owed on bills due before today; money received settles the oldest due first',
    bounded(
      owedInputs(debt, facts.billing, toldMoney(facts, reader, today), (dueOn) => dueOn < today),
      debt.ledger.currency,
    ),
  );
};

const explainNextDue = (facts: AccountFacts, reader: Reader, today: string): Explanation => {
  const debt = toldDebt(facts, reader, today);
  const { next } = dueAt(byDueDay(debt.owed), today);
  return computed(
    'billing.next-due',
    'sum of what is still owed on bills of the first due day from today on; money received settles the oldest due first',
    owedInputs(debt, facts.billing, toldMoney(facts, reader, today), (dueOn) => dueOn === next?.dueOn),
  );
};

export const explainBalance = (facts: AccountFacts, reader: Reader, today: string): Explanation => {
  const debt = toldDebt(facts, reader, today);
  const told = toldMoney(facts, reader, today);
  const { currency } = debt.ledger;
  if (debt.debt === 'former')
    return computed(
      'billing.former-balance',
      'what is still owed on bills whose last day was in the time of the role, or until somebody else owed; where nothing is, the credit, as long as nobody else owes',
      bounded(
        owedInputs(debt, facts.billing, told, () => true),
        currency,
      ),
    );
  return computed(
    'billing.balance',
    'bills less payments, plus payments reversed; above zero is owed to the utility',
    bounded(balanceInputs(facts.billing, told, currency), currency),
  );
};

/** A member of a thing that the state lists under an id; the whole thing where no member is named. */
const listed = <Entry extends { readonly id: string }>(
  entries: readonly Entry[],
  id: string,
  member: ((entry: Entry) => unknown) | undefined,
): unknown => {
  const found = entries.find((entry) => entry.id === id);
  return found === undefined || member === undefined ? found : member(found);
};

const billMembers: Readonly<Record<string, (bill: BillingState['bills'][number]) => unknown>> = {
  id: ({ id }) => id,
  amount: ({ amount }) => amount,
  issuedOn: ({ issuedOn }) => issuedOn,
  dueOn: ({ dueOn }) => dueOn,
};
const paymentMembers: Readonly<Record<string, (payment: BillingState['payments'][number]) => unknown>> = {
  id: ({ id }) => id,
  amount: ({ amount }) => amount,
  receivedOn: ({ on }) => on,
  method: ({ method }) => method,
  reversed: ({ reversed }) => reversed,
};

/** Amounts of a state are minor units; an explanation says them as money. */
const asMoney = (said: Explanation, currency: string | null): Explanation => ({
  ...said,
  losing: said.losing.map((one) =>
    typeof one.value === 'number' ? { ...one, value: { amountMinor: one.value, currency: currency ?? 'XXX' } } : one,
  ),
});

/** Why an agreement is as it is: its premise knows what cuts it, and what people settled. */
const explainAgreement = (
  facts: readonly OrderedFact[],
  service: ServiceFacts,
  id: string,
  member: string,
): Explanation | undefined => {
  const told = agreementsOf(accountAgreements, facts).starts.find((one) => one.id === id);
  const there = told === undefined ? undefined : service.get(told.premise);
  if (there === undefined) return undefined;
  return explainSlot(supplyParts.family, factsOfAgreement(supplyParts, there, id), (agreements) =>
    listed(effectiveAgreements(agreements).agreements, id, (one) => {
      const members: Readonly<Record<string, unknown>> = { ...one, servicePointId: one.servicePoint };
      return member === '' ? one : members[member];
    }),
  );
};

/** What the list of agreements is made of: what was told of them, and what another account is said to have. */
const agreementInputs = (id: string, facts: readonly OrderedFact[], service: ServiceFacts): readonly Input[] => {
  const { starts } = agreementsOf(accountAgreements, facts);
  const told = starts.map((one) => ({
    what: 'agreement started',
    ...factOf(creatorOf(facts, one.id)),
    value: { from: one.from, tariff: one.tariff },
  }));
  const disputed = [...service.values()].flatMap((there) =>
    effectiveAgreements(agreementsOf(supplyParts, there)).disputed.flatMap(({ from, to, claims }) => {
      if (!claims.some((one) => one.account === id)) return [];
      const other = claims.find((one) => one.account !== id);
      const by = claims.map(({ source }) => source);
      return [
        {
          what: 'in dispute between sources: no account has the point',
          ...factOf(other === undefined ? undefined : creatorOf(there, other.id)),
          value: { from, to, sources: by },
          whole: 'internal' as const,
        },
      ];
    }),
  );
  const listed = told.slice(-mostInputs);
  const earlier = told.length - listed.length;
  const unread = new Set(starts.map(({ premise }) => premise).filter((premise) => !service.has(premise))).size;
  return [
    ...(earlier === 0 ? [] : [{ what: `${earlier} earlier agreements`, whole: 'internal' as const }]),
    ...listed,
    ...disputed,
    ...(unread === 0
      ? []
      : [{ what: `premises whose disputes were not looked for: ${unread}`, whole: 'internal' as const }]),
  ];
};

/**
 * Why a member of an account in the view is what it is; undefined where there is no such member.
 * @param customer the reader's ids: their own, and those of records merged into theirs
 * @param path names below the account, e.g. `['lastBill', 'amount']`
 * @param id id of the payment or agreement that the path goes through
 */
export const explainAccount = (
  facts: AccountFacts & { readonly service: ServiceFacts },
  named: { readonly account: string; readonly customer: readonly string[]; readonly id: string | undefined },
  path: readonly string[],
  today: string,
): Explanation | undefined => {
  const [member = '', below = ''] = path;
  const state = endOf(billing, effectsOf(billing, facts.billing));
  const told = toldMoney(facts, named.customer, today);
  const shownRoles = (all: readonly { readonly customer: string; readonly to: string | null }[]) =>
    all.filter((role) => named.customer.includes(role.customer) && !isOver({ from: '', to: role.to }, today));
  switch (member) {
    case 'id':
      return {
        rule: { id: 'account.id', strategy: 'creating-fact', version: account.rules },
        winner: creatorOf(facts.account, named.account),
        losing: [],
      };
    case 'status':
      return computed(
        'account.status',
        'open from the fact that opened it; closed from the day on which the last holder and the last agreement are gone, until another comes',
        [{ what: 'account opened', ...factOf(creatorOf(facts.account, named.account)) }],
      );
    case 'formerRoles':
      return explainSlot(account, facts.account, ({ roles }) =>
        rolesHeld(roles)
          .filter((role) => named.customer.includes(role.customer) && isOver(role, today))
          .map(({ role, from, to }) => ({ role, from, to })),
      );
    case 'plannedRoles':
      return explainSlot(account, facts.account, ({ roles }) =>
        rolesHeld(roles)
          .filter((role) => named.customer.includes(role.customer) && role.from > today)
          .map(({ role, from, to }) => ({ role, from, to })),
      );
    case 'roles':
    case 'from':
    case 'to':
      return explainSlot(account, facts.account, ({ roles }) => {
        const shown = rolesHeld(roles).filter((role) => named.customer.includes(role.customer) && covers(role, today));
        return member === 'roles' ? shown.map(({ role }) => role) : shown[0]?.[member];
      });
    case 'balance':
      return explainBalance(facts, named.customer, today);
    case 'overdue':
      return explainOverdue(facts, named.customer, today);
    case 'nextDue':
      return explainNextDue(facts, named.customer, today);
    case 'lastBill':
    case 'previousBill': {
      const bill = newestBills(state.bills.filter((one) => told(timeOfBill(one))))[member === 'lastBill' ? 0 : 1];
      if (bill === undefined) return computed(`billing.${member}`, 'no bill was issued that would be it', []);
      const said = explainSlot(billing, facts.billing, ({ bills }) => listed(bills, bill.id, billMembers[below]));
      return asMoney(said, state.currency);
    }
    case 'lastPayments':
      if (named.id === undefined)
        return computed(
          'billing.last-payments',
          'the latest payments by value date, newest first; of one day, the one said last',
          [],
        );
      return asMoney(
        explainSlot(billing, facts.billing, ({ payments }) => listed(payments, named.id ?? '', paymentMembers[below])),
        state.currency,
      );
    case 'actors':
    case 'debtOf':
      return explainSlot(account, facts.account, ({ roles }) =>
        rolesHeld(roles)
          .filter((role) => liableRoles.includes(role.role) === (member === 'debtOf'))
          .filter((role) => shownRoles([role]).length === 0 && !isOver(role, today))
          .map(({ role }) => role),
      );
    case 'agreements':
      if (named.id === undefined)
        return computed(
          'account.agreements',
          'agreements that are not over, each cut where another account has the point; none where sources dispute that',
          agreementInputs(named.account, facts.account, facts.service),
        );
      return explainAgreement(facts.account, facts.service, named.id, below);
    default:
      return undefined;
  }
};
