import type { Fact } from '#shared/contracts/facts/fact.ts';
import type { States } from '#shared/profile/rules/states.ts';
import { type Head, textOf } from '#shared/profile/store/items.ts';
import { linksUnderWay, markLinks, standsAmong, type UnfitLink, unfitLink } from '#shared/profile/store/link-marks.ts';
import { toldElsewhere } from '#shared/profile/store/meters-elsewhere.ts';
import { isLost, rebuildMerged } from '#shared/profile/store/rebuild-merged.ts';
import { refoldSubject } from '#shared/profile/store/refold.ts';
import {
  type LoadedSubject,
  loadHead,
  loadStored,
  loadSurvivor,
  otherRules,
  rulesOf,
} from '#shared/profile/store/subjects.ts';
import { renderView, versionOf, viewWrites } from '#shared/profile/store/view-writes.ts';
import { canonicalJson } from '#shared/runtime/canonical-json.ts';
import { factIdKey, isIdempotencyKey } from '#shared/table/keys.ts';
import {
  ConditionFailed,
  LimitExceeded,
  limits,
  Throttled,
  TransactionConflict,
  Unanswered,
  type Write,
} from '#shared/table/table.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { behindSubjects } from './behind-subject.ts';
import {
  type CommitDeps,
  type FactEffect,
  factWrites,
  headWrite,
  keyOf,
  oncePerKey,
  planSubject,
  retractionWrites,
  type SubjectPlan,
} from './commit-plan.ts';
import { isOfErased } from './erased-owners.ts';
import { TwinWasFirst } from './idempotency.ts';
import type { PlacedFact } from './placed-fact.ts';
import type { Sealer } from './seal.ts';

export type CommitOutcome =
  /** `effect`: what it did; undefined where it was kept for a record that is being merged or parted. */
  | { readonly status: 'accepted'; readonly effect: FactEffect | undefined }
  /** The same fact was kept before. */
  | { readonly status: 'duplicate' }
  /** The same id with other content. */
  | { readonly status: 'conflict' }
  /** A reference it claims names another thing. */
  | { readonly status: 'taken'; readonly holder: string }
  /** A subject it names does not exist. */
  | { readonly status: 'unknown-subject'; readonly subject: string }
  /** A merge or an undoing that cannot be: told to the sender by its code. */
  | { readonly status: 'unfit'; readonly code: UnfitLink }
  /** A customer it names is being erased, or was: nothing is kept of it. */
  | { readonly status: 'erased' };

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
  readonly beside?: (kept: Kept, sealer: Sealer) => readonly Write[] | Promise<readonly Write[]>;
  /** All or nothing: never parted over several commits, up to what one transaction may hold. */
  readonly whole?: boolean;
}

export interface CommitResult {
  readonly outcomes: readonly CommitOutcome[];
  /** Version of each subject after the commit. */
  readonly versions: ReadonlyMap<string, number>;
}

/** Most items of one commit. */
export const maxCommitItems = 60;
/** How often a conflict is tried again, and the longest wait between tries in milliseconds (K11). */
const maxAttempts = 20;
const maxWait = 500;
/** How long the merge of a record that is to be merged or parted anew is brought to its end, in milliseconds. */
const longestEnd = 5_000;
/** How often silence is tried again: behind each lie the client's own tries, and a caller waits 29 s at most. */
const maxUnanswered = 3;

const distinct = (facts: readonly PlacedFact[]): readonly string[] => [
  ...new Set(facts.flatMap((one) => one.fact.subjects)),
];

/** What a failed condition says of one fact, or undefined where only time was lost. */
const refusalOf = async (deps: CommitDeps, placed: PlacedFact): Promise<CommitOutcome | undefined> => {
  const known = await deps.profile.get(factIdKey(placed.fact.id), { consistent: true });
  if (known !== undefined) return { status: textOf(known, 'hash') === placed.contentHash ? 'duplicate' : 'conflict' };
  return undefined;
};

/** What a fact did in all records that it was folded in: it had an effect where one of them shows it. */
const effectOf = (fact: string, plans: readonly SubjectPlan[]): FactEffect | undefined => {
  const told = plans.flatMap(({ effects }) => effects.get(fact) ?? []);
  return told.length === 0
    ? undefined
    : { groundless: told.every(({ groundless }) => groundless), tied: told.some(({ tied }) => tied) };
};

/** The commit of facts: the only writer of FACT, STATE, CKPT and VIEW items (rules K1 to K14). */
export interface Committer {
  commit(request: CommitRequest): Promise<CommitResult>;
  /**
   * Folds every family anew from its facts alone and writes what differs; publishes nothing. A merge or undoing that is under way
   * is brought to its end before, if others let it. A dry run only looks. Answers whether anything but checkpoints was otherwise
   * than it should be.
   */
  refold(subject: string, dryRun?: boolean): Promise<boolean>;
  /** Sets the readers of a premise for one account and puts their digests. */
  placeReaders(premise: string, account: string, customers: readonly string[]): Promise<boolean>;
  /** Sets what a premise knows of where its meters are told of elsewhere, and puts its digests. */
  placeMeters(premise: string): Promise<boolean>;
  /**
   * Brings a merge or undoing that a commit has marked on this customer to its end; nothing where none is under way. Answers
   * whether nothing is left to do: false where `until`, in milliseconds of the clock, came first. Another call goes on from there.
   */
  rebuild(customer: string, until?: number): Promise<boolean>;
}

export const createCommitter = (deps: CommitDeps): Committer => {
  /** Runs `attempt` until it answers; conflicts wait with full jitter, then 503. */
  const retrying = async <Answer>(attempt: () => Promise<Answer | 'again'>): Promise<Answer> => {
    let unanswered = 0;
    for (let tried = 0; tried < maxAttempts && unanswered < maxUnanswered; tried += 1) {
      try {
        const answer = await attempt();
        if (answer !== 'again') return answer;
      } catch (failure) {
        if (
          !(
            failure instanceof TransactionConflict ||
            failure instanceof Throttled ||
            failure instanceof ConditionFailed ||
            failure instanceof Unanswered
          )
        )
          throw failure;
        if (failure instanceof Unanswered) unanswered += 1;
      }
      await deps.sleep(deps.random() * Math.min(maxWait, 10 * 2 ** tried));
    }
    throw new DomainError('unavailable', 'commit.busy', 'The record is being changed by others; try again.', {
      retryAfterSeconds: 1,
    });
  };

  const checkRules = (loaded: LoadedSubject): void => {
    if (rulesOf(loaded.states) === 'newer') throw otherRules(loaded.subject, 'newer');
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

  /** References that others hold; those that the claimant holds already are noted in `ours` and not claimed again. */
  const refusedReferences = async (facts: readonly PlacedFact[], failed: readonly Write[], ours: Set<string>) => {
    const taken = new Map<PlacedFact, string>();
    for (const write of failed) {
      if (!('put' in write) || !write.put.pk.startsWith('REF#')) continue;
      const held = await deps.profile.get(write.put, { consistent: true });
      if (held === undefined) continue;
      if (held.id === write.put.id) {
        ours.add(keyOf(write));
        continue;
      }
      const claimant =
        facts.find((one) => one.fact.entity === write.put.id) ??
        facts.find((one) => one.fact.subjects.includes(String(write.put.id)));
      if (claimant !== undefined) taken.set(claimant, String(held.id));
    }
    return taken;
  };

  /** The subjects of facts, and behind each alias its survivor, which folds for it. */
  const loadAll = async (facts: readonly PlacedFact[]): Promise<readonly LoadedSubject[]> => {
    const named = await Promise.all(distinct(facts).map((subject) => loadStored(deps.profile, subject)));
    const survivors = await Promise.all(
      named.filter(({ head }) => head.aliasOf !== undefined).map((one) => loadSurvivor(deps.profile, one)),
    );
    return [...new Map([...named, ...survivors].map((one) => [one.subject, one] as const)).values()];
  };

  /** Records of older rules are folded anew before anything is added to them (K14). Answers whether any was. */
  const refoldOlder = async (loaded: readonly LoadedSubject[]): Promise<boolean> => {
    let any = false;
    for (const one of loaded) if (rulesOf(one.states) === 'older' && (await refoldSubject(deps, one))) any = true;
    return any;
  };

  const tryOnce = async (request: CommitRequest, given: readonly PlacedFact[], ours: ReadonlySet<string>) => {
    const loaded = await loadAll(given);
    loaded.forEach(checkRules);
    if (await refoldOlder(loaded)) return { kind: 'refolded' as const };
    const missing = loaded.find((one) => !one.exists && !given.some((placed) => placed.fact.entity === one.subject));
    if (missing !== undefined) return { kind: 'missing' as const, subject: missing.subject };
    const ofErased = given.find((placed) => isOfErased(placed, loaded));
    if (ofErased !== undefined) return { kind: 'erased' as const, placed: ofErased };
    const underWay = linksUnderWay(given, loaded);
    if (underWay.length > 0) return { kind: 'under-way' as const, customers: underWay };
    for (const placed of given) {
      const unfit = unfitLink(placed, given.slice(0, given.indexOf(placed) + 1), loaded);
      if (unfit !== undefined) return { kind: 'unfit' as const, placed, code: unfit };
    }
    const facts = await behindSubjects(deps.profile, given, loaded);
    const stands = standsAmong(loaded);
    const marked = markLinks(facts, loaded);
    const plans = await Promise.all(marked.map((one) => planSubject(deps, one, facts, stands)));
    const kept: Kept = {
      facts: facts.map((one) => one.fact),
      subjects: loaded.map((one) => one.subject),
      after: new Map(plans.map((plan) => [plan.loaded.subject, plan.after] as const)),
    };
    const writes = oncePerKey([
      ...plans.flatMap((plan) => plan.writes),
      ...(await retractionWrites(deps, facts)),
      ...(await factWrites(deps, plans, facts)),
      ...((await request.beside?.(kept, deps.sealer)) ?? []),
    ]).filter((write) => !('put' in write && ours.has(keyOf(write))));
    return { kind: 'planned' as const, loaded, plans, writes };
  };

  const commitTogether = async (
    request: CommitRequest,
    facts: readonly PlacedFact[],
    result: Map<PlacedFact, CommitOutcome>,
    versions: Map<string, number>,
  ): Promise<void> => {
    let remaining = facts;
    const ours = new Set<string>();
    let hasEnded = false;
    const note = (placed: PlacedFact, outcome: CommitOutcome): void => {
      result.set(placed, outcome);
      remaining = remaining.filter((one) => one !== placed);
    };
    // A commit that failed in another way than by a condition may have taken effect: then its facts are there.
    let unsure = false;
    const noteKept = async (): Promise<void> => {
      for (const placed of remaining) {
        const refusal = await refusalOf(deps, placed);
        if (refusal !== undefined) note(placed, refusal);
      }
      unsure = false;
    };
    await retrying(async () => {
      if (unsure) await noteKept();
      if (remaining.length === 0) return 'done';
      const tried = await tryOnce(request, remaining, ours);
      if (tried.kind === 'missing') {
        for (const placed of remaining.filter((one) => one.fact.subjects.includes(tried.subject))) {
          // A repeat of a fact whose subject was merged away or mistyped is still a repeat.
          note(placed, (await refusalOf(deps, placed)) ?? { status: 'unknown-subject', subject: tried.subject });
        }
        return 'again';
      }
      if (tried.kind === 'refolded') return 'again';
      if (tried.kind === 'under-way') {
        if (hasEnded) throw new TransactionConflict();
        hasEnded = true;
        for (const customer of tried.customers) await endMerge(customer, deps.clock.now() + longestEnd);
        return 'again';
      }
      if (tried.kind === 'erased') {
        const known = await refusalOf(deps, tried.placed);
        note(tried.placed, known?.status === 'duplicate' ? known : { status: 'erased' });
        return 'again';
      }
      if (tried.kind === 'unfit') {
        note(tried.placed, (await refusalOf(deps, tried.placed)) ?? { status: 'unfit', code: tried.code });
        return 'again';
      }
      if (request.whole === true && tried.writes.length > limits.transactionItems) {
        throw new LimitExceeded(`a request may write ${limits.transactionItems} items at once`);
      }
      if (request.whole !== true && tried.writes.length > maxCommitItems && remaining.length > 1) {
        const half = Math.ceil(remaining.length / 2);
        await commitTogether(request, remaining.slice(0, half), result, versions);
        await commitTogether(request, remaining.slice(half), result, versions);
        return 'done';
      }
      checkExpected(request, tried.loaded);
      try {
        await deps.profile.commit(tried.writes);
      } catch (failure) {
        unsure = true;
        if (!(failure instanceof ConditionFailed)) throw failure;
        const failed = failure.failed.flatMap((index) => tried.writes[index] ?? []);
        if (failed.some((write) => 'put' in write && isIdempotencyKey(write.put))) throw new TwinWasFirst();
        for (const [placed, holder] of await refusedReferences(remaining, failed, ours))
          note(placed, { status: 'taken', holder });
        await noteKept();
        return 'again';
      }
      for (const placed of remaining)
        result.set(placed, { status: 'accepted', effect: effectOf(placed.fact.id, tried.plans) });
      for (const plan of tried.plans) versions.set(plan.loaded.subject, versionOf(plan.after));
      return 'done';
    });
  };

  /** Puts what a premise's HEAD says of its readers and of elsewhere, with the digests that this makes. */
  const putReaders = async (loaded: LoadedSubject, said: Head, pairs = said.pairs): Promise<void> => {
    const rendered = renderView(loaded.subject, loaded.states, said, deps.today(), pairs);
    const head = { ...said, ...rendered.head, version: loaded.head.version + 1 };
    await deps.profile.commit(oncePerKey([headWrite(loaded, head), ...viewWrites(rendered)]));
  };

  const placeReaders: Committer['placeReaders'] = (premise, account, customers) =>
    retrying(async () => {
      const loaded = await loadStored(deps.profile, premise);
      checkRules(loaded);
      if (await refoldOlder([loaded])) return 'again';
      if (!loaded.exists) return false;
      const others = loaded.head.pairs.filter(([, holder]) => holder !== account);
      const pairs = [...others, ...customers.map((customer) => [customer, account] as const)].sort(([, a], [, b]) =>
        a < b ? -1 : a > b ? 1 : 0,
      );
      if (JSON.stringify(pairs) === JSON.stringify(loaded.head.pairs)) return false;
      await putReaders(loaded, loaded.head, pairs);
      return true;
    });

  const placeMeters: Committer['placeMeters'] = (premise) =>
    retrying(async () => {
      const loaded = await loadStored(deps.profile, premise);
      checkRules(loaded);
      if (await refoldOlder([loaded])) return 'again';
      if (!loaded.exists) return false;
      const elsewhere = await toldElsewhere(deps.profile, premise, loaded.states);
      if (canonicalJson(elsewhere) === canonicalJson(loaded.head.elsewhere)) return false;
      await putReaders(loaded, { ...loaded.head, elsewhere });
      return true;
    });

  const rebuild: Committer['rebuild'] = (customer, until) => rebuildMerged({ ...deps, placeReaders, until }, customer);

  /** A merge or undoing that somebody left is ended; one that others are at is left to them. */
  const endMerge = async (subject: string, until?: number): Promise<void> => {
    try {
      await rebuild(subject, until);
    } catch (failure) {
      if (!isLost(failure)) throw failure;
    }
  };

  const refold: Committer['refold'] = async (subject, dryRun = false) => {
    const underWay = (await loadHead(deps.profile, subject)).rebuilding !== undefined;
    if (underWay && !dryRun) await endMerge(subject);
    const wrong = await retrying(async () => {
      const loaded = await loadStored(deps.profile, subject);
      checkRules(loaded);
      return refoldSubject(deps, loaded, dryRun);
    });
    return underWay || wrong;
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

    refold,

    placeReaders,

    placeMeters,

    rebuild,
  };
};
