import type { View360 } from '#functions/view.ts';
import { freshnessSection, readFreshness } from '#shared/profile/rules/view/freshness.ts';
import { premisesWith, usageAt, type ViewBasis } from '#shared/profile/rules/view/section.ts';
import { holdsRole } from '#shared/profile/rules/view/view-360.ts';

/** When each source was last heard of, as the 360 view tells it. */
export const showFreshness = (basis: ViewBasis): View360['freshness'] => {
  const { parts, all, now, today } = basis;
  const latest = new Map<string, string>();
  const note = (source: string, at: string): void => {
    const known = latest.get(source);
    if (known === undefined || known < at) latest.set(source, at);
  };
  const packed = parts.stored.get(freshnessSection.place);
  // When something was last said of an account is told while a role holds: of one to come it would tell of another's money.
  const held = all.filter(({ digest }) => holdsRole(digest, today));
  const own = packed === undefined ? [] : readFreshness(packed);
  for (const one of [...own, ...held.flatMap(({ digest }) => digest.sources)]) note(one.source, one.lastFactAt);
  for (const one of usageAt(basis, premisesWith(basis, 'use'))) if (one.asOf !== null) note('meters', one.asOf);
  const sources = [...latest]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([source, lastFactAt]) => ({
      source,
      lastFactAt,
      lagSeconds: Math.max(0, Math.round((now - Date.parse(lastFactAt)) / 1000)),
    }));
  return { asOf: new Date(now).toISOString(), sources };
};
