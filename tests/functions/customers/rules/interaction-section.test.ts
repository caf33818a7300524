import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packInteractions, readInteractions } from '#functions/customers/rules/interaction-section.ts';
import { interactions } from '#functions/customers/rules/interactions.ts';
import { packBudgets } from '#shared/profile/rules/view/view-budgets.ts';
import { erased } from '#shared/vocabulary/fact.ts';
import { Channel, Writer } from '#shared/vocabulary/statuses.ts';
import { idOf, minute, statesTold } from '#tests/profile/rules/told-facts.ts';

const shortText = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
const longText = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300, size: 'max' });

const interactionOf = (text: fc.Arbitrary<string>) =>
  fc.record({
    id: fc.nat().map((n) => idOf('interaction', n)),
    at: fc.nat({ max: 5000 }).map(minute),
    channel: fc.constantFrom(...Channel.options),
    direction: fc.constantFrom('inbound', 'outbound'),
    reason: fc.constantFrom('billing.high-bill', 'other', `${'a'.repeat(40)}.${'b'.repeat(40)}`),
    summary: fc.option(fc.oneof(text, fc.constant(erased))),
    outcome: fc.constantFrom(null, 'resolved', 'follow-up', 'transferred', 'abandoned', 'no-answer', 'delivered'),
    writtenBy: fc.constantFrom(...Writer.options),
  });
const heldInteractions = (text: fc.Arbitrary<string>) =>
  fc.record({
    recent: fc.array(interactionOf(text), { maxLength: 8 }),
    handover: fc.option(fc.record({ text, at: fc.constant(minute(1)), by: fc.constant('staff:ida') })),
  });
const withCounts = <State extends { readonly recent: readonly { readonly channel: string }[] }>(state: State) => {
  const counts: Record<string, number> = {};
  for (const { channel } of state.recent) counts[channel] = (counts[channel] ?? 0) + 1;
  return { ...state, counts };
};

describe('the section of contacts with a customer', () => {
  it('says what the state says of the newest, and how many are not shown', () => {
    fc.assert(
      fc.property(heldInteractions(shortText), (told) => {
        const state = withCounts(told);
        const view = readInteractions(packInteractions(statesTold([interactions, state])));
        const newest = state.recent
          .toReversed()
          .map((one) => ({ ...one, summary: typeof one.summary === 'string' ? one.summary : null }));
        expect(view.recent).toEqual(newest.slice(0, view.recent.length));
        expect(view.recent.length + view.more).toBe(state.recent.length);
        expect(view.counts).toEqual(state.counts);
        expect(view.handover).toEqual(state.handover);
      }),
    );
  });

  it('keeps its budget with the longest words, and cuts them before it leaves out contacts', () => {
    fc.assert(
      fc.property(heldInteractions(longText), (told) => {
        const counts = Object.fromEntries(Channel.options.map((channel) => [channel, 1_000_000]));
        const packed = packInteractions(statesTold([interactions, { ...told, counts }]));
        expect(packed.length).toBeLessThanOrEqual(packBudgets.interactions);
        expect(readInteractions(packed).counts).toEqual(counts);
      }),
      { numRuns: 50 },
    );
    const recent = Array.from({ length: 5 }, (_, n) => ({
      id: idOf('interaction', n),
      at: minute(n),
      channel: 'phone',
      direction: 'inbound',
      reason: 'other',
      summary: '漢'.repeat(66),
      outcome: null,
      writtenBy: 'staff',
    }));
    const view = readInteractions(
      packInteractions(statesTold([interactions, { recent, counts: { phone: 5 }, handover: null }])),
    );
    expect([view.recent.length, view.recent[0]?.summary?.endsWith('…')]).toEqual([5, true]);
  });

  it('shows no handover whose words were erased', () => {
    const handover = { text: erased, at: minute(1), by: 'staff:ida' };
    const state = { ...interactions.empty(), handover };
    expect(readInteractions(packInteractions(statesTold([interactions, state]))).handover).toBeNull();
  });
});
