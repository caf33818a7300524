import { covers, isOver } from '#shared/profile/rules/periods.ts';
import type { PremiseDigest } from './premise-digest.ts';

/**
 * A digest as it is today, though nothing was written since: without agreements that ended by their dates, the points that none is
 * left of, and outages of what nobody of the account takes there yet, which until then are another's.
 */
export const premiseOfToday = (digest: PremiseDigest, today: string): PremiseDigest => {
  const agreements = digest.agreements.filter((one) => !isOver(one, today));
  const lasting = new Set(agreements.map(({ servicePoint }) => servicePoint));
  const taken = new Set(agreements.flatMap((one) => (covers(one, today) ? [one.servicePoint] : [])));
  const servicePoints = digest.servicePoints.filter(({ id }) => lasting.has(id));
  const commodities = new Set(servicePoints.flatMap(({ id, commodity }) => (taken.has(id) ? [commodity] : [])));
  return {
    ...digest,
    agreements,
    servicePoints,
    outages: digest.outages.filter(({ commodity }) => commodities.has(commodity)),
    insights: digest.insights.filter(({ servicePoint }) => lasting.has(servicePoint)),
  };
};
