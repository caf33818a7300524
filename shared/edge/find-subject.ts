import { parties } from '#functions/parties.ts';
import { thingsAtPremises } from '#functions/profile.ts';
import type { RouteSubject } from '#shared/contracts/api/definition.ts';
import { idNamespace } from '#shared/facts/grounds.ts';
import { account, readersOf } from '#shared/profile/rules/account.ts';
import type { Agreement } from '#shared/profile/rules/agreements.ts';
import { emptyFold } from '#shared/profile/rules/fold.ts';
import { isOver } from '#shared/profile/rules/periods.ts';
import { serviceAt } from '#shared/profile/rules/service-at.ts';
import { stateOf } from '#shared/profile/rules/states.ts';
import { readHead } from '#shared/profile/store/items.ts';
import { meterFromItem } from '#shared/profile/store/meters.ts';
import { readServiceOf } from '#shared/profile/store/service.ts';
import { loadSubject, readCurrentState } from '#shared/profile/store/subjects.ts';
import { maxReaders } from '#shared/profile/store/view-writes.ts';
import {
  factIdKey,
  headKey,
  meterKey,
  referenceKey,
  servicePointKey,
  stateKey,
  subjectKindOf,
} from '#shared/table/keys.ts';
import type { Item, Key, Table, Value } from '#shared/table/table.ts';
import { type IdKind, kindOf } from '#shared/vocabulary/ids.ts';
import { parseReference, type Reference, type ReferenceKind } from '#shared/vocabulary/references.ts';

export type SubjectKindNamed = Exclude<RouteSubject, 'none'>;

/** Where relations are read from. `resolve` turns an id or reference into the id of a thing of that kind. */
export interface AccessGround {
  readonly profile: Table;
  readonly resolve: (kind: ReferenceKind, named: string | Reference) => Promise<string | undefined>;
  /** The utility's local date: roles and agreements end with a day, whether or not anything is written then. */
  readonly today: () => string;
}

/** Why something is a customer's: their own record, a role on an account, an agreement of that account at a premise. */
export interface Tie {
  /** The survivor, where the role's holder was merged into another record. */
  readonly customer: string;
  readonly account?: string;
  readonly premise?: string;
  /** Points of the premise that it hangs on; any of them where absent. */
  readonly servicePoints?: readonly string[];
}

/** What a request names, and by which ties it was whose when it was last written. */
export interface FoundSubject {
  readonly id: string;
  readonly ties: readonly Tie[];
  /** Of a service point: where it is. */
  readonly premise?: string;
}

/**
 * What is a customer's own, as theirs with whom they share it: what they do with it is no matter of others at the same place, and
 * stands in no log of these.
 */
export const sharedBy = (found: FoundSubject, self: string): FoundSubject => {
  const own = found.ties.filter(({ customer }) => customer === self);
  const accounts = new Set(own.flatMap(({ account: held }) => held ?? []));
  const others = found.ties.filter((tie) => tie.customer !== self && accounts.has(tie.account ?? ''));
  return { ...found, ties: [...(own.length === 0 ? [{ customer: self }] : own), ...others] };
};

/** Customers something has to do with, once each. */
export const customersOf = (found: FoundSubject): readonly string[] => [
  ...new Set(found.ties.map(({ customer }) => customer)),
];

/** An item as it stands now. */
export const read = (ground: AccessGround, key: Key): Promise<Item | undefined> =>
  ground.profile.get(key, { consistent: true });

const texts = (value: Value | undefined): readonly string[] =>
  Array.isArray(value) ? value.filter((member): member is string => typeof member === 'string') : [];

const mostAliasSteps = 8;

/** The survivor of a merged customer and its HEAD; undefined where there is none. */
export const survivor = async (
  ground: AccessGround,
  id: string,
): Promise<(Item & { readonly survivor: string }) | undefined> => {
  let current = id;
  for (let step = 0; step <= mostAliasSteps; step += 1) {
    const head = await read(ground, headKey(current));
    if (head === undefined) return undefined;
    if (typeof head.aliasOf !== 'string') return { ...head, survivor: current };
    current = head.aliasOf;
  }
  return undefined;
};

/**
 * Those who hold a role on an account, or are to: as its HEAD says, which of very many names the first whose views show it.
 */
const holdersOf = async (ground: AccessGround, id: string, head: Item): Promise<readonly string[]> => {
  const { readers, stands } = readHead(head);
  const item = readers.length < maxReaders ? undefined : await read(ground, stateKey(id, account.name));
  const { state } = item === undefined ? emptyFold(account) : accountIn(id, item);
  const all = readersOf(state, ground.today()).map((holder) => stands[holder] ?? holder);
  return [...new Set([...readers, ...all])];
};

/** An account is of those who hold roles on it, or are to; once nobody is, of those who did. */
const accountTies = async (ground: AccessGround, id: string, head: Item): Promise<readonly Tie[]> => {
  const holders = await holdersOf(ground, id, head);
  return (holders.length > 0 ? holders : readHead(head).former).map((customer) => ({ customer, account: id }));
};

/** An account by its state. */
export const accountIn = (id: string, item: Item) =>
  stateOf(new Map([[account.name, readCurrentState(id, account.name, item)]]), account);

/** Ties of the accounts that take service somewhere, or are to: by agreements that are not over. */
const tiesOfService = async (
  ground: AccessGround,
  premise: string,
  agreements: readonly Agreement[],
  servicePoints?: readonly string[],
): Promise<readonly Tie[]> => {
  const today = ground.today();
  const serving = agreements.filter(
    (one) => !isOver(one, today) && (servicePoints === undefined || servicePoints.includes(one.servicePoint)),
  );
  const ties = await Promise.all(
    [...new Set(serving.map((one) => one.account))].map(async (id) => {
      const head = await read(ground, headKey(id));
      const holders = head === undefined ? [] : await holdersOf(ground, id, head);
      return holders.map((customer): Tie => ({ customer, account: id }));
    }),
  );
  const where = servicePoints === undefined ? { premise } : { premise, servicePoints };
  return ties.flat().map((tie) => ({ ...tie, ...where }));
};

/** Those who take service at some points of a premise, or are to: a neighbour at the premise has no tie to them. */
const tiesOfPoints = async (
  ground: AccessGround,
  premise: string,
  servicePoints: readonly string[],
): Promise<readonly Tie[]> => {
  const parts = await Promise.all(servicePoints.map((point) => readServiceOf(ground.profile, premise, point)));
  return tiesOfService(ground, premise, parts.flat(), servicePoints);
};

/** Those who take service at premises, or are to, whichever of their points: another may have taken over. */
const tiesOfPremises = async (ground: AccessGround, premises: readonly string[]): Promise<readonly Tie[]> => {
  const ties = [...new Set(premises)].map(async (premise) =>
    tiesOfService(ground, premise, serviceAt((await loadSubject(ground.profile, premise)).states).agreements),
  );
  return (await Promise.all(ties)).flat();
};

const tiesOfMeter = async (ground: AccessGround, item: Item): Promise<readonly Tie[]> => {
  const ties = meterFromItem(item).installations.map(async (one) =>
    isOver(one, ground.today()) ? [] : tiesOfPoints(ground, one.premise, [one.servicePoint]),
  );
  return (await Promise.all(ties)).flat();
};

/** An outage is of those who take service at its premises from points that it is about. */
const tiesOfOutage = async (ground: AccessGround, id: string, head: Item): Promise<readonly Tie[]> => {
  const { states } = await loadSubject(ground.profile, id);
  const ties = texts(head.premises).map(async (place) => {
    const there = await loadSubject(ground.profile, place);
    const points = thingsAtPremises.outage?.points(states, id, there.states) ?? [];
    return tiesOfService(ground, place, serviceAt(there.states).agreements, points);
  });
  return (await Promise.all(ties)).flat();
};

const tiesOfSubject = async (ground: AccessGround, subject: string): Promise<readonly Tie[]> => {
  switch (subjectKindOf(subject)) {
    case 'customer': {
      const head = await survivor(ground, subject);
      return head === undefined ? [] : [{ customer: head.survivor }];
    }
    case 'account': {
      const head = await read(ground, headKey(subject));
      return head === undefined ? [] : accountTies(ground, subject, head);
    }
    case 'premise':
      return tiesOfPremises(ground, [subject]);
    case 'outage':
    case 'case': {
      const head = await read(ground, headKey(subject));
      return tiesOfPremises(ground, texts(head?.premises));
    }
  }
};

/** Ties of all that a fact is about; undefined where there is no such fact. */
const tiesOfFact = async (ground: AccessGround, fact: string): Promise<readonly Tie[] | undefined> => {
  const place = await read(ground, factIdKey(fact));
  if (place === undefined) return undefined;
  return (await Promise.all(texts(place.subjects).map((subject) => tiesOfSubject(ground, subject)))).flat();
};

type Finder = (ground: AccessGround, id: string) => Promise<FoundSubject | undefined>;

const finders: Readonly<Record<SubjectKindNamed, Finder>> = {
  customer: async (ground, id) => {
    const head = await survivor(ground, id);
    return head === undefined ? undefined : { id: head.survivor, ties: [{ customer: head.survivor }] };
  },
  account: async (ground, id) => {
    const head = await read(ground, headKey(id));
    return head === undefined ? undefined : { id, ties: await accountTies(ground, id, head) };
  },
  premise: async (ground, id) => {
    const head = await read(ground, headKey(id));
    return head === undefined ? undefined : { id, ties: await tiesOfPremises(ground, [id]) };
  },
  servicePoint: async (ground, id) => {
    const place = await read(ground, servicePointKey(id));
    if (typeof place?.premise !== 'string') return undefined;
    return { id, premise: place.premise, ties: await tiesOfPoints(ground, place.premise, [id]) };
  },
  meter: async (ground, id) => {
    const item = await read(ground, meterKey(id));
    return item === undefined ? undefined : { id, ties: await tiesOfMeter(ground, item) };
  },
  outage: async (ground, id) => {
    const head = await read(ground, headKey(id));
    return head === undefined ? undefined : { id, ties: await tiesOfOutage(ground, id, head) };
  },
  fact: async (ground, id) => {
    const ties = await tiesOfFact(ground, id);
    return ties === undefined ? undefined : { id, ties };
  },
  merge: async (ground, id) => {
    const claim = await read(ground, referenceKey('merge', { namespace: idNamespace, value: id }));
    const ties = typeof claim?.fact === 'string' ? await tiesOfFact(ground, claim.fact) : undefined;
    return ties === undefined ? undefined : { id, ties };
  },
  duplicate: async (ground, id) => {
    const customers = await parties.duplicate(ground.profile, id);
    return customers === undefined ? undefined : { id, ties: customers.map((customer) => ({ customer })) };
  },
};

const idKind: Readonly<Record<SubjectKindNamed, IdKind>> = {
  customer: 'customer',
  account: 'account',
  premise: 'premise',
  servicePoint: 'servicePoint',
  meter: 'meter',
  outage: 'outage',
  fact: 'fact',
  merge: 'merge',
  duplicate: 'duplicate',
};

const idOf = async (
  ground: AccessGround,
  kind: SubjectKindNamed,
  named: string | Reference,
): Promise<string | undefined> => {
  // No other system has a name of its own for these.
  if (kind === 'fact' || kind === 'merge' || kind === 'duplicate')
    return typeof named === 'string' && kindOf(named) === kind ? named : undefined;
  if (typeof named === 'string' && kindOf(named) !== undefined) {
    return kindOf(named) === idKind[kind] ? ground.resolve(kind, named) : undefined;
  }
  const reference = typeof named === 'string' ? parseReference(named) : named;
  return reference === undefined ? undefined : ground.resolve(kind, reference);
};

/** What a path or body names, as it stands in the store; undefined where nothing is there. */
export const findSubject = async (
  ground: AccessGround,
  kind: SubjectKindNamed,
  named: string | Reference,
): Promise<FoundSubject | undefined> => {
  const id = await idOf(ground, kind, named);
  return id === undefined ? undefined : finders[kind](ground, id);
};
