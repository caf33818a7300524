import type { FactOf } from '#shared/contracts/facts/fact.ts';
import { type Erased, isErased } from '#shared/vocabulary/fact.ts';
import type { Reference } from '#shared/vocabulary/references.ts';
import type { Commodity, ConnectionState, Presence } from '#shared/vocabulary/statuses.ts';
import { isZone } from '#shared/vocabulary/zones.ts';
import { instantOr } from './fact-data.ts';
import type { Family } from './fold.ts';

export interface PostalAddress {
  readonly lines: readonly string[];
  readonly town?: string;
  readonly postcode?: string;
  readonly country: string;
}

/** What was said of a service point from an instant (stored form) on. */
export interface PointChange {
  readonly at: string;
  readonly connection?: ConnectionState;
  readonly minimalUsageExpected?: boolean;
  /** The source, where it was yet to come when that said it: until it has come, the same source may say another day. */
  readonly by?: string;
}

/** Whether somebody was said to be at home from an instant (stored form) on. */
export interface PresenceWord {
  readonly at: string;
  readonly presence: Presence;
  readonly by?: string;
}

export interface ServicePoint {
  readonly id: string;
  readonly commodity: Commodity;
  readonly zone: string;
  /** As it was registered; the changes say what became of that. */
  readonly connection: ConnectionState;
  readonly references: readonly Reference[];
  /** By their instants, at most 12, the first what held before the others; none where it never changed. */
  readonly changes?: readonly PointChange[];
  /** By their instants, the latest 12; none where nobody said anything. */
  readonly presence?: readonly PresenceWord[];
}

/** A place and its points of delivery; at most 40. */
export interface PremiseState {
  readonly registered: boolean;
  readonly address: PostalAddress | Erased | null;
  readonly region: string | null;
  readonly references: readonly Reference[];
  readonly servicePoints: readonly ServicePoint[];
}

type Registered = FactOf<'premise.premise.registered.v1'>;
type PointFact = FactOf<'premise.service-point.registered.v1'>;
type ChangeFact = FactOf<'premise.service-point.changed.v1'>;

const addressOf = ({ data: { address } }: Registered): PostalAddress | Erased | null => {
  if (address === undefined) return null;
  if (isErased(address)) return address;
  const { lines, town, postcode, country } = address;
  return { lines, ...(town === undefined ? {} : { town }), ...(postcode === undefined ? {} : { postcode }), country };
};

/** An address on one line. */
export const addressLine = (address: PostalAddress): string =>
  [...address.lines, address.town, address.postcode].filter((part) => part !== undefined && part !== '').join(', ');

const maxServicePoints = 40;

/**
 * A point stands whether or not its premise does yet: told for the same instant, either may come first in fold order, and nobody
 * can name a premise that was never told of.
 */
const pointRegistered = (state: PremiseState, fact: PointFact): PremiseState | 'groundless' => {
  const { commodity, connection, references, zone } = fact.data;
  const full = state.servicePoints.length >= maxServicePoints;
  if (commodity === undefined || zone === undefined || fact.entity === undefined || full) return 'groundless';
  const point: ServicePoint = {
    id: fact.entity,
    commodity,
    // Facts of before may name a zone that there is not.
    zone: isZone(zone) ? zone : 'UTC',
    connection: connection ?? 'connected',
    references: references ?? [],
  };
  return { ...state, servicePoints: [...state.servicePoints, point] };
};

/** Changes of a point, and words on who is at home. */
const kept = 12;
const byInstant = (a: { readonly at: string }, b: { readonly at: string }): number =>
  a.at < b.at ? -1 : a.at > b.at ? 1 : 0;

/** Who says a change, where it is a plan. */
const planOf = ({ source, occurredAt }: ChangeFact, at: string): { readonly by?: string } =>
  at > occurredAt ? { by: source.system } : {};

/** Whether a plan may be replaced by what its own source says now: it has not come yet. */
const isOpenPlan = (plan: { readonly at: string; readonly by?: string }, { source, occurredAt }: ChangeFact): boolean =>
  plan.by === source.system && plan.at > occurredAt;

const members = ['connection', 'minimalUsageExpected'] as const;

/** The changes without those planned ones for which their source now says another day, sooner or later. */
const withoutReplaced = (
  changes: readonly PointChange[],
  change: PointChange,
  fact: ChangeFact,
): readonly PointChange[] =>
  changes.flatMap((plan) => {
    const replaced = members.filter((name) => change[name] !== undefined && change[name] === plan[name]);
    if (replaced.length === 0 || !isOpenPlan(plan, fact)) return [plan];
    const rest = Object.fromEntries(Object.entries(plan).filter(([name]) => !replaced.some((one) => one === name)));
    return members.some((name) => rest[name] !== undefined) ? [{ ...rest, at: plan.at }] : [];
  });

/** The changes with one more; what falls out of them is what held before the rest. */
const withChange = (changes: readonly PointChange[], change: PointChange): readonly PointChange[] => {
  const [held, ...later] = [...changes, change].sort(byInstant);
  if (held === undefined || later.length < kept) return held === undefined ? [] : [held, ...later];
  const [next, ...rest] = later;
  return [{ ...held, ...next, at: held.at }, ...rest];
};

/** What is known of who is at home with one more word, apart from the changes: who comes and goes does not push those out. */
const withPresence = (point: ServicePoint, fact: ChangeFact): ServicePoint => {
  const { presence } = fact.data;
  if (presence === undefined) return point;
  const at = instantOr(fact.data.at, fact);
  const word: PresenceWord = { at, presence, ...planOf(fact, at) };
  const said = (point.presence ?? []).filter((one) => one.presence !== word.presence || !isOpenPlan(one, fact));
  return { ...point, presence: [...said, word].sort(byInstant).slice(-kept) };
};

const pointChanged = (state: PremiseState, fact: ChangeFact): PremiseState | 'groundless' => {
  const { servicePoint: id, connection, minimalUsageExpected } = fact.data;
  if (!state.servicePoints.some((point) => point.id === id)) return 'groundless';
  const at = instantOr(fact.data.at, fact);
  const change: PointChange = {
    at,
    ...planOf(fact, at),
    ...(connection === undefined ? {} : { connection }),
    ...(minimalUsageExpected === undefined ? {} : { minimalUsageExpected }),
  };
  const saysMore = connection !== undefined || minimalUsageExpected !== undefined;
  const servicePoints = state.servicePoints.map((held): ServicePoint => {
    if (held.id !== id) return held;
    const point = withPresence(held, fact);
    if (!saysMore) return point;
    const said = point.changes ?? [{ at: '', connection: point.connection }];
    return { ...point, changes: withChange(withoutReplaced(said, change, fact), change) };
  });
  return { ...state, servicePoints };
};

export const premise: Family<PremiseState> = {
  name: 'premise',
  of: 'premise',
  rules: 6,
  empty: () => ({ registered: false, address: null, region: null, references: [], servicePoints: [] }),
  apply(state, fact) {
    switch (fact.type) {
      case 'premise.premise.registered.v1':
        return {
          ...state,
          registered: true,
          address: addressOf(fact),
          region: fact.data.region ?? null,
          references: fact.data.references ?? [],
        };
      case 'premise.service-point.registered.v1':
        return pointRegistered(state, fact);
      case 'premise.service-point.changed.v1':
        return pointChanged(state, fact);
      default:
        return 'groundless';
    }
  },
};
