import type { Actor } from '#shared/vocabulary/actor.ts';
import type { ActName } from '#shared/vocabulary/acts.ts';
import type { Purpose, StaffRole } from '#shared/vocabulary/statuses.ts';
import { type ActRule, actRules, purposesOfRole } from './acts.ts';
import {
  type FieldView,
  fieldMatrix,
  fieldMatrixByPurpose,
  fieldsByScope,
  fullView,
  ownFields,
  viewOf,
} from './field-matrix.ts';

/** How the actor stands to what the request names: their own, what was their own, somebody else's, or nothing is there (or nothing was named). */
export type Relation = 'own' | 'former' | 'other' | 'none';

/**
 * What the policy says: go on, for this purpose and with these fields; 403 (`deny`, `purpose-required`,
 * `purpose-not-allowed`); or 404 (`hide`), as if nothing were there.
 */
export type Decision =
  | { readonly effect: 'allow'; readonly purpose: Purpose | undefined; readonly view: FieldView }
  | { readonly effect: 'deny' }
  | { readonly effect: 'hide' }
  | { readonly effect: 'purpose-required'; readonly purposes: readonly Purpose[] }
  | { readonly effect: 'purpose-not-allowed'; readonly purposes: readonly Purpose[] };

/** What is asked. `named` says whether the act is on a certain subject; `personal` whether a purpose must be clear. */
export interface Question {
  readonly actor: Actor;
  readonly act: ActName;
  readonly relation: Relation;
  readonly named: boolean;
  readonly personal: boolean;
  readonly purpose: Purpose | undefined;
}

const fullAccess = (purpose: Purpose | undefined): Decision => ({ effect: 'allow', purpose, view: fullView });

const staffDecision = (roles: readonly StaffRole[], question: Question): Decision => {
  const purposes = [...new Set(roles.flatMap((role) => purposesOfRole[role]))];
  const { purpose } = question;
  if (question.personal && purpose === undefined && purposes.length > 1)
    return { effect: 'purpose-required', purposes };
  if (purpose !== undefined && !purposes.includes(purpose)) return { effect: 'purpose-not-allowed', purposes };
  const chosen = purpose ?? (purposes.length === 1 ? purposes[0] : undefined);
  const acting = chosen === undefined ? roles : roles.filter((role) => purposesOfRole[role].includes(chosen));
  if (question.named && question.relation === 'none') return { effect: 'hide' };
  const rows = acting.flatMap((role) => [
    fieldMatrix[role],
    ...(chosen === undefined ? [] : [fieldMatrixByPurpose[role]?.[chosen] ?? {}]),
  ]);
  return { effect: 'allow', purpose: chosen, view: viewOf(rows) };
};

/** The one policy. Pure: who asks, what for, and how they stand to it; denies whatever no rule allows. */
export const decide = (question: Question): Decision => {
  const { actor, act } = question;
  if (act === 'public') return fullAccess(undefined);
  const rule: ActRule = actRules[act];
  switch (actor.kind) {
    case 'system':
      return question.named && question.relation === 'none' ? { effect: 'hide' } : fullAccess(question.purpose);
    case 'staff': {
      const roles = actor.roles.filter((role) => rule.staff.includes(role));
      return roles.length === 0 ? { effect: 'deny' } : staffDecision(roles, question);
    }
    case 'customer':
      if (!rule.customer) return { effect: 'deny' };
      if (question.named && question.relation !== 'own' && !(question.relation === 'former' && rule.formerly))
        return { effect: 'hide' };
      return { effect: 'allow', purpose: question.purpose, view: viewOf([ownFields]) };
    case 'machine': {
      if (!rule.scopes.some((scope) => actor.scopes.includes(scope))) return { effect: 'deny' };
      if (question.named && question.relation === 'none') return { effect: 'hide' };
      const rows = actor.scopes.map((scope) => fieldsByScope[scope] ?? {});
      return { effect: 'allow', purpose: question.purpose, view: viewOf(rows) };
    }
  }
};

/** The fields an actor sees of something they may read; nothing where they may not. */
export const fieldView = (
  actor: Actor,
  about: { readonly act: ActName; readonly relation: Relation; readonly purpose: Purpose | undefined },
): FieldView => {
  const decision = decide({ ...about, actor, named: true, personal: false });
  return decision.effect === 'allow' ? decision.view : viewOf([]);
};
