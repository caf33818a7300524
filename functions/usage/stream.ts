import { type TakeChanges, together } from '#shared/edge/changes.ts';
import { type FollowReadingsParts, followReadings, followSupply } from './follow-readings.ts';
import type { UsageRecompute } from './recompute-usage.ts';

/** Stream of the readings table -> usage of those whose meters measured. */
export const usageReader = (parts: FollowReadingsParts): TakeChanges =>
  together((changes) => followReadings(parts, changes));

/** Stream of the profile table -> usage of premises whose supply changed. */
export const supplyReader = (recompute: UsageRecompute): TakeChanges =>
  together((changes) => followSupply(recompute, changes));
