import type { AnswerOf } from '#functions/routes.ts';
import { notFound } from '#shared/edge/authorise.ts';
import { keepFacts } from '#shared/edge/keep-facts.ts';
import type { Operations } from '#shared/edge/operation.ts';
import type { Committer } from '#shared/facts/commit.ts';
import type { PrepareFacts } from '#shared/facts/prepare-facts.ts';
import type { Table } from '#shared/table/table.ts';
import { carryOut, decisionOf } from './decide-duplicate.ts';
import { showDuplicate } from './show-duplicate.ts';
import { listDuplicates } from './store/duplicates.ts';

export interface DuplicatesParts {
  readonly profile: Table;
  readonly prepare: PrepareFacts;
  readonly committer: Pick<Committer, 'rebuild'>;
  readonly now: () => number;
  readonly today: () => string;
}

/** Operations on duplicates: listing what may be one customer, deciding whether it is. */
export const duplicateOperations = (parts: DuplicatesParts) =>
  ({
    listDuplicates: async (request) => {
      const { band, limit, cursor } = request.query;
      const bands = band === undefined ? (['auto', 'steward'] as const) : [band];
      const { duplicates, next } = await listDuplicates(parts.profile, { bands, limit, after: cursor });
      const today = parts.today();
      const data = await Promise.all(duplicates.map((one) => showDuplicate(parts.profile, one, today)));
      return {
        body: { data, next: next ?? null },
        subjects: [...new Set(duplicates.flatMap(({ first, second }) => [first, second]))],
      };
    },

    decideDuplicate: async (request) => {
      const decided = await decisionOf(parts.profile, request.subjectId, request.body);
      if (decided === undefined) throw notFound();
      const { duplicate, survivor, fact } = decided;
      const told = await keepFacts<AnswerOf<'decideDuplicate'>>(parts, request, [fact], ({ facts: [kept] }) => ({
        status: 201,
        body: {
          id: duplicate.id,
          decision: request.body.decision,
          customers: [duplicate.first, duplicate.second],
          ...(survivor === undefined ? {} : { survivor, mergeId: kept?.entity ?? '' }),
          factId: kept?.id ?? '',
          occurredAt: kept?.occurredAt ?? '',
        },
      }));
      await carryOut(parts, decided);
      return told;
    },
  }) satisfies Partial<Operations>;
