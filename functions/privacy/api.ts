import type { AnswerOf } from '#functions/routes.ts';
import { notFound } from '#shared/edge/authorise.ts';
import { type FactToKeep, keepFacts, senderOf, type WriteRequest } from '#shared/edge/keep-facts.ts';
import type { OperationRequest, OperationResult, Operations } from '#shared/edge/operation.ts';
import type { PrepareFacts } from '#shared/facts/prepare-facts.ts';
import type { Sealer } from '#shared/facts/seal.ts';
import { readStoredFact } from '#shared/facts/stored-fact.ts';
import { stateOf } from '#shared/profile/rules/states.ts';
import { type LoadedSubject, loadSubject, loadSurvivor, unsealFact } from '#shared/profile/store/subjects.ts';
import { versionOf } from '#shared/profile/store/view-writes.ts';
import type { Table } from '#shared/table/table.ts';
import type { ErasurePolicy } from '#shared/vocabulary/erasure-policy.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { namesPerson } from './names-person.ts';
import { type ErasurePlan, planErasure } from './plan-erasure.ts';
import { type ErasureRequest, type ErasureState, erasure, isGoing, maySecondErasure } from './rules/erasure.ts';
import { listWaitingErasures } from './store/waiting-erasures.ts';

export interface PrivacyParts {
  readonly profile: Table;
  readonly sealer: Sealer;
  readonly prepare: PrepareFacts;
  readonly now: () => number;
  readonly today: () => string;
  /** What stands against an erasure. */
  readonly erasures: ErasurePolicy;
}

type Erasure = AnswerOf<'readErasure'>;

const conflict = (code: string, message: string): DomainError => new DomainError('conflict', code, message);

const customerNamed = async (
  { profile }: PrivacyParts,
  { subjectId }: Pick<OperationRequest, 'subjectId'>,
): Promise<LoadedSubject> => {
  const loaded = subjectId === undefined ? undefined : await loadSubject(profile, subjectId);
  if (loaded?.exists !== true) throw notFound();
  return loaded;
};

type Asked = Partial<Pick<Erasure, 'requestId' | 'ground' | 'reason' | 'requestedAt' | 'requestedBy'>>;

const askedOf = (request: ErasureRequest | null): Asked =>
  request === null
    ? {}
    : {
        requestId: request.id,
        ground: request.ground,
        reason: request.reason,
        requestedAt: request.at,
        requestedBy: request.askedBy,
      };

const statusOf = ({ request, approved, erasedAt }: ErasureState): Erasure['status'] => {
  if (erasedAt !== null) return 'erased';
  if (approved !== null) return 'approved';
  return request === null ? 'none' : 'requested';
};

const shown = (customer: LoadedSubject, plan: ErasurePlan): Erasure => {
  const state = stateOf(customer.states, erasure).state;
  const { approved, erasedAt } = state;
  return {
    customerId: customer.subject,
    status: statusOf(state),
    ...askedOf(state.request ?? approved),
    ...(approved === null ? {} : { approvedAt: approved.approvedAt, approvedBy: approved.approvedBy }),
    ...(erasedAt === null ? {} : { erasedAt }),
    ...plan,
    masked: [],
  };
};

/** Refuses what stands against an erasure, saying all of it. */
const refuseBlocked = ({ blockers }: ErasurePlan): void => {
  if (blockers.length === 0) return;
  const what = blockers.map(({ accountId, what: why }) => (accountId === undefined ? why : `${accountId}: ${why}`));
  throw new DomainError('conflict', 'erasure.blocked', `Something stands against it. ${what.join(' ')}`, {
    extra: { blockers },
  });
};

const keep = (
  parts: PrivacyParts,
  request: WriteRequest,
  customer: LoadedSubject,
  fact: FactToKeep,
  told: Erasure,
): Promise<OperationResult<Erasure>> =>
  keepFacts(parts, { ...request, expectedVersion: versionOf(customer.states) }, [fact], (kept, version) => {
    const [stored] = kept.facts;
    const requestId = told.status === 'requested' ? (stored?.id ?? '') : told.requestId;
    const body = { ...told, requestId, factId: stored?.id ?? '', occurredAt: stored?.occurredAt ?? '' };
    return { status: 202, body, version };
  });

/** Refuses words that stay when the person is gone, where they say who it is. */
const refuseNaming = (customer: LoadedSubject, said: string, pointer: '/reason' | '/request'): void => {
  if (!namesPerson(customer.states, said)) return;
  const message = 'must not say who it is: it stays when the person is gone';
  throw new DomainError('invalid', 'erasure.reason-names', 'The reason names the person.', {
    errors: [{ pointer, code: 'erasure.reason-names', message }],
  });
};

/** Operations on the erasure of people: asking for it, deciding, and where it stands. */
export const privacyOperations = (parts: PrivacyParts) =>
  ({
    requestErasure: async (request) => {
      const customer = await customerNamed(parts, request);
      const { ground, reason } = request.body;
      const plan = await planErasure(parts, customer, ground);
      if (request.query.dryRun === 'true') return { status: 200, body: shown(customer, plan) };
      const state = stateOf(customer.states, erasure).state;
      if (isGoing(state)) throw conflict('owner.erased', 'The person was erased, or is being erased.');
      if (state.request !== null)
        throw conflict('erasure.pending', 'Somebody has asked for this already; a second person decides.');
      refuseBlocked(plan);
      refuseNaming(customer, reason, '/reason');
      const at = new Date(parts.now()).toISOString();
      const { actor } = senderOf(request.call.actor);
      const asked = askedOf({ id: '', ground, reason, askedBy: actor, at });
      const fact = { type: 'customer.erasure.requested.v1', data: { customer: customer.subject, ground, reason } };
      return keep(parts, request, customer, fact, { ...shown(customer, plan), status: 'requested', ...asked });
    },

    decideErasure: async (request) => {
      const customer = await customerNamed(parts, request);
      const { request: named, decision, reason } = request.body;
      const { request: open, erasedAt } = stateOf(customer.states, erasure).state;
      const waiting = erasedAt === null ? open : null;
      const stored = waiting?.id === named ? await readStoredFact(parts.profile, named) : undefined;
      if (waiting === null || stored === undefined)
        throw conflict('erasure.not-pending', 'This request does not wait: it was decided, or never made.');
      const { actor } = senderOf(request.call.actor);
      if (!maySecondErasure(waiting, actor))
        throw new DomainError('forbidden', 'erasure.second-person', 'Who asked does not decide.');
      const plan = await planErasure(parts, customer, waiting.ground);
      const follows = await unsealFact(parts.sealer, stored);
      const body = shown(customer, plan);
      const common = { customer: customer.subject, request: waiting.id };
      if (decision === 'declined') {
        refuseNaming(customer, reason ?? '', '/reason');
        const fact = { type: 'customer.erasure.declined.v1', data: { ...common, reason }, follows };
        return keep(parts, request, customer, fact, { ...body, status: 'declined' });
      }
      refuseBlocked(plan);
      // By what has been told since it may say who it is: it is declined then, and asked for anew.
      refuseNaming(customer, waiting.reason, '/request');
      if (reason !== undefined) refuseNaming(customer, reason, '/reason');
      const fact = { type: 'customer.erasure.approved.v1', data: common, follows };
      const approval = { approvedAt: new Date(parts.now()).toISOString(), approvedBy: actor };
      return keep(parts, request, customer, fact, { ...body, status: 'approved', ...approval });
    },

    readErasure: async (request) => {
      const customer = await customerNamed(parts, request);
      const { approved, request: asked } = stateOf(customer.states, erasure).state;
      const plan = await planErasure(parts, customer, (asked ?? approved)?.ground);
      return { body: shown(customer, plan), version: versionOf(customer.states) };
    },

    listErasureRequests: async (request) => {
      const { limit, cursor } = request.query;
      const { customers, next } = await listWaitingErasures(parts.profile, { limit, after: cursor });
      const data = await Promise.all(
        customers.map(async (customer) => {
          const { subject, states } = await loadSurvivor(parts.profile, await loadSubject(parts.profile, customer));
          const { request: open, approved } = stateOf(states, erasure).state;
          const status = approved === null ? ('requested' as const) : ('approved' as const);
          return { customerId: subject, status, ...askedOf(approved ?? open) };
        }),
      );
      return { body: { data, next: next ?? null, masked: [] }, subjects: customers };
    },
  }) satisfies Partial<Operations>;
