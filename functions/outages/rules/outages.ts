import type { FactOf } from '#shared/contracts/facts/fact.ts';
import { instantOr, instantSaid } from '#shared/profile/rules/fact-data.ts';
import type { Family } from '#shared/profile/rules/fold.ts';
import type { Erased } from '#shared/vocabulary/fact.ts';
import type { Commodity } from '#shared/vocabulary/statuses.ts';

export interface Outage {
  readonly id: string;
  readonly premise: string;
  readonly commodity: Commodity;
  readonly startedAt: string;
  readonly expectedBy: string | null;
  readonly planned: boolean;
  readonly description: string | Erased | null;
  /** When service came back, or is to: until then it is open. */
  readonly restoredAt: string | null;
  /** When that was said, where it was at another time. */
  readonly saidAt?: string;
  readonly cause: string | null;
  /** The outage of its area that it is taken for a part of. */
  readonly areaOutage?: string;
  /** At its premise: the outage that was open when this was reported, so that it is a report of that one. */
  readonly joined?: string;
  /** At its premise: how many reports of it came, its own among them; one where absent. */
  readonly reports?: number;
}

/** Outages of several premises of one area that may have one cause. */
export interface AreaOutage {
  readonly area: { readonly kind: string; readonly value: string };
  readonly commodity: Commodity;
  readonly startedAt: string;
}

/**
 * Outages of a premise (or the one of an outage's own partition): all open ones (at most 20) and the last 5 restored. What is
 * reported while one of the commodity is open is a report of that one.
 */
export interface OutageState {
  readonly outages: readonly Outage[];
  /** In the partition of an area's outage: which it is. */
  readonly area?: AreaOutage;
}

const keptRestored = 5;
const keptOpen = 20;
/** Outages of a premise whose description is kept; an outage's own partition has each. */
const keptDescriptions = 5;

/** Whether service is interrupted at an instant: one that is said to be restored later is open until then. */
export const isOpenAt = ({ restoredAt }: Pick<Outage, 'restoredAt'>, at: string): boolean =>
  restoredAt === null || at < restoredAt;

/** How an outage stands at an instant: over, or open with when service is expected back. */
export const standingAt = (
  outage: Pick<Outage, 'restoredAt' | 'expectedBy'>,
  at: string,
): { readonly expectedBy?: string; readonly restoredAt?: string } => {
  const { restoredAt } = outage;
  const expectedBy = isOpenAt(outage, at) ? (restoredAt ?? outage.expectedBy) : outage.expectedBy;
  return {
    ...(expectedBy === null ? {} : { expectedBy }),
    ...(restoredAt === null || isOpenAt(outage, at) ? {} : { restoredAt }),
  };
};

/** When it was said that service came back, or is to. */
export const saidRestored = ({ restoredAt, saidAt }: Pick<Outage, 'restoredAt' | 'saidAt'>): string | null =>
  saidAt ?? restoredAt;

/** The outage of a premise that a report of a commodity joins: one that is open at an instant and was not planned. */
export const openOutage = (outages: readonly Outage[], commodity: Commodity, at: string): Outage | undefined =>
  outages.find(
    (one) => one.commodity === commodity && !one.planned && isOpenAt(one, at) && joinedTo(outages, one) === undefined,
  );

/**
 * The outage that another one is a report of. One that began after service had come back tells of an interruption of its own,
 * though it came before anybody said so.
 */
const joinedTo = (outages: readonly Outage[], { joined, startedAt }: Outage): Outage | undefined => {
  const first = joined === undefined ? undefined : outages.find(({ id }) => id === joined);
  return first === undefined || (first.restoredAt !== null && first.restoredAt <= startedAt) ? undefined : first;
};

/** Outages of a premise without those that are reports of another. */
export const apartOutages = (outages: readonly Outage[]): readonly Outage[] =>
  outages.filter((one) => joinedTo(outages, one) === undefined);

/** Makes room for open outages: reports of another go first, those that came last before the others. */
const withinOpen = (outages: readonly Outage[], at: string): readonly Outage[] => {
  let surplus = outages.filter((one) => isOpenAt(one, at)).length - keptOpen;
  return outages
    .toReversed()
    .filter((one) => !isOpenAt(one, at) || one.joined === undefined || surplus-- <= 0)
    .toReversed();
};

const kept = (outages: readonly Outage[], at: string): readonly Outage[] => {
  let surplus = outages.filter((one) => !isOpenAt(one, at)).length - keptRestored;
  return withinOpen(outages, at)
    .filter((one) => isOpenAt(one, at) || surplus-- <= 0)
    .slice(-(keptRestored + keptOpen))
    .map((one, index, all) =>
      index < all.length - keptDescriptions && one.description !== null ? { ...one, description: null } : one,
    );
};

const reported = (state: OutageState, fact: FactOf<'service.outage.reported.v1'>): OutageState | 'groundless' => {
  const { premise, commodity, startedAt, expectedBy, planned, description } = fact.data;
  if (fact.entity === undefined || premise === undefined) return 'groundless';
  const outage: Outage = {
    id: fact.entity,
    premise,
    commodity: commodity ?? 'electricity',
    startedAt: instantOr(startedAt, fact),
    expectedBy: instantSaid(expectedBy) ?? null,
    planned: planned ?? false,
    description: description ?? null,
    restoredAt: null,
    cause: null,
  };
  const first = outage.planned ? undefined : openOutage(state.outages, outage.commodity, fact.occurredAt);
  if (first === undefined) return { ...state, outages: kept([...state.outages, outage], fact.occurredAt) };
  const known = state.outages.map((one) => (one === first ? { ...one, reports: (one.reports ?? 1) + 1 } : one));
  return { ...state, outages: kept([...known, { ...outage, joined: first.id }], fact.occurredAt) };
};

const proposed = (state: OutageState, fact: FactOf<'service.area-outage.proposed.v1'>): OutageState | 'groundless' => {
  const { area, commodity, startedAt } = fact.data;
  if (commodity === undefined || area === undefined) return 'groundless';
  const { kind, value } = area;
  return { ...state, area: { area: { kind, value }, commodity, startedAt: instantOr(startedAt, fact) } };
};

type Restored = FactOf<'service.outage.restored.v1'>;

/** The one outage that a fact names, changed; groundless where it is not there. */
const changed = (
  state: OutageState,
  fact: Restored | FactOf<'service.outage.joined.v1'>,
  change: (one: Outage) => Outage | undefined,
) => {
  const found = state.outages.find((one) => one.id === fact.data.outage);
  const after = found === undefined ? undefined : change(found);
  if (after === undefined) return 'groundless' as const;
  return {
    ...state,
    outages: kept(
      state.outages.map((one) => (one === found ? after : one)),
      fact.occurredAt,
    ),
  };
};

/** An outage as a word on its end has it; undefined where it was over by then. What lies ahead is replaced by a later word. */
const restored = (one: Outage, fact: Restored): Outage | undefined => {
  if (!isOpenAt(one, fact.occurredAt)) return undefined;
  const { saidAt: _earlier, ...known } = one;
  const restoredAt = instantOr(fact.data.restoredAt, fact);
  const said = restoredAt === fact.occurredAt ? {} : { saidAt: fact.occurredAt };
  return { ...known, restoredAt, ...said, cause: fact.data.cause ?? null };
};

export const outage: Family<OutageState> = {
  name: 'outage',
  of: 'premise',
  rules: 6,
  empty: () => ({ outages: [] }),
  apply(state, fact) {
    if (fact.type === 'service.outage.reported.v1') return reported(state, fact);
    if (fact.type === 'service.area-outage.proposed.v1') return proposed(state, fact);
    if (fact.type === 'service.outage.joined.v1') {
      const { areaOutage } = fact.data;
      return changed(state, fact, (one) => (areaOutage === undefined ? undefined : { ...one, areaOutage }));
    }
    if (fact.type !== 'service.outage.restored.v1') return 'groundless';
    return changed(state, fact, (one) => restored(one, fact));
  },
};
