import { familyNamed, isNothingKeptOf } from '#functions/profile.ts';
import { asFact } from '#shared/contracts/facts/as-fact.ts';
import type { Fact } from '#shared/contracts/facts/fact.ts';
import type { Family, FoldState } from '#shared/profile/rules/fold.ts';
import type { States } from '#shared/profile/rules/states.ts';
import { type FamilyFold, foldFamily } from '#shared/profile/store/fold-family.ts';
import { foldParts } from '#shared/profile/store/fold-parted.ts';
import { foldAllParts } from '#shared/profile/store/fold-whole.ts';
import {
  type Head,
  readFact,
  type Stands,
  type StoredFact,
  writeFact,
  writeHead,
  writeState,
} from '#shared/profile/store/items.ts';
import { withStands } from '#shared/profile/store/link-marks.ts';
import { type LoadedSubject, rulesOf } from '#shared/profile/store/subjects.ts';
import { renderView, viewWrites } from '#shared/profile/store/view-writes.ts';
import type { Clock } from '#shared/runtime/clock.ts';
import { factIdKey, factKey, headKey, subjectKindOf } from '#shared/table/keys.ts';
import type { Table, Write } from '#shared/table/table.ts';
import type { FamilyName, KeptFact } from '#shared/vocabulary/fact.ts';
import { claimsOfFact, claimsOfStates, diffClaims, referenceClaimsOf } from './claims.ts';
import type { FactEffect } from './fact-outcome.ts';
import type { PlacedFact } from './placing/placed-fact.ts';
import type { JsonValue, Sealer } from './seal.ts';

/** Writes that other collections add to a commit, as functions of the states before and after. */
export type ClaimHook = (
  subject: string,
  before: States,
  after: States,
  facts: readonly Fact[],
) => Promise<readonly Write[]>;

export interface CommitDeps {
  readonly profile: Table;
  readonly sealer: Sealer;
  readonly clock: Clock;
  /** The utility's local date now: decides whose role holds. */
  readonly today: () => string;
  /** Full jitter: a number in [0, 1). */
  readonly random: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly hooks: readonly ClaimHook[];
}

/** What a commit does to one subject. */
export interface SubjectPlan {
  readonly loaded: LoadedSubject;
  readonly after: States;
  readonly head: Head;
  readonly writes: readonly Write[];
  /** What came of each fact that was folded here. */
  readonly effects: ReadonlyMap<string, FactEffect>;
}

const seal = async (deps: CommitDeps, placed: PlacedFact): Promise<StoredFact> => {
  const data: KeptFact['data'] = placed.fact.data;
  const hidden = placed.hides.filter((field) => data[field] !== undefined);
  const { order } = placed;
  const bare = { order, owner: undefined, sequence: undefined, survivor: undefined, retractedBy: undefined };
  if (hidden.length === 0) return { ...bare, fact: placed.fact, sealed: undefined, hides: [] };
  const apart: Record<string, JsonValue> = JSON.parse(
    JSON.stringify(Object.fromEntries(hidden.map((field) => [field, data[field]]))),
  );
  const open = Object.fromEntries(Object.entries(data).filter(([field]) => !hidden.includes(field)));
  const sealed = await deps.sealer.seal(placed.owner, placed.fact.id, apart);
  return { ...bare, fact: asFact({ ...placed.fact, data: open }), sealed, owner: placed.owner, hides: hidden };
};

/** Families of a subject, or of the records merged into it, that the facts of a commit touch. */
const changesBySubject = (
  facts: readonly PlacedFact[],
  records: ReadonlySet<string>,
): ReadonlyMap<FamilyName, readonly PlacedFact[]> => {
  const families = new Map<FamilyName, readonly PlacedFact[]>();
  for (const placed of facts) {
    placed.fact.subjects.forEach((one, index) => {
      const family = placed.fact.families[index];
      if (!records.has(one) || family === undefined) return;
      const there = families.get(family) ?? [];
      if (!there.includes(placed)) families.set(family, [...there, placed]);
    });
  }
  return families;
};

/** The ids under which facts may be addressed to a subject. */
export const recordsOf = (loaded: LoadedSubject): ReadonlySet<string> =>
  new Set([loaded.subject, ...loaded.head.aliases]);

/** What a commit makes of one family of a subject. */
const foldOne = async (
  deps: CommitDeps,
  loaded: LoadedSubject,
  family: FamilyName,
  placed: readonly PlacedFact[],
): Promise<FamilyFold> => {
  const rules: Family<unknown> = familyNamed(family);
  const held = loaded.states.get(family);
  if (rules.parts !== undefined) {
    if (held === undefined || held.rules >= rules.rules) return foldParts(deps, loaded, family, placed);
    const { ofParts, ...whole } = await foldAllParts(deps, { ...loaded, aliases: loaded.head.aliases }, family);
    return { ...whole, writes: [...whole.writes, ...ofParts] };
  }
  return foldFamily(deps, {
    subject: loaded.subject,
    aliases: loaded.head.aliases,
    family,
    held,
    sinceCheckpoint: loaded.head.since[family] ?? 0,
    incoming: placed,
    takenOut: placed.flatMap((one) => (one.retracts === undefined ? [] : [one.retracts])),
  });
};

const foldSubject = async (deps: CommitDeps, loaded: LoadedSubject, facts: readonly PlacedFact[]) => {
  const touched = new Map(changesBySubject(facts, recordsOf(loaded)));
  if (rulesOf(loaded.states) === 'older')
    for (const name of loaded.states.keys()) if (!touched.has(name)) touched.set(name, []);
  const after = new Map<FamilyName, FoldState<unknown>>(loaded.states);
  const since: Record<string, number> = { ...loaded.head.since };
  const writes: Write[] = [];
  const effects = new Map<string, FactEffect>();
  for (const [family, placed] of touched) {
    const folded = await foldOne(deps, loaded, family, placed);
    after.set(family, folded.state);
    since[family] = folded.sinceCheckpoint;
    writes.push({ put: writeState(loaded.subject, family, folded.state) }, ...folded.writes);
    for (const { id } of placed.map(({ fact }) => fact))
      effects.set(id, { groundless: folded.groundless.has(id), tied: folded.tied.has(id) });
  }
  return { after, since, writes, effects };
};

/** Facts of a commit whose primary subject is one of these records: they are published in its sequence. */
const publishedOf = (facts: readonly PlacedFact[], records: ReadonlySet<string>): number =>
  facts.filter((one) => records.has(one.fact.subjects[0] ?? '')).length;

/** A subject whose facts are kept but not folded now: an alias (its survivor folds them), or one that is being rebuilt. */
const planUnfolded = (loaded: LoadedSubject, head: Head): SubjectPlan => ({
  loaded,
  after: loaded.states,
  head,
  writes: [headWrite(loaded, head)],
  effects: new Map(),
});

/** States as this code may read them: of older rules, none, so that all they gave rise to is made anew. */
export const readable = (states: States): States => (rulesOf(states) === 'current' ? states : new Map());

/** While a merge is under way what is told now is how things stood before it; what comes after it has been told. */
const headWithStands = (head: Head, stands: Stands): Head =>
  head.pending === undefined
    ? { ...head, stands: withStands(head.stands, stands) }
    : { ...head, pending: { ...head.pending, before: withStands(head.pending.before, stands) } };

/**
 * Folds what comes in and says every write of the subject: HEAD, states, views, claims.
 * @param stands customers that facts of this commit name, and whom they stand for now
 */
export const planSubject = async (
  deps: CommitDeps,
  loaded: LoadedSubject,
  facts: readonly PlacedFact[],
  stands: Stands = {},
): Promise<SubjectPlan> => {
  const bumped = { ...loaded.head, version: loaded.head.version + 1 };
  if (loaded.head.aliasOf !== undefined) return planUnfolded(loaded, bumped);
  const published = loaded.head.published + publishedOf(facts, recordsOf(loaded));
  if (loaded.head.rebuilding?.flipped === false) return planUnfolded(loaded, { ...bumped, published });
  const { after, since, writes, effects } = await foldSubject(deps, loaded, facts);
  const standing = subjectKindOf(loaded.subject) === 'account' ? headWithStands(loaded.head, stands) : loaded.head;
  const rendered = renderView(loaded.subject, after, standing, deps.today());
  const head: Head = {
    ...standing,
    ...rendered.head,
    version: bumped.version,
    since,
    published,
    ...(isNothingKeptOf(after) ? { gone: true } : {}),
  };
  const before = readable(loaded.states);
  const claims = diffClaims(claimsOfStates(loaded.subject, before), claimsOfStates(loaded.subject, after));
  const told = facts.map((one) => one.fact);
  const hooked = await Promise.all(deps.hooks.map((hook) => hook(loaded.subject, before, after, told)));
  return {
    loaded,
    after,
    head,
    effects,
    writes: [
      headWrite(loaded, head),
      ...writes,
      ...viewWrites(rendered),
      ...claims.put.map((item): Write => ({ put: item, when: { kind: 'absent' } })),
      ...claims.gone.map((item): Write => ({ remove: item })),
      ...hooked.flat(),
    ],
  };
};

/** The HEAD's write: its condition serialises all writes of the subject. */
export const headWrite = (loaded: LoadedSubject, head: Head): Write => ({
  put: writeHead(headKey(loaded.subject), head),
  when: loaded.exists ? { kind: 'version', is: loaded.head.version } : { kind: 'absent' },
});

/** FID, and a copy of the fact in each subject's partition. */
export const factWrites = async (
  deps: CommitDeps,
  plans: readonly SubjectPlan[],
  facts: readonly PlacedFact[],
): Promise<readonly Write[]> => {
  const survivors = plans.filter(({ loaded }) => loaded.head.aliasOf === undefined);
  const next = new Map(survivors.map(({ loaded }) => [loaded.subject, loaded.head.published] as const));
  const survivorOf = (subject: string): string =>
    survivors.find(({ loaded }) => recordsOf(loaded).has(subject))?.loaded.subject ?? subject;
  const writes: Write[] = [];
  for (const placed of facts) {
    const { fact } = placed;
    const primary = fact.subjects[0] ?? '';
    const survivor = survivorOf(primary);
    const sequence = (next.get(survivor) ?? 0) + 1;
    next.set(survivor, sequence);
    const stored = { ...(await seal(deps, placed)), survivor: survivor === primary ? undefined : survivor };
    writes.push({
      put: {
        ...factIdKey(fact.id),
        hash: placed.contentHash,
        type: fact.type,
        subjects: fact.subjects,
        families: fact.families,
        order: stored.order,
        system: fact.source.system,
      },
      when: { kind: 'absent' },
    });
    fact.subjects.forEach((subject, index) => {
      const family = fact.families[index];
      const copy = index === 0 ? { ...stored, sequence } : { ...stored, survivor: undefined };
      if (family !== undefined) writes.push({ put: writeFact(subject, family, copy) });
    });
    for (const item of claimsOfFact(fact)) writes.push({ put: item, when: { kind: 'absent' } });
  }
  return writes;
};

/** A retraction marks the copies of the fact it names and gives up that fact's own claims. */
export const retractionWrites = async (deps: CommitDeps, facts: readonly PlacedFact[]): Promise<readonly Write[]> => {
  const writes: Write[] = [];
  for (const { fact, retracts } of facts) {
    if (retracts === undefined) continue;
    for (const [index, subject] of fact.subjects.entries()) {
      const family = fact.families[index];
      const item =
        family === undefined
          ? undefined
          : await deps.profile.get(factKey(subject, family, retracts), { consistent: true });
      if (item === undefined || family === undefined) continue;
      const stored = readFact(item);
      if (stored.retractedBy !== undefined) continue;
      writes.push({ put: { ...item, retractedBy: fact.id } });
      if (index === 0)
        writes.push(
          ...referenceClaimsOf(stored.fact).map((claim): Write => ({ remove: { pk: claim.pk, sk: claim.sk } })),
        );
    }
  }
  return writes;
};

/** Table and key of a write as one text. */
export const keyOf = (write: Write): string => {
  const key = 'put' in write ? write.put : 'remove' in write ? write.remove : write.check;
  return `${write.in ?? ''} ${key.pk} ${key.sk}`;
};

/** One write for each key: the last stands, since a commit may not name an item twice. */
export const oncePerKey = (writes: readonly Write[]): readonly Write[] => [
  ...new Map(writes.map((write) => [keyOf(write), write] as const)).values(),
];
