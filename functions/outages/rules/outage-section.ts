import type { View360 } from '#functions/view.ts';
import { premisesWith, type ViewBasis } from '#shared/profile/rules/view/section.ts';
import type { ViewParts } from '#shared/profile/rules/view/view-360.ts';
import { isOpenAt, standingAt } from './outages.ts';

/** Outages as they stand now: those that are open, and of those that are over the last of each premise. */
const outageViews = (premises: ViewParts['premises'], now: string) => {
  const all = premises.flatMap((premise) => premise.digest.outages.map((outage) => ({ premise: premise.id, outage })));
  const distinct = [...new Map(all.map((one) => [one.outage.id, one] as const)).values()];
  const view = ({ premise, outage }: (typeof distinct)[number]) => ({
    id: outage.id,
    premiseId: premise,
    commodity: outage.commodity,
    startedAt: outage.startedAt,
    ...standingAt(outage, now),
  });
  const over = distinct.filter(({ outage }) => !isOpenAt(outage, now));
  return {
    open: distinct.filter(({ outage }) => isOpenAt(outage, now)).map(view),
    resolved: over.filter((one) => over.find(({ premise }) => premise === one.premise) === one).map(view),
  };
};

/** Outages at homes of the customer, as the 360 view tells them. */
export const showService = (basis: ViewBasis): View360['service'] => {
  const { open, resolved } = outageViews(premisesWith(basis, 'home'), new Date(basis.now).toISOString());
  return { openOutages: open, openCases: [], patterns: [], lastResolved: resolved };
};
