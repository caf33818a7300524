import { isRetraction } from '#shared/contracts/facts/catalogue.ts';
import type { OrderedFact } from '#shared/domain/profile/fold.ts';
import { factsAsOf, type Moment } from '#shared/store/as-of.ts';
import { readFact } from '#shared/store/items.ts';
import { factPrefix, subjectPartition } from '#shared/store/keys.ts';
import { inFoldOrder } from '#shared/store/rebuild.ts';
import type { Sealer } from '#shared/store/seal.ts';
import { readFacts, unsealFact } from '#shared/store/subjects.ts';
import type { Table } from '#shared/store/table.ts';
import type { Fact, FamilyName } from '#shared/vocabulary/fact.ts';

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
}

export const factsNow = ({ profile, sealer }: ToldDeps): ToldFacts => ({
  of: async (subjects, family) =>
    (await readFacts(profile, sealer, subjects, family)).map(({ stored, fact }) => ({
      order: stored.order,
      fact,
      retraction: isRetraction(fact.type),
      retracted: stored.retractedBy !== undefined,
    })),
  at: async (places, source, at) => {
    for (const { subject, family } of places) {
      const prefix = `${factPrefix(family)}${at}#${source}#`;
      const { items } = await profile.query({ pk: subjectPartition(subject), prefix, consistent: true });
      const stored = items
        .map(readFact)
        .findLast((one) => one.retractedBy === undefined && !isRetraction(one.fact.type));
      if (stored !== undefined) return unsealFact(sealer, stored);
    }
    return undefined;
  },
});

/** As `factsNow`, of what had happened and was known at a moment. Each partition is read once. */
export const factsThen = (deps: ToldDeps, moment: Moment): ToldFacts => {
  const read = new Map<string, Promise<ReturnType<typeof inFoldOrder>>>();
  const of = async (subjects: readonly string[], family: FamilyName): Promise<readonly OrderedFact[]> => {
    const name = subjects.join(' ');
    const facts = read.get(name) ?? factsAsOf(deps, subjects, moment).then(inFoldOrder);
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
  };
};
