import { mostMerges } from '#shared/profile/rules/links.ts';
import { textOf } from '#shared/profile/store/items.ts';
import type { UnfitLink } from '#shared/profile/store/link-marks.ts';
import { factIdKey } from '#shared/table/keys.ts';
import type { Table } from '#shared/table/table.ts';
import type { SubjectPlan } from './commit-plan.ts';
import { namesErased } from './erased-owners.ts';
import { type FactEffect, type FactOutcome, type OutcomeOf, ofErased, quarantined, rejected } from './fact-outcome.ts';
import type { PlacedFact } from './placing/placed-fact.ts';
import { waiting } from './placing/placement.ts';

/** What becomes of a placed fact in a commit. One that the commit does not keep is still to be kept aside, or to wait. */
export type CommitOutcome = Exclude<FactOutcome, OutcomeOf<'retry'>>;

/** What a fact did in all records that it was folded in: it had an effect where one of them shows it. */
const effectOf = (fact: string, plans: readonly SubjectPlan[]): FactEffect | undefined => {
  const told = plans.flatMap(({ effects }) => effects.get(fact) ?? []);
  return told.length === 0
    ? undefined
    : { groundless: told.every(({ groundless }) => groundless), tied: told.some(({ tied }) => tied) };
};

export const keptNow = ({ fact }: PlacedFact, plans: readonly SubjectPlan[]): OutcomeOf<'accepted'> => {
  const effect = effectOf(fact.id, plans);
  return { status: 'accepted', factId: fact.id, fact, ...(effect === undefined ? {} : { effect }) };
};

/** A fact whose id another one has already: the same once more, or another, of which both stay. */
export const besideTwin = async (
  profile: Table,
  { fact, contentHash }: PlacedFact,
  hash: string,
): Promise<CommitOutcome> => {
  if (hash === contentHash) return { status: 'duplicate', factId: fact.id, fact };
  if (await namesErased(profile, fact.subjects)) return ofErased;
  return quarantined(fact.id, 'fact.conflict', 'Another fact with this source event id is kept; both stay.');
};

/** What a fact is to the one that is kept under its id; undefined where none is. */
export const keptBefore = async (profile: Table, placed: PlacedFact): Promise<CommitOutcome | undefined> => {
  const known = await profile.get(factIdKey(placed.fact.id), { consistent: true });
  return known === undefined ? undefined : besideTwin(profile, placed, textOf(known, 'hash'));
};

/** A fact that claims a reference of somebody else. */
export const claimsTaken = async (profile: Table, { fact }: PlacedFact, holder: string): Promise<CommitOutcome> =>
  (await namesErased(profile, [holder]))
    ? ofErased
    : quarantined(fact.id, 'reference.taken', `A reference of it belongs to ${holder}.`);

/** A fact of a subject that does not exist. */
export const ofUnknown = ({ fact }: PlacedFact, subject: string): CommitOutcome =>
  waiting(fact.id, { kind: 'head', namespace: 'id', value: subject });

const unfitInWords: Readonly<Record<UnfitLink, string>> = {
  'merge.same-customer': 'A record cannot be merged with itself.',
  'merge.not-a-customer': 'Only customers can be merged.',
  'merge.too-many': `A customer may be one by ${mostMerges} merges at most.`,
};

/** A merge or an undoing that cannot be. */
export const ofUnfitLink = (code: UnfitLink): CommitOutcome => rejected(code, unfitInWords[code], 'fact.invalid');
