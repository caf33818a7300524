import { familyNames } from '#functions/profile.ts';
import { isRetractionFact } from '#shared/contracts/facts/as-fact.ts';
import { isRetraction } from '#shared/contracts/facts/catalogue.ts';
import type { FactInOrder } from '#shared/facts/fold-order.ts';
import type { Sealer } from '#shared/facts/seal.ts';
import { links, type Merge } from '#shared/profile/rules/links.ts';
import { customerOf } from '#shared/profile/rules/one-customer.ts';
import { type States, stateOf } from '#shared/profile/rules/states.ts';
import { factPrefix, instantOfOrder, subjectPartition } from '#shared/table/keys.ts';
import type { Table } from '#shared/table/table.ts';
import type { FamilyName } from '#shared/vocabulary/fact.ts';
import { readFact, type StoredFact } from './items.ts';
import { isLinkingType } from './link-marks.ts';
import { type FactsByFamily, rebuildStates } from './rebuild.ts';
import { readAll, unsealFact } from './subjects.ts';

/** A point in both times. Stored form. */
export interface Moment {
  /** What had happened by then. */
  readonly asOf: string;
  /** What was known here by then. */
  readonly knownAt: string;
}

export interface AsOfDeps {
  readonly profile: Table;
  readonly sealer: Sealer;
}

interface InFamily {
  readonly family: FamilyName;
  readonly stored: StoredFact;
}

const familyOf = (sk: string): FamilyName => {
  const family = familyNames.find((name) => sk.startsWith(factPrefix(name)));
  if (family === undefined) throw new Error(`a fact of an unknown family: ${sk.slice(0, 24)}`);
  return family;
};

/** Facts of some partitions, each once in a family, whatever their time. */
const readPartitions = async (profile: Table, records: readonly string[]): Promise<readonly InFamily[]> => {
  const pages = await Promise.all(
    records.map((record) => readAll(profile, { pk: subjectPartition(record), prefix: 'FACT#', consistent: true })),
  );
  const byKey = new Map(pages.flat().map((item) => [item.sk, item] as const));
  return [...byKey].map(([sk, item]) => ({ family: familyOf(sk), stored: readFact(item) }));
};

/**
 * A retraction counts by knowledge time alone, and only where what it takes back counts. What rests on something that came about
 * later is left out, as it would have waited then.
 */
const upTo = (found: readonly InFamily[], { asOf, knownAt }: Moment): readonly InFamily[] => {
  const known = found.filter(({ stored }) => stored.fact.recordedAt <= knownAt);
  const happened = new Set(
    known
      .filter(({ stored: { fact, order } }) => !isRetraction(fact.type) && instantOfOrder(order) <= asOf)
      .map(({ stored }) => stored.fact.id),
  );
  return known.filter(({ stored: { fact } }) =>
    isRetractionFact(fact) ? happened.has(String(fact.data.factId)) : happened.has(fact.id),
  );
};

/** Facts of a record and those merged into it that had happened and were known at a moment, opened, by family. */
export const factsAsOf = async (deps: AsOfDeps, records: readonly string[], moment: Moment): Promise<FactsByFamily> => {
  const byFamily = new Map<FamilyName, FactInOrder[]>();
  for (const { family, stored } of upTo(await readPartitions(deps.profile, records), moment)) {
    const fact = await unsealFact(deps.sealer, stored);
    byFamily.set(family, [...(byFamily.get(family) ?? []), { order: stored.order, fact }]);
  }
  return byFamily;
};

/** States as the same fold gives them over the facts up to a moment: the same facts and rules give the same bytes whenever asked. */
export const statesAsOf = async (deps: AsOfDeps, records: readonly string[], moment: Moment): Promise<States> =>
  rebuildStates(await factsAsOf(deps, records, moment));

/** A customer and the records that were known to be theirs. */
export interface RecordsAsOf {
  readonly customer: string;
  readonly aliases: readonly string[];
}

const linking = (facts: readonly StoredFact[]): readonly StoredFact[] => {
  const links = new Set(facts.filter(({ fact }) => isLinkingType(fact.type)).map(({ fact }) => fact.id));
  return facts.filter(
    ({ fact }) => links.has(fact.id) || (isRetractionFact(fact) && links.has(String(fact.data.factId))),
  );
};

/** Merges, undoings and retractions of either that any record linked with this one takes part in. */
const linksAround = async (profile: Table, customer: string): Promise<readonly FactInOrder[]> => {
  const seen = new Set<string>();
  const found = new Map<string, FactInOrder>();
  let open = [customer];
  while (open.length > 0) {
    for (const record of open) seen.add(record);
    const pages = await Promise.all(
      open.map((record) =>
        readAll(profile, { pk: subjectPartition(record), prefix: factPrefix('links'), consistent: true }),
      ),
    );
    const facts = linking(pages.flat().map(readFact));
    for (const one of facts) found.set(one.fact.id, one);
    open = [...new Set(facts.flatMap(({ fact: { subjects } }) => subjects))].filter((record) => !seen.has(record));
  }
  return [...found.values()];
};

/** Merges that stand by some facts, in fold order. */
const standingBy = (facts: readonly FactInOrder[]): readonly Merge[] =>
  stateOf(rebuildStates(new Map([[links.name, facts]])), links).state.standing;

/**
 * Whom an id stood for by the merges and undoings that were known then, and which further records that customer had. What was known
 * decides alone: two records that are one were always one.
 * @param standing merges that do not stand by now are left out: what a customer may see, who must not learn of another by a
 * mistake that was put right
 */
export const recordsAsOf = async (
  profile: Table,
  customer: string,
  knownAt: string,
  standing = false,
): Promise<RecordsAsOf> => {
  const around = await linksAround(profile, customer);
  const known = standingBy(around.filter(({ fact }) => fact.recordedAt <= knownAt));
  const now = new Set(standing ? standingBy(around).map(([id]) => id) : []);
  const merges = standing ? known.filter(([id]) => now.has(id)) : known;
  const records = [...new Set([customer, ...around.flatMap(({ fact }) => fact.subjects)])];
  const { root, aliases } = customerOf(customer, records, merges);
  return { customer: root, aliases };
};
