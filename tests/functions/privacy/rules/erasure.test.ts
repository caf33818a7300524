import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ErasureState, erasure, isGoing, maySecondErasure } from '#functions/privacy/rules/erasure.ts';
import type { Fact } from '#shared/contracts/facts/fact.ts';
import { amara, foldAll, minute, told } from '#tests/profile/rules/told-facts.ts';

const by = (person: string, at: string) => ({ at, system: person, subjects: [amara] });
const asks = (person: string, at = minute(1)) =>
  told('customer.erasure.requested.v1', { ground: 'objection', reason: 'Request 7.' }, by(person, at));
const approves = (person: string, { id }: Fact, at = minute(2)) =>
  told('customer.erasure.approved.v1', { request: id }, by(person, at));
const declines = (person: string, { id }: Fact, at = minute(2)) =>
  told('customer.erasure.declined.v1', { request: id, reason: 'A claim is open.' }, by(person, at));
const done = (at = minute(3)) => told('customer.erasure.completed.v1', {}, by('rotunda', at));

const state = (...facts: readonly Fact[]): ErasureState => foldAll(erasure, facts).state;

describe('the erasure of a customer', () => {
  it('waits from when it is asked for until a second person has decided', () => {
    const asked = asks('pam');
    expect(state(asked)).toMatchObject({ request: { id: asked.id, askedBy: 'machine:pam' }, approved: null });
    expect(state(asked, approves('pat', asked))).toMatchObject({
      request: null,
      approved: { id: asked.id, ground: 'objection', approvedBy: 'machine:pat', approvedAt: minute(2) },
    });
    expect(state(asked, declines('pat', asked))).toEqual(erasure.empty());
  });

  it('is decided by nobody who asked for it, nor on what does not wait', () => {
    const asked = asks('pam');
    expect(state(asked, approves('pam', asked))).toEqual(state(asked));
    expect(state(asked, declines('pam', asked))).toEqual(state(asked));
    expect(state(asked, approves('pat', asks('pam')))).toEqual(state(asked));
    expect(maySecondErasure({ askedBy: 'staff:pam' }, 'staff:pam')).toBe(false);
  });

  it('is asked for once at a time, and again once it was declined', () => {
    const [first, second] = [asks('pam'), asks('pat', minute(2))];
    expect(state(first, second).request?.id).toBe(first.id);
    const later = asks('pat', minute(4));
    expect(state(first, declines('pat', first), later).request?.id).toBe(later.id);
  });

  it('was done when it was first told to be, also where nobody here approved it', () => {
    expect(state(done(minute(5)), done(minute(9)))).toMatchObject({ erasedAt: minute(5), approved: null });
  });

  it('is never undone, and asked for no more, whatever is told afterwards', () => {
    const acts = fc.array(
      fc.tuple(fc.constantFrom('ask', 'approve', 'decline', 'done'), fc.constantFrom('pam', 'pat', 'per')),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(acts, (drawn) => {
        const facts: Fact[] = [];
        for (const [n, [act, who]] of drawn.entries()) {
          const at = minute(n + 1);
          const asked = facts.findLast(({ type }) => type.endsWith('requested.v1')) ?? asks('nobody');
          if (act === 'ask') facts.push(asks(who, at));
          else if (act === 'done') facts.push(done(at));
          else facts.push(act === 'approve' ? approves(who, asked, at) : declines(who, asked, at));
        }
        const states = facts.map((_, n) => state(...facts.slice(0, n + 1)));
        for (const [n, now] of states.entries()) {
          const before = states[n - 1];
          if (before !== undefined && isGoing(before)) expect(isGoing(now)).toBe(true);
          if (before?.erasedAt != null) expect(now.erasedAt).toBe(before.erasedAt);
          if (now.approved !== null) expect(now.approved.approvedBy).not.toBe(now.approved.askedBy);
        }
      }),
    );
  });
});
