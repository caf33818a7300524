import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyFold, noParts } from '#shared/profile/rules/fold.ts';
import { identity } from '#shared/profile/rules/identity.ts';
import { roles } from '#shared/profile/rules/roles.ts';
import { packIdentity, readIdentity } from '#shared/profile/rules/view/identity-section.ts';
import { packBudgets } from '#shared/profile/rules/view/view-budgets.ts';
import { erased } from '#shared/vocabulary/fact.ts';
import { statesTold } from '#tests/profile/rules/told-facts.ts';

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
          packIdentity(new Map([...statesTold([identity, state]), ...(hasRole ? [held] : [])]), version, hashes, today),
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
    const view = (name: unknown) =>
      readIdentity(packIdentity(statesTold([identity, knownAs({ name })]), 1, hashes, today));
    expect(view(erased)).toMatchObject({ name: null, erased: true });
    expect(view(null)).toMatchObject({ name: null, erased: false });
  });

  it('keeps its budget with the longest name there may be', () => {
    const name = { title: '漢'.repeat(40), given: '漢'.repeat(200), family: '漢'.repeat(200) };
    const state = knownAs({ name, language: 'cym-GB' }, '2026-01-01');
    const months = Array.from({ length: 10 }, (_, n) => [`until 2027-${String(n + 1).padStart(2, '0')}`, 100_000]);
    const held = rolesComeTo({ open: 100_000, ...Object.fromEntries(months) }, '2026-02-01');
    const packed = packIdentity(new Map([...statesTold([identity, state]), held]), 1_000_000, hashes, today);
    expect(packed.length).toBeLessThanOrEqual(packBudgets.identity);
    expect(readIdentity(packed)).toMatchObject({ version: 1_000_000, since: '2026-01-01', hashes });
  });
});
