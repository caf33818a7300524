import { actRules } from '#shared/access/acts.ts';
import { type Decision, decide, type Relation } from '#shared/access/decide.ts';
import { keepsRight } from '#shared/access/held-rights.ts';
import { givesRight, type Right, rightOfAct } from '#shared/access/role-rights.ts';
import { readStoredFact } from '#shared/facts/stored-fact.ts';
import { account } from '#shared/profile/rules/account.ts';
import { covers } from '#shared/profile/rules/periods.ts';
import { rolesHeld } from '#shared/profile/rules/roles.ts';
import { type Head, readHead, type Stands } from '#shared/profile/store/items.ts';
import { OwnTime } from '#shared/profile/store/own-time.ts';
import { headKey, stateKey } from '#shared/table/keys.ts';
import type { Actor } from '#shared/vocabulary/actor.ts';
import type { ActName } from '#shared/vocabulary/acts.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { kindOf } from '#shared/vocabulary/ids.ts';
import type { Purpose } from '#shared/vocabulary/statuses.ts';
import { type AccessGround, accountIn, type FoundSubject, read, survivor, type Tie } from './find-subject.ts';

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
  const { state } = accountIn(id, item);
  const own = rolesHeld(state.roles).filter((role) => (stands[role.customer] ?? role.customer) === customer);
  return { state, own };
};

/** Whether a tie holds today: a role that gives the right covers the day. Where it hangs on an agreement, that is not over. */
const holds = async (
  ground: AccessGround,
  { customer, account: through }: Tie,
  right: Right | undefined,
): Promise<boolean> => {
  if (through === undefined) return true;
  const found = await accountOf(ground, through, customer);
  const today = ground.today();
  return (
    found?.own.some((role) => covers(role, today) && (right === undefined || givesRight(role.role, right))) ?? false
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

/** Refuses a customer who was erased: the id that is left of them is nobody's to sign in under, whoever still has a token. */
export const refuseErased = async (ground: AccessGround, actor: Actor): Promise<void> => {
  if (actor.kind !== 'customer') return;
  const head = await survivor(ground, actor.customerId);
  if (head !== undefined && readHead(head).gone === true)
    throw new DomainError('forbidden', 'owner.erased', 'Nobody signs in under this id any more.');
};

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
export const authoriseAct = (actor: Actor, act: ActName, personal: boolean, purpose: Purpose | undefined): void => {
  const decision = decide({ actor, act, relation: 'own', named: false, personal, purpose });
  allowedOrRefuse(decision);
};
