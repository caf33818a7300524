import { familiesOf, familyNamed } from '#functions/profile.ts';
import { keyOf, oncePerKey } from '#shared/facts/commit-plan.ts';
import type { FoldState } from '#shared/profile/rules/fold.ts';
import { factsCounted, type States } from '#shared/profile/rules/states.ts';
import { canonicalJson } from '#shared/runtime/canonical-json.ts';
import { partKeyRange, subjectPartition, takesPrefix } from '#shared/table/keys.ts';
import type { Item, Write } from '#shared/table/table.ts';
import type { FamilyName } from '#shared/vocabulary/fact.ts';
import { type FoldDeps, foldFamily } from './fold-family.ts';
import { foldAllParts } from './fold-whole.ts';
import type { Head } from './items.ts';
import { readAll } from './subjects.ts';

/** What records that are one are folded to. */
export interface FoldedRecords {
  readonly states: States;
  readonly since: Head['since'];
  /** Writes of all parts of their states. Each lies with the record whose facts it is of, and is the same whoever holds that. */
  readonly parts: readonly Write[];
}

/** Every family of a record and those merged into it, from their facts alone; what is shown does not change by it. */
export const foldAll = async (deps: FoldDeps, subject: string, aliases: readonly string[]): Promise<FoldedRecords> => {
  const states = new Map<FamilyName, FoldState<unknown>>();
  const since: Record<string, number> = {};
  const parts: Write[] = [];
  const none = { held: undefined, sinceCheckpoint: 0, incoming: [], takenOut: [] };
  for (const family of familiesOf('customer')) {
    const isParted = 'parts' in familyNamed(family);
    const whole = isParted ? await foldAllParts(deps, { subject, aliases }, family) : undefined;
    const { state } = whole ?? (await foldFamily(deps, { subject, aliases, family, ...none }));
    if (factsCounted(state) === 0) continue;
    states.set(family, state);
    // Its checkpoints are not written here: the next commit or late fact of the family makes them.
    since[family] = state.count;
    parts.push(...(whole?.ofParts ?? []));
  }
  return { states, since, parts };
};

/** What of the parts of records' states is otherwise than their facts tell: those that facts came to while they were only kept. */
export const partsToBe = async (
  { profile }: Pick<FoldDeps, 'profile'>,
  records: readonly string[],
  parts: readonly Write[],
): Promise<readonly Write[]> => {
  const there = new Map<string, Item>();
  for (const pk of records.map(subjectPartition))
    for (const range of [partKeyRange, { prefix: takesPrefix }])
      for (const item of await readAll(profile, { pk, ...range, consistent: true }))
        there.set(keyOf({ put: item }), item);
  const writes = oncePerKey(parts);
  const told = new Set(writes.map(keyOf));
  const gone = [...there].filter(([key]) => !told.has(key)).map(([, { pk, sk }]): Write => ({ remove: { pk, sk } }));
  const isOtherwise = (write: Write): boolean => {
    const known = there.get(keyOf(write));
    return !('put' in write) || known === undefined || canonicalJson(known) !== canonicalJson(write.put);
  };
  return [...writes.filter(isOtherwise), ...gone];
};
