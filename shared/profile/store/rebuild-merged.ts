import { type CommitDeps, headWrite, oncePerKey, readable } from '#shared/facts/commit-plan.ts';
import { links, type Merge } from '#shared/profile/rules/links.ts';
import { customersOf, type OneCustomer, recordsOfOne } from '#shared/profile/rules/one-customer.ts';
import { namedByPart, roles } from '#shared/profile/rules/roles.ts';
import { type States, stateOf } from '#shared/profile/rules/states.ts';
import {
  checkpointKeyRange,
  factIdKey,
  formerKeyRange,
  headKey,
  sectionKeyRange,
  stateKey,
  stateKeyRange,
  subjectKindOf,
  subjectPartition,
  viewPrefix,
} from '#shared/table/keys.ts';
import { ConditionFailed, type Key, TransactionConflict, type Write } from '#shared/table/table.ts';
import { type FoldDeps, foldFamily } from './fold-family.ts';
import { type FoldedRecords, foldAll, partsToBe } from './fold-records.ts';
import { type Head, type Rebuilding, type Stands, textsOf, writeHead, writeState } from './items.ts';
import { allEntries, claimsToBe, entriesToBe, noEntries } from './merge-entries.ts';
import { type LoadedSubject, loadHead, loadStored, loadSurvivor, readAll, readFacts, rulesOf } from './subjects.ts';
import { renderView, viewWrites } from './view-writes.ts';

/**
 * A merge and its undoing, in steps that can be gone on with from any point: each reads where things stand, does at
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

const writesAtOnce = 50;

/** What every write of a step hangs on. */
interface Step {
  /** The fact that asked for it. */
  readonly id: string;
  /** Records that nobody leads on from, and that bear the mark. */
  readonly roots: readonly LoadedSubject[];
}

/**
 * The HEADs are as the step read them. Whoever was held up in the middle of a step, for however long, writes nothing into what
 * others have done since.
 */
const unchanged = ({ roots }: Step): readonly Write[] =>
  roots.map(({ subject, head }) => ({ check: headKey(subject), when: { kind: 'version', is: head.version } }));

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
    ...new Set(
      records.flatMap((states) =>
        [...(states.get(roles.name)?.parts?.keys() ?? [])].map((part) => namedByPart(part).account),
      ),
    ),
  ].sort();

/** Accounts of all roles that were ever told of some records: one may have been made ready and lost its role since. */
const accountsEverOf = async (deps: FoldDeps, records: readonly string[]): Promise<readonly string[]> => {
  const told = await readFacts(deps.profile, deps.sealer, records, 'roles');
  const subjects = told.flatMap(({ fact }) => fact.subjects);
  return [...new Set(subjects.filter((subject) => subjectKindOf(subject) === 'account'))].sort();
};

/** Whom holders stand for after it: of the records that are looked at, those who lead to another. */
const standingAfter = (stands: Stands, customers: readonly OneCustomer[]): Stands => {
  const records = new Set(customers.flatMap(recordsOfOne));
  return {
    ...Object.fromEntries(Object.entries(stands).filter(([id]) => !records.has(id))),
    ...Object.fromEntries(customers.flatMap(({ root, aliases }) => aliases.map((id) => [id, root] as const))),
  };
};

/**
 * Gives an account digests for before and after; those of after are not shown yet. An account that has them already is only
 * seen to be known at its premises: whoever wrote them may not have come so far.
 */
const prepareAccount = async (
  deps: RebuildDeps,
  subject: string,
  step: Step,
  customers: readonly OneCustomer[],
): Promise<void> => {
  inTime(deps);
  const { id } = step;
  const loaded = await loadStored(deps.profile, subject);
  if (!loaded.exists) return;
  const { pending, stands } = loaded.head;
  if (pending?.id === id) return placeAll(deps, loaded.subject, loaded.head);
  if (pending !== undefined) throw new TransactionConflict();
  const after = standingAfter(stands, customers);
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

/** A customer as they will be, and what their records tell. */
interface CustomerToBe extends OneCustomer {
  readonly folded: FoldedRecords;
}

/** Merges that stand among some records, in fold order, from their facts alone: those included that are only kept so far. */
export const standingMerges = async (deps: FoldDeps, records: readonly string[]): Promise<readonly Merge[]> => {
  const [subject = '', ...aliases] = records;
  const none = { held: undefined, sinceCheckpoint: 0, incoming: [], takenOut: [] };
  const { state } = await foldFamily(deps, { subject, aliases, family: 'links', ...none });
  return stateOf(new Map([['links', state]]), links).state.standing;
};

/** Who will be one with whom. */
const customersToBe = async (deps: FoldDeps, { roots }: Step): Promise<readonly OneCustomer[]> => {
  const records = roots.flatMap(recordsUnder);
  return customersOf(records, await standingMerges(deps, records));
};

const recordsUnder = ({ subject, head }: LoadedSubject): readonly string[] => [subject, ...head.aliases];

/**
 * Where each alias is to lead until the flip: to the root it leads to now, or to one that will hold it and leads there itself until
 * then. So the flip turns roots alone, and all ids follow.
 */
const leadsTo = ({ roots }: Step, customers: readonly OneCustomer[]): ReadonlyMap<string, string> => {
  const isRoot = new Set(roots.map(({ subject }) => subject));
  const now = new Map(roots.flatMap((one) => one.head.aliases.map((id) => [id, one.subject] as const)));
  const leads = new Map<string, string>();
  // New roots first: what leads to one must find its way on from there.
  for (const { root } of customers) if (!isRoot.has(root)) leads.set(root, now.get(root) ?? root);
  for (const { root, aliases } of customers) {
    for (const id of aliases) {
      const before = now.get(id);
      if (before === undefined || leads.has(id)) continue;
      const isLeft = customers.some((one) => one.root === before) && root !== before;
      leads.set(id, isLeft ? root : before);
    }
  }
  return leads;
};

/** Lets aliases lead where they are to. */
const lead = async (deps: RebuildDeps, step: Step, leads: ReadonlyMap<string, string>): Promise<void> => {
  for (const [id, aliasOf] of leads) {
    const head = await loadHead(deps.profile, id);
    if (head.aliasOf === aliasOf && head.aliases.length === 0) continue;
    const put = writeHead(headKey(id), { ...head, version: head.version + 1, aliasOf, aliases: [] });
    await writeAll(deps, step, [{ put, when: { kind: 'version', is: head.version } }]);
  }
};

const turned = (loaded: LoadedSubject, head: Partial<Head>): Write =>
  headWrite(loaded, { ...loaded.head, ...head, version: loaded.head.version + 1 });

/** The flip: roots hold what is theirs and lead nowhere, those who were roots lead to them, all in one transaction. */
const flip = async (deps: RebuildDeps, step: Step, customers: readonly CustomerToBe[]): Promise<void> => {
  const { id, roots } = step;
  const before = roots.map(({ states }) => states);
  const isToBe = new Set(customers.map(({ root }) => root));
  const gone = roots.filter(({ subject }) => !isToBe.has(subject));
  const rebuilding: Rebuilding = { id, flipped: true, left: gone.map(({ subject }) => subject) };
  const writes: Write[] = [];
  for (const { root, aliases, folded } of customers) {
    const loaded = roots.find(({ subject }) => subject === root) ?? (await loadReadable(deps, root));
    writes.push(turned(loaded, { aliasOf: undefined, aliases, since: folded.since, rebuilding }));
    writes.push(...(await standing(deps, loaded, folded.states)));
  }
  for (const loaded of gone) {
    const aliasOf = customers.find(({ aliases }) => aliases.includes(loaded.subject))?.root;
    writes.push(turned(loaded, { aliasOf, aliases: [], since: {}, rebuilding: undefined }));
  }
  const [{ root } = { root: '' }] = customers;
  const after = customers.map(({ folded }) => folded.states);
  await deps.profile.commit(oncePerKey([...writes, ...(await claimsToBe(deps, root, before, after))]));
};

/** Before the flip: aliases and accounts are made ready for who will be one with whom; what is shown stays. */
const stepOn = async (deps: RebuildDeps, step: Step): Promise<void> => {
  const ones = await customersToBe(deps, step);
  await lead(deps, step, leadsTo(step, ones));
  const customers: CustomerToBe[] = [];
  for (const one of ones) customers.push({ ...one, folded: await foldAll(deps, one.root, one.aliases) });
  for (const account of accountsOf(...customers.map(({ folded }) => folded.states)))
    await prepareAccount(deps, account, step, ones);
  const before = step.roots.map(({ states }) => states);
  for (const { root, folded } of customers) {
    await removeAll(deps, step, await keysOf(deps, root, checkpointKeyRange));
    await writeAll(deps, step, await entriesToBe(deps, root, before, folded.states));
  }
  const parts = customers.flatMap(({ folded }) => folded.parts);
  await writeAll(deps, step, await partsToBe(deps, customers.flatMap(recordsOfOne), parts));
  await flip(deps, step, customers);
};

/** After the flip: what those who lead to another now were shown as and found by goes, and what came meanwhile is found. */
const stepOff = async (deps: RebuildDeps, step: Step, left: readonly string[]): Promise<void> => {
  const { id, roots } = step;
  for (const account of await accountsEverOf(deps, roots.flatMap(recordsUnder))) await finishAccount(deps, account, id);
  for (const one of left) {
    await writeAll(deps, step, await noEntries(deps, one, (await loadReadable(deps, one)).states));
    for (const range of [viewRange, formerKeyRange, checkpointKeyRange, stateKeyRange])
      await removeAll(deps, step, await keysOf(deps, one, range));
  }
  // Behind what goes: an entry that both gave rise to, such as that of an erasure asked for, lies under one key.
  for (const { subject, states } of roots) await writeAll(deps, step, await allEntries(deps, subject, states));
  await lead(
    deps,
    step,
    new Map(roots.flatMap((one) => one.head.aliases.map((alias) => [alias, one.subject] as const))),
  );
  const marked = roots.filter(({ head }) => head.rebuilding?.id === id);
  await deps.profile.commit(
    oncePerKey([...unchanged(step), ...marked.map((one) => turned(one, { rebuilding: undefined }))]),
  );
};

/** A record as loaded; states of older rules count as none, since all is folded anew. */
const loadReadable = async (deps: CommitDeps, subject: string): Promise<LoadedSubject> => {
  const loaded = await loadStored(deps.profile, subject);
  if (rulesOf(loaded.states) === 'newer') throw new TransactionConflict();
  return { ...loaded, states: readable(loaded.states) };
};

/** Those whom the records that a fact began with stand for now. */
const rootsOf = async (deps: CommitDeps, fact: string): Promise<readonly LoadedSubject[]> => {
  const place = await deps.profile.get(factIdKey(fact), { consistent: true });
  const named = await Promise.all(
    (place === undefined ? [] : textsOf(place, 'subjects')).map(async (subject) =>
      loadSurvivor(deps.profile, await loadStored(deps.profile, subject)),
    ),
  );
  const roots = new Map(named.map((one) => [one.subject, one] as const));
  return Promise.all([...roots.keys()].sort().map((root) => loadReadable(deps, root)));
};

/** Does the next part of a merge or undoing under way; answers whether there is more to do. */
const stepOf = async (deps: RebuildDeps, subject: string): Promise<boolean> => {
  const met = await loadSurvivor(deps.profile, await loadStored(deps.profile, subject));
  const mark = met.head.rebuilding;
  if (mark === undefined) return false;
  const roots = await rootsOf(deps, mark.id);
  const step: Step = { id: mark.id, roots };
  const marks = roots.flatMap(({ head }) => (head.rebuilding?.id === mark.id ? [head.rebuilding] : []));
  // Others came first where some stand as before them and some as after.
  const isWhole = mark.flipped ? marks.length > 0 : marks.length === roots.length;
  if (!isWhole || marks.some(({ flipped }) => flipped !== mark.flipped)) throw new TransactionConflict();
  if (!mark.flipped) {
    await stepOn(deps, step);
    return true;
  }
  await stepOff(deps, step, mark.left);
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
