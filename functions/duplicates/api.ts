import type { Operations } from '#shared/edge/operation.ts';
import { listDuplicates } from '#shared/store/duplicates.ts';
import { type DecideDuplicateDeps, decideDuplicate } from './decide-duplicate.ts';
import { showDuplicate } from './show-duplicate.ts';

export interface DuplicatesParts extends DecideDuplicateDeps {
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
    decideDuplicate: (request) => decideDuplicate(parts, request),
  }) satisfies Partial<Operations>;
