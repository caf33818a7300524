import { accountOperations } from '#functions/accounts/api.ts';
import type { AccountsParts } from '#functions/accounts/api-account.ts';
import { readLedger } from '#functions/accounts/read-money.ts';
import { balanceOf, billing } from '#functions/accounts/rules/billing.ts';
import { toldAll } from '#functions/accounts/told-to-reader.ts';
import { stateOf } from '#shared/profile/rules/states.ts';
import { loadSubject } from '#shared/profile/store/subjects.ts';
import { newId } from '#shared/runtime/identify.ts';
import { localToday } from '#shared/runtime/today.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { type PaymentPolicy, standardPaymentPolicy } from '#shared/vocabulary/payment-policy.ts';
import type { StaffRole } from '#shared/vocabulary/statuses.ts';
import { entityOf, opened, tell } from '#tests/functions/told-household.ts';
import { operationRequest } from '#tests/support/operation-request.ts';
import { openProfileSystem } from '#tests/support/profile-system.ts';

/** People of the utility by name, each with the role they sign in with. */
export const people = {
  ada: 'agent',
  abe: 'agent',
  sam: 'supervisor',
  sue: 'supervisor',
  bea: 'billing',
} as const satisfies Readonly<Record<string, StaffRole>>;
export type Person = keyof typeof people;

type Money = { readonly amountMinor: number; readonly currency: string };
type Reason = { readonly reason: 'error' | 'duplicate' | 'insufficient-funds'; readonly note: string };
type Decision = { readonly request: string; readonly decision: 'confirmed' | 'declined'; readonly note?: string };

/** What became of a call: its answer, or the code of its refusal with the fields at fault. */
export interface Outcome {
  readonly status: number | string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly pointers: readonly string[];
}

const outcomeOf = async (asked: Promise<{ readonly status?: number; readonly body: object }>): Promise<Outcome> => {
  try {
    const { status, body } = await asked;
    return { status: status ?? 200, body: { ...body }, pointers: [] };
  } catch (failure) {
    if (!(failure instanceof DomainError)) throw failure;
    return { status: failure.code, body: {}, pointers: failure.errors.map(({ pointer }) => pointer) };
  }
};

export const whyNot: Reason = { reason: 'error', note: 'Booked on the wrong account.' };

/** The desk of a utility over one account, with everybody who works at it. */
export const openDesk = async (policy: PaymentPolicy = standardPaymentPolicy, opening = opened) => {
  const system = await openProfileSystem();
  const [account = ''] = (await tell(system, opening)).map(entityOf);
  const { profile, sealer, prepare, clock } = system;
  const parts: AccountsParts = {
    profile,
    sealer,
    prepare,
    now: () => clock.now(),
    today: localToday(clock, 'Europe/London'),
    payments: policy,
  };
  const operations = accountOperations(parts);
  const requestOf = <Body>(who: Person, body: Body, params: Readonly<Record<string, string>> = {}, of = account) => {
    const request = operationRequest({ kind: 'staff', id: who, roles: [people[who]] });
    const at = new Date(clock.now()).toISOString();
    const audit = { ...request.audit, id: newId(), at, subject: of };
    return { ...request, audit, params, body, subjectId: of, query: {} };
  };
  const pay = (who: Person, amount: number | Money, more: { readonly receivedOn?: string } = {}) => {
    const money = typeof amount === 'number' ? { amountMinor: amount, currency: 'GBP' } : amount;
    const body = { amount: money, method: 'cash' as const, references: [], ...more };
    return outcomeOf(operations.takePayment(requestOf(who, body)));
  };
  const reverse = (who: Person, paymentId: string, why: Reason = whyNot, of = account) =>
    outcomeOf(operations.reversePayment(requestOf(who, why, { paymentId }, of)));
  const decide = (who: Person, paymentId: string, decision: Decision) =>
    outcomeOf(operations.decideReversal(requestOf(who, decision, { paymentId })));
  const ledger = async () => stateOf((await loadSubject(profile, account)).states, billing).state;
  return {
    system,
    account,
    parts,
    pay,
    reverse,
    decide,
    /** Id of a payment that was taken. */
    taken: async (who: Person, amount: number) => String((await pay(who, amount)).body.id),
    balance: async () => balanceOf(await ledger()),
    entries: async () => {
      const { states } = await loadSubject(profile, account);
      const asked = { account, states, told: toldAll, limit: 100, before: undefined };
      return (await readLedger(profile, asked, '2026-03-01')).data;
    },
    payments: async () => {
      const query = { limit: 100, cursor: undefined };
      return (await operations.listPayments({ ...requestOf('sam', undefined), query })).body.data;
    },
    bills: async () => {
      const query = { limit: 100, cursor: undefined };
      return (await operations.listBills({ ...requestOf('sam', undefined), query })).body.data;
    },
    waiting: async (limit = 25, cursor: string | undefined = undefined) =>
      (await operations.listReversalRequests({ ...requestOf('sam', undefined), query: { limit, cursor } })).body,
  };
};
export type Desk = Awaited<ReturnType<typeof openDesk>>;
