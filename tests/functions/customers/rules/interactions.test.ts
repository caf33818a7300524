import { describe, expect, it } from 'vitest';
import { interactions } from '#functions/customers/rules/interactions.ts';
import { erased } from '#shared/vocabulary/fact.ts';
import { amara, foldAll, minute, told } from '#tests/profile/rules/told-facts.ts';

const of = { subjects: [amara], system: 'crm' };

const logged = (n: number, more: Record<string, unknown> = {}) =>
  told(
    'contact.interaction.logged.v1',
    { customer: amara, channel: 'phone', reason: 'billing.high-bill', ...more },
    { ...of, at: minute(n), creates: 'interaction' },
  );

describe('contacts with a customer', () => {
  it('are the last 8 in full and all by channel, however many there were', () => {
    const many = Array.from({ length: 30 }, (_, n) => logged(n, { channel: n % 3 === 0 ? 'web' : 'phone' }));
    const { state } = foldAll(interactions, many);
    expect(state.recent.map((one) => one.at)).toEqual(Array.from({ length: 8 }, (_, n) => minute(22 + n)));
    expect(state.counts).toEqual({ phone: 20, web: 10 });
  });

  it('hand over to the next agent what the last one who had something to say said', () => {
    const { state } = foldAll(interactions, [logged(1, { handover: 'Wants a call back.' }), logged(2), logged(3)]);
    expect(state.handover).toEqual({ text: 'Wants a call back.', at: minute(1), by: 'machine:crm' });
    const later = foldAll(interactions, [logged(1, { handover: 'First.' }), logged(2, { handover: 'Second.' })]);
    expect(later.state.handover?.text).toBe('Second.');
  });

  it('count also where the words were erased', () => {
    const { state } = foldAll(interactions, [logged(1, { summary: erased, handover: erased })]);
    expect(state).toMatchObject({ counts: { phone: 1 }, recent: [{ summary: erased }], handover: { text: erased } });
  });
});
