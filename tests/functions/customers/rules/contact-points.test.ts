import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contact } from '#functions/customers/rules/contact-points.ts';
import { shownPoints } from '#functions/customers/rules/contact-section.ts';
import { explainPoint, rejectedValues } from '#functions/explain/rules/explain-customer.ts';
import { erased } from '#shared/vocabulary/fact.ts';
import { amara, foldAll, inOrder, told } from '#tests/profile/rules/told-facts.ts';

const of = { subjects: [amara], system: 'crm' };

const added = (more: Record<string, unknown> = {}) =>
  told(
    'customer.contact-point.added.v1',
    { customer: amara, kind: 'phone', value: '01632 960123', ...more },
    { ...of, creates: 'contactPoint' },
  );
const changed = (point: string | undefined, more: Record<string, unknown>, system = 'crm') =>
  told('customer.contact-point.changed.v1', { customer: amara, point, ...more }, { ...of, system });
const removed = (point: string | undefined) =>
  told('customer.contact-point.removed.v1', { customer: amara, point }, of);

describe('where a customer is reached', () => {
  it('is no longer verified when the value changes, unless the change says so', () => {
    const point = added({ verified: true, label: 'work' });
    const [one] = foldAll(contact, [point, changed(point.entity, { value: '01632 960999' }, 'portal')]).state.points;
    expect(one).toMatchObject({ value: '01632 960999', verified: false, label: 'work', source: 'portal' });
    const [two] = foldAll(contact, [point, changed(point.entity, { value: '1', verified: true })]).state.points;
    expect(two?.verified).toBe(true);
  });

  it('stays verified when only its label or standing changes', () => {
    const point = added({ verified: true });
    const [one] = foldAll(contact, [point, changed(point.entity, { label: 'home', preferred: true })]).state.points;
    expect(one).toMatchObject({ verified: true, preferred: true, label: 'home' });
  });

  it('is preferred at one point only: the last that was named', () => {
    const [first, second] = [added({ preferred: true }), added({ preferred: true })];
    const preferred = (facts: Parameters<typeof foldAll>[1]) =>
      foldAll(contact, facts)
        .state.points.filter((point) => point.preferred)
        .map((point) => point.id);
    expect(preferred([first, second])).toEqual([second.entity]);
    expect(preferred([first, second, changed(first.entity, { preferred: true })])).toEqual([first.entity]);
    expect(preferred([first, second, changed(second.entity, { preferred: false })])).toEqual([]);
  });

  it('ends with the removal of a point; what speaks of a point that is not there has no effect', () => {
    const point = added();
    const { state, groundless } = foldAll(contact, [
      changed(point.entity, { value: 'too early' }),
      point,
      removed(point.entity),
      removed(point.entity),
      changed(point.entity, { value: 'too late' }),
    ]);
    expect(state.points).toEqual([]);
    expect(groundless.count).toBe(3);
  });

  it('has at most 50 points; a 51st is noted as without effect until one is removed', () => {
    const points = Array.from({ length: 51 }, () => added());
    const full = foldAll(contact, points);
    expect([full.state.points.length, full.groundless.latest]).toEqual([50, [points[50]?.id]]);
    const room = foldAll(contact, [...points.slice(0, 50), removed(points[0]?.entity), ...points.slice(50)]);
    expect([room.state.points.length, room.groundless.count]).toEqual([50, 0]);
  });

  const rejected = (fact: ReturnType<typeof added>) => ({
    ...fact,
    verdicts: { value: { verdict: 'rejected' as const, codes: ['phone.impossible'] } },
  });
  const shown = (facts: Parameters<typeof foldAll>[1]) => shownPoints(foldAll(contact, facts).state.points);

  it('stays as it was when it is changed to a value that the validators rejected, which explanations tell', () => {
    const point = added({ verified: true, preferred: true, label: 'work' });
    const wrong = rejected(changed(point.entity, { value: '01632', label: 'home', preferred: false }));
    const facts = [point, wrong];
    expect(shown(facts)).toEqual(shown([point]));
    expect(foldAll(contact, facts).groundless.count).toBe(0);
    const { winner, losing } = explainPoint(inOrder(facts), point.entity ?? '', 'value');
    expect([winner?.id, losing.map(({ fact, reason, value }) => [fact.id, reason, value])]).toEqual([
      point.id,
      [[wrong.id, 'rejected', '01632']],
    ]);
    expect(rejectedValues(inOrder(facts)).map(({ fact }) => fact.id)).toEqual([wrong.id]);
  });

  it('is not first by a value that the validators rejected, until that is put right', () => {
    const good = added({ preferred: true });
    const bad = rejected(added({ value: '01632', preferred: true }));
    expect(shown([good, bad])).toEqual(shown([good]));
    const right = changed(bad.entity, { value: '01632 960999' });
    expect(shown([good, bad, right]).map(({ id, preferred }) => [id, preferred])).toEqual([
      [bad.entity, true],
      [good.entity, false],
    ]);
  });

  it('finds room beside values that the validators rejected, of which 20 are kept to be put right', () => {
    const bad = Array.from({ length: 60 }, () => rejected(added({ value: '01632' })));
    const good = Array.from({ length: 50 }, () => added());
    const { state, groundless } = foldAll(contact, [...bad, ...good]);
    expect([state.points.length, groundless.count]).toEqual([70, 40]);
    const full = foldAll(contact, [...bad, ...good, changed(bad[0]?.entity, { value: '01632 960999' })]);
    expect(full.groundless.count).toBe(41);
  });

  it('is proved by nobody where the validators rejected the value', () => {
    const bad = rejected(added({ value: '01632', verified: true }));
    const proof = told('customer.contact-point.verified.v1', { customer: amara, point: bad.entity }, of);
    const right = changed(bad.entity, { value: '01632 960999' });
    const own = told(
      'customer.contact-point.added.v1',
      { customer: amara, kind: 'phone', value: '01632 960123', preferred: true },
      { ...of, system: 'portal', creates: 'contactPoint' },
    );
    expect(shown([bad, proof, own])).toMatchObject([{ id: own.entity, preferred: true }]);
    expect(shown([bad, proof, right])).toMatchObject([{ verified: false }]);
  });

  const anyStep = fc.record({
    act: fc.constantFrom('add', 'change', 'prove', 'remove'),
    which: fc.nat(5),
    value: fc.constantFrom('01632 960111', '01632 960222', undefined),
    more: fc.record(
      { preferred: fc.boolean(), verified: fc.boolean(), label: fc.constantFrom('work', 'home') },
      { requiredKeys: [] },
    ),
    system: fc.constantFrom('crm', 'billing', 'portal'),
  });

  it('never changes by a rejected value, whatever is said before and after', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anyStep, fc.boolean()), { minLength: 1, maxLength: 14 }), (steps) => {
        const points: (string | undefined)[] = [];
        const facts = steps.map(([{ act, which, value, more, system }, isRejected]) => {
          const point = points[which] ?? points[0];
          const says = { ...of, system };
          if (isRejected && act === 'change') return rejected(changed(point, { value: '01632', ...more }, system));
          if (isRejected && act === 'add')
            return rejected(
              told(
                'customer.contact-point.added.v1',
                { customer: amara, kind: 'phone', value: '01632', ...more },
                { ...says, creates: 'contactPoint' },
              ),
            );
          if (act === 'change') return changed(point, { ...(value === undefined ? {} : { value }), ...more }, system);
          if (act === 'prove') return told('customer.contact-point.verified.v1', { customer: amara, point }, says);
          if (act === 'remove') return told('customer.contact-point.removed.v1', { customer: amara, point }, says);
          const fact = told(
            'customer.contact-point.added.v1',
            { customer: amara, kind: 'phone', value: value ?? '01632 960333', ...more },
            { ...says, creates: 'contactPoint' },
          );
          points.push(fact.entity);
          return fact;
        });
        expect(shown(facts)).toEqual(shown(facts.filter((fact) => !('verdicts' in fact))));
      }),
      { numRuns: 500 },
    );
  });

  it('stands without its value where that was erased', () => {
    const [point] = foldAll(contact, [added({ value: erased, label: erased, verified: true })]).state.points;
    expect(point).toMatchObject({ value: erased, label: erased, verified: true });
  });
});
