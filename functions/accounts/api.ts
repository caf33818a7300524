import type { AnswerOf } from '#functions/routes.ts';
import { isKept, keepsRight } from '#shared/access/held-rights.ts';
import { notFound } from '#shared/edge/authorise.ts';
import { momentOf } from '#shared/edge/moment.ts';
import type { OperationRequest, Operations } from '#shared/edge/operation.ts';
import { account } from '#shared/profile/rules/account.ts';
import type { Agreement } from '#shared/profile/rules/agreements.ts';
import { dayAsPeriod } from '#shared/profile/rules/periods.ts';
import { premise } from '#shared/profile/rules/premise.ts';
import { rolesHeld } from '#shared/profile/rules/roles.ts';
import { type States, stateOf } from '#shared/profile/rules/states.ts';
import { type Moment, statesAsOf } from '#shared/profile/store/as-of.ts';
import { premiseOfServicePoint } from '#shared/profile/store/references.ts';
import { loadHead, loadSubject, loadWhole } from '#shared/profile/store/subjects.ts';
import { versionOf } from '#shared/profile/store/view-writes.ts';
import { whoseAccount } from '#shared/profile/store/whose-time.ts';
import { type AccountService, accountService, formerService } from './account-service.ts';
import { type AccountsParts, subjectOf } from './api-account.ts';
import { decideReversal, reversePayment } from './api-reverse-payment.ts';
import { takePayment } from './api-take-payment.ts';
import { listAgreements } from './list-agreements.ts';
import { listReversalRequests } from './list-reversal-requests.ts';
import { listBills, listPayments, type MoneyAsked, type MoneyPage, readLedger } from './read-money.ts';
import { billing, timeOfBill } from './rules/billing.ts';
import { accountView } from './show-account.ts';
import { type ToldToReader, toldAll, toldToCustomer } from './told-to-reader.ts';

const rolesIn = (states: States) => rolesHeld(stateOf(states, account).state.roles);

/** A customer's own id, and those of records merged into theirs. */
const recordsOf = async ({ profile }: AccountsParts, self: string): Promise<readonly string[]> => [
  self,
  ...(await loadHead(profile, self)).aliases,
];

/** What is told to who asks: staff and machines all of it, customers what their roles give. */
const toldTo = async (parts: AccountsParts, states: States, self: string | undefined): Promise<ToldToReader> =>
  self === undefined ? toldAll : toldToCustomer([states], await recordsOf(parts, self), parts.today());

/**
 * What a customer may see of an account as it was: it at all only of a time when a role of theirs held, or when they had owed, by
 * what was known then and is now; and of its holders those that are known by now to have been some.
 */
const ownAccountAsOf = async (
  parts: AccountsParts,
  id: string,
  then: States,
  service: AccountService,
  today: string,
  self: string,
  statesThen: (premise: string) => Promise<States>,
) => {
  const own = await recordsOf(parts, self);
  const now = (await loadSubject(parts.profile, id)).states;
  const wasTheirs = (known: States): boolean =>
    rolesIn(known).some(
      (role) => own.includes(role.customer) && keepsRight([role], 'account', today) && isKept(role, parts.today()),
    );
  if (!wasTheirs(then) || !wasTheirs(now)) throw notFound();
  const told = toldToCustomer([then, now], own, parts.today());
  const left = told.left(today);
  const stood = async ({ servicePoint, premise: place }: Agreement): Promise<boolean> => {
    const { servicePoints } = stateOf(await statesThen(place), premise).state;
    return servicePoints.some((point) => point.id === servicePoint);
  };
  const view = accountView(
    id,
    then,
    left === undefined ? service : await formerService(then, left, stood),
    today,
    told,
  );
  const isHolder = (customer: string): boolean => rolesIn(now).some((role) => role.customer === customer);
  return { ...view, holders: view.holders.filter(({ customerId }) => isHolder(customerId)) };
};

/** Times of the last bill and payments that the view of an account shows; all else of it is as it stands. */
const timesShown = (states: States, { lastBill, lastPayments }: AnswerOf<'readAccount'>) => {
  const bill = stateOf(states, billing).state.bills.find(({ id }) => id === lastBill?.id);
  const payments = lastPayments.map(({ receivedOn }) => dayAsPeriod(receivedOn));
  return { money: [...(bill === undefined ? [] : [timeOfBill(bill)]), ...payments] };
};

/** The account as it was, with the look in the logs of those whose it was then. */
const accountAsOf = async (parts: AccountsParts, id: string, moment: Moment, self: string | undefined) => {
  const states = await statesAsOf(parts, [id], moment);
  if (!states.has('account')) throw notFound();
  const today = parts.today(Date.parse(moment.asOf));
  const statesThen = (place: string): Promise<States> => statesAsOf(parts, [place], moment);
  const service = await accountService(id, states, today, statesThen);
  const whole = accountView(id, states, service, today);
  const body = self === undefined ? whole : await ownAccountAsOf(parts, id, states, service, today, self, statesThen);
  const spokenOf = await whoseAccount(parts.profile, id, timesShown(states, body));
  return { body, subjects: [...new Set([...whole.holders.map(({ customerId }) => customerId), ...spokenOf])] };
};

/** Operations on accounts: the account, its bills, payments and ledger; taking a payment, and taking it back. */
export const accountOperations = (parts: AccountsParts) => {
  const asked = async (
    request: Pick<
      OperationRequest<{ readonly limit: number; readonly cursor?: string | undefined }>,
      'subjectId' | 'self' | 'query'
    >,
  ): Promise<MoneyAsked> => {
    const account = subjectOf(request);
    const { states } = await loadSubject(parts.profile, account);
    const { limit, cursor } = request.query;
    return { account, states, told: await toldTo(parts, states, request.self), limit, before: cursor };
  };
  /**
   * Those whose log notes a look besides that of those whose the account is now: whose time it speaks of. A look of who has left at
   * what was theirs stands in their own log alone.
   */
  const inLogsOf = async (id: string, told: ToldToReader, times: Parameters<typeof whoseAccount>[2]) =>
    told.left(parts.today()) === undefined ? whoseAccount(parts.profile, id, times) : [];
  const moneyAnswer = async <Entry>({ account: id, told }: MoneyAsked, { times, ...page }: MoneyPage<Entry>) => ({
    body: { ...page, masked: [] },
    subjects: await inLogsOf(id, told, { money: times }),
  });
  return {
    readAccount: async (request) => {
      const id = subjectOf(request);
      const moment = momentOf(request.query, parts.now());
      if (moment !== undefined) return accountAsOf(parts, id, moment, request.self);
      const { head, states } = await loadSubject(parts.profile, id);
      const told = await toldTo(parts, states, request.self);
      const today = parts.today();
      const left = told.left(today);
      const service =
        left === undefined
          ? await accountService(
              id,
              states,
              today,
              async (premise) => (await loadSubject(parts.profile, premise)).states,
            )
          : await formerService(
              (await loadWhole(parts.profile, id)).states,
              left,
              async ({ servicePoint }) => (await premiseOfServicePoint(parts.profile, servicePoint)) !== undefined,
            );
      const body = accountView(id, states, service, today, told);
      const former = (body.formerHolders ?? []).map(({ customerId }) => head.stands[customerId] ?? customerId);
      const spokenOf = await inLogsOf(id, told, timesShown(states, body));
      const subjects = left === undefined ? [...new Set([...spokenOf, ...former])] : [];
      if (request.self === undefined) return { body, version: versionOf(states), subjects };
      // The tag counts money, too, also of others' time, and what staff ask of one another: customers get none.
      return { body, subjects };
    },
    listAgreements: async (request) => {
      const id = subjectOf(request);
      const { states } = await loadSubject(parts.profile, id);
      const { limit, cursor } = request.query;
      const told = await toldTo(parts, states, request.self);
      const page = await listAgreements(parts.profile, {
        account: id,
        told,
        limit,
        after: cursor,
        today: parts.today(),
      });
      const service = page.data.map(({ from, to = null }) => ({ from, to }));
      return { body: { ...page, masked: [] }, subjects: await inLogsOf(id, told, { service }) };
    },
    listBills: async (request) => {
      const query = await asked(request);
      return moneyAnswer(query, await listBills(parts.profile, query));
    },
    listPayments: async (request) => {
      const query = await asked(request);
      return moneyAnswer(query, await listPayments(parts, query, request.view));
    },
    readLedger: async (request) => {
      const query = await asked(request);
      return moneyAnswer(query, await readLedger(parts.profile, query, parts.today()));
    },
    takePayment: takePayment(parts),
    reversePayment: reversePayment(parts),
    decideReversal: decideReversal(parts),
    listReversalRequests: async (request) => {
      const { limit, cursor } = request.query;
      const { subjects, ...page } = await listReversalRequests(parts, { limit, after: cursor });
      return { body: { ...page, masked: [] }, subjects };
    },
  } satisfies Partial<Operations>;
};
