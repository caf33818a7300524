import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contact } from '#functions/customers/rules/contact-points.ts';
import { packContact, readContact, shownPoints } from '#functions/customers/rules/contact-section.ts';
import { packBudgets } from '#shared/profile/rules/view/view-budgets.ts';
import { erased } from '#shared/vocabulary/fact.ts';
import { ContactKind } from '#shared/vocabulary/statuses.ts';
import { idOf, statesTold } from '#tests/profile/rules/told-facts.ts';

const shortText = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
const longText = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300, size: 'max' });

const pointOf = (value: fc.Arbitrary<string>) =>
  fc.record({
    id: fc.nat().map((n) => idOf('contactPoint', n)),
    kind: fc.constantFrom(...ContactKind.options),
    value: fc.oneof({ weight: 9, arbitrary: value }, fc.constant(erased)),
    label: fc.constant(null),
    verified: fc.boolean(),
    preferred: fc.boolean(),
    source: fc.constantFrom('crm', 'portal'),
  });

describe('the section of where a customer is reached', () => {
  it('says each value once, however it is written, and none that was rejected', () => {
    const point = (n: number, kind: string, value: string, more = {}) => ({
      ...{ id: idOf('contactPoint', n), kind, value, label: null, verified: false, preferred: false, source: 'crm' },
      ...more,
    });
    const points = [
      point(1, 'phone', '01632 960123'),
      point(2, 'phone', '+44 1632 960123', { verified: true, source: 'portal' }),
      point(3, 'email', 'Ana@Example.com'),
      point(4, 'email', 'ana@example.com'),
      point(5, 'email', 'ana at example', { verdict: 'rejected' }),
    ];
    const { points: shown } = readContact(packContact(statesTold([contact, { points }])));
    expect(shown.map(({ value }) => value)).toEqual(['+44 1632 960123', 'Ana@Example.com']);
  });

  const rank = (point: { readonly preferred: boolean; readonly verified: boolean }) =>
    point.preferred ? 0 : point.verified ? 1 : 2;

  it('says what the state says, the preferred points first, then those that are verified', () => {
    fc.assert(
      fc.property(fc.array(pointOf(shortText), { maxLength: 4 }), (points) => {
        const view = readContact(packContact(statesTold([contact, { points }])));
        const shown = shownPoints(points)
          .toSorted((a, b) => rank(a) - rank(b))
          .map(({ label: _label, value, ...point }) => ({ ...point, value: typeof value === 'string' ? value : null }));
        expect(view.points).toEqual(shown.slice(0, view.points.length));
        expect(view.points.length + view.more).toBe(shownPoints(points).length);
      }),
    );
  });

  it('keeps its budget however many points there are and however long they are, and says how many are left out', () => {
    fc.assert(
      fc.property(fc.array(pointOf(longText), { maxLength: 50, size: 'max' }), (points) => {
        const packed = packContact(statesTold([contact, { points }]));
        expect(packed.length).toBeLessThanOrEqual(packBudgets.contact);
        const view = readContact(packed);
        expect(view.points.length + view.more).toBe(shownPoints(points).length);
        if (points.length > 0) expect(view.points.length).toBeGreaterThan(0);
      }),
      { numRuns: 50 },
    );
  });
});
