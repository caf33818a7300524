import { type States, stateOf } from '#shared/domain/profile/families.ts';
import type { FoldState } from '#shared/domain/profile/fold.ts';
import { roles } from '#shared/domain/profile/roles.ts';
import type { FamilyName } from '#shared/vocabulary/fact.ts';
import { type CommitDeps, headWrite, oncePerKey, readable } from './commit-plan.ts';
import { type FoldDeps, foldFamily } from './fold-family.ts';
import { type Head, type Rebuilding, type Stands, writeState } from './items.ts';
import {
  checkpointKeyRange,
  formerKeyRange,
  headKey,
  sectionKeyRange,
  stateKey,
  stateKeyRange,
  subjectPartition,
  viewPrefix,
} from './keys.ts';
import { allEntries, claimsToBe, entriesToBe, noEntries } from './merge-entries.ts';
import { type LoadedSubject, loadStored, readAll, rulesOf } from './subjects.ts';
import { ConditionFailed, type Key, TransactionConflict, type Write } from './table.ts';
import { renderView, viewWrites } from './view-writes.ts';

/**
 * A merge and its undoing, in steps that can be gone on with from any point (rule K8): each reads where things stand, does at
 * most 60 writes in one transaction, and may be done twice. Until the flip both records are shown as before; after it as one (or as
 * two again), and what is left is clearing away.
 */
export interface RebuildDeps extends CommitDeps {
  readonly placeReaders: (premise: string, account: string, customers: readonly string[]) => Promise<boolean>;
  /** Until when the caller waits, in milliseconds of the clock; absent, until it is done. */
  readonly until?: number | undefined;
}

/** The caller waits no longer; what was done stands, and another goes on. */
class OutOfTime extends Error {}

const inTime = ({ until, clock }: RebuildDeps): void => {
  if (until !== undefined && clock.now() >= until) throw new OutOfTime();
};

const familiesOfCustomer = [
  'identity',
  'contact',
  'links',
  'roles',
  'interactions',
] as const satisfies readonly FamilyName[];
const writesAtOnce = 50;

/** Every family of a record and those merged into it, from their facts alone; what is shown does not change by it. */
export const foldAll = async (
  deps: FoldDeps,
  subject: string,
  aliases: readonly string[],
): Promise<{ readonly states: States; readonly since: Head['since'] }> => {
  const states = new Map<FamilyName, FoldState<unknown>>();
  const since: Record<string, number> = {};
  for (const family of familiesOfCustomer) {
    const none = { held: undefined, sinceCheckpoint: 0, incoming: [], takenOut: [] };
    const { state } = await foldFamily(deps, { subject, aliases, family, ...none });
    if (state.count === 0) continue;
    states.set(family, state);
    // Its checkpoints are not written here: the next commit or late fact of the family makes them.
    since[family] = state.count;
  }
  return { states, since };
};

/** A record as it stands, both records of a merge or undoing, and what every write of the step hangs on. */
interface Step {
  readonly survivor: LoadedSubject;
  readonly alias: LoadedSubject;
  readonly rebuilding: Rebuilding;
}

/**
 * Both HEADs are as the step read them. Whoever was held up in the middle of a step, for however long, writes nothing into what
 * others have done since.
 */
const unchanged = ({ survivor, alias }: Step): readonly Write[] =>
  [survivor, alias].map(({ subject, head }) => ({
    check: headKey(subject),
    when: { kind: 'version', is: head.version },
  }));

const writeAll = async (deps: RebuildDeps, step: Step, writes: readonly Write[]): Promise<void> => {
  for (let at = 0; at < writes.length; at += writesAtOnce) {
    inTime(deps);
    await deps.profile.commit([...unchanged(step), ...writes.slice(at, at + writesAtOnce)]);
  }
};

const removeAll = (deps: RebuildDeps, step: Step, keys: readonly Key[]): Promise<void> =>
  writeAll(
    deps,
    step,
    keys.map((key) => ({ remove: key })),
  );

const keysOf = async (
  deps: CommitDeps,
  subject: string,
  range: { readonly from: string; readonly to: string },
): Promise<readonly Key[]> => {
  const items = await readAll(deps.profile, { pk: subjectPartition(subject), ...range, consistent: true });
  return items.map(({ pk, sk }) => ({ pk, sk }));
};

const viewRange = { from: viewPrefix, to: `${viewPrefix}~` } as const;

/** Whether others wrote first: what was read counts no more. */
export const isLost = (failure: unknown): boolean =>
  failure instanceof ConditionFailed || failure instanceof TransactionConflict;

/** Accounts that records' states name, in one order for all, so that two merges that share some do not each wait for the other. */
const accountsOf = (...records: readonly States[]): readonly string[] =>
  [
    ...new Set(records.flatMap((states) => stateOf(states, roles).state.roles.starts.map((role) => role.account))),
  ].sort();

/** The records that belong to one: itself and those merged into it. */
const groupOf = (subject: string, head: Head): readonly string[] => [subject, ...head.aliases];

const standingAfter = (stands: Stands, group: readonly string[], standsFor: string): Stands => ({
  ...Object.fromEntries(Object.entries(stands).filter(([id]) => !group.includes(id))),
  ...Object.fromEntries(group.filter((id) => id !== standsFor).map((id) => [id, standsFor])),
});

/**
 * Gives an account digests for before and after; those of after are not shown yet. An account that has them already is only
 * seen to be known at its premises: whoever wrote them may not have come so far.
 */
const prepareAccount = async (
  deps: RebuildDeps,
  subject: string,
  step: Step,
  group: readonly string[],
  standsFor: string,
): Promise<void> => {
  inTime(deps);
  const { id } = step.rebuilding;
  const loaded = await loadStored(deps.profile, subject);
  if (!loaded.exists) return;
  const { pending, stands } = loaded.head;
  if (pending?.id === id) return placeAll(deps, loaded.subject, loaded.head);
  if (pending !== undefined) throw new TransactionConflict();
  const after = standingAfter(stands, group, standsFor);
  await putAccount(deps, loaded, { ...loaded.head, pending: { id, before: stands }, stands: after }, unchanged(step));
};

const placeAll = async (deps: RebuildDeps, account: string, head: Head): Promise<void> => {
  for (const premise of head.premises) await deps.placeReaders(premise, account, head.readers);
};

const putAccount = async (
  deps: RebuildDeps,
  loaded: LoadedSubject,
  marked: Head,
  guard: readonly Write[] = [],
): Promise<void> => {
  const rendered = renderView(loaded.subject, loaded.states, marked, deps.today());
  const head = { ...marked, ...rendered.head, version: loaded.head.version + 1 };
  await deps.profile.commit([...guard, ...oncePerKey([headWrite(loaded, head), ...viewWrites(rendered)])]);
  await placeAll(deps, loaded.subject, head);
};

/** Takes the digests of before away and shows those of after. */
const finishAccount = async (deps: RebuildDeps, subject: string, id: string): Promise<void> => {
  inTime(deps);
  const loaded = await loadStored(deps.profile, subject);
  if (loaded.head.pending?.id === id) await putAccount(deps, loaded, { ...loaded.head, pending: undefined });
  else if (loaded.head.pending === undefined) await placeAll(deps, subject, loaded.head);
};

/** What a record's states are shown as, found by and known by. */
const standing = async (deps: CommitDeps, loaded: LoadedSubject, after: States): Promise<readonly Write[]> => {
  const rendered = renderView(loaded.subject, after, loaded.head, deps.today());
  const shown = new Set(rendered.items.map((item) => item.sk));
  const sections = await keysOf(deps, loaded.subject, sectionKeyRange);
  const gone = [...loaded.states.keys()].filter((family) => !after.has(family));
  return [
    ...[...after].map(([family, held]): Write => ({ put: writeState(loaded.subject, family, held) })),
    ...gone.map((family): Write => ({ remove: stateKey(loaded.subject, family) })),
    ...viewWrites(rendered),
    ...sections.filter(({ sk }) => !shown.has(sk)).map((key): Write => ({ remove: key })),
  ];
};

const clean = async (deps: RebuildDeps, step: Step): Promise<void> =>
  removeAll(deps, step, await keysOf(deps, step.survivor.subject, checkpointKeyRange));

/** Merge, before the flip: accounts of the alias learn whom it will stand for; then both become one in one transaction. */
const mergeOn = async (deps: RebuildDeps, step: Step): Promise<void> => {
  const { survivor, alias, rebuilding } = step;
  const group = groupOf(alias.subject, alias.head);
  const aliases = [...survivor.head.aliases, ...group];
  const union = await foldAll(deps, survivor.subject, aliases);
  for (const one of accountsOf(union.states)) await prepareAccount(deps, one, step, group, survivor.subject);
  await clean(deps, step);
  const entries = await entriesToBe(deps, survivor.subject, [survivor.states, alias.states], union.states);
  await writeAll(deps, step, entries);
  const merged = { ...survivor, head: { ...survivor.head, aliases } };
  await deps.profile.commit(
    oncePerKey([
      headWrite(survivor, {
        ...merged.head,
        version: survivor.head.version + 1,
        since: union.since,
        rebuilding: { ...rebuilding, flipped: true },
      }),
      headWrite(alias, {
        ...alias.head,
        version: alias.head.version + 1,
        aliasOf: survivor.subject,
        mergedBy: rebuilding.id,
        rebuilding: undefined,
        since: {},
      }),
      ...(await standing(deps, merged, union.states)),
      ...(await claimsToBe(deps, survivor.subject, [survivor.states, alias.states], [union.states])),
    ]),
  );
};

/** Merge, after the flip: what the alias was shown as and found by goes. */
const mergeOff = async (deps: RebuildDeps, step: Step): Promise<void> => {
  const { survivor, alias, rebuilding } = step;
  for (const one of accountsOf(survivor.states)) await finishAccount(deps, one, rebuilding.id);
  await writeAll(deps, step, await allEntries(deps, survivor.subject, survivor.states));
  await writeAll(deps, step, await noEntries(deps, alias.subject, alias.states));
  for (const range of [viewRange, formerKeyRange, checkpointKeyRange, stateKeyRange])
    await removeAll(deps, step, await keysOf(deps, alias.subject, range));
};

/** Records between the one that is parted and the survivor: they lose it too. */
const between = async (deps: CommitDeps, alias: LoadedSubject, survivor: string): Promise<readonly LoadedSubject[]> => {
  const found: LoadedSubject[] = [];
  let next = alias.head.aliasOf;
  while (next !== undefined && next !== survivor) {
    const loaded = await loadStored(deps.profile, next);
    found.push(loaded);
    next = loaded.head.aliasOf;
  }
  return found;
};

/** Undoing, before the flip: accounts learn that the record stands for itself again; then each gets what is its own. */
const undoOn = async (deps: RebuildDeps, step: Step): Promise<void> => {
  const { survivor, alias, rebuilding } = step;
  const group = groupOf(alias.subject, alias.head);
  const parted = new Set(group);
  const aliases = survivor.head.aliases.filter((id) => !parted.has(id));
  const [own, theirs] = [
    await foldAll(deps, survivor.subject, aliases),
    await foldAll(deps, alias.subject, alias.head.aliases),
  ];
  for (const one of accountsOf(own.states, theirs.states)) await prepareAccount(deps, one, step, group, alias.subject);
  await clean(deps, step);
  for (const [one, folded] of [
    [alias.subject, theirs],
    [survivor.subject, own],
  ] as const)
    await writeAll(deps, step, await entriesToBe(deps, one, [survivor.states], folded.states));
  const left = { ...survivor, head: { ...survivor.head, aliases } };
  const heads = (await between(deps, alias, survivor.subject)).map((one) =>
    headWrite(one, {
      ...one.head,
      version: one.head.version + 1,
      aliases: one.head.aliases.filter((id) => !parted.has(id)),
    }),
  );
  await deps.profile.commit(
    oncePerKey([
      headWrite(survivor, {
        ...left.head,
        version: survivor.head.version + 1,
        since: own.since,
        rebuilding: { ...rebuilding, flipped: true },
      }),
      headWrite(alias, {
        ...alias.head,
        version: alias.head.version + 1,
        aliasOf: undefined,
        mergedBy: undefined,
        since: theirs.since,
      }),
      ...heads,
      ...(await standing(deps, left, own.states)),
      ...(await standing(deps, alias, theirs.states)),
      ...(await claimsToBe(deps, survivor.subject, [survivor.states], [own.states, theirs.states])),
    ]),
  );
};

/** Undoing, after the flip: what came meanwhile is found too. */
const undoOff = async (deps: RebuildDeps, step: Step): Promise<void> => {
  const { survivor, alias, rebuilding } = step;
  for (const one of accountsOf(survivor.states, alias.states)) await finishAccount(deps, one, rebuilding.id);
  for (const { subject, states } of [alias, survivor])
    await writeAll(deps, step, await allEntries(deps, subject, states));
};

/** A record as loaded; states of older rules count as none, since all is folded anew. */
const loadReadable = async (deps: CommitDeps, subject: string): Promise<LoadedSubject> => {
  const loaded = await loadStored(deps.profile, subject);
  if (rulesOf(loaded.states) === 'newer') throw new TransactionConflict();
  return { ...loaded, states: readable(loaded.states) };
};

/** Does the next part of a merge under way; answers whether there is more to do. */
const stepOf = async (deps: RebuildDeps, subject: string): Promise<boolean> => {
  const survivor = await loadReadable(deps, subject);
  const { rebuilding } = survivor.head;
  if (rebuilding === undefined || survivor.head.aliasOf !== undefined) return false;
  if (rebuilding.alias === subject) return false;
  const alias = await loadReadable(deps, rebuilding.alias);
  const step: Step = { survivor, alias, rebuilding };
  if (!rebuilding.flipped) {
    await (rebuilding.act === 'merge' ? mergeOn(deps, step) : undoOn(deps, step));
    return true;
  }
  await (rebuilding.act === 'merge' ? mergeOff(deps, step) : undoOff(deps, step));
  const done = { ...survivor.head, version: survivor.head.version + 1, rebuilding: undefined };
  await deps.profile.commit([headWrite(survivor, done)]);
  return false;
};

const mostTries = 20;

/**
 * Brings a merge or undoing that a commit has marked to its end. Where others write the same records it reads anew and goes on;
 * whoever is second finds it done. Answers whether nothing is left to do. Throws the last conflict where it cannot get through:
 * the mark stays, and the next goes on.
 */
export const rebuildMerged = async (deps: RebuildDeps, survivor: string): Promise<boolean> => {
  for (let tried = 0; ; ) {
    try {
      inTime(deps);
      if (!(await stepOf(deps, survivor))) return true;
      tried = 0;
    } catch (failure) {
      if (failure instanceof OutOfTime) return false;
      tried += 1;
      if (!isLost(failure) || tried >= mostTries) throw failure;
      await deps.sleep(deps.random() * Math.min(500, 10 * 2 ** tried));
    }
  }
};
