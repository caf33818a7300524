import { orderedFact } from '#shared/facts/fold-order.ts';
import { listWrites } from '#shared/facts/listed-groups.ts';
import type { FoldState } from '#shared/profile/rules/fold.ts';
import { groupOfPart, listedGroups, ofAllParts } from '#shared/profile/rules/fold-parts.ts';
import { checkpointsOfParts, partOfCheckpoint, subjectPartition } from '#shared/table/keys.ts';
import type { Item, Write } from '#shared/table/table.ts';
import type { FamilyName } from '#shared/vocabulary/fact.ts';
import { type FamilyChange, type FamilyFold, type FoldDeps, foldFamily, partsOf } from './fold-family.ts';
import { writePart } from './items.ts';
import { homeOfGroup, readAll, readFacts } from './subjects.ts';

/** Checkpoints by the part they are of. */
const checkpointsByPart = async (
  { profile }: FoldDeps,
  records: readonly string[],
  family: FamilyName,
): Promise<ReadonlyMap<string, readonly Item[]>> => {
  const byPart = new Map<string, Item[]>();
  for (const record of records) {
    const place = { pk: subjectPartition(record), prefix: checkpointsOfParts(family), consistent: true };
    for (const item of await readAll(profile, place)) {
      const part = partOfCheckpoint(family, item.sk);
      byPart.set(part, [...(byPart.get(part) ?? []), item]);
    }
  }
  return byPart;
};

/** A fold from all facts: what is written of the parts is told apart from what is written of the family itself. */
export interface WholeFold extends FamilyFold {
  readonly ofParts: readonly Write[];
}

/** Folds a family with parts from all its facts, those of the records that lead to the subject among them. */
export const foldAllParts = async (
  deps: FoldDeps,
  { subject, aliases }: Pick<FamilyChange, 'subject' | 'aliases'>,
  family: FamilyName,
): Promise<WholeFold> => {
  const parts = partsOf(family);
  const homeOf = (part: string): string => homeOfGroup(subject, family, groupOfPart(part));
  const records = [subject, ...aliases];
  const stored = await readFacts(deps.profile, deps.sealer, records, family);
  const checkpoints = await checkpointsByPart(deps, records, family);
  const byPart = new Map<string | undefined, (typeof stored)[number][]>([[undefined, []]]);
  for (const one of stored) {
    const part = orderedFact({ order: one.stored.order, fact: one.fact }, false).retraction
      ? undefined
      : parts.of(one.fact);
    const there = byPart.get(part);
    if (there === undefined) byPart.set(part, [one]);
    else there.push(one);
  }
  const none = { held: undefined, sinceCheckpoint: 0, incoming: [], takenOut: [] };
  const states = new Map<string, FoldState<unknown>>();
  const writes: Write[] = [];
  const fold = async (part: string | undefined, own: typeof stored): Promise<FamilyFold> => {
    const change = { subject, aliases, family, ...none, read: async () => own };
    if (part === undefined) return foldFamily(deps, change);
    const home = homeOf(part);
    const folded = await foldFamily(deps, {
      ...change,
      subject: home,
      part,
      checkpoints: checkpoints.get(part) ?? [],
    });
    states.set(part, folded.state);
    const orders = own.map((one) => one.stored.order);
    writes.push(...folded.writes, {
      put: writePart(home, family, part, folded.state, { since: folded.sinceCheckpoint, orders }),
    });
    return folded;
  };
  const folds: FamilyFold[] = [];
  for (const [part, own] of byPart) folds.push(await fold(part, own));
  const [root] = folds;
  if (root === undefined) throw new TypeError(`${family} has no state of its own`);
  const listed = listedGroups(parts, states);
  return {
    ...root,
    ofParts: [...writes, ...listWrites(homeOf, [], listed)],
    state: { ...root.state, ofParts: ofAllParts(parts, states), parts: states },
  };
};
