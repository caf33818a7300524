import { familyNamed, familyNames } from '#functions/profile.ts';
import { claimsOfStates, diffClaims } from '#shared/facts/claims.ts';
import {
  type CommitDeps,
  headWrite,
  keyOf,
  oncePerKey,
  planSubject,
  readable,
  recordsOf,
  type SubjectPlan,
} from '#shared/facts/commit-plan.ts';
import { emptyFold, type FoldState } from '#shared/profile/rules/fold.ts';
import type { States } from '#shared/profile/rules/states.ts';
import { canonicalJson } from '#shared/runtime/canonical-json.ts';
import {
  checkpointKeyRange,
  headKey,
  partKeyRange,
  sectionKeyRange,
  stateKeyRange,
  subjectKindOf,
  subjectPartition,
  takesPrefix,
  wholeViewRange,
} from '#shared/table/keys.ts';
import type { Item, Write } from '#shared/table/table.ts';
import type { FamilyName } from '#shared/vocabulary/fact.ts';
import { partOfState } from './items.ts';
import { toldElsewhere } from './meters-elsewhere.ts';
import { type LoadedSubject, loadSurvivor, loadWhole, readAll } from './subjects.ts';

/** Writes beside HEAD, states and view that go in one transaction: checkpoints may be large. */
const writesAtOnce = 25;
/** What a merge takes away from the record that becomes an alias; parts stay with it, as its facts do. */
const leftByMerges = [checkpointKeyRange, stateKeyRange, wholeViewRange] as const;

/** Every family of a subject as if it had to be folded anew: those with a state, and those whose state got lost. */
const unread = ({ states, head }: LoadedSubject): States => {
  const names = familyNames.filter((name) => states.has(name) || head.since[name] !== undefined);
  const stale = names.map((name): readonly [FamilyName, FoldState<unknown>] => [
    name,
    { ...emptyFold<unknown>(familyNamed(name)), rules: 0 },
  ]);
  return new Map(stale);
};

/** An item's content as text; `version` counts its writes, `n` those since a checkpoint, and neither is content. */
const contentOf = ({ version: _count, n: _since, ...item }: Item): string =>
  canonicalJson(
    Object.fromEntries(
      Object.entries(item).map(([name, value]) => [
        name,
        value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
      ]),
    ),
  );

/**
 * Whether a write would change what is there. A name that is held already stays with its holder.
 * @param parts all parts that are there: they may be thousands, and are not read one by one
 */
const changes = async (deps: CommitDeps, write: Write, parts: ReadonlyMap<string, Item>): Promise<boolean> => {
  if ('check' in write) return false;
  const key = 'put' in write ? write.put : write.remove;
  const there = isOfParts(key)
    ? parts.get(keyOf(write))
    : await deps.profile.get({ pk: key.pk, sk: key.sk }, { consistent: true });
  if ('remove' in write) return there !== undefined;
  return there === undefined || (write.when?.kind !== 'absent' && contentOf(there) !== contentOf(write.put));
};

/** What the stored states gave rise to and the right ones do not. A name that another holds is left to it. */
const goneWrites = async (deps: CommitDeps, loaded: LoadedSubject, after: States): Promise<readonly Write[]> => {
  const { subject } = loaded;
  const before = readable(loaded.states);
  const records = recordsOf(loaded);
  const { gone } = diffClaims(claimsOfStates(subject, before), claimsOfStates(subject, after));
  const held = await Promise.all(gone.map((claim) => deps.profile.get(claim, { consistent: true })));
  const own = gone.filter((claim, index) => {
    const there = held[index];
    if (subjectKindOf(subject) === 'customer' && !records.has(String(claim.id))) return false;
    return there !== undefined && contentOf(there) === contentOf(claim);
  });
  const hooked = await Promise.all(deps.hooks.map((hook) => hook(subject, before, after, [])));
  return [...own.map(({ pk, sk }): Write => ({ remove: { pk, sk } })), ...hooked.flat()];
};

/** Where a refold looks for items of a subject's own that no fact gives rise to. */
const strayRanges = {
  customer: [sectionKeyRange, partKeyRange, { prefix: takesPrefix }],
  account: [partKeyRange, { prefix: takesPrefix }],
  premise: [partKeyRange],
  outage: [],
  case: [],
} as const;

const isOfParts = ({ sk }: Pick<Item, 'sk'>): boolean => partOfState(sk) !== undefined || sk.startsWith(takesPrefix);

/** Sections, parts of states and what is listed, with a subject and with the records that lead to it. */
const ownItems = async (
  deps: CommitDeps,
  { subject, head: { aliases } }: LoadedSubject,
): Promise<ReadonlyMap<string, Item>> => {
  const places = [subject, ...aliases].flatMap((record) =>
    strayRanges[subjectKindOf(subject)].map((range) => ({ pk: subjectPartition(record), ...range, consistent: true })),
  );
  const pages = await Promise.all(places.map((place) => readAll(deps.profile, place)));
  return new Map(pages.flat().map((item) => [keyOf({ put: item }), item] as const));
};

/** What of that no fact gives rise to. */
const strayed = (there: ReadonlyMap<string, Item>, writes: readonly Write[]): readonly Write[] => {
  const shown = new Set(writes.flatMap((write) => ('put' in write ? keyOf(write) : [])));
  return [...there].flatMap(([key, { pk, sk }]) => (shown.has(key) ? [] : [{ remove: { pk, sk } }]));
};

/** Writes that say the same whenever they are made, as long as nobody writes the subject. */
const inParts = async (deps: CommitDeps, { subject, head }: LoadedSubject, writes: readonly Write[]): Promise<void> => {
  const unchanged: Write = { check: headKey(subject), when: { kind: 'version', is: head.version } };
  for (let at = 0; at < writes.length; at += writesAtOnce)
    await deps.profile.commit([unchanged, ...writes.slice(at, at + writesAtOnce)]);
};

/** Facts stay with an alias; all else its survivor holds, and what lies with the alias is left over. */
const clearAlias = async (deps: CommitDeps, alias: LoadedSubject, dryRun: boolean): Promise<boolean> => {
  const survivor = await loadSurvivor(deps.profile, alias);
  // Who is at the merge clears away behind it.
  if (survivor.head.rebuilding !== undefined) return false;
  const pk = subjectPartition(alias.subject);
  const left: Write[] = [];
  for (const range of leftByMerges) {
    const items = await readAll(deps.profile, { pk, ...range, consistent: true });
    left.push(...items.map(({ sk }): Write => ({ remove: { pk, sk } })));
  }
  // Rules of before let an alias lead to another one, and know of those that led to it.
  const isStraight = alias.head.aliasOf === survivor.subject && alias.head.aliases.length === 0;
  if (!dryRun) await inParts(deps, alias, left);
  if (!dryRun && !isStraight) {
    const straight = { version: alias.head.version + 1, aliasOf: survivor.subject, aliases: [] };
    const unchanged = { kind: 'version', is: survivor.head.version } as const;
    await deps.profile.commit([
      { check: headKey(survivor.subject), when: unchanged },
      headWrite(alias, { ...alias.head, ...straight }),
    ]);
  }
  return left.length > 0 || !isStraight;
};

/** Parts of states that are written in the one transaction of what is shown; where there are more, they go before. */
const partsAtOnce = 50;

const isPart = (write: Write): boolean => {
  if ('check' in write) return false;
  const { sk } = 'put' in write ? write.put : write.remove;
  return partOfState(sk) !== undefined;
};

/** Whether a write is one of those that must be seen together: HEAD, states, views. */
const isShown = (write: Write, subject: string): boolean => {
  if ('check' in write) return false;
  const { pk, sk } = 'put' in write ? write.put : write.remove;
  return (pk === subjectPartition(subject) && sk === headKey(subject).sk) || /^(STATE|VIEW|WAS)#/.test(sk);
};

/** Whether a write only helps folding: HEAD and checkpoints, of which nothing is shown. */
const isAid = (write: Write, subject: string): boolean => {
  if ('check' in write) return true;
  const { pk, sk } = 'put' in write ? write.put : write.remove;
  return (pk === subjectPartition(subject) && sk === headKey(subject).sk) || sk.startsWith('CKPT#');
};

/** Every family folded anew; of a premise, with what the items of its meters say of them elsewhere. */
const planAnew = async (deps: CommitDeps, loaded: LoadedSubject): Promise<SubjectPlan> => {
  const stale = { ...loaded, states: unread(loaded) };
  const plan = await planSubject(deps, stale, []);
  if (subjectKindOf(loaded.subject) !== 'premise') return plan;
  const elsewhere = await toldElsewhere(deps.profile, loaded.subject, plan.after);
  if (canonicalJson(elsewhere) === canonicalJson(loaded.head.elsewhere)) return plan;
  return planSubject(deps, { ...stale, head: { ...loaded.head, elsewhere } }, []);
};

/**
 * Folds every family of a subject anew from its facts alone and writes what differs from what is stored: states, views, checkpoints,
 * names, search entries. Nothing is written where all is right, and in a dry run. Answers whether anything but checkpoints was wrong.
 */
export const refoldSubject = async (deps: CommitDeps, known: LoadedSubject, dryRun = false): Promise<boolean> => {
  if (!known.exists) return false;
  const isCut = [...known.states].some(([family, { parts }]) => 'parts' in familyNamed(family) && parts === undefined);
  const loaded = isCut ? await loadWhole(deps.profile, known.subject) : known;
  if (loaded.head.aliasOf !== undefined) return clearAlias(deps, loaded, dryRun);
  // The merge or undoing that is under way folds it anew from its facts.
  if (loaded.head.rebuilding?.flipped === false) return false;
  const plan = await planAnew(deps, loaded);
  const there = await ownItems(deps, loaded);
  const all = oncePerKey([
    ...(await goneWrites(deps, loaded, plan.after)),
    ...plan.writes,
    ...strayed(there, plan.writes),
  ]);
  const judged = await Promise.all(all.map(async (write) => ((await changes(deps, write, there)) ? [write] : [])));
  const writes = judged.flat();
  const wrong = writes.some((write) => !isAid(write, loaded.subject));
  if (writes.length === 0 || dryRun) return wrong;
  // Who reads meanwhile sees parts of new rules under a state of old ones, and waits.
  const areManyParts = writes.filter(isPart).length > partsAtOnce;
  const isEarly = (write: Write): boolean => !isShown(write, loaded.subject) || (areManyParts && isPart(write));
  await inParts(deps, loaded, writes.filter(isEarly));
  const shown = writes.filter((write) => !isEarly(write));
  await deps.profile.commit(oncePerKey([...shown, headWrite(loaded, plan.head)]));
  return wrong;
};
