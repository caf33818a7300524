import type { Act, RouteSubject } from '#shared/contracts/api/definition.ts';
import { type ActName, type ActRule, actRules } from '#shared/domain/access/acts.ts';
import { type Decision, decide, type Relation } from '#shared/domain/access/decide.ts';
import { factIdKey, headKey, meterKey, servicePointKey, subjectKindOf } from '#shared/store/keys.ts';
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
}

/** What a request names, and the customers whose data it is now. */
export interface FoundSubject {
  readonly id: string;
  readonly customers: readonly string[];
}

const read = (ground: AccessGround, key: Key): Promise<Item | undefined> =>
  ground.profile.get(key, { consistent: true });

const texts = (value: Value | undefined): readonly string[] =>
  Array.isArray(value) ? value.filter((member): member is string => typeof member === 'string') : [];

const member = (value: Value, name: string): Value | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;

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

const accountCustomers = (head: Item): readonly string[] => texts(head.readers);

/** Readers of a premise are pairs of customer and account. */
const premiseCustomers = (head: Item | undefined): readonly string[] =>
  Array.isArray(head?.readers) ? head.readers.flatMap((pair: Value) => texts(pair).slice(0, 1)) : [];

const customersOfPremises = async (ground: AccessGround, premises: readonly string[]): Promise<readonly string[]> => {
  const heads = await Promise.all([...new Set(premises)].map((premise) => read(ground, headKey(premise))));
  return [...new Set(heads.flatMap(premiseCustomers))];
};

const installedAt = (item: Item): readonly string[] =>
  (Array.isArray(item.installations) ? item.installations : []).flatMap((installation: Value) => {
    const premise = member(installation, 'premise');
    return typeof premise === 'string' && (member(installation, 'to') ?? null) === null ? [premise] : [];
  });

const customersOfSubject = async (ground: AccessGround, subject: string): Promise<readonly string[]> => {
  switch (subjectKindOf(subject)) {
    case 'customer': {
      const head = await survivor(ground, subject);
      return head === undefined ? [] : [head.survivor];
    }
    case 'account': {
      const head = await read(ground, headKey(subject));
      return head === undefined ? [] : accountCustomers(head);
    }
    case 'premise':
      return customersOfPremises(ground, [subject]);
    case 'outage':
    case 'case': {
      const head = await read(ground, headKey(subject));
      return customersOfPremises(ground, texts(head?.premises));
    }
  }
};

type Finder = (ground: AccessGround, id: string) => Promise<FoundSubject | undefined>;

const finders: Readonly<Record<SubjectKindNamed, Finder>> = {
  customer: async (ground, id) => {
    const head = await survivor(ground, id);
    return head === undefined ? undefined : { id: head.survivor, customers: [head.survivor] };
  },
  account: async (ground, id) => {
    const head = await read(ground, headKey(id));
    return head === undefined ? undefined : { id, customers: accountCustomers(head) };
  },
  premise: async (ground, id) => {
    const head = await read(ground, headKey(id));
    return head === undefined ? undefined : { id, customers: [...new Set(premiseCustomers(head))] };
  },
  servicePoint: async (ground, id) => {
    const place = await read(ground, servicePointKey(id));
    if (typeof place?.premise !== 'string') return undefined;
    return { id, customers: await customersOfPremises(ground, [place.premise]) };
  },
  meter: async (ground, id) => {
    const item = await read(ground, meterKey(id));
    return item === undefined ? undefined : { id, customers: await customersOfPremises(ground, installedAt(item)) };
  },
  outage: async (ground, id) => {
    const head = await read(ground, headKey(id));
    return head === undefined ? undefined : { id, customers: await customersOfPremises(ground, texts(head.premises)) };
  },
  fact: async (ground, id) => {
    const place = await read(ground, factIdKey(id));
    if (place === undefined) return undefined;
    const customers = await Promise.all(texts(place.subjects).map((subject) => customersOfSubject(ground, subject)));
    return { id, customers: [...new Set(customers.flat())] };
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
};

const idOf = async (
  ground: AccessGround,
  kind: SubjectKindNamed,
  named: string | Reference,
): Promise<string | undefined> => {
  if (kind === 'fact') return typeof named === 'string' && kindOf(named) === 'fact' ? named : undefined;
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

/** How an actor stands to what was found. A customer's own id may be an alias of a merge. */
export const relationOf = async (
  ground: AccessGround,
  actor: Actor,
  found: FoundSubject | undefined,
): Promise<Relation> => {
  if (found === undefined) return 'none';
  if (actor.kind !== 'customer') return 'other';
  if (found.customers.includes(actor.customerId)) return 'own';
  const self = await survivor(ground, actor.customerId);
  return self !== undefined && found.customers.includes(self.survivor) ? 'own' : 'other';
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
