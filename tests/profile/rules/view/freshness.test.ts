import { describe, expect, it } from 'vitest';
import { contact } from '#functions/customers/rules/contact-points.ts';
import { identity } from '#shared/profile/rules/identity.ts';
import { packFreshness, readFreshness } from '#shared/profile/rules/view/freshness.ts';
import { packBudgets } from '#shared/profile/rules/view/view-budgets.ts';
import { minute, statesTold } from '#tests/profile/rules/told-facts.ts';

describe('the section of how fresh the view is', () => {
  it('tells the latest of each source over all families, newest first', () => {
    const packed = packFreshness(
      statesTold(
        [identity, identity.empty(), { crm: minute(3), portal: minute(9) }],
        [contact, contact.empty(), { crm: minute(7), legacy: '1964-05-06T07:08:09.000Z' }],
      ),
    );
    expect(readFreshness(packed)).toEqual([
      { source: 'portal', lastFactAt: minute(9) },
      { source: 'crm', lastFactAt: minute(7) },
      { source: 'legacy', lastFactAt: '1964-05-06T07:08:09.000Z' },
    ]);
  });

  it('keeps its budget with 12 sources of the longest names, the newest of them', () => {
    const sources = Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`${n}`.padEnd(40, 's'), minute(n)]));
    const packed = packFreshness(statesTold([identity, identity.empty(), sources]));
    expect(packed.length).toBeLessThanOrEqual(packBudgets.freshness);
    const view = readFreshness(packed);
    expect(view.length).toBeGreaterThan(0);
    expect(view.map((one) => one.lastFactAt)).toEqual(view.map((_, n) => minute(11 - n)));
  });
});
