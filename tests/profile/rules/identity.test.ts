import { describe, expect, it } from 'vitest';
import { identity, profileOn } from '#shared/profile/rules/identity.ts';
import { shownName } from '#shared/profile/rules/view/identity-section.ts';
import { erased } from '#shared/vocabulary/fact.ts';
import { amara, foldAll, type Told, told } from './told-facts.ts';

const day = '2026-06-01';
const of = { subjects: [amara], system: 'crm' };
const registered = (more: Record<string, unknown> = {}, options: Told = {}) =>
  told(
    'customer.profile.registered.v1',
    { kind: 'person', name: { title: 'Ms', given: 'Amara', family: 'Okafor' }, dateOfBirth: '1984-05-02', ...more },
    { ...of, creates: 'customer', ...options },
  );
const corrected = (more: Record<string, unknown>) =>
  told('customer.profile.corrected.v1', { customer: amara, ...more }, of);
const crm = (n: number) => ({ namespace: 'crm', value: `C-${n}` });

describe('who a customer is', () => {
  it('is what was registered, since the day of the fact where no other was told', () => {
    const { state, groundless } = foldAll(identity, [
      registered({ language: 'cy' }, { at: '2025-03-04T23:30:00.000Z' }),
    ]);
    expect(state.registered).toBe(true);
    expect(profileOn(state, day)).toMatchObject({ kind: 'person', language: 'cy', since: '2025-03-04' });
    expect(shownName(profileOn(state, day))).toBe('Ms Amara Okafor');
    expect(groundless.count).toBe(0);
    expect(foldAll(identity, [registered({ since: '2011-01-31' })]).state.since).toBe('2011-01-31');
  });

  it('keeps what a correction does not name', () => {
    const { state } = foldAll(identity, [
      registered({ language: 'en' }),
      corrected({ name: { given: 'Amara', family: 'Lind' } }),
      corrected({ kind: 'organisation', name: { organisation: 'Lind & Co' } }),
    ]);
    const profile = profileOn(state, day);
    expect(profile).toMatchObject({ kind: 'organisation', dateOfBirth: '1984-05-02', language: 'en' });
    expect(shownName(profile)).toBe('Lind & Co');
  });

  it('is not touched by a correction that came before they were registered', () => {
    const { state, groundless } = foldAll(identity, [corrected({ language: 'fr' }), registered()]);
    expect([profileOn(state, day).language, groundless.count]).toEqual([null, 1]);
  });

  it('has each outside reference once, with the record it names, and at most 40', () => {
    const ten = (from: number) => Array.from({ length: 10 }, (_, n) => crm(from + n));
    const first = registered({ references: ten(0) });
    const { state } = foldAll(identity, [
      first,
      ...[5, 15, 25, 35].map((from) => corrected({ references: ten(from) })),
    ]);
    expect(state.references).toEqual(
      Array.from({ length: 40 }, (_, n) => ({ ...crm(n), of: n < 10 ? first.entity : amara })),
    );
  });

  it('stays told as erased where the words are gone, and takes a new name that comes later', () => {
    const gone = registered({ name: erased, dateOfBirth: erased });
    const profile = profileOn(foldAll(identity, [gone]).state, day);
    expect([profile.name, profile.dateOfBirth, shownName(profile)]).toEqual([erased, erased, null]);
    const { state } = foldAll(identity, [gone, corrected({ name: { family: 'Lind' } })]);
    expect(shownName(profileOn(state, day))).toBe('Lind');
  });
});
