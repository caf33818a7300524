import { isRetraction } from '#shared/contracts/facts/catalogue.ts';
import type { OrderedFact } from '#shared/domain/profile/fold.ts';
import { readFact } from '#shared/store/items.ts';
import { factPrefix, subjectPartition } from '#shared/store/keys.ts';
import type { Sealer } from '#shared/store/seal.ts';
import { readFacts, unsealFact } from '#shared/store/subjects.ts';
import type { Table } from '#shared/store/table.ts';
import type { Fact, FamilyName } from '#shared/vocabulary/fact.ts';

export interface ToldDeps {
  readonly profile: Table;
  readonly sealer: Sealer;
}

/** Facts of a family of some records, in fold order, with what took them out. */
export const toldFacts = async (
  { profile, sealer }: ToldDeps,
  subjects: readonly string[],
  family: FamilyName,
): Promise<readonly OrderedFact[]> =>
  (await readFacts(profile, sealer, subjects, family)).map(({ stored, fact }) => ({
    order: stored.order,
    fact,
    retraction: isRetraction(fact.type),
    retracted: stored.retractedBy !== undefined,
  }));

/** The fact of a source that occurred at an instant, in any of some families; undefined where there is none. */
export const factAt = async (
  { profile, sealer }: ToldDeps,
  places: readonly { readonly subject: string; readonly family: FamilyName }[],
  source: string,
  at: string,
): Promise<Fact | undefined> => {
  for (const { subject, family } of places) {
    const prefix = `${factPrefix(family)}${at}#${source}#`;
    const { items } = await profile.query({ pk: subjectPartition(subject), prefix, consistent: true });
    const stored = items.map(readFact).findLast((one) => one.retractedBy === undefined && !isRetraction(one.fact.type));
    if (stored !== undefined) return unsealFact(sealer, stored);
  }
  return undefined;
};
