import type { BodyOf } from '#functions/routes.ts';
import { forStaff, notForCustomers } from '#shared/edge/for-staff.ts';
import type { OperationRequest } from '#shared/edge/operation.ts';
import { stateOf } from '#shared/profile/rules/states.ts';
import { loadSubject } from '#shared/profile/store/subjects.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { type ByRequestParts, byRequest } from './api-by-request.ts';
import { type ContactPoint, type ContactState, contact, mostOwnPoints, ownPoints } from './rules/contact-points.ts';

type Changing<Body> = OperationRequest<unknown, Body>;

/** A customer's contact points as they stand. */
export const contactStateOf = async (
  { profile }: Pick<ByRequestParts, 'profile'>,
  customer: string,
): Promise<ContactState> => stateOf((await loadSubject(profile, customer)).states, contact).state;

/**
 * Whether a customer may wish to be reached at a point first. Who took over a login could else lead all that is sent and every call
 * to themselves: while a proved point stands, one that is not comes first only by request.
 */
const mayPrefer = ({ points }: ContactState, point?: ContactPoint): boolean =>
  point?.verified === true || points.every(({ verified }) => !verified);

/** Members that the customer may not send, or not here. */
const byRequestOnly = (
  request: Changing<{ readonly preferred?: boolean | undefined }>,
  prefers: boolean,
): readonly string[] => [
  ...notForCustomers(request),
  ...(request.body.preferred === true && !prefers ? ['preferred'] : []),
];

/** Refuses what customers may not add to their contact points themselves; of staff nothing. */
export const refuseAdding = async (
  parts: ByRequestParts,
  request: Changing<BodyOf<'addContactPoint'>>,
): Promise<void> => {
  if (request.call.actor.kind !== 'customer') return;
  const state = await contactStateOf(parts, request.subjectId ?? '');
  const members = byRequestOnly(request, mayPrefer(state));
  if (members.length > 0) throw await byRequest(parts, request, members, { contactPoint: request.body });
  if (ownPoints(state).length >= mostOwnPoints) {
    throw new DomainError('conflict', 'contact-points.full', 'You have added as many contact points as may stand.', {
      extra: { most: mostOwnPoints },
    });
  }
};

/** Refuses what customers may not change of a contact point themselves; of staff nothing. */
export const refuseChanging = async (
  parts: ByRequestParts,
  request: Changing<BodyOf<'changeContactPoint'>>,
  state: ContactState,
  point: ContactPoint,
): Promise<void> => {
  if (request.call.actor.kind !== 'customer') return;
  const members = byRequestOnly(request, mayPrefer(state, point));
  if (members.includes('value')) {
    throw new DomainError(
      'forbidden',
      'contact-point.remove-and-add',
      'Another value is another contact point: remove this one and add the new one.',
      { errors: members.map((member) => forStaff(member)) },
    );
  }
  if (members.length > 0)
    throw await byRequest(parts, request, members, { contactPoint: { id: point.id, ...request.body } });
};

/** The last point that was proved is what the utility knows its customer by: they have it removed by request. */
export const refuseRemoving = async (
  parts: ByRequestParts,
  request: Changing<undefined>,
  state: ContactState,
  point: ContactPoint,
): Promise<void> => {
  if (request.call.actor.kind !== 'customer' || !point.verified) return;
  if (state.points.some((one) => one.verified && one !== point)) return;
  throw await byRequest(parts, request, [''], { contactPoint: { id: point.id, removed: true } });
};
