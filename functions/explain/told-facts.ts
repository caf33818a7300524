import { isRetraction } from '#shared/contracts/facts/catalogue.ts';
import type { Fact } from '#shared/contracts/facts/fact.ts';
import { orderedFact } from '#shared/facts/fold-order.ts';
import type { Sealer } from '#shared/facts/seal.ts';
import type { OrderedFact } from '#shared/profile/rules/fold.ts';
import { nowhereElse, type ToldElsewhere } from '#shared/profile/rules/installations.ts';
import { factsAsOf, type Moment } from '#shared/profile/store/as-of.ts';
import { readFact, type StoredFact } from '#shared/profile/store/items.ts';
import { orderedFacts } from '#shared/profile/store/rebuild.ts';
import { loadHead, readAll, readFacts, unsealFact } from '#shared/profile/store/subjects.ts';
import { factPrefix, subjectPartition } from '#shared/table/keys.ts';
import type { Table } from '#shared/table/table.ts';
import type { FamilyName } from '#shared/vocabulary/fact.ts';

export interface ToldDeps {
  readonly profile: Table;
  readonly sealer: Sealer;
}

/** A family of a subject. */
export interface Told {
  readonly subject: string;
  readonly family: FamilyName;
}

/** The facts that explanations are made of: those of now, or those of a moment. */
export interface ToldFacts {
  /** Facts of a family of some records, in fold order, with what took them out. */
  readonly of: (subjects: readonly string[], family: FamilyName) => Promise<readonly OrderedFact[]>;
  /** The fact of a source that occurred at an instant, in any of some places; undefined where there is none. */
  readonly at: (places: readonly Told[], source: string, at: string) => Promise<Fact | undefined>;
  /** What is told of a premise's meters at others, as its view goes by: in the past by what was told there alone. */
  readonly elsewhere: (premise: string) => Promise<ToldElsewhere>;
}

export const factsNow = ({ profile, sealer }: ToldDeps): ToldFacts => ({
  of: async (subjects, family) =>
    (await readFacts(profile, sealer, subjects, family)).map(({ stored, fact }) =>
      orderedFact({ order: stored.order, fact }, stored.retractedBy !== undefined),
    ),
  at: async (places, source, at) => {
    const isIt = ({ fact, retractedBy }: StoredFact): boolean =>
      fact.occurredAt === at && fact.source.system === source && retractedBy === undefined && !isRetraction(fact.type);
    for (const { subject, family } of places) {
      const of = { pk: subjectPartition(subject), consistent: true };
      const ownPlace = `${factPrefix(family)}${at}#${source}#`;
      const { items } = await profile.query({ ...of, prefix: ownPlace });
      // A fact that names what came about after it stands behind that.
      const found =
        items.map(readFact).findLast(isIt) ??
        (await readAll(profile, { ...of, from: ownPlace, to: `${factPrefix(family)}~` })).map(readFact).find(isIt);
      if (found !== undefined) return unsealFact(sealer, found);
    }
    return undefined;
  },
  elsewhere: async (premise) => (await loadHead(profile, premise)).elsewhere,
});

/** As `factsNow`, of what had happened and was known at a moment. Each partition is read once. */
export const factsThen = (deps: ToldDeps, moment: Moment): ToldFacts => {
  const read = new Map<string, Promise<ReturnType<typeof orderedFacts>>>();
  const of = async (subjects: readonly string[], family: FamilyName): Promise<readonly OrderedFact[]> => {
    const name = subjects.join(' ');
    const facts = read.get(name) ?? factsAsOf(deps, subjects, moment).then(orderedFacts);
    read.set(name, facts);
    return (await facts).get(family) ?? [];
  };
  return {
    of,
    at: async (places, source, at) => {
      for (const { subject, family } of places) {
        const found = (await of([subject], family)).findLast(
          ({ fact, retraction, retracted }) =>
            !retraction && !retracted && fact.occurredAt === at && fact.source.system === source,
        );
        if (found !== undefined) return found.fact;
      }
      return undefined;
    },
    elsewhere: async () => nowhereElse,
  };
};
