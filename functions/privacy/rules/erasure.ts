import type { FactOf } from '#shared/contracts/facts/fact.ts';
import type { Family } from '#shared/profile/rules/fold.ts';
import { type States, stateOf } from '#shared/profile/rules/states.ts';
import type { ErasureGround } from '#shared/vocabulary/statuses.ts';

/** That somebody asked for a person to be erased, until a second person has decided. */
export interface ErasureRequest {
  /** The fact that asked. */
  readonly id: string;
  readonly ground: ErasureGround;
  readonly reason: string;
  /** Who asked, `staff:…`: they do not decide. */
  readonly askedBy: string;
  readonly at: string;
}

/** Where the erasure of a customer stands. */
export interface ErasureState {
  readonly request: ErasureRequest | null;
  /** From then on nothing more is kept of the person. */
  readonly approved: (ErasureRequest & { readonly approvedBy: string; readonly approvedAt: string }) | null;
  /** When it was done; stays the first. */
  readonly erasedAt: string | null;
}

/** Whether somebody may decide on a request: a second person, who did not ask. */
export const maySecondErasure = ({ askedBy }: Pick<ErasureRequest, 'askedBy'>, actor: string): boolean =>
  actor !== askedBy;

/** Whether nothing more is kept of the customer: they are being erased, or were. */
export const isGoing = ({ approved, erasedAt }: ErasureState): boolean => approved !== null || erasedAt !== null;

/** The same of a customer's record. */
export const isGoingIn = (states: States): boolean => isGoing(stateOf(states, erasure).state);

const requested = (state: ErasureState, fact: FactOf<'customer.erasure.requested.v1'>): ErasureState | 'groundless' => {
  const { ground, reason } = fact.data;
  if (isGoing(state) || state.request !== null || ground === undefined) return 'groundless';
  const request = {
    id: fact.id,
    ground,
    reason: reason ?? '',
    askedBy: fact.source.actor,
    at: fact.occurredAt,
  };
  return { ...state, request };
};

/** The request that a fact decides on, if it waits and this is the word of another than who asked. */
const decided = (
  { request }: ErasureState,
  fact: FactOf<'customer.erasure.declined.v1' | 'customer.erasure.approved.v1'>,
): ErasureRequest | undefined =>
  request !== null && request.id === fact.data.request && maySecondErasure(request, fact.source.actor)
    ? request
    : undefined;

const approved = (state: ErasureState, fact: FactOf<'customer.erasure.approved.v1'>): ErasureState | 'groundless' => {
  const request = decided(state, fact);
  if (request === undefined) return 'groundless';
  return {
    ...state,
    request: null,
    approved: { ...request, approvedBy: fact.source.actor, approvedAt: fact.occurredAt },
  };
};

/** Who asks for a person to be erased, who decides, and that it was done. */
export const erasure: Family<ErasureState> = {
  name: 'erasure',
  of: 'customer',
  untold: true,
  rules: 1,
  empty: () => ({ request: null, approved: null, erasedAt: null }),
  apply(state, fact) {
    switch (fact.type) {
      case 'customer.erasure.requested.v1':
        return requested(state, fact);
      case 'customer.erasure.declined.v1':
        return decided(state, fact) === undefined ? 'groundless' : { ...state, request: null };
      case 'customer.erasure.approved.v1':
        return approved(state, fact);
      case 'customer.erasure.completed.v1':
        // An approval of the same instant may stand behind it: what was asked is kept for it.
        return { ...state, erasedAt: state.erasedAt ?? fact.occurredAt };
      default:
        return 'groundless';
    }
  },
};
