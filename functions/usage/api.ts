import { notFound } from '#shared/edge/authorise.ts';
import type { Operations } from '#shared/edge/operation.ts';
import type { DownloadUsage } from './download-usage.ts';
import type { ShowUsage } from './show-usage.ts';

/** Routes of usage. */
export const usageOperations = (parts: { readonly showUsage: ShowUsage; readonly downloadUsage: DownloadUsage }) =>
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
    downloadGreenButton: async ({ subjectId, query, self }) => {
      if (subjectId === undefined) throw notFound();
      const asked = { ...query, servicePoint: subjectId, format: 'green-button', customer: self } as const;
      return { body: await parts.downloadUsage.file(asked) };
    },
    downloadUsage: async ({ subjectId, query, self }) => {
      if (subjectId === undefined) throw notFound();
      return { body: await parts.downloadUsage.file({ ...query, servicePoint: subjectId, customer: self }) };
    },
  }) satisfies Partial<Operations>;
