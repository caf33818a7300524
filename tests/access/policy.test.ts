import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { actRules, purposesOfRole } from '#shared/access/acts.ts';
import { decide, fieldView } from '#shared/access/decide.ts';
import { type AnswerMark, answerMarks, viewOf, visibilities } from '#shared/access/field-matrix.ts';
import { maskText, shape } from '#shared/access/shape.ts';
import type { Actor } from '#shared/vocabulary/actor.ts';
import type { ActName } from '#shared/vocabulary/acts.ts';
import { Purpose, type StaffRole, StaffRole as StaffRoles } from '#shared/vocabulary/statuses.ts';

const staff = (...roles: StaffRole[]): Actor => ({ kind: 'staff', id: 's', roles });
const customer: Actor = { kind: 'customer', id: 'l', customerId: 'cus_1' };
const machine = (...scopes: string[]): Actor => ({ kind: 'machine', id: 'm', scopes, sources: ['m'] });
const acts = Object.keys(actRules).filter((act): act is ActName => act !== 'public' && Object.hasOwn(actRules, act));
const read = { act: 'customer.read', relation: 'other', named: true, personal: true, purpose: undefined } as const;

/** The field matrix as it was promised: class by role, in words. */
const matrix: Readonly<Record<StaffRole, Partial<Record<AnswerMark, string>>>> = {
  agent: {
    identity: 'shown',
    name: 'shown',
    contact: 'shown',
    listed: 'masked',
    financial: 'shown',
    usage: 'shown',
    lastReading: 'shown',
    special: 'present',
    internal: 'shown',
    freeText: 'shown',
  },
  billing: {
    identity: 'shown',
    name: 'shown',
    contact: 'shown',
    listed: 'masked',
    financial: 'shown',
    usage: 'shown',
    lastReading: 'shown',
    special: 'present',
    internal: 'shown',
    freeText: 'shown',
  },
  supervisor: {
    identity: 'shown',
    name: 'shown',
    contact: 'shown',
    listed: 'masked',
    financial: 'shown',
    usage: 'shown',
    lastReading: 'shown',
    special: 'shown',
    internal: 'shown',
    freeText: 'shown',
  },
  privacy: {
    identity: 'shown',
    name: 'shown',
    contact: 'shown',
    listed: 'masked',
    financial: 'shown',
    usage: 'shown',
    lastReading: 'shown',
    special: 'shown',
    internal: 'shown',
    freeText: 'shown',
  },
  field: { name: 'shown', lastReading: 'shown', internal: 'shown' },
  auditor: {},
  operator: {},
};

describe('the field matrix', () => {
  it.each(Object.entries(matrix))('shows %s what was promised and hides the rest', (role, promised) => {
    const view = fieldView(staff(StaffRoles.parse(role)), {
      act: 'customer.read',
      relation: 'other',
      purpose: undefined,
    });
    for (const mark of answerMarks) {
      expect([mark, view[mark]]).toEqual([mark, mark === 'plain' ? 'shown' : (promised[mark] ?? 'hidden')]);
    }
  });

  it('shows staff in the field special needs for safety alone', () => {
    const about = { act: 'customer.read', relation: 'other' } as const;
    expect(fieldView(staff('field'), { ...about, purpose: 'safety' }).special).toBe('shown');
    expect(fieldView(staff('field'), { ...about, purpose: 'service' }).special).toBe('hidden');
  });

  it('shows customers all of their own but what is internal, and nothing of another', () => {
    const own = fieldView(customer, { act: 'customer.read', relation: 'own', purpose: undefined });
    expect([own.identity, own.contact, own.financial, own.usage, own.special]).toEqual(Array(5).fill('shown'));
    expect([own.internal, own.freeText]).toEqual(['hidden', 'hidden']);
    const other = fieldView(customer, { act: 'customer.read', relation: 'other', purpose: undefined });
    expect(answerMarks.filter((mark) => mark !== 'plain').every((mark) => other[mark] === 'hidden')).toBe(true);
  });

  it('shows machines only what their scopes name, never what is special or internal', () => {
    const view = fieldView(machine('usage:read'), { act: 'usage.read', relation: 'other', purpose: undefined });
    expect([view.usage, view.identity, view.contact, view.financial]).toEqual(['shown', 'hidden', 'hidden', 'hidden']);
    const all = fieldView(machine('usage:read', 'customers:read'), {
      act: 'usage.read',
      relation: 'other',
      purpose: undefined,
    });
    expect([all.special, all.internal]).toEqual(['hidden', 'hidden']);
  });

  it('never shows less for one more role', () => {
    const role = fc.constantFrom(...StaffRoles.options);
    fc.assert(
      fc.property(fc.array(role, { minLength: 1, maxLength: 3 }), role, (roles, more) => {
        const about = { act: 'customer.read', relation: 'other', purpose: undefined } as const;
        const few = fieldView(staff(...roles), about);
        const many = fieldView(staff(...roles, more), about);
        for (const mark of answerMarks)
          expect(visibilities.indexOf(many[mark])).toBeLessThanOrEqual(visibilities.indexOf(few[mark]));
      }),
    );
  });
});

describe('the policy', () => {
  it('denies every act to somebody without a role or scope for it', () => {
    for (const act of acts) {
      expect(decide({ ...read, actor: staff(), act })).toEqual({ effect: 'deny' });
      expect(decide({ ...read, actor: machine('other:scope'), act })).toEqual({ effect: 'deny' });
    }
  });

  it('wants a purpose of those who may read for several, and takes only those of the role', () => {
    expect(decide({ ...read, actor: staff('supervisor') })).toMatchObject({ effect: 'purpose-required' });
    expect(decide({ ...read, actor: staff('agent') })).toMatchObject({ effect: 'allow', purpose: 'service' });
    expect(decide({ ...read, actor: staff('agent'), purpose: 'debt' })).toMatchObject({
      effect: 'purpose-not-allowed',
    });
    expect(decide({ ...read, actor: staff('agent', 'billing') })).toMatchObject({ effect: 'purpose-required' });
    expect(decide({ ...read, actor: staff('supervisor'), personal: false })).toMatchObject({ effect: 'allow' });
  });

  it('lets a purpose choose the role: what another role would show does not come along', () => {
    const both = staff('field', 'billing');
    const safety = decide({ ...read, actor: both, purpose: 'safety' });
    expect(safety).toMatchObject({ effect: 'allow', view: { financial: 'hidden', special: 'shown' } });
    expect(decide({ ...read, actor: both, purpose: 'debt' })).toMatchObject({
      view: { financial: 'shown', special: 'present' },
    });
  });

  it("hides what is not there from all, and what is another's from customers", () => {
    expect(decide({ ...read, actor: staff('agent'), relation: 'none' })).toEqual({ effect: 'hide' });
    expect(decide({ ...read, actor: customer, relation: 'other' })).toEqual({ effect: 'hide' });
    expect(decide({ ...read, actor: customer, relation: 'none' })).toEqual({ effect: 'hide' });
    expect(decide({ ...read, actor: machine('customers:read'), relation: 'none' })).toEqual({ effect: 'hide' });
  });

  it('gives a customer nothing of another, whatever the act and purpose', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...acts),
        fc.option(fc.constantFrom(...Purpose.options)),
        fc.boolean(),
        (act, purpose, personal) => {
          const decision = decide({
            actor: customer,
            act,
            relation: 'other',
            named: true,
            personal,
            purpose: purpose ?? undefined,
          });
          expect(decision.effect).not.toBe('allow');
        },
      ),
    );
  });

  it('gives a customer of what was their own what was used then, and the account and the money of their time', () => {
    const given = acts.filter(
      (act) =>
        decide({ actor: customer, act, relation: 'former', named: true, personal: true, purpose: undefined }).effect ===
        'allow',
    );
    expect(given.sort()).toEqual(['account.read', 'money.read', 'usage.download', 'usage.read']);
  });

  it('knows purposes of every role', () => {
    for (const role of StaffRoles.options) expect(purposesOfRole[role].length).toBeGreaterThan(0);
  });
});

describe('an answer', () => {
  const marks = {
    id: 'plain',
    name: 'name',
    'points[].kind': 'plain',
    'points[].value': { by: 'kind', cases: { phone: 'listed' }, otherwise: 'contact' },
    balance: 'financial',
    needs: 'special',
    data: 'shaped',
  } as const;
  const whole = {
    id: '1',
    name: 'Amara',
    points: [
      { kind: 'phone', value: '01632960123' },
      { kind: 'post', value: '12 Quay Street' },
    ],
    balance: { amountMinor: 5, currency: 'GBP' },
    needs: 'oxygen',
    data: { any: 1 },
    secret: 'unmarked',
  };

  it('leaves with what the view shows, masked where it says so, and names the paths', () => {
    const agent = fieldView(staff('agent'), { act: 'customer.read', relation: 'other', purpose: 'service' });
    expect(shape(whole, marks, agent)).toEqual({
      value: {
        id: '1',
        name: 'Amara',
        points: [
          { kind: 'phone', value: '•••0123' },
          { kind: 'post', value: '12 Quay Street' },
        ],
        balance: { amountMinor: 5, currency: 'GBP' },
        needs: '•••',
        data: { any: 1 },
      },
      masked: ['needs', 'points[].value'],
      shown: ['contact', 'financial', 'name', 'plain'],
    });
  });

  it('leaves out what is hidden and what nobody marked', () => {
    const field = fieldView(staff('field'), { act: 'customer.read', relation: 'other', purpose: 'service' });
    expect(shape(whole, marks, field)).toMatchObject({
      value: { id: '1', name: 'Amara', points: [{ kind: 'phone' }, { kind: 'post' }], data: { any: 1 } },
      masked: ['balance', 'needs', 'points[].value'],
    });
  });

  it('names what is hidden whether or not something stands there', () => {
    const field = fieldView(staff('field'), { act: 'customer.read', relation: 'other', purpose: 'service' });
    const named = (about: Readonly<Record<string, unknown>>) => shape({ id: '1', ...about }, marks, field).masked;
    for (const about of [{}, { balance: null, needs: [] }, { balance: 5, needs: 'oxygen' }])
      expect(named(about)).toEqual(['balance', 'needs']);
    const parts = { 'notes.text': 'plain', notes: 'contact' } as const;
    for (const about of [{}, { notes: null }, { notes: { text: 'x' } }])
      expect(shape(about, parts, field)).toMatchObject({ value: {}, masked: ['notes'] });
  });

  it('never holds a text of a hidden or masked field, whatever the shape of what came', () => {
    const nothing = viewOf([]);
    const canary = 'CANARY-7f3a-value';
    fc.assert(
      fc.property(
        fc.letrec<{ tree: unknown }>((tie) => ({
          tree: fc.oneof(
            { maxDepth: 4 },
            fc.constant(canary),
            fc.array(tie('tree'), { maxLength: 3 }),
            fc.dictionary(fc.constantFrom('id', 'name', 'points', 'value', 'kind', 'balance', 'x'), tie('tree'), {
              maxKeys: 4,
            }),
          ),
        })).tree,
        (tree) => {
          const { value } = shape(
            { name: tree, points: tree, balance: tree, needs: tree, x: tree },
            { ...marks, 'points[].kind': 'contact' },
            nothing,
          );
          expect(JSON.stringify(value)).not.toContain(canary);
        },
      ),
    );
  });

  it('masks by the last four characters of a long value alone', () => {
    expect([maskText('01632960123'), maskText('1234567'), maskText('é'.repeat(9))]).toEqual([
      '•••0123',
      '•••',
      '•••éééé',
    ]);
  });
});
