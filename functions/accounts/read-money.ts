import type { AnswerOf } from '#functions/routes.ts';
import type { FieldView } from '#shared/access/field-matrix.ts';
import type { Fact, FactOf } from '#shared/contracts/facts/fact.ts';
import { byFoldOrder } from '#shared/facts/fold-order.ts';
import type { Sealer } from '#shared/facts/seal.ts';
import { dayOf, isOfType } from '#shared/profile/rules/fact-data.ts';
import type { Period } from '#shared/profile/rules/periods.ts';
import { type States, stateOf } from '#shared/profile/rules/states.ts';
import { readFact, type StoredFact } from '#shared/profile/store/items.ts';
import { unsealFact } from '#shared/profile/store/subjects.ts';
import { factPrefix, groupOf, subjectPartition } from '#shared/table/keys.ts';
import type { Table } from '#shared/table/table.ts';
import { isErased } from '#shared/vocabulary/fact.ts';
import type { Money } from '#shared/vocabulary/money.ts';
import { requestView } from './list-reversal-requests.ts';
import { balanceOf, billing, moneyOf, openOf, timeOfMoney } from './rules/billing.ts';
import { paymentNamedBy } from './rules/reversals.ts';
import type { ToldToReader } from './told-to-reader.ts';

const billType = 'billing.bill.issued.v1';
const paymentType = 'billing.payment.received.v1';
const reversalType = 'billing.payment.reversed.v1';

/** A page of the facts of an account's billing family, newest first, those retracted left out. */
export interface MoneyPage<Entry> {
  readonly data: Entry[];
  readonly next: string | null;
  /** Times that the entries speak of, one for each. */
  readonly times: readonly Period[];
}

/** What is asked of an account's money, and by whom. */
export interface MoneyAsked {
  readonly account: string;
  readonly states: States;
  readonly told: ToldToReader;
  readonly limit: number;
  /** Sort key of the last fact shown. */
  readonly before: string | undefined;
}

/** Without the group that a page of the store may have cut: what is missing of it may stand before what is there. */
const wholeGroups = (found: readonly StoredFact[]): readonly StoredFact[] => {
  const last = found.at(-1);
  return last === undefined ? [] : found.filter(({ order }) => groupOf(order) !== groupOf(last.order));
};

/** Billing facts from before a position, in fold order, newest first, until `enough` says so. Financial fields are not sealed. */
const readBackwards = async (
  profile: Table,
  { account, before, limit }: Pick<MoneyAsked, 'account' | 'before' | 'limit'>,
  enough: (found: readonly StoredFact[]) => boolean,
): Promise<readonly StoredFact[]> => {
  const prefix = factPrefix('billing');
  const read: StoredFact[] = [];
  let found: readonly StoredFact[] = [];
  let cursor: string | undefined;
  do {
    const page = await profile.query({
      pk: subjectPartition(account),
      from: prefix,
      to: before === undefined ? `${prefix}~` : `${prefix}${before}`,
      descending: true,
      // Bills and payments come about in turns: twice the page is mostly one request.
      limit: 2 * limit + 10,
      consistent: true,
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const item of page.items) {
      const stored = readFact(item);
      if (before === undefined || stored.order < before) read.push(stored);
    }
    cursor = page.cursor;
    const whole = cursor === undefined ? read : wholeGroups(read);
    found = whole.filter(({ retractedBy }) => retractedBy === undefined).sort((a, b) => byFoldOrder(b, a));
  } while (cursor !== undefined && !enough(found));
  return found;
};

const pageOf = async <Type extends typeof billType | typeof paymentType, Entry>(
  profile: Table,
  query: MoneyAsked,
  type: Type,
  view: (fact: FactOf<Type>) => Entry | Promise<Entry>,
): Promise<MoneyPage<Entry>> => {
  const toldOf = (found: readonly StoredFact[]) =>
    found.flatMap(({ fact, order }) =>
      isOfType(fact, type) && query.told.money(timeOfMoney(fact)) ? [{ fact, order }] : [],
    );
  const found = toldOf(await readBackwards(profile, query, (all) => toldOf(all).length > query.limit));
  const shown = found.slice(0, query.limit);
  return {
    data: await Promise.all(shown.map((one) => view(one.fact))),
    next: found.length > query.limit ? (shown.at(-1)?.order ?? null) : null,
    times: shown.map(({ fact }) => timeOfMoney(fact)),
  };
};

const amountOf = (fact: Fact): Money => {
  const { amountMinor, currency } = moneyOf(fact) ?? { amountMinor: 0, currency: 'XXX' };
  return { amountMinor, currency };
};

type BillAnswer = AnswerOf<'listBills'>['data'][number];
type PaymentAnswer = AnswerOf<'listPayments'>['data'][number];
type LedgerAnswer = AnswerOf<'readLedger'>['data'][number];

const optional = <Name extends string>(name: Name, value: string | undefined) =>
  value === undefined ? {} : { [name]: value };

/** Bills of an account, newest first, each with what is still owed of it where that is known. */
export const listBills = async (profile: Table, query: MoneyAsked): Promise<MoneyPage<BillAnswer>> => {
  const ledger = stateOf(query.states, billing).state;
  return pageOf(profile, query, billType, (fact) => {
    const amount = amountOf(fact);
    const { number, issuedOn = '', dueOn = '', periodFrom, periodTo, references = [] } = fact.data;
    const id = fact.entity ?? '';
    // Of a bill that has no effect nothing is owed, and nothing was settled.
    const isCounted = amount.currency === ledger.currency;
    const open = isCounted ? openOf(ledger, { id, dueOn, amount: amount.amountMinor }) : undefined;
    return {
      id,
      ...optional('number', number),
      amount,
      issuedOn,
      dueOn,
      ...optional('periodFrom', periodFrom),
      ...optional('periodTo', periodTo),
      ...(open === undefined ? {} : { open: { amountMinor: open, currency: amount.currency } }),
      references: [...references],
    };
  });
};

/**
 * Payments of an account, newest first; reversals that came after are told with them. What staff ask and tell one another of them
 * is left out whole for those who see nothing internal: that it is there says something.
 */
export const listPayments = async (
  parts: { readonly profile: Table; readonly sealer: Sealer },
  query: MoneyAsked,
  view: Pick<FieldView, 'internal'>,
): Promise<MoneyPage<PaymentAnswer>> => {
  const { profile, sealer } = parts;
  const isInside = view.internal !== 'hidden';
  const { requests } = stateOf(query.states, billing).state;
  const later = await readBackwards(profile, { ...query, before: undefined }, (found) => {
    const last = found.at(-1)?.order;
    const payments = found.filter(
      (one) =>
        one.fact.type === paymentType &&
        query.told.money(timeOfMoney(one.fact)) &&
        (query.before === undefined || one.order < query.before),
    );
    return payments.length > query.limit && last !== undefined;
  });
  // A reversal that came before its payment had no effect; of several that came after, the first had.
  const payments = paymentsIn(later);
  const reversals = new Map(
    later
      .filter((one) => one.fact.type === reversalType && isBehind(one, payments.get(paymentNamed(one.fact))))
      .map((one) => [paymentNamed(one.fact), one] as const),
  );
  return pageOf(profile, query, paymentType, async (fact) => {
    const stored = reversals.get(fact.entity ?? '');
    const reversal = stored === undefined ? undefined : await unsealFact(sealer, stored);
    const said = reversal?.type === reversalType ? reversal.data : {};
    const asked = isInside ? requests.find((one) => one.payment === fact.entity) : undefined;
    return {
      id: fact.entity ?? '',
      amount: amountOf(fact),
      receivedOn: fact.data.receivedOn ?? dayOf(fact),
      method: fact.data.method ?? 'other',
      ...(reversal === undefined ? {} : { reversed: true, reversedAt: reversal.occurredAt }),
      ...optional('reversalReason', said.reason),
      ...optional('reversalNote', isInside && !isErased(said.note) ? said.note : undefined),
      ...(asked === undefined ? {} : { reversalRequest: await requestView(parts, asked) }),
      references: [...(fact.data.references ?? [])],
    };
  });
};

/** Whether a fact stands behind the one it rests on. */
const isBehind = (one: StoredFact, ground: StoredFact | undefined): boolean =>
  ground !== undefined && byFoldOrder(ground, one) < 0;

/** What stands behind a position in a list, newest first: behind the entry it names, or by its order where that is gone. */
const behind = <Entry extends { readonly order: string }>(
  entries: readonly Entry[],
  before: string | undefined,
): readonly Entry[] => {
  if (before === undefined) return entries;
  const place = entries.findIndex(({ order }) => order === before);
  return place < 0 ? entries.filter(({ order }) => order < before) : entries.slice(place + 1);
};

const paymentNamed = (fact: Fact): string => paymentNamedBy(fact) ?? '';

/** Payments among facts, by id. */
const paymentsIn = (found: readonly StoredFact[]): ReadonlyMap<string, StoredFact> =>
  new Map(found.flatMap((one) => (one.fact.type === paymentType ? [[one.fact.entity ?? '', one] as const] : [])));

/**
 * Facts that made the balance, newest first as they come. What the fold left without effect is no entry: money of another
 * currency than the account's, and reversals of a payment that came later, never, or was reversed before.
 */
const effective = (found: readonly StoredFact[], currency: string | null): readonly StoredFact[] => {
  const payments = paymentsIn(found);
  const reversed = new Set<string>();
  const counts = (one: StoredFact): boolean => {
    const { fact } = one;
    if (fact.type === billType || fact.type === paymentType) return amountOf(fact).currency === currency;
    if (fact.type !== reversalType || reversed.has(paymentNamed(fact))) return false;
    const payment = payments.get(paymentNamed(fact));
    if (payment === undefined || !isBehind(one, payment) || amountOf(payment.fact).currency !== currency) return false;
    reversed.add(paymentNamed(fact));
    return true;
  };
  return found.toReversed().filter(counts).toReversed();
};

/** Whether every payment that a reversal among facts names is among them too. */
const isGrounded = (found: readonly StoredFact[]): boolean => {
  const payments = paymentsIn(found);
  return found.every((one) => one.fact.type !== reversalType || payments.has(paymentNamed(one.fact)));
};

/**
 * Every entry that made the balance, newest first. The balance after each is told while the entries read reach back from the
 * newest, so that sums agree with the account's own. A reversal speaks of the time of its payment.
 */
export const readLedger = async (
  profile: Table,
  query: MoneyAsked,
  today: string,
): Promise<MoneyPage<LedgerAnswer>> => {
  const ledger = stateOf(query.states, billing).state;
  const timeOf = ({ fact }: StoredFact, payments: ReadonlyMap<string, StoredFact>): Period | undefined => {
    const about = fact.type === reversalType ? payments.get(paymentNamed(fact))?.fact : fact;
    return about && timeOfMoney(about);
  };
  const isTold = (stored: StoredFact, payments: ReadonlyMap<string, StoredFact>): boolean => {
    const time = timeOf(stored, payments);
    return time !== undefined && query.told.money(time);
  };
  const found = await readBackwards(profile, { ...query, before: undefined }, (all) => {
    if (!isGrounded(all)) return false;
    const payments = paymentsIn(all);
    const told = behind(effective(all, ledger.currency), query.before).filter((one) => isTold(one, payments));
    return told.length > query.limit;
  });
  const payments = paymentsIn(found);
  const tellsBalance = query.told.may('owed', today);
  let balance = balanceOf(ledger);
  const entries = effective(found, ledger.currency).map((stored) => {
    const { fact } = stored;
    const { kind, id, amount } = ledgerEntry(fact, payments);
    const entry: LedgerAnswer = {
      factId: fact.id,
      at: fact.occurredAt,
      kind,
      id,
      amount,
      ...(tellsBalance ? { balance: { amountMinor: balance, currency: amount.currency } } : {}),
    };
    balance -= amount.amountMinor;
    return { order: stored.order, entry, time: timeOf(stored, payments), isTold: isTold(stored, payments) };
  });
  const older = behind(entries, query.before).filter((one) => one.isTold);
  const shown = older.slice(0, query.limit);
  return {
    data: shown.map((one) => one.entry),
    next: older.length > query.limit ? (shown.at(-1)?.order ?? null) : null,
    times: shown.flatMap(({ time }) => time ?? []),
  };
};

const ledgerEntry = (
  fact: Fact,
  payments: ReadonlyMap<string, StoredFact>,
): Pick<LedgerAnswer, 'kind' | 'id' | 'amount'> => {
  if (fact.type === billType) return { kind: 'bill', id: fact.entity ?? '', amount: amountOf(fact) };
  if (fact.type === paymentType) {
    const { amountMinor, currency } = amountOf(fact);
    return { kind: 'payment', id: fact.entity ?? '', amount: { amountMinor: -amountMinor, currency } };
  }
  const payment = payments.get(paymentNamed(fact));
  const amount = payment === undefined ? { amountMinor: 0, currency: 'XXX' } : amountOf(payment.fact);
  return { kind: 'reversal', id: paymentNamed(fact), amount };
};
