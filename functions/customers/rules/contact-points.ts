import type { Fact, FactOf } from '#shared/contracts/facts/fact.ts';
import type { Family } from '#shared/profile/rules/fold.ts';
import { isCustomersSource, sourceOf } from '#shared/profile/rules/writer.ts';
import type { Erased } from '#shared/vocabulary/fact.ts';
import type { ContactKind } from '#shared/vocabulary/statuses.ts';

export interface ContactPoint {
  readonly id: string;
  readonly kind: ContactKind;
  readonly value: string | Erased;
  readonly label: string | Erased | null;
  readonly verified: boolean;
  readonly preferred: boolean;
  /** Who said the value. */
  readonly source: string;
  /** What the validators said of the value; a rejected one is kept to be put right, and never shown. */
  readonly verdict?: 'warned' | 'rejected';
}

/**
 * Where a customer can be reached, in the order the points were added; at most 50 that may stand, of which customers may have added
 * 20, and 20 whose value was rejected.
 */
export interface ContactState {
  readonly points: readonly ContactPoint[];
}

const maxPoints = 50;
const maxRejected = 20;

/**
 * Most points that stand by customers' own word at once. The door takes half as many (`mostOwnPoints`), since a merge brings the
 * lists of two records together; either way room is left for staff.
 */
const maxOwnPoints = 20;

/** Most points that customers may have added themselves and that stand, before no more are taken from them. */
export const mostOwnPoints = 10;

/** Whether a point may be shown, found and used: the validators have not rejected its value. */
export const mayStand = ({ verdict }: ContactPoint): boolean => verdict !== 'rejected';

/** Points that may stand and whose value customers have said themselves. */
export const ownPoints = ({ points }: ContactState): readonly ContactPoint[] =>
  points.filter((point) => mayStand(point) && isCustomersSource(point.source));

/** Whether there is room for one point more; those that were rejected take none from those that may stand. */
const hasRoomFor = (state: ContactState, point: ContactPoint): boolean => {
  const alike = state.points.filter((one) => mayStand(one) === mayStand(point)).length;
  if (!mayStand(point)) return alike < maxRejected;
  return alike < maxPoints && (!isCustomersSource(point.source) || ownPoints(state).length < maxOwnPoints);
};

/** Whether a fact may say that a point was proved: customers' own word never proves it. */
const mayProve = (fact: Fact): boolean => !isCustomersSource(sourceOf(fact));

/**
 * Whether a fact may put a point first: customers' own word puts none that is not proved before those that are, by whichever door it
 * comes. Who took over a login, or their portal, could else lead all that is sent to themselves.
 */
const mayLead = (fact: Fact, verified: boolean, others: readonly ContactPoint[]): boolean =>
  verified || !isCustomersSource(sourceOf(fact)) || others.every((one) => !one.verified);

const added = (state: ContactState, fact: FactOf<'customer.contact-point.added.v1'>): ContactState | 'groundless' => {
  const { kind, value, label, ...said } = fact.data;
  if (kind === undefined || value === undefined || fact.entity === undefined) return 'groundless';
  const verified = !isRejected(fact) && mayProve(fact) && (said.verified ?? false);
  const preferred = (said.preferred ?? false) && mayLead(fact, verified, state.points);
  const point: ContactPoint = {
    id: fact.entity,
    kind,
    value,
    label: label ?? null,
    verified,
    preferred,
    source: sourceOf(fact),
    ...verdictOf(fact),
  };
  return hasRoomFor(state, point) ? { points: [...onePreferred(state.points, point), point] } : 'groundless';
};

const verdictOf = (fact: Fact): Pick<ContactPoint, 'verdict'> => {
  const verdict = fact.verdicts?.value?.verdict;
  return verdict === undefined ? {} : { verdict };
};

const proved = (
  state: ContactState,
  fact: FactOf<'customer.contact-point.verified.v1'>,
): ContactState | 'groundless' => {
  const known = state.points.find((point) => point.id === fact.data.point);
  if (known === undefined || !mayStand(known) || !mayProve(fact)) return 'groundless';
  return { points: state.points.map((point) => (point === known ? { ...point, verified: true } : point)) };
};

/** A customer prefers one point: naming a new one takes the wish from the others, once it may stand. */
const onePreferred = (points: readonly ContactPoint[], chosen: ContactPoint): readonly ContactPoint[] =>
  chosen.preferred && mayStand(chosen)
    ? points.map((point) => (point.id === chosen.id ? point : { ...point, preferred: false }))
    : points;

const isRejected = (fact: Fact): boolean => fact.verdicts?.value?.verdict === 'rejected';

/** A change to a value that was rejected leaves the point as it was: what else the fact says, it says of that value. */
const changed = (
  state: ContactState,
  fact: FactOf<'customer.contact-point.changed.v1'>,
): ContactState | 'groundless' => {
  const known = state.points.find((point) => point.id === fact.data.point);
  if (known === undefined) return 'groundless';
  if (isRejected(fact)) return state;
  const { value, label, verified: claimed, preferred } = fact.data;
  const { verdict: _before, ...rest } = known;
  // A new value has not been proved, whatever the old one was.
  const said = mayProve(fact) && (value !== undefined || mayStand(known)) ? claimed : undefined;
  const verified = said ?? (value === undefined ? known.verified : false);
  const others = state.points.filter((point) => point !== known);
  // What was first before and is not touched stays so.
  const wished = preferred ?? known.preferred;
  const isLedAnew = preferred === true || value !== undefined;
  const next: ContactPoint = {
    ...(value === undefined ? known : { ...rest, ...verdictOf(fact) }),
    value: value ?? known.value,
    label: label ?? known.label,
    verified,
    preferred: wished && (!isLedAnew || mayLead(fact, verified, others)),
    source: value === undefined ? known.source : sourceOf(fact),
  };
  if (!mayStand(known) && mayStand(next) && !hasRoomFor(state, next)) return 'groundless';
  return { points: onePreferred(state.points, next).map((point) => (point.id === next.id ? next : point)) };
};

export const contact: Family<ContactState> = {
  name: 'contact',
  of: 'customer',
  rules: 5,
  empty: () => ({ points: [] }),
  apply(state, fact) {
    switch (fact.type) {
      case 'customer.contact-point.added.v1':
        return added(state, fact);
      case 'customer.contact-point.changed.v1':
        return changed(state, fact);
      case 'customer.contact-point.verified.v1':
        return proved(state, fact);
      case 'customer.contact-point.removed.v1': {
        const points = state.points.filter((point) => point.id !== fact.data.point);
        return points.length === state.points.length ? 'groundless' : { points };
      }
      default:
        return 'groundless';
    }
  },
};
