import { notFound } from '#shared/edge/authorise.ts';
import type { Operations } from '#shared/edge/operation.ts';
import { SupplyReader } from '#shared/store/supply.ts';
import type { LookParts } from './look-at-register.ts';
import { ShowInsights } from './show-insights.ts';

/** What readings tell of a service point. */
export const insightOperations = (parts: LookParts) => {
  const supply = new SupplyReader(parts.profile);
  const show = new ShowInsights(parts);
  return {
    readInsights: async ({ subjectId, self }) => {
      const supplied = subjectId === undefined ? undefined : await supply.of(subjectId);
      if (supplied === undefined) throw notFound();
      return { body: await show.answer(supplied, self) };
    },
  } satisfies Partial<Operations>;
};
