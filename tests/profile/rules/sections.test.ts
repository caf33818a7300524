import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contact } from '#functions/customers/rules/contact-points.ts';
import { packContact, readContact, shownPoints } from '#functions/customers/rules/contact-section.ts';
import { packInteractions, readInteractions } from '#functions/customers/rules/interaction-section.ts';
import { interactions } from '#functions/customers/rules/interactions.ts';
import { emptyFold, type Family, noParts } from '#shared/profile/rules/fold.ts';
import { identity } from '#shared/profile/rules/identity.ts';
import { roles } from '#shared/profile/rules/roles.ts';
import type { States } from '#shared/profile/rules/states.ts';
import { packFreshness, readFreshness } from '#shared/profile/rules/view/freshness.ts';
import { packIdentity, readIdentity } from '#shared/profile/rules/view/identity-section.ts';
import { packBudgets } from '#shared/profile/rules/view/view-budgets.ts';
import { erased } from '#shared/vocabulary/fact.ts';
import { Channel, ContactKind, Writer } from '#shared/vocabulary/statuses.ts';
import { idOf, minute } from './told-facts.ts';

/** States of a customer of which some families are told; the others are empty. */
const states = (...told: readonly (readonly [Family<unknown>, unknown, Record<string, string>?])[]): States =>
  new Map(
    told.map(([family, state, sources = {}]) => [family.name, { ...emptyFold(family), sources, state }] as const),
  );

/** Roles of a customer by what all parts of them come to. */
const rolesComeTo = (counts: Readonly<Record<string, number>>, first: string) =>
  [roles.name, { ...emptyFold(roles), ofParts: { ...noParts, counts, first } }] as const;

const today = '2026-06-01';

/** A state in which one source said these values. */
const knownAs = (values: Readonly<Record<string, unknown>>, since: string | null = null) => ({
  ...identity.empty(),
  registered: true,
  since,
  records: {
    crm: Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, { value, at: '2020-01-01T00:00:00.000Z', fact: 'fct' }]),
    ),
  },
});

const shortText = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
const longText = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300, size: 'max' });

describe('the section of who a customer is', () => {
  const hashes = [1, 3, 4].map((place) => ({ place, hash: new Uint8Array(8).fill(place * 60) }));

  it('says what the state says', () => {
    const name = fc.oneof(
      fc.record({ given: shortText, family: shortText }),
      fc.record({ title: shortText, family: shortText }),
      fc.record({ organisation: shortText }),
    );
    fc.assert(
      fc.property(name, fc.boolean(), fc.nat({ max: 100_000 }), (named, hasRole, version) => {
        const state = knownAs({ name: named, language: 'cy-GB', kind: 'organisation' }, '1961-02-03');
        const held = rolesComeTo({ open: 1, 'until 2026-05': 2, 'until 2026-08': 3 }, '2026-02-01');
        const view = readIdentity(
          packIdentity(new Map([...states([identity, state]), ...(hasRole ? [held] : [])]), version, hashes, today),
        );
        const words = 'organisation' in named ? [named.organisation] : Object.values(named);
        expect(view).toEqual({
          kind: 'organisation',
          name: words.join(' '),
          erased: false,
          language: 'cy-GB',
          since: '1961-02-03',
          version,
          firstRole: hasRole ? '2026-02-01' : null,
          accounts: {
            open: hasRole ? 1 : 0,
            ending: hasRole
              ? [
                  ['2026-05', 2],
                  ['2026-08', 3],
                ]
              : [],
          },
          holdsUntil: null,
          hashes,
        });
      }),
    );
  });

  it('counts accounts of early months with the first it has room for, so that none is over before its time, on whatever day it is written', () => {
    const months = Array.from({ length: 10 }, (_, n) => `until 2027-${String(n + 1).padStart(2, '0')}`);
    const held = rolesComeTo(Object.fromEntries(months.map((month) => [month, 10])), '2026-02-01');
    const { accounts } = readIdentity(packIdentity(new Map([held]), 1, hashes, today));
    expect(accounts.ending.map(([month, count]) => `${month} ${count}`)).toEqual([
      '2027-05 50',
      '2027-06 10',
      '2027-07 10',
      '2027-08 10',
      '2027-09 10',
      '2027-10 10',
    ]);
  });

  it('tells apart a name that was erased from one that was never known', () => {
    const view = (name: unknown) => readIdentity(packIdentity(states([identity, knownAs({ name })]), 1, hashes, today));
    expect(view(erased)).toMatchObject({ name: null, erased: true });
    expect(view(null)).toMatchObject({ name: null, erased: false });
  });

  it('keeps its budget with the longest name there may be', () => {
    const name = { title: '漢'.repeat(40), given: '漢'.repeat(200), family: '漢'.repeat(200) };
    const state = knownAs({ name, language: 'cym-GB' }, '2026-01-01');
    const months = Array.from({ length: 10 }, (_, n) => [`until 2027-${String(n + 1).padStart(2, '0')}`, 100_000]);
    const held = rolesComeTo({ open: 100_000, ...Object.fromEntries(months) }, '2026-02-01');
    const packed = packIdentity(new Map([...states([identity, state]), held]), 1_000_000, hashes, today);
    expect(packed.length).toBeLessThanOrEqual(packBudgets.identity);
    expect(readIdentity(packed)).toMatchObject({ version: 1_000_000, since: '2026-01-01', hashes });
  });
});

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
    const { points: shown } = readContact(packContact(states([contact, { points }])));
    expect(shown.map(({ value }) => value)).toEqual(['+44 1632 960123', 'Ana@Example.com']);
  });

  const rank = (point: { readonly preferred: boolean; readonly verified: boolean }) =>
    point.preferred ? 0 : point.verified ? 1 : 2;

  it('says what the state says, the preferred points first, then those that are verified', () => {
    fc.assert(
      fc.property(fc.array(pointOf(shortText), { maxLength: 4 }), (points) => {
        const view = readContact(packContact(states([contact, { points }])));
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
        const packed = packContact(states([contact, { points }]));
        expect(packed.length).toBeLessThanOrEqual(packBudgets.contact);
        const view = readContact(packed);
        expect(view.points.length + view.more).toBe(shownPoints(points).length);
        if (points.length > 0) expect(view.points.length).toBeGreaterThan(0);
      }),
      { numRuns: 50 },
    );
  });
});

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
        const view = readInteractions(packInteractions(states([interactions, state])));
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
        const packed = packInteractions(states([interactions, { ...told, counts }]));
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
      packInteractions(states([interactions, { recent, counts: { phone: 5 }, handover: null }])),
    );
    expect([view.recent.length, view.recent[0]?.summary?.endsWith('…')]).toEqual([5, true]);
  });

  it('shows no handover whose words were erased', () => {
    const handover = { text: erased, at: minute(1), by: 'staff:ida' };
    const state = { ...interactions.empty(), handover };
    expect(readInteractions(packInteractions(states([interactions, state]))).handover).toBeNull();
  });
});

describe('the section of how fresh the view is', () => {
  it('tells the latest of each source over all families, newest first', () => {
    const packed = packFreshness(
      states(
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
    const packed = packFreshness(states([identity, identity.empty(), sources]));
    expect(packed.length).toBeLessThanOrEqual(packBudgets.freshness);
    const view = readFreshness(packed);
    expect(view.length).toBeGreaterThan(0);
    expect(view.map((one) => one.lastFactAt)).toEqual(view.map((_, n) => minute(11 - n)));
  });
});
