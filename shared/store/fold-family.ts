import { isRetraction } from '#shared/contracts/facts/catalogue.ts';
import { families } from '#shared/domain/profile/families.ts';
import {
  type Checkpoint,
  emptyFold,
  type Family,
  type FoldState,
  foldFrom,
  type Ground,
  type OrderedFact,
} from '#shared/domain/profile/fold.ts';
import type { Fact, FamilyName } from '#shared/vocabulary/fact.ts';
import { kindOf } from '#shared/vocabulary/ids.ts';
import { optionalText, orderOfFact, readFoldState, writeCheckpoint } from './items.ts';
import { checkpointKey, checkpointPrefix, referenceKey, subjectPartition } from './keys.ts';
import type { Sealer } from './seal.ts';
import { readStoredFact } from './stored-fact.ts';
import { readAll, readFacts, unsealFact } from './subjects.ts';
import type { Table, Write } from './table.ts';

export interface FoldDeps {
  readonly profile: Table;
  readonly sealer: Sealer;
}

/** What a commit changes in one family of one subject. */
export interface FamilyChange {
  readonly subject: string;
  /** Records merged into the subject: their facts are folded with its own. */
  readonly aliases: readonly string[];
  readonly family: FamilyName;
  readonly held: FoldState<unknown> | undefined;
  readonly sinceCheckpoint: number;
  /** Facts that come in, opened. */
  readonly incoming: readonly Fact[];
  /** Orders of stored facts that a retraction among the incoming takes out, or that a refold starts at ('' = all). */
  readonly takenOut: readonly string[];
}

export interface FamilyFold {
  readonly state: FoldState<unknown>;
  readonly sinceCheckpoint: number;
  /** Checkpoint items to put and remove. */
  readonly writes: readonly Write[];
}

/** Most checkpoints a family keeps; of more, every second of the oldest goes (K3). */
const maxCheckpoints = 20;

const ordered = (fact: Fact, retracted: boolean): OrderedFact => ({
  order: orderOfFact(fact),
  fact,
  retraction: isRetraction(fact.type),
  retracted,
});

const byOrder = (a: OrderedFact, b: OrderedFact): number => (a.order < b.order ? -1 : a.order > b.order ? 1 : 0);

/** The reference kind under which the ids of created things lead to their facts. */
export const idNamespace = 'rotunda';

/** The stored fact that created a thing, unless it was retracted; read by REF, FID and FACT (K7). */
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
  return ordered(await unsealFact(deps.sealer, stored), false);
};

/** Grounds for every fact of a fold: from the facts folded, else from the store. */
const groundFor = async (
  deps: FoldDeps,
  name: FamilyName,
  facts: readonly OrderedFact[],
  takenOut: ReadonlySet<string>,
) => {
  const family: Family<unknown> = families[name];
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
  return (order: string): Ground => ({
    created(entity) {
      const found = created.get(entity);
      return found !== undefined && found.order < order ? found.fact : undefined;
    },
  });
};

const checkpointWrites = (
  change: FamilyChange,
  checkpoints: readonly Checkpoint[],
  known: readonly string[],
): readonly Write[] => {
  const { subject, family } = change;
  const orders = [...new Set([...known, ...checkpoints.map((one) => one.order)])].sort();
  const surplus = orders.length - maxCheckpoints;
  const dropped = new Set(surplus > 0 ? orders.slice(0, maxCheckpoints).filter((_, index) => index % 2 === 0) : []);
  return [
    ...checkpoints
      .filter((one) => !dropped.has(one.order))
      .map((one): Write => ({ put: writeCheckpoint(checkpointKey(subject, family, one.order), one.state) })),
    ...known
      .filter((order) => dropped.has(order))
      .map((order): Write => ({ remove: checkpointKey(subject, family, order) })),
  ];
};

const ordersOfCheckpoints = async (deps: FoldDeps, change: FamilyChange) => {
  const prefix = checkpointPrefix(change.family);
  const items = await readAll(deps.profile, { pk: subjectPartition(change.subject), prefix, consistent: true });
  return items.map((item) => ({ order: item.sk.slice(prefix.length), item }));
};

/**
 * The last checkpoint before an order, of these rules, and those to be written anew behind it. Older ones are not read: they stand
 * as they are, and the next fact that is not late thins them out.
 */
const checkpointsAround = async (deps: FoldDeps, change: FamilyChange, earliest: string) => {
  const prefix = checkpointPrefix(change.family);
  const place = { pk: subjectPartition(change.subject), consistent: true };
  const before = { ...place, from: prefix, to: `${prefix}${earliest}`, descending: true, limit: 2 };
  // Where all facts lie behind the last checkpoint there is none before the late one.
  const short = earliest === '' || change.sinceCheckpoint >= (change.held?.count ?? 0);
  const { items } = short ? { items: [] } : await deps.profile.query(before);
  const nearest = items.find(({ sk }) => sk.slice(prefix.length) < earliest);
  if (nearest === undefined || readFoldState(nearest).rules !== families[change.family].rules)
    return { base: undefined, checkpoints: await ordersOfCheckpoints(deps, change) };
  const behind = await readAll(deps.profile, { ...place, from: `${prefix}${earliest}`, to: `${prefix}~` });
  const checkpoints = [nearest, ...behind].map((item) => ({ order: item.sk.slice(prefix.length), item }));
  return { base: checkpoints[0], checkpoints };
};

/** Facts newer than all before: on from the present state. */
const foldOnward = async (deps: FoldDeps, change: FamilyChange, facts: readonly OrderedFact[]): Promise<FamilyFold> => {
  const family = families[change.family];
  const ground = await groundFor(deps, change.family, facts, new Set());
  const start = { state: change.held ?? emptyFold<unknown>(family), sinceCheckpoint: change.sinceCheckpoint };
  const folded = foldFrom<unknown>(family, start, facts, ground, new Set());
  if (folded.checkpoints.length === 0) return { ...folded, writes: [] };
  const known = (await ordersOfCheckpoints(deps, change)).map((one) => one.order);
  return { ...folded, writes: checkpointWrites(change, folded.checkpoints, known) };
};

/** Late facts and retractions: from the last checkpoint before the first of them over all that follows. */
const foldFromCheckpoint = async (
  deps: FoldDeps,
  change: FamilyChange,
  incoming: readonly OrderedFact[],
  earliest: string,
): Promise<FamilyFold> => {
  const family = families[change.family];
  const { base, checkpoints } = await checkpointsAround(deps, change, earliest);
  const takenOut = new Set(change.takenOut);
  const stored = await readFacts(
    deps.profile,
    deps.sealer,
    [change.subject, ...change.aliases],
    change.family,
    base?.order ?? '',
  );
  const facts = [
    ...stored.map((one) => ordered(one.fact, one.stored.retractedBy !== undefined || takenOut.has(one.stored.order))),
    ...incoming,
  ].sort(byOrder);
  const ground = await groundFor(deps, change.family, facts, takenOut);
  const later = checkpoints.filter((one) => base === undefined || one.order > base.order).map((one) => one.order);
  const start = {
    state: base === undefined ? emptyFold<unknown>(family) : readFoldState(base.item),
    sinceCheckpoint: 0,
  };
  const folded = foldFrom<unknown>(family, start, facts, ground, new Set(later));
  return {
    ...folded,
    writes: checkpointWrites(
      change,
      folded.checkpoints,
      checkpoints.map((one) => one.order),
    ),
  };
};

/** The one fold of a commit, a refold or a rebuild: chooses where to start. */
export const foldFamily = async (deps: FoldDeps, change: FamilyChange): Promise<FamilyFold> => {
  const takenOut = new Set(change.takenOut);
  const incoming = change.incoming.map((fact) => ordered(fact, takenOut.has(orderOfFact(fact)))).sort(byOrder);
  const first = [...change.takenOut, ...incoming.map((entry) => entry.order)].sort()[0] ?? '';
  const current = change.held === undefined || change.held.rules === families[change.family].rules;
  const last = change.held?.last ?? '';
  // A fact and its retraction may come in together: then nothing stored is taken out.
  if (current && first > last) return foldOnward(deps, change, incoming);
  return foldFromCheckpoint(deps, change, incoming, current ? first : '');
};
