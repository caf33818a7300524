import type { View360 } from '#functions/view.ts';
import { covers } from '#shared/profile/rules/periods.ts';
import { needsAttention } from '#shared/profile/rules/view/meter-attention.ts';
import { premisesWith, usageAt, type ViewBasis } from '#shared/profile/rules/view/section.ts';
import type { ViewParts } from '#shared/profile/rules/view/view-360.ts';
import { plannedView, pointAt } from './point-ahead.ts';
import type { PremiseDigest } from './premise-digest.ts';

/** How a point stands now, and what is planned for it in the account's time there. */
const standing = (
  { agreements }: PremiseDigest,
  { id, ahead }: PremiseDigest['servicePoints'][number],
  now: number,
  lastReadingAt: string | null,
) => {
  const { connection, meter, planned } = pointAt(ahead, new Date(now).toISOString());
  const told = plannedView(planned, (at) =>
    agreements.some((one) => one.servicePoint === id && covers(one, at.slice(0, 10))),
  );
  return {
    meter:
      meter === null
        ? null
        : { id: meter.id, ...(meter.serial === null ? {} : { serial: meter.serial }), lastReadingAt },
    connection,
    ...(told === undefined ? {} : { planned: told }),
  };
};

const premiseView = (
  premise: ViewParts['premises'][number],
  lastReading: ReadonlyMap<string, string | null>,
  now: number,
) => ({
  id: premise.id,
  accountId: premise.account,
  ...(premise.digest.address === null ? {} : { address: premise.digest.address }),
  servicePoints: premise.digest.servicePoints.map((point) => ({
    id: point.id,
    commodity: point.commodity,
    ...standing(premise.digest, point, now, lastReading.get(point.id) ?? null),
    ...(needsAttention(point.attention)
      ? { attention: { ...point.attention, tasks: [...point.attention.tasks] } }
      : {}),
  })),
});

/** Homes of the customer, as the 360 view tells them. */
export const showPremises = (basis: ViewBasis): View360['premises'] => {
  const told = usageAt(basis, premisesWith(basis, 'home'));
  const lastReading = new Map(told.map((one) => [one.servicePointId, one.asOf] as const));
  return basis.premises.map((premise) => premiseView(premise, lastReading, basis.now));
};
