import type { AnswerOf } from '#functions/routes.ts';
import type { Fact } from '#shared/contracts/facts/fact.ts';
import type { Sealer } from '#shared/facts/seal.ts';
import { readStoredFact } from '#shared/facts/stored-fact.ts';
import { stateOf } from '#shared/profile/rules/states.ts';
import { readCreating } from '#shared/profile/store/fold-family.ts';
import { loadSubject, unsealFact } from '#shared/profile/store/subjects.ts';
import { whoseAccount } from '#shared/profile/store/whose-time.ts';
import type { Table } from '#shared/table/table.ts';
import { isErased } from '#shared/vocabulary/fact.ts';
import { ReversalReason } from '#shared/vocabulary/statuses.ts';
import { billing, timeOfMoney } from './rules/billing.ts';
import type { ReversalRequest } from './rules/billing-state.ts';
import { listWaitingReversals } from './store/waiting-reversals.ts';

interface Parts {
  readonly profile: Table;
  readonly sealer: Sealer;
}

/** Why somebody asked for a payment to be taken back, in words; undefined where they are gone. */
export const noteOf = (fact: Fact): string | undefined => {
  const note = fact.type === 'billing.reversal.requested.v1' ? fact.data.note : undefined;
  return isErased(note) ? undefined : note;
};

/** What a request says of itself, wherever it is shown: its words lie sealed in the fact that asked. */
export const requestView = async (parts: Parts, request: ReversalRequest) => {
  const stored = await readStoredFact(parts.profile, request.id);
  const note = stored === undefined ? undefined : noteOf(await unsealFact(parts.sealer, stored));
  return {
    id: request.id,
    reason: ReversalReason.parse(request.reason),
    ...(note === undefined ? {} : { note }),
    requestedAt: request.at,
    requestedBy: request.askedBy,
  };
};

type Entry = AnswerOf<'listReversalRequests'>['data'][number];

/** Payments that wait for a second person, the longest waiting first, and whose they are. */
export const listReversalRequests = async (
  parts: Parts,
  asked: { readonly limit: number; readonly after: string | undefined },
): Promise<{ readonly data: Entry[]; readonly next: string | null; readonly subjects: readonly string[] }> => {
  const { waiting, next } = await listWaitingReversals(parts.profile, asked);
  const ids = [...new Set(waiting.map(({ account }) => account))];
  const accounts = new Map(
    await Promise.all(ids.map(async (id) => [id, await loadSubject(parts.profile, id)] as const)),
  );
  const shown = await Promise.all(
    waiting.map(async ({ account, request }): Promise<readonly Entry[]> => {
      const ledger = stateOf(accounts.get(account)?.states ?? new Map(), billing).state;
      const one = ledger.requests.find((held) => held.id === request);
      if (one === undefined) return [];
      const { payment: paymentId, takenBy } = one;
      const amount = { amountMinor: one.amount, currency: ledger.currency ?? 'XXX' };
      return [{ ...(await requestView(parts, one)), accountId: account, paymentId, amount, takenBy }];
    }),
  );
  const data = shown.flat();
  const whose = await Promise.all(
    data.map(async ({ accountId, paymentId }) => {
      const payment = await readCreating(parts, paymentId);
      return payment === undefined
        ? []
        : whoseAccount(parts.profile, accountId, { money: [timeOfMoney(payment.fact)] });
    }),
  );
  const subjects = [...new Set([...[...accounts].flatMap(([id, { head }]) => [id, ...head.readers]), ...whose.flat()])];
  return { data, next: next ?? null, subjects };
};
