import type { View360 } from '#functions/view.ts';
import { premisesWith, type UsageRead, usageAt, type ViewBasis } from '#shared/profile/rules/view/section.ts';
import type { ViewParts } from '#shared/profile/rules/view/view-360.ts';
import { viewUsage } from './usage-view.ts';

/** Usage of a view, unpacked. */
export const usageRead = ({ usage }: ViewParts): readonly UsageRead[] =>
  usage.map(({ account, premise, packed, servicePoint, register }) => ({
    ...viewUsage(packed, servicePoint, register),
    account,
    premise,
  }));

/** Usage that the customer may know, as the 360 view tells it. */
export const showUsage = (basis: ViewBasis): View360['usage'] => usageAt(basis, premisesWith(basis, 'use'));
