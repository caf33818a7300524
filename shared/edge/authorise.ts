import type { Act, RouteSubject } from '#shared/contracts/api/definition.ts';
import { type ActName, type ActRule, actRules } from '#shared/domain/access/acts.ts';
import { type Decision, decide, type Relation } from '#shared/domain/access/decide.ts';
import { keepsRight } from '#shared/domain/access/held-rights.ts';
import { givesRight, type Right, rightOfAct } from '#shared/domain/access/role-rights.ts';
import { account } from '#shared/domain/profile/account.ts';
import { type Agreement, effectiveAgreements, supply } from '#shared/domain/profile/agreements.ts';
import { stateOf } from '#shared/domain/profile/families.ts';
import { outage } from '#shared/domain/profile/outages.ts';
import { covers, isOver } from '#shared/domain/profile/periods.ts';
import { premise as premiseFamily } from '#shared/domain/profile/premise.ts';
import { rolesHeld } from '#shared/domain/profile/roles.ts';
import { readDuplicate } from '#shared/store/duplicates.ts';
import { idNamespace } from '#shared/store/grounds.ts';
import { type Head, readFoldState, readHead, type Stands } from '#shared/store/items.ts';
import {
  factIdKey,
  headKey,
  meterKey,
  referenceKey,
  servicePointKey,
  stateKey,
  subjectKindOf,
} from '#shared/store/keys.ts';
import { meterFromItem } from '#shared/store/meters.ts';
import { OwnTime } from '#shared/store/own-time.ts';
import { readStoredFact } from '#shared/store/stored-fact.ts';
import { loadSubject } from '#shared/store/subjects.ts';
import type { Item, Key, Table, Value } from '#shared/store/table.ts';
import type { Actor } from '#shared/vocabulary/actor.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { type IdKind, kindOf } from '#shared/vocabulary/ids.ts';
import { parseReference, type Reference, type ReferenceKind } from '#shared/vocabulary/references.ts';
import type { Purpose } from '#shared/vocabulary/statuses.ts';

/** Every act of the contract has its rule: an act without one does not compile. */
const everyActHasItsRule: Readonly<Record<Act, ActRule>> = actRules;
/** The rule's name of an act of a route. */
export const actName = (act: Act): ActName => {
  if (!Object.hasOwn(everyActHasItsRule, act)) throw new TypeError(`no rule for ${act}`);
  return act;
};

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

const read = (ground: AccessGround, key: Key): Promise<Item | undefined> =>
  ground.profile.get(key, { consistent: true });

const texts = (value: Value | undefined): readonly string[] =>
  Array.isArray(value) ? value.filter((member): member is string => typeof member === 'string') : [];

const mostAliasSteps = 8;

/** The survivor of a merged customer and its HEAD; undefined where there is none. */
const survivor = async (
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

/** An account is of those who hold roles on it, or are to; once nobody is, of those who did. */
const accountTies = (account: string, head: Item): readonly Tie[] => {
  const readers = texts(head.readers);
  return (readers.length > 0 ? readers : texts(head.former)).map((customer) => ({ customer, account }));
};

/** Readers of a premise are pairs of customer and account. */
const premiseTies = (premise: string, head: Item | undefined): readonly Tie[] =>
  Array.isArray(head?.readers)
    ? head.readers.flatMap((pair: Value) => {
        const [customer, account] = texts(pair);
        return customer === undefined || account === undefined ? [] : [{ customer, account, premise }];
      })
    : [];

const tiesOfPremises = async (ground: AccessGround, premises: readonly string[]): Promise<readonly Tie[]> => {
  const ties = await Promise.all(
    [...new Set(premises)].map(async (premise) => premiseTies(premise, await read(ground, headKey(premise)))),
  );
  return ties.flat();
};

/** Ties to some points of a premise of those who take service there, or are to: a neighbour at the premise has none. */
const atPoints = (
  ties: readonly Tie[],
  servicePoints: readonly string[],
  agreements: readonly Agreement[],
  today: string,
): readonly Tie[] => {
  const serving = agreements.filter((one) => servicePoints.includes(one.servicePoint) && !isOver(one, today));
  const accounts = new Set(serving.map((one) => one.account));
  return ties.flatMap((tie) => (accounts.has(tie.account ?? '') ? [{ ...tie, servicePoints }] : []));
};

const tiesOfPoints = async (
  ground: AccessGround,
  premise: string,
  servicePoints: readonly string[],
): Promise<readonly Tie[]> => {
  const [ties, item] = await Promise.all([
    tiesOfPremises(ground, [premise]),
    read(ground, stateKey(premise, supply.name)),
  ]);
  const states = item === undefined ? [] : [[supply.name, readFoldState(item)] as const];
  return atPoints(
    ties,
    servicePoints,
    effectiveAgreements(stateOf(new Map(states), supply).state.agreements).agreements,
    ground.today(),
  );
};

/** Ties of those who take service at a premise, or are to, whichever of its points: another may have taken over. */
const ofThoseServed = async (ground: AccessGround, premise: string, ties: readonly Tie[]): Promise<readonly Tie[]> => {
  const item = ties.length === 0 ? undefined : await read(ground, stateKey(premise, supply.name));
  if (item === undefined) return [];
  const { state } = stateOf(new Map([[supply.name, readFoldState(item)]]), supply);
  const serving = effectiveAgreements(state.agreements).agreements.filter((one) => !isOver(one, ground.today()));
  return ties.filter((tie) => serving.some(({ account: id }) => id === tie.account));
};

const tiesOfMeter = async (ground: AccessGround, item: Item): Promise<readonly Tie[]> => {
  const ties = meterFromItem(item).installations.map(async (one) =>
    isOver(one, ground.today()) ? [] : tiesOfPoints(ground, one.premise, [one.servicePoint]),
  );
  return (await Promise.all(ties)).flat();
};

/** An outage is of those who take its commodity at its premises. */
const tiesOfOutage = async (ground: AccessGround, id: string, head: Item): Promise<readonly Tie[]> => {
  const { states } = await loadSubject(ground.profile, id);
  const commodity = stateOf(states, outage).state.outages.find((one) => one.id === id)?.commodity;
  const ties = texts(head.premises).map(async (place) => {
    const there = await loadSubject(ground.profile, place);
    const points = stateOf(there.states, premiseFamily).state.servicePoints;
    const named = points.flatMap((point) => (point.commodity === commodity ? [point.id] : []));
    const pairs = there.head.pairs.map(([customer, held]) => ({ customer, account: held, premise: place }));
    return atPoints(
      pairs,
      named,
      effectiveAgreements(stateOf(there.states, supply).state.agreements).agreements,
      ground.today(),
    );
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
      return head === undefined ? [] : accountTies(subject, head);
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
    return head === undefined ? undefined : { id, ties: accountTies(id, head) };
  },
  premise: async (ground, id) => {
    const head = await read(ground, headKey(id));
    return head === undefined ? undefined : { id, ties: await ofThoseServed(ground, id, premiseTies(id, head)) };
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
    const duplicate = await readDuplicate(ground.profile, id);
    if (duplicate === undefined) return undefined;
    return { id, ties: [duplicate.first, duplicate.second].map((customer) => ({ customer })) };
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

/** Whom role holders stand for as it is shown now: while a merge of the customer's is under way, as before it. */
const standsNow = async (ground: AccessGround, { stands, pending }: Head, customer: string): Promise<Stands> => {
  if (pending === undefined) return stands;
  const item = await read(ground, headKey(customer));
  const rebuilding = item === undefined ? undefined : readHead(item).rebuilding;
  return rebuilding?.id === pending.id && !rebuilding.flipped ? pending.before : stands;
};

/** An account with the roles that a customer has on it, held or over; undefined where there is no such account. */
const accountOf = async (ground: AccessGround, id: string, customer: string) => {
  // HEAD and the account's state lie side by side: one query.
  const [from, to] = [headKey(id), stateKey(id, account.name)];
  const { items } = await ground.profile.query({ pk: from.pk, from: from.sk, to: to.sk, consistent: true });
  const [head, item] = [from.sk, to.sk].map((sk) => items.find((one) => one.sk === sk));
  if (item === undefined || head === undefined) return undefined;
  const stands = await standsNow(ground, readHead(head), customer);
  const { state } = stateOf(new Map([[account.name, readFoldState(item)]]), account);
  const own = rolesHeld(state.roles).filter((role) => (stands[role.customer] ?? role.customer) === customer);
  return { state, own };
};

/** Whether a tie holds today: a role that gives the right covers the day, and the agreement at the premise is not over (K10). */
const holds = async (
  ground: AccessGround,
  { customer, account: through, premise, servicePoints }: Tie,
  right: Right | undefined,
): Promise<boolean> => {
  if (through === undefined) return true;
  const found = await accountOf(ground, through, customer);
  if (found === undefined) return false;
  const { state, own } = found;
  const today = ground.today();
  const hasRole = own.some((role) => covers(role, today) && (right === undefined || givesRight(role.role, right)));
  if (!hasRole || premise === undefined) return hasRole;
  const isThere = ({ servicePoint }: { readonly servicePoint: string }): boolean =>
    servicePoints === undefined || servicePoints.includes(servicePoint);
  return effectiveAgreements(state.agreements).agreements.some(
    (one) => one.premise === premise && isThere(one) && !isOver(one, today),
  );
};

const anyHolds = async (
  ground: AccessGround,
  found: FoundSubject,
  customer: string,
  right: Right | undefined,
): Promise<boolean> => {
  const own = found.ties.filter((tie) => tie.customer === customer);
  return (await Promise.all(own.map((tie) => holds(ground, tie, right)))).includes(true);
};

/** How an actor stands to what was found, and for their own: under which id a customer has it. */
export interface Standing {
  readonly relation: Relation;
  readonly self?: string;
}

/** What is a customer's own time, of all that is kept. */
export const ownTimeOf = (ground: AccessGround, customer: string): OwnTime =>
  new OwnTime(ground.profile, customer, ground.today());

/** Whether a service point or an account was a customer's own on a day up to today. */
const wasTheirs = async (
  ground: AccessGround,
  found: FoundSubject,
  customer: string,
  right: Right | undefined,
): Promise<boolean> => {
  if (kindOf(found.id) === 'account') {
    const { own = [] } = (await accountOf(ground, found.id, customer)) ?? {};
    return right !== undefined && keepsRight(own, right, ground.today());
  }
  if (found.premise === undefined) return false;
  return (await ownTimeOf(ground, customer).rangesOf(found.premise, found.id, 'use')).length > 0;
};

/** A fact is theirs whom it speaks of: ids can be computed, and premises have others before and after. */
const standingOfFact = async (ground: AccessGround, id: string, customer: string): Promise<Standing> => {
  const self = await selfOf(ground, customer);
  const stored = await readStoredFact(ground.profile, id);
  const told = stored === undefined ? 'nothing' : await ownTimeOf(ground, self).told(stored.fact);
  return told === 'nothing' ? { relation: 'other' } : { relation: 'own', self };
};

/** Who signs in under an id: the customer, or the survivor of a merge. */
export const selfOf = async (ground: AccessGround, customer: string): Promise<string> =>
  (await survivor(ground, customer))?.survivor ?? customer;

/**
 * How an actor stands to what was found, for an act. A customer's own id may be an alias of a merge; an account and what hangs
 * on it is theirs by a role that gives the right to the act.
 */
export const standingOf = async (
  ground: AccessGround,
  actor: Actor,
  found: FoundSubject | undefined,
  act: ActName,
): Promise<Standing> => {
  if (found === undefined) return { relation: 'none' };
  if (actor.kind !== 'customer') return { relation: 'other' };
  if (act === 'fact.read') return standingOfFact(ground, found.id, actor.customerId);
  const right = rightOfAct[act];
  if (await anyHolds(ground, found, actor.customerId, right)) return { relation: 'own', self: actor.customerId };
  const self = await selfOf(ground, actor.customerId);
  if (self !== actor.customerId && (await anyHolds(ground, found, self, right))) return { relation: 'own', self };
  const formerly = 'formerly' in actRules[act];
  return formerly && (await wasTheirs(ground, found, self, right))
    ? { relation: 'former', self }
    : { relation: 'other' };
};

/** What is told of something that is not there, or is not for this caller: the same, to the letter. */
export const notFound = (): DomainError =>
  new DomainError('not-found', 'not-found', 'There is nothing here under this id for you.');

/** The purpose and fields of a decision, or the refusal it means. */
export const allowedOrRefuse = (decision: Decision): Extract<Decision, { readonly effect: 'allow' }> => {
  switch (decision.effect) {
    case 'allow':
      return decision;
    case 'hide':
      throw notFound();
    case 'deny':
      throw new DomainError('forbidden', 'access.denied', 'Your role does not include this.');
    case 'purpose-required':
      throw new DomainError('forbidden', 'purpose.required', 'Say what for: send Rotunda-Purpose.', {
        extra: { purposes: decision.purposes },
      });
    case 'purpose-not-allowed':
      throw new DomainError('forbidden', 'purpose.not-allowed', 'Your role does not read for this purpose.', {
        extra: { purposes: decision.purposes },
      });
  }
};

/** Whether the actor may do the act at all, before anything is looked up; refuses with 403 where not. */
export const authoriseAct = (actor: Actor, act: Act, personal: boolean, purpose: Purpose | undefined): void => {
  const decision = decide({ actor, act: actName(act), relation: 'own', named: false, personal, purpose });
  allowedOrRefuse(decision);
};
