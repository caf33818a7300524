import { familyNamed } from '#functions/profile.ts';
import { type FactInOrder, orderedFact } from '#shared/facts/fold-order.ts';
import { idNamespace } from '#shared/facts/grounds.ts';
import type { Sealer } from '#shared/facts/seal.ts';
import { readStoredFact } from '#shared/facts/stored-fact.ts';
import { tiedFacts } from '#shared/facts/tied-facts.ts';
import {
  type Checkpoint,
  emptyFold,
  type Family,
  type FoldState,
  foldFrom,
  type Ground,
  inFoldOrder,
  type OrderedFact,
  type Parts,
} from '#shared/profile/rules/fold.ts';
import { factsByPart } from '#shared/profile/rules/fold-parts.ts';
import {
  checkpointKey,
  checkpointPrefix,
  groupOf,
  groupOfCheckpoint,
  partName,
  referenceKey,
  subjectPartition,
} from '#shared/table/keys.ts';
import type { Item, Table, Write } from '#shared/table/table.ts';
import type { FamilyName } from '#shared/vocabulary/fact.ts';
import { kindOf } from '#shared/vocabulary/ids.ts';
import { optionalText, readFoldState, writeCheckpoint } from './items.ts';
import { readAll, readFacts, unsealFact } from './subjects.ts';

export interface FoldDeps {
  readonly profile: Table;
  readonly sealer: Sealer;
}

/** Stored facts of a family in fold order, opened. */
export type StoredFacts = Awaited<ReturnType<typeof readFacts>>;

/** What a commit changes in one family of one subject, or in one part of it. */
export interface FamilyChange {
  readonly subject: string;
  /** Records merged into the subject: their facts are folded with its own. */
  readonly aliases: readonly string[];
  readonly family: FamilyName;
  readonly part?: string;
  /** Reads the facts of the part, where there is a shorter way than to read those of the family. */
  readonly read?: () => Promise<StoredFacts>;
  /** Its checkpoints, where they were read for several parts at once. */
  readonly checkpoints?: readonly Item[];
  readonly held: FoldState<unknown> | undefined;
  readonly sinceCheckpoint: number;
  /** Facts that come in, opened, with where they stand. */
  readonly incoming: readonly FactInOrder[];
  /** Orders of stored facts that a retraction among the incoming takes out, or that a refold starts at ('' = all). */
  readonly takenOut: readonly string[];
}

export interface FamilyFold {
  readonly state: FoldState<unknown>;
  readonly sinceCheckpoint: number;
  /** Checkpoint items to put and remove. */
  readonly writes: readonly Write[];
  /** Of the facts that come in: those without effect, and those that nothing but their ids parts from another. */
  readonly groundless: ReadonlySet<string>;
  readonly tied: ReadonlySet<string>;
}

/** The parts of a family that has some. */
export const partsOf = (name: FamilyName): Parts => {
  const { parts }: Family<unknown> = familyNamed(name);
  if (parts === undefined) throw new TypeError(`${name} has no parts`);
  return parts;
};

const rulesFor = ({ family, part }: Pick<FamilyChange, 'family' | 'part'>): Family<unknown> => {
  return part === undefined ? familyNamed(family) : partsOf(family).family;
};

/** What keys of states and checkpoints call it. */
const nameOf = ({ family, part }: Pick<FamilyChange, 'family' | 'part'>): string =>
  part === undefined ? family : partName(family, part);

/** Most checkpoints a family keeps; of more, every second of the oldest goes. */
const maxCheckpoints = 20;

/** The stored fact that created a thing, unless it was retracted; read by REF, FID and FACT. */
export const readCreating = async (
  deps: FoldDeps,
  entity: string,
  takenOut: ReadonlySet<string> = new Set(),
): Promise<OrderedFact | undefined> => {
  const kind = kindOf(entity);
  if (kind === undefined) return undefined;
  const claim = await deps.profile.get(referenceKey(kind, { namespace: idNamespace, value: entity }), {
    consistent: true,
  });
  const factId = claim === undefined ? undefined : optionalText(claim, 'fact');
  if (factId === undefined) return undefined;
  const stored = await readStoredFact(deps.profile, factId);
  if (stored === undefined || stored.retractedBy !== undefined || takenOut.has(stored.order)) return undefined;
  return orderedFact({ order: stored.order, fact: await unsealFact(deps.sealer, stored) }, false);
};

/** Grounds for every fact of a fold: from the facts folded, else from the store. */
const groundFor = async (
  deps: FoldDeps,
  family: Family<unknown>,
  facts: readonly OrderedFact[],
  takenOut: ReadonlySet<string>,
) => {
  const needed = new Set(facts.flatMap((entry) => family.needs?.(entry.fact) ?? []));
  const created = new Map<string, OrderedFact>();
  for (const entry of facts) {
    const { entity } = entry.fact;
    if (entity !== undefined && needed.has(entity)) {
      needed.delete(entity);
      if (!entry.retracted) created.set(entity, entry);
    }
  }
  for (const entity of needed) {
    const found = await readCreating(deps, entity, takenOut);
    if (found !== undefined) created.set(entity, found);
  }
  return (entry: OrderedFact): Ground => ({
    created(entity) {
      const found = created.get(entity);
      return found !== undefined && inFoldOrder(found, entry) < 0 ? found.fact : undefined;
    },
  });
};

/** A stored checkpoint; one that older rules wrote behind a single fact has no group. */
interface StoredCheckpoint {
  readonly group: string | undefined;
  readonly item: Item;
}

const readCheckpoints = (family: string, items: readonly Item[]): readonly StoredCheckpoint[] =>
  items.map((item) => ({ group: groupOfCheckpoint(family, item.sk), item }));

/** Puts checkpoints and thins out the oldest; those that were to be written anew and were not go. */
const checkpointWrites = (
  change: FamilyChange,
  checkpoints: readonly Checkpoint[],
  known: readonly StoredCheckpoint[],
  passed: readonly StoredCheckpoint[],
): readonly Write[] => {
  const [subject, family] = [change.subject, nameOf(change)];
  const anew = new Set(checkpoints.map(({ group }) => group));
  const stale = new Set(passed.filter(({ group }) => group === undefined || !anew.has(group)));
  const kept = known.filter((one) => !stale.has(one)).flatMap(({ group }) => group ?? []);
  const groups = [...new Set([...kept, ...anew])].sort();
  const surplus = groups.length - maxCheckpoints;
  const dropped = new Set(surplus > 0 ? groups.slice(0, maxCheckpoints).filter((_, index) => index % 2 === 0) : []);
  const gone = known.filter((one) => stale.has(one) || (one.group !== undefined && dropped.has(one.group)));
  return [
    ...checkpoints
      .filter(({ group }) => !dropped.has(group))
      .map(
        ({ group, state }): Write => ({
          put: writeCheckpoint(checkpointKey(subject, family, group), change.family, state),
        }),
      ),
    ...gone.map(({ item: { pk, sk } }): Write => ({ remove: { pk, sk } })),
  ];
};

const allCheckpoints = async (deps: FoldDeps, change: FamilyChange) => {
  const name = nameOf(change);
  if (change.checkpoints !== undefined) return readCheckpoints(name, change.checkpoints);
  const place = { pk: subjectPartition(change.subject), prefix: checkpointPrefix(name), consistent: true };
  return readCheckpoints(name, await readAll(deps.profile, place));
};

/**
 * The last checkpoint before a group, of these rules, and those to be written anew behind it. Older ones are not read: they stand
 * as they are, and the next fact that is not late thins them out.
 */
const checkpointsAround = async (deps: FoldDeps, change: FamilyChange, earliest: string) => {
  const family = nameOf(change);
  const prefix = checkpointPrefix(family);
  const place = { pk: subjectPartition(change.subject), consistent: true };
  const before = { ...place, from: prefix, to: `${prefix}${earliest}`, descending: true, limit: 2 };
  // Where all facts lie behind the last checkpoint there is none before the late one.
  const short = earliest === '' || change.sinceCheckpoint >= (change.held?.count ?? 0);
  const { items } = short ? { items: [] } : await deps.profile.query(before);
  const [nearest] = readCheckpoints(family, items).filter(({ group }) => group !== undefined && group < earliest);
  if (nearest === undefined || readFoldState(nearest.item).rules !== rulesFor(change).rules) {
    const all = await allCheckpoints(deps, change);
    return { base: undefined, known: all, passed: all };
  }
  const behind = await readAll(deps.profile, { ...place, from: `${prefix}${earliest}`, to: `${prefix}~` });
  const passed = readCheckpoints(family, behind);
  return { base: nearest, known: [nearest, ...passed], passed };
};

const effectsOn = (incoming: readonly OrderedFact[], all: readonly OrderedFact[], groundless: ReadonlySet<string>) => {
  const ids = new Set(incoming.map(({ fact }) => fact.id));
  return { groundless: new Set([...groundless].filter((id) => ids.has(id))), tied: tiedFacts(incoming, all) };
};

/** Facts newer than all before: on from the present state. */
const foldOnward = async (deps: FoldDeps, change: FamilyChange, facts: readonly OrderedFact[]): Promise<FamilyFold> => {
  const family = rulesFor(change);
  const ground = await groundFor(deps, family, facts, new Set());
  const start = { state: change.held ?? emptyFold<unknown>(family), sinceCheckpoint: change.sinceCheckpoint };
  const { checkpoints, groundless, ...folded } = foldFrom<unknown>(family, start, facts, ground, new Set());
  const effects = effectsOn(facts, facts, groundless);
  if (checkpoints.length === 0) return { ...folded, ...effects, writes: [] };
  return {
    ...folded,
    ...effects,
    writes: checkpointWrites(change, checkpoints, await allCheckpoints(deps, change), []),
  };
};

/** Late facts and retractions: from the last checkpoint before the first of them over all that follows. */
const foldFromCheckpoint = async (
  deps: FoldDeps,
  change: FamilyChange,
  incoming: readonly OrderedFact[],
  earliest: string,
): Promise<FamilyFold> => {
  const family = rulesFor(change);
  const { base, known, passed } = await checkpointsAround(deps, change, earliest);
  const takenOut = new Set(change.takenOut);
  const records = [change.subject, ...change.aliases];
  const after = base?.group;
  const all = (await change.read?.()) ?? (await readFacts(deps.profile, deps.sealer, records, change.family, after));
  const stored = all
    .filter(({ stored: { order } }) => after === undefined || groupOf(order) > after)
    .map(({ stored: { order, retractedBy }, fact }) =>
      orderedFact({ order, fact }, retractedBy !== undefined || takenOut.has(order)),
    );
  const { parts }: Family<unknown> = familyNamed(change.family);
  const own = parts === undefined ? stored : (factsByPart(parts, stored).get(change.part) ?? []);
  const facts = [...own, ...incoming].sort(inFoldOrder);
  const ground = await groundFor(deps, family, facts, takenOut);
  const start = {
    state: base === undefined ? emptyFold<unknown>(family) : readFoldState(base.item),
    sinceCheckpoint: 0,
  };
  const anew = new Set(passed.flatMap(({ group }) => group ?? []));
  const { checkpoints, groundless, ...folded } = foldFrom<unknown>(family, start, facts, ground, anew);
  return {
    ...folded,
    ...effectsOn(incoming, facts, groundless),
    writes: checkpointWrites(change, checkpoints, known, passed),
  };
};

/** The one fold of a commit, a refold or a rebuild: chooses where to start. */
export const foldFamily = async (deps: FoldDeps, change: FamilyChange): Promise<FamilyFold> => {
  const takenOut = new Set(change.takenOut);
  const incoming = change.incoming.map((one) => orderedFact(one, takenOut.has(one.order))).sort(inFoldOrder);
  const first = [...change.takenOut.map(groupOf), ...incoming.map(({ group }) => group)].sort()[0] ?? '';
  const current = change.held === undefined || change.held.rules === rulesFor(change).rules;
  const last = groupOf(change.held?.last ?? '');
  // A fact and its retraction may come in together: then nothing stored is taken out.
  if (current && first > last) return foldOnward(deps, change, incoming);
  return foldFromCheckpoint(deps, change, incoming, current ? first : '');
};
