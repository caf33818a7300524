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
}

/** Outages of a premise (or the one of an outage's own partition): all open ones (at most 20) and the last 5 restored. */
export interface OutageState {
  readonly outages: readonly Outage[];
}

const keptRestored = 5;
const keptOpen = 20;
/** Outages of a premise whose description is kept; an outage's own partition has each. */
const keptDescriptions = 5;

const kept = (outages: readonly Outage[]): readonly Outage[] => {
  let surplus = outages.filter((one) => one.restoredAt !== null).length - keptRestored;
  return outages
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
  return { outages: kept([...state.outages, outage]) };
};

export const outage: Family<OutageState> = {
  name: 'outage',
  rules: 2,
  empty: () => ({ outages: [] }),
  apply(state, fact) {
    if (fact.type === 'service.outage.reported.v1') return reported(state, fact);
    if (fact.type !== 'service.outage.restored.v1') return 'groundless';
    const id = text(fact, 'outage');
    const open = state.outages.find((one) => one.id === id && one.restoredAt === null);
    if (open === undefined) return 'groundless';
    const restored = { ...open, restoredAt: instant(fact, 'restoredAt'), cause: text(fact, 'cause') ?? null };
    return { outages: kept(state.outages.map((one) => (one === open ? restored : one))) };
  },
};
