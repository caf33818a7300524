import { SupplyReader } from '#functions/validation/store/supply.ts';
import { notFound } from '#shared/edge/authorise.ts';
import type { Operations } from '#shared/edge/operation.ts';
import { whoseAt } from '#shared/profile/store/whose-time.ts';
import type { LookParts } from './look-at-register.ts';
import { ShowInsights } from './show-insights.ts';

/** What readings tell of a service point. */
export const insightOperations = (parts: LookParts) => {
  const supply = new SupplyReader(parts.profile);
  const show = new ShowInsights(parts);
  return {
    readInsights: async ({ subjectId, own }) => {
      const supplied = subjectId === undefined ? undefined : await supply.of(subjectId);
      if (supplied === undefined) throw notFound();
      const { body, ranges } = await show.told(supplied, own);
      return { body, whose: await whoseAt(parts.profile, supplied, ranges) };
    },
  } satisfies Partial<Operations>;
};
