import type { AnswerOf } from '#functions/routes.ts';
import type { Fact } from '#shared/contracts/facts/fact.ts';
import { notFound } from '#shared/edge/authorise.ts';
import { type FactToKeep, inLogsOf, keepFacts, senderOf, type WriteRequest } from '#shared/edge/keep-facts.ts';
import type { OperationRequest, OperationResult, Operations } from '#shared/edge/operation.ts';
import { readStoredFact } from '#shared/facts/stored-fact.ts';
import { type States, stateOf } from '#shared/profile/rules/states.ts';
import { readCreating } from '#shared/profile/store/fold-family.ts';
import { loadSubject, unsealFact } from '#shared/profile/store/subjects.ts';
import { versionOf } from '#shared/profile/store/view-writes.ts';
import { whoseAccount } from '#shared/profile/store/whose-time.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { kindOf } from '#shared/vocabulary/ids.ts';
import { paymentBounds } from '#shared/vocabulary/payment-policy.ts';
import { type AccountsParts, subjectOf } from './api-account.ts';
import { noteOf } from './list-reversal-requests.ts';
import { balanceOf, billing, moneyOf, timeOfMoney } from './rules/billing.ts';
import type { BillingState } from './rules/billing-state.ts';
import { isOwnPayment, isReversed, maySecond, mostReversalRequests } from './rules/reversals.ts';

type Reversal = AnswerOf<'reversePayment'>;
type Named = Pick<OperationRequest, 'params' | 'subjectId'>;

const conflict = (code: string, message: string): DomainError => new DomainError('conflict', code, message);

/** The fact of the payment that the path names; what is not of this account is answered as what is not there. */
const paymentNamed = async (parts: AccountsParts, request: Named): Promise<Fact & { readonly entity: string }> => {
  const { paymentId = '' } = request.params;
  const found = kindOf(paymentId) === 'payment' ? await readCreating(parts, paymentId) : undefined;
  if (found === undefined || found.fact.subjects[0] !== subjectOf(request)) throw notFound();
  return { ...found.fact, entity: paymentId };
};

const checkReversible = (ledger: BillingState, payment: Fact & { readonly entity: string }): void => {
  if (!isOwnPayment(payment))
    throw conflict('payment.not-ours', 'Another system booked this payment: it is for that system to take back.');
  if (isReversed(ledger, payment.entity)) throw conflict('payment.reversed', 'This payment was taken back before.');
  if (ledger.requests.some((one) => one.payment === payment.entity))
    throw conflict('reversal.pending', 'Somebody has asked for this already; a second person decides.');
};

/** How often what stands is read anew where somebody else wrote to the account meanwhile. */
const mostTries = 8;

/** Whether a refusal may come of what others have written since the account was read. */
const isOvertaken = (failure: unknown): boolean =>
  failure instanceof DomainError && (failure.code === 'version.stale' || failure.code === 'request.without-effect');

/**
 * Decides on the account as it stands and keeps what comes of it only if it still stands so: of two who act at once the second
 * is told what the first has made of it. It stands in the logs of those, too, whose time the payment is of.
 */
const onWhatStands = async <Answer>(
  parts: AccountsParts,
  request: WriteRequest,
  payment: Fact,
  act: (states: States, request: WriteRequest) => Promise<Answer>,
): Promise<Answer> => {
  const whose = await whoseAccount(parts.profile, subjectOf(request), { money: [timeOfMoney(payment)] });
  const named = [...new Set([...request.audit.named, ...whose])];
  let { states } = await loadSubject(parts.profile, subjectOf(request));
  for (let tried = 1; ; tried += 1) {
    const expectedVersion = versionOf(states);
    try {
      return await act(states, { ...inLogsOf(request, named), expectedVersion });
    } catch (failure) {
      if (!isOvertaken(failure)) throw failure;
      ({ states } = await loadSubject(parts.profile, subjectOf(request)));
      if (versionOf(states) === expectedVersion) throw failure;
      if (tried < mostTries) continue;
      const message = 'The account is being changed by others; try again.';
      throw new DomainError('unavailable', 'commit.busy', message, { retryAfterSeconds: 1 });
    }
  }
};

const keep = (
  parts: AccountsParts,
  request: WriteRequest,
  fact: FactToKeep,
  told: Pick<Reversal, 'id' | 'status' | 'requestId'> & { readonly http: 201 | 202 },
): Promise<OperationResult<Reversal>> =>
  keepFacts(parts, request, [fact], (kept, version) => {
    const accountId = subjectOf(request);
    const ledger = stateOf(kept.after.get(accountId) ?? new Map(), billing).state;
    const [stored] = kept.facts;
    const { http, ...body } = told;
    return {
      status: http,
      body: {
        ...body,
        // The fact that asks is what a second person will name.
        ...(body.status === 'requested' ? { requestId: stored?.id ?? '' } : {}),
        accountId,
        factId: stored?.id ?? '',
        occurredAt: stored?.occurredAt ?? '',
        balance: { amountMinor: balanceOf(ledger), currency: ledger.currency ?? 'XXX' },
        masked: [],
      },
      version,
    };
  });

/** Takes a payment back at once, or asks for it where it takes two. */
export const reversePayment =
  (parts: AccountsParts): Operations['reversePayment'] =>
  async (request) => {
    const payment = await paymentNamed(parts, request);
    const { reason, note } = request.body;
    const { amountMinor, currency } = moneyOf(payment) ?? { amountMinor: 0, currency: 'XXX' };
    const alone = amountMinor <= paymentBounds(parts.payments, currency).mostReversedAlone;
    return onWhatStands(parts, request, payment, async (states, write) => {
      const ledger = stateOf(states, billing).state;
      checkReversible(ledger, payment);
      if (!alone && ledger.requests.length >= mostReversalRequests)
        throw conflict('reversal.too-many', `On this account ${mostReversalRequests} requests wait to be decided.`);
      const type = alone ? 'billing.payment.reversed.v1' : 'billing.reversal.requested.v1';
      const data = { account: subjectOf(request), payment: payment.entity, reason, note };
      const told = alone ? ({ status: 'reversed', http: 201 } as const) : ({ status: 'requested', http: 202 } as const);
      return keep(parts, write, { type, data, follows: payment }, { id: payment.entity, ...told });
    });
  };

/** What a second person makes of a request. */
export const decideReversal =
  (parts: AccountsParts): Operations['decideReversal'] =>
  async (request) => {
    const payment = await paymentNamed(parts, request);
    const { decision, note } = request.body;
    const asked = await readStoredFact(parts.profile, request.body.request);
    return onWhatStands(parts, request, payment, async (states, write) => {
      const waiting = stateOf(states, billing).state.requests.find(
        ({ id, payment: of }) => id === request.body.request && of === payment.entity,
      );
      if (waiting === undefined || asked === undefined)
        throw conflict('reversal.not-pending', 'This request does not wait: it was decided, or never made.');
      if (!maySecond(waiting, senderOf(request.call.actor).actor))
        throw new DomainError('forbidden', 'reversal.second-person', 'Who asked or took the payment does not decide.');
      const follows = await unsealFact(parts.sealer, asked);
      const common = { account: subjectOf(request), payment: payment.entity, request: waiting.id };
      const told = { id: payment.entity, requestId: waiting.id, http: 201 } as const;
      if (decision === 'declined') {
        const fact = { type: 'billing.reversal.declined.v1', data: { ...common, note }, follows };
        return keep(parts, write, fact, { ...told, status: 'declined' });
      }
      const why = note ?? noteOf(follows);
      const data = { ...common, reason: waiting.reason, ...(why === undefined ? {} : { note: why }) };
      return keep(
        parts,
        write,
        { type: 'billing.payment.reversed.v1', data, follows },
        { ...told, status: 'reversed' },
      );
    });
  };
