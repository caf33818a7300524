import type { Erased, Fact } from '#shared/vocabulary/fact.ts';
import { Commodity } from '#shared/vocabulary/statuses.ts';
import { flag, instant, optionalInstant, sealedText, text } from './fact-data.ts';
import type { Family } from './fold.ts';

export interface Outage {
  readonly id: string;
  readonly premise: string;
  readonly commodity: Commodity;
  readonly startedAt: string;
  readonly expectedBy: string | null;
  readonly planned: boolean;
  readonly description: string | Erased | null;
  readonly restoredAt: string | null;
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

/** The outage of a premise that a report of a commodity joins: one that is open and was not planned. */
export const openOutage = (outages: readonly Outage[], commodity: Commodity): Outage | undefined =>
  outages.find(
    (one) =>
      one.commodity === commodity && !one.planned && one.restoredAt === null && joinedTo(outages, one) === undefined,
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
const withinOpen = (outages: readonly Outage[]): readonly Outage[] => {
  let surplus = outages.filter((one) => one.restoredAt === null).length - keptOpen;
  return outages
    .toReversed()
    .filter((one) => one.restoredAt !== null || one.joined === undefined || surplus-- <= 0)
    .toReversed();
};

const kept = (outages: readonly Outage[]): readonly Outage[] => {
  let surplus = outages.filter((one) => one.restoredAt !== null).length - keptRestored;
  return withinOpen(outages)
    .filter((one) => one.restoredAt === null || surplus-- <= 0)
    .slice(-(keptRestored + keptOpen))
    .map((one, index, all) =>
      index < all.length - keptDescriptions && one.description !== null ? { ...one, description: null } : one,
    );
};

const reported = (state: OutageState, fact: Fact): OutageState | 'groundless' => {
  const commodity = Commodity.safeParse(fact.data.commodity);
  const premise = text(fact, 'premise');
  if (fact.entity === undefined || premise === undefined) return 'groundless';
  const outage: Outage = {
    id: fact.entity,
    premise,
    commodity: commodity.success ? commodity.data : 'electricity',
    startedAt: instant(fact, 'startedAt'),
    expectedBy: optionalInstant(fact, 'expectedBy') ?? null,
    planned: flag(fact, 'planned') ?? false,
    description: sealedText(fact, 'description') ?? null,
    restoredAt: null,
    cause: null,
  };
  const first = outage.planned ? undefined : openOutage(state.outages, outage.commodity);
  if (first === undefined) return { ...state, outages: kept([...state.outages, outage]) };
  const known = state.outages.map((one) => (one === first ? { ...one, reports: (one.reports ?? 1) + 1 } : one));
  return { ...state, outages: kept([...known, { ...outage, joined: first.id }]) };
};

const proposed = (state: OutageState, fact: Fact): OutageState | 'groundless' => {
  const commodity = Commodity.safeParse(fact.data.commodity);
  const { area } = fact.data;
  const isArea = typeof area === 'object' && area !== null && 'kind' in area && 'value' in area;
  if (!commodity.success || !isArea || typeof area.kind !== 'string' || typeof area.value !== 'string')
    return 'groundless';
  const { kind, value } = area;
  return {
    ...state,
    area: { area: { kind, value }, commodity: commodity.data, startedAt: instant(fact, 'startedAt') },
  };
};

/** The one outage that a fact names, changed; groundless where it is not there. */
const changed = (state: OutageState, fact: Fact, change: (one: Outage) => Outage | undefined) => {
  const id = text(fact, 'outage');
  const found = state.outages.find((one) => one.id === id);
  const after = found === undefined ? undefined : change(found);
  if (after === undefined) return 'groundless' as const;
  return { ...state, outages: kept(state.outages.map((one) => (one === found ? after : one))) };
};

export const outage: Family<OutageState> = {
  name: 'outage',
  rules: 5,
  empty: () => ({ outages: [] }),
  apply(state, fact) {
    if (fact.type === 'service.outage.reported.v1') return reported(state, fact);
    if (fact.type === 'service.area-outage.proposed.v1') return proposed(state, fact);
    if (fact.type === 'service.outage.joined.v1') {
      const areaOutage = text(fact, 'areaOutage');
      return changed(state, fact, (one) => (areaOutage === undefined ? undefined : { ...one, areaOutage }));
    }
    if (fact.type !== 'service.outage.restored.v1') return 'groundless';
    return changed(state, fact, (one) =>
      one.restoredAt === null
        ? { ...one, restoredAt: instant(fact, 'restoredAt'), cause: text(fact, 'cause') ?? null }
        : undefined,
    );
  },
};
