import { notFound } from '#shared/edge/authorise.ts';
import type { Operations } from '#shared/edge/operation.ts';
import type { ShowUsage } from './show-usage.ts';

/** Routes of usage. */
export const usageOperations = (parts: { readonly showUsage: ShowUsage }) =>
  ({
    readUsage: async ({ subjectId, query, self }) => {
      if (subjectId === undefined) throw notFound();
      const { from, to, resolution, register, limit, cursor } = query;
      return {
        body: await parts.showUsage.answer({
          servicePoint: subjectId,
          from,
          to,
          resolution,
          register,
          limit,
          after: cursor,
          customer: self,
        }),
      };
    },
  }) satisfies Partial<Operations>;
