import { join } from 'node:path';
import { digestProfile } from '#functions/operations/store/digest.ts';
import { createSealer } from '#shared/facts/seal.ts';
import { openLocalMasterKey } from '#shared/messaging/local/local-master-key.ts';
import { type MeteringState, metering } from '#shared/profile/rules/installations.ts';
import { stateOf } from '#shared/profile/rules/states.ts';
import { familyOfState, readFact, readFoldState } from '#shared/profile/store/items.ts';
import { systemClock } from '#shared/runtime/clock.ts';
import { type LevelStore, openLevelStore } from '#shared/table/level/level-store.ts';
import type { Item } from '#shared/table/table.ts';
import type { KeptFact } from '#shared/vocabulary/fact.ts';
import { isOfReadings } from './soundness.ts';

/**
 * What the profile of a utility comes to, whenever the system looked at its readings. How often a month was issued, or an exception
 * rewritten, on the way depends on what had come when it looked; what stands in the end does not.
 */
export interface WhatStands {
  /** Digest of all facts but those that the system itself tells of readings, and of all states and views but `metering`'s. */
  readonly others: string;
  readonly items: number;
  /** Facts that the system told of readings on the way; that many are no matter. */
  readonly told: number;
  /** By premise: its meters, their events, and what stands of its exceptions, tasks and insights. */
  readonly metering: ReadonlyMap<string, unknown>;
  /** The last issue of each closed month, by service point, register and month. */
  readonly months: ReadonlyMap<string, unknown>;
  /** Exceptions that stand, by id, as they were raised last. */
  readonly exceptions: ReadonlyMap<string, unknown>;
}

/** A fact that the system tells of readings, by itself: what people decide is told by its own types as well. */
const isTold = ({ type, source }: KeptFact): boolean => isOfReadings(type) && source.actor.startsWith('system:');

const inOrder = <Value>(entries: Iterable<readonly [string, Value]>): ReadonlyMap<string, Value> =>
  new Map([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));

const standingOf = ({ installations, events = [], exceptions = [], tasks = [], insights = [] }: MeteringState) => ({
  installations,
  events,
  exceptions: exceptions.filter(({ standing }) => standing).map(({ revision: _, ...one }) => one),
  tasks: tasks.filter(({ open }) => open).map(({ number: _, ...one }) => one),
  insights: insights.filter(({ standing }) => standing).map(({ revision: _, ...one }) => one),
});

/** Of facts that take each other's place the last, by what they speak of. */
const lastOf = (
  facts: readonly KeptFact[],
  place: (fact: KeptFact) => string,
  rank: string,
): ReadonlyMap<string, KeptFact> => {
  const last = new Map<string, KeptFact>();
  for (const fact of facts) {
    const known = last.get(place(fact));
    if (known === undefined || Number(known.data[rank]) < Number(fact.data[rank])) last.set(place(fact), fact);
  }
  return inOrder(last);
};

const monthOf = ({ data }: KeptFact): string => [data.servicePoint, data.register, data.month].join(' ');

const closedMonths = (facts: readonly KeptFact[]) => {
  const closed = facts.filter(({ type }) => type === 'metering.month.closed.v1');
  return inOrder(
    [...lastOf(closed, monthOf, 'issue')].map(([month, { data }]) => {
      const { issue: _, ...said } = data;
      return [month, said] as const;
    }),
  );
};

const exceptionsThatStand = (facts: readonly KeptFact[]) => {
  const told = facts.filter(({ type }) => type.startsWith('metering.exception.'));
  const raised = [...lastOf(told, ({ data }) => String(data.exception), 'revision')].filter(
    ([, { type }]) => type === 'metering.exception.raised.v1',
  );
  return inOrder(
    raised.map(([id, { data }]) => {
      const { revision: _, ...said } = data;
      return [id, said] as const;
    }),
  );
};

/** The profile table without what is told of readings; facts of these and states of metering are put aside. */
const othersOf = async function* (store: LevelStore, told: KeptFact[], states: Item[]): AsyncGenerator<Item> {
  for await (const item of store.scan('profile')) {
    const fact = item.sk.startsWith('FACT#') ? readFact(item).fact : undefined;
    if (fact !== undefined && isTold(fact)) told.push(fact);
    else if (familyOfState(item) === metering.name) states.push(item);
    else yield item;
  }
};

/** Reads what stands from the data folder of a system that has stopped. */
export const whatStands = async (folder: string): Promise<WhatStands> => {
  const store = await openLevelStore({ folder: join(folder, 'store') });
  try {
    const master = await openLocalMasterKey(folder);
    const sealer = createSealer({ keys: store.table('keys'), master, clock: systemClock });
    const [told, states]: [KeptFact[], Item[]] = [[], []];
    const others = await digestProfile(othersOf(store, told, states), sealer);
    return {
      others: others.sha256,
      items: others.items,
      told: told.length,
      metering: inOrder(
        states.map((item) => {
          const { state } = stateOf(new Map([[metering.name, readFoldState(item)]]), metering);
          return [item.pk, standingOf(state)] as const;
        }),
      ),
      months: closedMonths(told),
      exceptions: exceptionsThatStand(told),
    };
  } finally {
    await store.close();
  }
};
