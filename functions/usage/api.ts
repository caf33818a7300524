import { notFound } from '#shared/edge/authorise.ts';
import type { Operations } from '#shared/edge/operation.ts';
import { secondsOf } from '#shared/vocabulary/time.ts';
import type { DownloadUsage, FileQuestion } from './download-usage.ts';
import type { ShowUsage } from './show-usage.ts';

/** Routes of usage. */
export const usageOperations = (parts: { readonly showUsage: ShowUsage; readonly downloadUsage: DownloadUsage }) => {
  const file = async (question: FileQuestion) => ({
    body: await parts.downloadUsage.file(question),
    whose: await parts.downloadUsage.whose(question),
  });
  return {
    readUsage: async ({ subjectId, query, own, audit }) => {
      if (subjectId === undefined) throw notFound();
      const { from, to, resolution, register, limit, cursor } = query;
      const asked = { servicePoint: subjectId, from, to, resolution, register, limit, after: cursor, own };
      const body = await parts.showUsage.answer(asked);
      return { body, whose: await parts.showUsage.whose(asked, secondsOf(audit.at)) };
    },
    downloadGreenButton: async ({ subjectId, query, own }) => {
      if (subjectId === undefined) throw notFound();
      return file({ ...query, servicePoint: subjectId, format: 'green-button', own });
    },
    downloadUsage: async ({ subjectId, query, own }) => {
      if (subjectId === undefined) throw notFound();
      return file({ ...query, servicePoint: subjectId, own });
    },
  } satisfies Partial<Operations>;
};
