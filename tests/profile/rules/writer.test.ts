import { describe, expect, it } from 'vitest';
import { contact, ownPoints } from '#functions/customers/rules/contact-points.ts';
import { interactions } from '#functions/customers/rules/interactions.ts';
import type { Fact } from '#shared/contracts/facts/fact.ts';
import { identity, profileOn } from '#shared/profile/rules/identity.ts';
import { writerOf, writtenBy } from '#shared/profile/rules/writer.ts';
import { Writer } from '#shared/vocabulary/statuses.ts';
import { amara, foldAll, idOf, minute, told } from './told-facts.ts';

const at = (n: number, system: string) => ({ at: minute(n), system, subjects: [amara] });
const by = (actor: string, fact: Fact): Fact => ({ ...fact, source: { ...fact.source, actor } });

const logged = (n: number, system: string, more: Readonly<Record<string, unknown>> = {}) =>
  told(
    'contact.interaction.logged.v1',
    { customer: amara, channel: 'phone', reason: 'other', ...more },
    { ...at(n, system), creates: 'interaction' },
  );
const byCustomer = (n: number, more: Readonly<Record<string, unknown>> = {}) =>
  by('customer:login-1', logged(n, 'rotunda', { channel: 'web', ...more }));

describe('whose words an interaction holds', () => {
  it.each([
    ['customer:login-1', 'customer'],
    ['staff:ida', 'staff'],
    ['system:follow', 'system'],
  ] as const)('at our own door the verified %s tells, whatever the fact says', (actor, writer) => {
    for (const stated of [undefined, ...Writer.options])
      expect(writerOf(by(actor, logged(1, 'rotunda', { writtenBy: stated })))).toBe(writer);
  });

  it.each(['portal', 'app'])('what the %s sends is never the word of staff', (system) => {
    expect(writerOf(logged(1, system))).toBe('customer');
    expect(writerOf(logged(1, system, { direction: 'outbound' }))).toBe('system');
    for (const channel of ['phone', 'in-person', 'letter', 'web'])
      expect(writerOf(logged(1, system, { channel, writtenBy: 'staff' }))).not.toBe('staff');
    expect(writerOf(logged(1, system, { writtenBy: 'system' }))).toBe('system');
  });

  it('of other systems it is what they say, else that of the people at their desks, or of the machine that answered', () => {
    expect(writerOf(logged(1, 'crm'))).toBe('staff');
    expect(writerOf(logged(1, 'crm', { writtenBy: 'customer' }))).toBe('customer');
    for (const channel of ['ivr', 'meter', 'system']) expect(writerOf(logged(1, 'crm', { channel }))).toBe('system');
    expect(writtenBy(told('billing.bill.issued.v1', {}, { creates: 'bill' }))).toEqual({});
  });
});

describe('a word that a customer wrote as if they were staff, before that was refused', () => {
  const forged = byCustomer(2, {
    channel: 'phone',
    direction: 'outbound',
    outcome: 'resolved',
    handover: 'Waive the fee, I promised it.',
    writtenBy: 'staff',
  });

  it('stands as inbound and theirs, without an outcome, and hands nothing over', () => {
    const said = logged(1, 'crm', { handover: 'Wants to be called back.' });
    const { state } = foldAll(interactions, [said, forged]);
    expect(state.recent.at(-1)).toMatchObject({ direction: 'inbound', outcome: null, writtenBy: 'customer' });
    expect(state.handover?.text).toBe('Wants to be called back.');
    expect(foldAll(interactions, [forged]).state.handover).toBeNull();
  });

  it('by the portal no less', () => {
    for (const direction of ['inbound', 'outbound'])
      expect(
        foldAll(interactions, [logged(1, 'portal', { direction, handover: 'Waive it.' })]).state.handover,
      ).toBeNull();
  });

  it('however many there are, what staff wrote last stays in sight', () => {
    const staff = logged(1, 'crm', { reason: 'debt.plan' });
    const { state } = foldAll(interactions, [staff, ...Array.from({ length: 100 }, (_, n) => byCustomer(n + 2))]);
    expect(state.recent.map(({ writtenBy }) => writtenBy)).toEqual(['staff', ...Array(4).fill('customer')]);
    expect(state.counts).toEqual({ phone: 1, web: 100 });
  });
});

describe('what customers said of themselves', () => {
  const registered = told(
    'customer.profile.registered.v1',
    { kind: 'person', name: { family: 'Okafor' }, dateOfBirth: '1984-05-02', language: 'en' },
    { ...at(0, 'crm'), creates: 'customer' },
  );
  const corrected = (n: number, actor: string, more: Readonly<Record<string, unknown>>) =>
    by(actor, told('customer.profile.corrected.v1', { customer: amara, ...more }, at(n, 'rotunda')));

  it('does not take the place of what staff or another system said, whatever the order', () => {
    const theirs = { name: { family: 'Thief' }, dateOfBirth: '2001-01-01', kind: 'organisation' };
    const facts = [registered, corrected(2, 'customer:login-1', theirs)];
    const crm = { kind: 'person', name: { family: 'Okafor' }, dateOfBirth: '1984-05-02' };
    expect(profileOn(foldAll(identity, facts).state, '2026-06-01')).toMatchObject(crm);
    const staff = { name: { family: 'Okafor-Lind' } };
    for (const order of [1, 3]) {
      const said = [registered, corrected(2, 'customer:login-1', theirs), corrected(order, 'staff:ida', staff)];
      const { state } = foldAll(
        identity,
        said.toSorted((one, other) => (one.occurredAt < other.occurredAt ? -1 : 1)),
      );
      expect(profileOn(state, '2026-06-01')).toMatchObject({ ...crm, ...staff });
    }
  });

  it('is their language as they chose it last, themselves or by telling staff', () => {
    const [theirs, staffs] = ['customer:login-1', 'staff:ida'];
    const languageAfter = (...facts: readonly Fact[]) =>
      profileOn(foldAll(identity, [registered, ...facts]).state, '2026-06-01').language;
    expect(languageAfter(corrected(1, theirs, { language: 'cy' }))).toBe('cy');
    expect(languageAfter(corrected(1, theirs, { language: 'cy' }), corrected(2, staffs, { language: 'fr' }))).toBe(
      'fr',
    );
    expect(languageAfter(corrected(1, staffs, { language: 'fr' }), corrected(2, theirs, { language: 'cy' }))).toBe(
      'cy',
    );
  });
});

describe('contact points by the word of customers', () => {
  const added = (n: number, system: string, more: Readonly<Record<string, unknown>> = {}) =>
    told(
      'customer.contact-point.added.v1',
      { customer: amara, kind: 'email', value: `p${n}@example.com`, ...more },
      { ...at(n, system), creates: 'contactPoint' },
    );
  const login = (fact: Fact): Fact => by('customer:login-1', fact);

  it.each(['portal', 'rotunda'])('are not verified, whatever a fact of theirs by %s says', (system) => {
    const theirs = (fact: Fact): Fact => (system === 'rotunda' ? login(fact) : fact);
    const own = theirs(added(1, system, { verified: true }));
    const say = (n: number, type: string, data: Readonly<Record<string, unknown>>) =>
      theirs(told(type, { customer: amara, point: own.entity, ...data }, at(n, system)));
    const { state } = foldAll(contact, [
      own,
      say(2, 'customer.contact-point.changed.v1', { verified: true }),
      say(3, 'customer.contact-point.changed.v1', { value: 'new@example.com', verified: true }),
      say(4, 'customer.contact-point.verified.v1', { method: 'code' }),
    ]);
    expect(state.points).toMatchObject([{ value: 'new@example.com', verified: false }]);
  });

  it('lose their proof with another value, and keep it and their source with another label', () => {
    const proved = added(1, 'crm', { verified: true });
    const say = (n: number, data: Readonly<Record<string, unknown>>) =>
      login(
        told('customer.contact-point.changed.v1', { customer: amara, point: proved.entity, ...data }, at(n, 'rotunda')),
      );
    const labelled = foldAll(contact, [proved, say(2, { label: 'work' })]).state.points;
    expect(labelled).toMatchObject([{ verified: true, source: 'crm', label: 'work' }]);
    const other = foldAll(contact, [proved, say(2, { value: 'b@example.com', verified: true })]).state.points;
    expect(other).toMatchObject([{ verified: false, source: 'customer' }]);
  });

  it.each(['portal', 'rotunda'])(
    'come first while a proved one stands only once they are proved themselves, whatever a fact of theirs by %s says',
    (system) => {
      const theirs = (fact: Fact): Fact => (system === 'rotunda' ? login(fact) : fact);
      const say = (n: number, point: string | undefined, data: Readonly<Record<string, unknown>>, by = system) =>
        theirs(told('customer.contact-point.changed.v1', { customer: amara, point, ...data }, at(n, by)));
      const first = (...facts: readonly Fact[]) =>
        foldAll(contact, facts).state.points.flatMap(({ id, preferred }) => (preferred ? [id] : []));
      const [proved, second] = [
        added(1, 'crm', { verified: true, preferred: true }),
        added(2, 'crm', { verified: true }),
      ];
      const own = theirs(added(3, system, { preferred: true }));
      expect(first(proved, own)).toEqual([proved.entity]);
      expect(first(proved, own, say(4, own.entity, { preferred: true }))).toEqual([proved.entity]);
      expect(first(proved, own, say(4, own.entity, { value: 'x@example.com', preferred: true }))).toEqual([
        proved.entity,
      ]);
      // Another value of what came first is not what was proved.
      expect(first(proved, second, say(4, proved.entity, { value: 'x@example.com' }))).toEqual([]);
      expect(first(proved, second, say(4, second.entity, { preferred: true }))).toEqual([second.entity]);
      expect(first(own)).toEqual([own.entity]);
      const proof = told(
        'customer.contact-point.verified.v1',
        { customer: amara, point: own.entity, method: 'code' },
        at(4, 'crm'),
      );
      expect(first(proved, own, proof, say(5, own.entity, { preferred: true }))).toEqual([own.entity]);
      // Whom staff put first stays so when its label is changed.
      const put = added(6, 'crm', { preferred: true });
      expect(first(second, put, say(7, put.entity, { label: 'work' }))).toEqual([put.entity]);
    },
  );

  it('are 20 at most in all, so that staff can always add one', () => {
    const theirs = Array.from({ length: 60 }, (_, n) =>
      n % 2 === 0 ? login(added(n, 'rotunda')) : added(n, 'portal'),
    );
    const full = foldAll(contact, theirs);
    expect([full.state.points.length, ownPoints(full.state).length, full.groundless.count]).toEqual([20, 20, 40]);
    const staffs = by('staff:ida', added(70, 'rotunda'));
    expect(foldAll(contact, [...theirs, staffs]).state.points.at(-1)?.id).toBe(staffs.entity);
  });
});

describe('what a customer asked to be changed', () => {
  const asked = (n: number, data: Readonly<Record<string, unknown>> = { name: { family: `Okafor-${n}` } }) =>
    by(
      'customer:login-1',
      told(
        'contact.change-request.made.v1',
        { customer: amara, channel: 'web', ...data },
        { ...at(n, 'rotunda'), creates: 'interaction' },
      ),
    );
  const settled = (n: number, request: string | undefined, outcome = 'declined') =>
    told('contact.change-request.settled.v1', { customer: amara, request, outcome, reason: 'No.' }, at(n, 'rotunda'));

  it('is an interaction of theirs and open, by names alone, until it is decided on', () => {
    const request = asked(1, { name: { family: 'Lind' }, dateOfBirth: '1985-01-01' });
    const { state } = foldAll(interactions, [request]);
    expect(state.recent).toMatchObject([{ reason: 'change-request', direction: 'inbound', writtenBy: 'customer' }]);
    expect(state.requests.open).toMatchObject([{ id: request.entity, of: amara, asked: ['name', 'dateOfBirth'] }]);
    expect(JSON.stringify(state)).not.toMatch(/Lind|1985/);
    const decided = foldAll(interactions, [request, settled(2, request.entity, 'done')]).state.requests;
    expect(decided).toMatchObject({ open: [], settled: [{ id: request.entity, outcome: 'done' }] });
  });

  it('is decided on once, not before it was asked, and of those decided on the last 8 are told', () => {
    const request = asked(5);
    const twice = foldAll(interactions, [request, settled(6, request.entity), settled(7, request.entity, 'done')]);
    expect([twice.groundless.count, twice.state.requests.settled[0]?.outcome]).toEqual([1, 'declined']);
    const early = foldAll(interactions, [settled(1, request.entity), request]);
    expect([early.groundless.count, early.state.requests.open.length]).toEqual([1, 1]);
    expect(foldAll(interactions, [settled(1, idOf('interaction', 'none'))]).groundless.count).toBe(1);
    const many = Array.from({ length: 12 }, (_, n) => asked(n * 2));
    const all = many.flatMap((one, n) => [one, settled(n * 2 + 1, one.entity)]);
    expect(foldAll(interactions, all).state.requests).toMatchObject({ open: [], settled: { length: 8 } });
  });
});
