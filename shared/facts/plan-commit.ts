import type { Fact } from '#shared/contracts/facts/fact.ts';
import type { States } from '#shared/profile/rules/states.ts';
import { linksUnderWay, markLinks, standsAmong, type UnfitLink, unfitLink } from '#shared/profile/store/link-marks.ts';
import { refoldSubject } from '#shared/profile/store/refold.ts';
import { type LoadedSubject, loadStored, loadSurvivor, otherRules, rulesOf } from '#shared/profile/store/subjects.ts';
import type { Write } from '#shared/table/table.ts';
import { behindSubjects } from './behind-subject.ts';
import { type CommitDeps, factWrites, planSubject, retractionWrites, type SubjectPlan } from './commit-plan.ts';
import { isOfErased } from './erased-owners.ts';
import type { PlacedFact } from './placing/placed-fact.ts';

/** What a commit is about to keep. */
export interface Kept {
  readonly facts: readonly Fact[];
  readonly subjects: readonly string[];
  /** States of each subject as they will stand. */
  readonly after: ReadonlyMap<string, States>;
}

/** What a commit would keep and write, by the records as they stand. */
export interface CommitPlan {
  readonly kind: 'planned';
  readonly kept: Kept;
  readonly loaded: readonly LoadedSubject[];
  readonly plans: readonly SubjectPlan[];
  readonly writes: readonly Write[];
}

/** What stands against a commit of some facts as things stand. */
export type Obstacle =
  /** Records of older rules were folded anew just now. */
  | { readonly kind: 'refolded' }
  /** A subject that does not exist, and that no fact of the commit makes. */
  | { readonly kind: 'missing'; readonly subject: string }
  /** A customer whom this fact names is being erased, or was. */
  | { readonly kind: 'erased'; readonly placed: PlacedFact }
  /** Customers with a merge or undoing under way that has to end first. */
  | { readonly kind: 'under-way'; readonly customers: readonly string[] }
  /** A merge or an undoing that cannot be. */
  | { readonly kind: 'unfit'; readonly placed: PlacedFact; readonly code: UnfitLink };

/** Throws where a record was written by newer rules than these. */
export const refuseNewer = (loaded: LoadedSubject): void => {
  if (rulesOf(loaded.states) === 'newer') throw otherRules(loaded.subject, 'newer');
};

/** Folds records of older rules anew, before anything is added to them. Answers whether any was. */
export const refoldOlder = async (deps: CommitDeps, loaded: readonly LoadedSubject[]): Promise<boolean> => {
  let any = false;
  for (const one of loaded) if (rulesOf(one.states) === 'older' && (await refoldSubject(deps, one))) any = true;
  return any;
};

const subjectsOf = (facts: readonly PlacedFact[]): readonly string[] => [
  ...new Set(facts.flatMap((one) => one.fact.subjects)),
];

/** The subjects of facts, and behind each alias its survivor, which folds for it. */
const loadAll = async (deps: CommitDeps, facts: readonly PlacedFact[]): Promise<readonly LoadedSubject[]> => {
  const named = await Promise.all(subjectsOf(facts).map((subject) => loadStored(deps.profile, subject)));
  const survivors = await Promise.all(
    named.filter(({ head }) => head.aliasOf !== undefined).map((one) => loadSurvivor(deps.profile, one)),
  );
  return [...new Map([...named, ...survivors].map((one) => [one.subject, one] as const)).values()];
};

const obstacleOf = async (
  deps: CommitDeps,
  given: readonly PlacedFact[],
  loaded: readonly LoadedSubject[],
): Promise<Obstacle | undefined> => {
  if (await refoldOlder(deps, loaded)) return { kind: 'refolded' };
  const missing = loaded.find((one) => !one.exists && !given.some((placed) => placed.fact.entity === one.subject));
  if (missing !== undefined) return { kind: 'missing', subject: missing.subject };
  const ofErased = given.find((placed) => isOfErased(placed, loaded));
  if (ofErased !== undefined) return { kind: 'erased', placed: ofErased };
  const underWay = linksUnderWay(given, loaded);
  if (underWay.length > 0) return { kind: 'under-way', customers: underWay };
  for (const [place, placed] of given.entries()) {
    const code = unfitLink(placed, given.slice(0, place + 1), loaded);
    if (code !== undefined) return { kind: 'unfit', placed, code };
  }
  return undefined;
};

/** Reads the records of facts, and says what their commit would write, or what stands against it. Writes no fact. */
export const planCommit = async (deps: CommitDeps, given: readonly PlacedFact[]): Promise<CommitPlan | Obstacle> => {
  const loaded = await loadAll(deps, given);
  loaded.forEach(refuseNewer);
  const obstacle = await obstacleOf(deps, given, loaded);
  if (obstacle !== undefined) return obstacle;
  const facts = await behindSubjects(deps.profile, given, loaded);
  const stands = standsAmong(loaded);
  const marked = markLinks(facts, loaded);
  const plans = await Promise.all(marked.map((one) => planSubject(deps, one, facts, stands)));
  return {
    kind: 'planned',
    loaded,
    plans,
    kept: {
      facts: facts.map((one) => one.fact),
      subjects: loaded.map((one) => one.subject),
      after: new Map(plans.map((plan) => [plan.loaded.subject, plan.after] as const)),
    },
    writes: [
      ...plans.flatMap((plan) => plan.writes),
      ...(await retractionWrites(deps, facts)),
      ...(await factWrites(deps, plans, facts)),
    ],
  };
};
