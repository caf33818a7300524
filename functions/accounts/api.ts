import { balanceOf, billing } from '#shared/domain/profile/billing.ts';
import { stateOf } from '#shared/domain/profile/families.ts';
import { notFound } from '#shared/edge/authorise.ts';
import { idToBe, keepFacts } from '#shared/edge/keep-facts.ts';
import type { OperationRequest, Operations } from '#shared/edge/operation.ts';
import { loadSubject } from '#shared/store/subjects.ts';
import type { SubmitFacts } from '#shared/store/submit-facts.ts';
import type { Table } from '#shared/store/table.ts';
import { versionOf } from '#shared/store/view-writes.ts';
import { listBills, listPayments, readLedger } from './read-money.ts';
import { accountView } from './show-account.ts';

export interface AccountsParts {
  readonly profile: Table;
  readonly submit: SubmitFacts;
  readonly now: () => number;
  readonly today: () => string;
}

const subjectOf = (request: Pick<OperationRequest, 'subjectId'>): string => {
  if (request.subjectId === undefined) throw notFound();
  return request.subjectId;
};

/** Operations on accounts: the account, its bills, payments and ledger, and taking a payment. */
export const accountOperations = (parts: AccountsParts) =>
  ({
    readAccount: async (request) => {
      const id = subjectOf(request);
      const { states } = await loadSubject(parts.profile, id);
      return { body: accountView(id, states, parts.today()), version: versionOf(states) };
    },
    listBills: async (request) => {
      const { limit, cursor } = request.query;
      return {
        body: { ...(await listBills(parts.profile, subjectOf(request), { limit, before: cursor })), masked: [] },
      };
    },
    listPayments: async (request) => {
      const { limit, cursor } = request.query;
      return {
        body: { ...(await listPayments(parts.profile, subjectOf(request), { limit, before: cursor })), masked: [] },
      };
    },
    readLedger: async (request) => {
      const { limit, cursor } = request.query;
      return {
        body: { ...(await readLedger(parts.profile, subjectOf(request), { limit, before: cursor })), masked: [] },
      };
    },
    takePayment: (request) => {
      const account = subjectOf(request);
      const id = idToBe(request, 'payment');
      return keepFacts(
        parts,
        request,
        [{ type: 'billing.payment.received.v1', data: { account, ...request.body } }],
        (kept, version) => {
          const ledger = stateOf(kept.after.get(account) ?? new Map(), billing).state;
          const [fact] = kept.facts;
          return {
            status: 201,
            body: {
              id,
              accountId: account,
              factId: fact?.id ?? '',
              occurredAt: fact?.occurredAt ?? '',
              balance: { amountMinor: balanceOf(ledger), currency: ledger.currency ?? request.body.amount.currency },
              masked: [],
            },
            version,
          };
        },
      );
    },
  }) satisfies Partial<Operations>;
