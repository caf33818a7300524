import type { States } from '#shared/domain/profile/families.ts';
import type { FoldState } from '#shared/domain/profile/fold.ts';
import type { Clock } from '#shared/runtime/clock.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import type { Fact, FamilyName } from '#shared/vocabulary/fact.ts';
import { claimsOfFact, claimsOfStates, diffClaims } from './claims.ts';
import { type FamilyFold, foldFamily } from './fold-family.ts';
import { TwinWasFirst } from './idempotency.ts';
import {
  type Head,
  orderOfFact,
  readFact,
  type StoredFact,
  textOf,
  writeFact,
  writeHead,
  writeState,
} from './items.ts';
import { factIdKey, factKey, headKey, isIdempotencyKey } from './keys.ts';
import type { JsonValue, Sealer } from './seal.ts';
import { type LoadedSubject, loadSubject, rulesOf } from './subjects.ts';
import { ConditionFailed, type Table, Throttled, TransactionConflict, type Write } from './table.ts';
import { renderView, versionOf, viewWrites } from './view-writes.ts';

/** A fact ready to be kept: subjects resolved, id and content hash derived. */
export interface PlacedFact {
  readonly fact: Fact;
  /** HMAC over type, occurredAt, sourceSequence and data (K2). */
  readonly contentHash: string;
  /** Whose key seals the fields of `hides`. */
  readonly owner: string;
  readonly hides: readonly string[];
  /** Order of the fact a retraction names. */
  readonly retracts?: string;
}

export type CommitOutcome =
  | { readonly status: 'accepted' }
  /** The same fact was kept before. */
  | { readonly status: 'duplicate' }
  /** The same id with other content. */
  | { readonly status: 'conflict' }
  /** A reference it claims names another thing. */
  | { readonly status: 'taken'; readonly holder: string }
  /** A subject it names does not exist. */
  | { readonly status: 'unknown-subject'; readonly subject: string };

/** What a commit is about to keep: for those who write beside it. */
export interface Kept {
  readonly facts: readonly Fact[];
  readonly subjects: readonly string[];
  /** States of each subject as they will stand. */
  readonly after: ReadonlyMap<string, States>;
}

export interface CommitRequest {
  /** Facts with the same subjects; kept together or, where one is refused, without that one. */
  readonly facts: readonly PlacedFact[];
  /** Version the caller saw (If-Match): the loser gets precondition-failed at once. */
  readonly expected?: { readonly subject: string; readonly version: number };
  /** Audit entry, idempotency record: written in the same transaction. */
  readonly beside?: (kept: Kept) => readonly Write[];
}

export interface CommitResult {
  readonly outcomes: readonly CommitOutcome[];
  /** Version of each subject after the commit. */
  readonly versions: ReadonlyMap<string, number>;
}

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

/** Most items of one commit. */
export const maxCommitItems = 60;
/** How often a conflict is tried again, and the longest wait between tries in milliseconds (K11). */
const maxAttempts = 10;
const maxWait = 500;

interface SubjectPlan {
  readonly loaded: LoadedSubject;
  readonly after: States;
  readonly head: Head;
  readonly writes: readonly Write[];
}

const seal = async (deps: CommitDeps, placed: PlacedFact): Promise<StoredFact> => {
  const hidden = placed.hides.filter((field) => placed.fact.data[field] !== undefined);
  const order = orderOfFact(placed.fact);
  const bare = { order, owner: undefined, sequence: undefined, retractedBy: undefined };
  if (hidden.length === 0) return { ...bare, fact: placed.fact, sealed: undefined, hides: [] };
  const apart: Record<string, JsonValue> = JSON.parse(
    JSON.stringify(Object.fromEntries(hidden.map((field) => [field, placed.fact.data[field]]))),
  );
  const open = Object.fromEntries(Object.entries(placed.fact.data).filter(([field]) => !hidden.includes(field)));
  const sealed = await deps.sealer.seal(placed.owner, placed.fact.id, apart);
  return { ...bare, fact: { ...placed.fact, data: open }, sealed, owner: placed.owner, hides: hidden };
};

/** Families of a subject that the facts of a commit touch. */
const changesBySubject = (
  facts: readonly PlacedFact[],
  subject: string,
): ReadonlyMap<FamilyName, readonly PlacedFact[]> => {
  const families = new Map<FamilyName, PlacedFact[]>();
  for (const placed of facts) {
    placed.fact.subjects.forEach((one, index) => {
      const family = placed.fact.families[index];
      if (one !== subject || family === undefined) return;
      families.set(family, [...(families.get(family) ?? []), placed]);
    });
  }
  return families;
};

const foldSubject = async (deps: CommitDeps, loaded: LoadedSubject, facts: readonly PlacedFact[]) => {
  const touched = new Map(changesBySubject(facts, loaded.subject));
  if (rulesOf(loaded.states) === 'older')
    for (const name of loaded.states.keys()) if (!touched.has(name)) touched.set(name, []);
  const after = new Map<FamilyName, FoldState<unknown>>(loaded.states);
  const since: Record<string, number> = { ...loaded.head.since };
  const writes: Write[] = [];
  for (const [family, placed] of touched) {
    const folded: FamilyFold = await foldFamily(deps, {
      subject: loaded.subject,
      family,
      held: loaded.states.get(family),
      sinceCheckpoint: loaded.head.since[family] ?? 0,
      incoming: placed.map((one) => one.fact),
      takenOut: placed.flatMap((one) => (one.retracts === undefined ? [] : [one.retracts])),
    });
    after.set(family, folded.state);
    since[family] = folded.sinceCheckpoint;
    writes.push({ put: writeState(loaded.subject, family, folded.state) }, ...folded.writes);
  }
  return { after, since, writes };
};

const planSubject = async (
  deps: CommitDeps,
  loaded: LoadedSubject,
  facts: readonly PlacedFact[],
): Promise<SubjectPlan> => {
  const { after, since, writes } = await foldSubject(deps, loaded, facts);
  const rendered = renderView(loaded.subject, after, loaded.head, deps.today());
  const primary = facts.filter((one) => one.fact.subjects[0] === loaded.subject).length;
  const head: Head = {
    ...loaded.head,
    ...rendered.head,
    since,
    version: loaded.head.version + 1,
    published: loaded.head.published + primary,
  };
  const claims = diffClaims(claimsOfStates(loaded.subject, loaded.states), claimsOfStates(loaded.subject, after));
  const hooked = await Promise.all(
    deps.hooks.map((hook) =>
      hook(
        loaded.subject,
        loaded.states,
        after,
        facts.map((one) => one.fact),
      ),
    ),
  );
  return {
    loaded,
    after,
    head,
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
const factWrites = async (
  deps: CommitDeps,
  plans: readonly SubjectPlan[],
  facts: readonly PlacedFact[],
): Promise<readonly Write[]> => {
  const next = new Map(plans.map((plan) => [plan.loaded.subject, plan.loaded.head.published] as const));
  const writes: Write[] = [];
  for (const placed of facts) {
    const { fact } = placed;
    const stored = await seal(deps, placed);
    const primary = fact.subjects[0] ?? '';
    const sequence = (next.get(primary) ?? 0) + 1;
    next.set(primary, sequence);
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
      if (family !== undefined)
        writes.push({ put: writeFact(subject, family, { ...stored, sequence: index === 0 ? sequence : undefined }) });
    });
    for (const item of claimsOfFact(fact)) writes.push({ put: item, when: { kind: 'absent' } });
  }
  return writes;
};

/** A retraction marks the copies of the fact it names and gives up that fact's own claims. */
const retractionWrites = async (deps: CommitDeps, facts: readonly PlacedFact[]): Promise<readonly Write[]> => {
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
        writes.push(...claimsOfFact(stored.fact).map((claim): Write => ({ remove: { pk: claim.pk, sk: claim.sk } })));
    }
  }
  return writes;
};

const keyOf = (write: Write): string => {
  const key = 'put' in write ? write.put : 'remove' in write ? write.remove : write.check;
  return `${write.in ?? ''} ${key.pk} ${key.sk}`;
};

/** One write for each key: the last stands, since a commit may not name an item twice. */
const oncePerKey = (writes: readonly Write[]): readonly Write[] => [
  ...new Map(writes.map((write) => [keyOf(write), write] as const)).values(),
];

const distinct = (facts: readonly PlacedFact[]): readonly string[] => [
  ...new Set(facts.flatMap((one) => one.fact.subjects)),
];

/** What a failed condition says of one fact, or undefined where only time was lost. */
const refusalOf = async (deps: CommitDeps, placed: PlacedFact): Promise<CommitOutcome | undefined> => {
  const known = await deps.profile.get(factIdKey(placed.fact.id), { consistent: true });
  if (known !== undefined) return { status: textOf(known, 'hash') === placed.contentHash ? 'duplicate' : 'conflict' };
  return undefined;
};

/** The commit of facts: the only writer of FACT, STATE, CKPT and VIEW items (rules K1 to K14). */
export interface Committer {
  commit(request: CommitRequest): Promise<CommitResult>;
  /** Folds every family anew from its facts alone and puts what differs; publishes nothing. Answers whether a write was made. */
  refold(subject: string): Promise<boolean>;
  /** Sets the readers of a premise for one account and puts their digests. */
  placeReaders(premise: string, account: string, customers: readonly string[]): Promise<boolean>;
}

export const createCommitter = (deps: CommitDeps): Committer => {
  /** Runs `attempt` until it answers; conflicts wait with full jitter, then 503. */
  const retrying = async <Answer>(attempt: () => Promise<Answer | 'again'>): Promise<Answer> => {
    for (let tried = 0; tried < maxAttempts; tried += 1) {
      try {
        const answer = await attempt();
        if (answer !== 'again') return answer;
      } catch (failure) {
        if (
          !(
            failure instanceof TransactionConflict ||
            failure instanceof Throttled ||
            failure instanceof ConditionFailed
          )
        )
          throw failure;
      }
      await deps.sleep(deps.random() * Math.min(maxWait, 10 * 2 ** tried));
    }
    throw new DomainError('unavailable', 'commit.busy', 'The record is being changed by others; try again.', {
      retryAfterSeconds: 1,
    });
  };

  const checkRules = (loaded: LoadedSubject): void => {
    if (rulesOf(loaded.states) === 'newer') {
      throw new DomainError(
        'unavailable',
        'rules.newer',
        'A newer version of the rules wrote this record; try again.',
        { retryAfterSeconds: 5 },
      );
    }
  };

  const checkExpected = (request: CommitRequest, loaded: readonly LoadedSubject[]): void => {
    const subject = loaded.find((one) => one.subject === request.expected?.subject);
    if (request.expected === undefined || subject === undefined) return;
    const version = versionOf(subject.states);
    if (version !== request.expected.version) {
      throw new DomainError('precondition-failed', 'version.stale', 'The record has changed since it was read.', {
        extra: { currentVersion: version },
      });
    }
  };

  const refusedReferences = async (facts: readonly PlacedFact[], failed: readonly Write[]) => {
    const taken = new Map<PlacedFact, string>();
    for (const write of failed) {
      if (!('put' in write) || !write.put.pk.startsWith('REF#')) continue;
      const held = await deps.profile.get(write.put, { consistent: true });
      if (held === undefined || held.id === write.put.id) continue;
      const claimant =
        facts.find((one) => one.fact.entity === write.put.id) ??
        facts.find((one) => one.fact.subjects.includes(String(write.put.id)));
      if (claimant !== undefined) taken.set(claimant, String(held.id));
    }
    return taken;
  };

  const tryOnce = async (request: CommitRequest, facts: readonly PlacedFact[]) => {
    const loaded = await Promise.all(distinct(facts).map((subject) => loadSubject(deps.profile, subject)));
    loaded.forEach(checkRules);
    const missing = loaded.find((one) => !one.exists && !facts.some((placed) => placed.fact.entity === one.subject));
    if (missing !== undefined) return { kind: 'missing' as const, subject: missing.subject };
    const plans = await Promise.all(loaded.map((one) => planSubject(deps, one, facts)));
    const kept: Kept = {
      facts: facts.map((one) => one.fact),
      subjects: loaded.map((one) => one.subject),
      after: new Map(plans.map((plan) => [plan.loaded.subject, plan.after] as const)),
    };
    const writes = oncePerKey([
      ...plans.flatMap((plan) => plan.writes),
      ...(await retractionWrites(deps, facts)),
      ...(await factWrites(deps, plans, facts)),
      ...(request.beside?.(kept) ?? []),
    ]);
    return { kind: 'planned' as const, loaded, plans, writes };
  };

  const commitTogether = async (
    request: CommitRequest,
    facts: readonly PlacedFact[],
    result: Map<PlacedFact, CommitOutcome>,
    versions: Map<string, number>,
  ): Promise<void> => {
    let remaining = facts;
    const note = (placed: PlacedFact, outcome: CommitOutcome): void => {
      result.set(placed, outcome);
      remaining = remaining.filter((one) => one !== placed);
    };
    await retrying(async () => {
      if (remaining.length === 0) return 'done';
      const tried = await tryOnce(request, remaining);
      if (tried.kind === 'missing') {
        for (const placed of remaining.filter((one) => one.fact.subjects.includes(tried.subject))) {
          // A repeat of a fact whose subject was merged away or mistyped is still a repeat.
          note(placed, (await refusalOf(deps, placed)) ?? { status: 'unknown-subject', subject: tried.subject });
        }
        return 'again';
      }
      if (tried.writes.length > maxCommitItems && remaining.length > 1) {
        const half = Math.ceil(remaining.length / 2);
        await commitTogether(request, remaining.slice(0, half), result, versions);
        await commitTogether(request, remaining.slice(half), result, versions);
        return 'done';
      }
      checkExpected(request, tried.loaded);
      try {
        await deps.profile.commit(tried.writes);
      } catch (failure) {
        if (!(failure instanceof ConditionFailed)) throw failure;
        const failed = failure.failed.flatMap((index) => tried.writes[index] ?? []);
        if (failed.some((write) => 'put' in write && isIdempotencyKey(write.put))) throw new TwinWasFirst();
        for (const [placed, holder] of await refusedReferences(remaining, failed))
          note(placed, { status: 'taken', holder });
        for (const placed of remaining) {
          const refusal = await refusalOf(deps, placed);
          if (refusal !== undefined) note(placed, refusal);
        }
        return 'again';
      }
      for (const placed of remaining) result.set(placed, { status: 'accepted' });
      for (const plan of tried.plans) versions.set(plan.loaded.subject, versionOf(plan.after));
      return 'done';
    });
  };

  return {
    async commit(request) {
      const result = new Map<PlacedFact, CommitOutcome>();
      const versions = new Map<string, number>();
      const unique = request.facts.filter(
        (placed, index) => request.facts.findIndex((one) => one.fact.id === placed.fact.id) === index,
      );
      await commitTogether(request, unique, result, versions);
      const outcomes = request.facts.map((placed): CommitOutcome => {
        const direct = result.get(placed);
        if (direct !== undefined) return direct;
        const twin = unique.find((one) => one.fact.id === placed.fact.id);
        return { status: twin?.contentHash === placed.contentHash ? 'duplicate' : 'conflict' };
      });
      return { outcomes, versions };
    },

    refold: (subject) =>
      retrying(async () => {
        const loaded = await loadSubject(deps.profile, subject);
        checkRules(loaded);
        if (!loaded.exists) return false;
        const stale = new Map([...loaded.states].map(([name, held]) => [name, { ...held, rules: 0 }] as const));
        const plan = await planSubject(deps, { ...loaded, states: stale }, []);
        await deps.profile.commit(
          oncePerKey(plan.writes.filter((write) => !('put' in write) || !write.put.pk.startsWith('REF#'))),
        );
        return true;
      }),

    placeReaders: (premise, account, customers) =>
      retrying(async () => {
        const loaded = await loadSubject(deps.profile, premise);
        checkRules(loaded);
        if (!loaded.exists) return false;
        const others = loaded.head.pairs.filter(([, holder]) => holder !== account);
        const pairs = [...others, ...customers.map((customer) => [customer, account] as const)].sort(([, a], [, b]) =>
          a < b ? -1 : a > b ? 1 : 0,
        );
        if (JSON.stringify(pairs) === JSON.stringify(loaded.head.pairs)) return false;
        const rendered = renderView(premise, loaded.states, loaded.head, deps.today(), pairs);
        const head = { ...loaded.head, ...rendered.head, version: loaded.head.version + 1 };
        await deps.profile.commit(oncePerKey([headWrite(loaded, head), ...viewWrites(rendered)]));
        return true;
      }),
  };
};
