import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explainAttribute } from '#functions/explain/rules/explain-customer.ts';
import { identity, namesOf, profileHoldsUntil, profileOn } from '#shared/profile/rules/identity.ts';
import { type Candidate, choose, nextChange, type Pin } from '#shared/profile/rules/survivorship.ts';
import type { AttributePolicy } from '#shared/profile/rules/survivorship-policy.ts';
import { amara, foldAll, inOrder, told } from './told-facts.ts';

const policy: AttributePolicy = {
  strategy: 'best-one',
  verifiedFirst: true,
  ranks: [['billing'], ['crm', 'field'], ['portal']],
  maxAgeDays: 365,
};
const said = (value: string, source: string, more: Partial<Candidate<string>> = {}): Candidate<string> => ({
  value,
  source,
  at: '2026-01-01T00:00:00.000Z',
  fact: `fct_${source}_${value}`,
  verified: false,
  verdict: 'accepted',
  ...more,
});
const today = '2026-06-01';
const winnerOf = (candidates: readonly Candidate<string>[], pin?: Pin<string>, with_ = policy, on = today) =>
  choose(candidates, pin, with_, on).winner?.value;

describe('the value that stands', () => {
  it('is that of the better source, though another spoke later', () => {
    expect(winnerOf([said('Okafor', 'billing'), said('Lind', 'crm', { at: '2026-05-01T00:00:00.000Z' })])).toBe(
      'Okafor',
    );
  });

  it('is the later of two equals, and of two sources that are named nowhere', () => {
    const later = { at: '2026-05-01T00:00:00.000Z' };
    expect(winnerOf([said('Lind', 'field', later), said('Okafor', 'crm')])).toBe('Lind');
    expect(winnerOf([said('Okafor', 'a'), said('Lind', 'b', later)])).toBe('Lind');
  });

  it('is one that was proved before one that was not, where the policy says so', () => {
    const proved = [said('Okafor', 'billing'), said('Lind', 'portal', { verified: true })];
    expect(winnerOf(proved)).toBe('Lind');
    expect(winnerOf(proved, undefined, { ...policy, verifiedFirst: false })).toBe('Okafor');
  });

  it('keeps the rank of its source for so many local days, not days in Greenwich', () => {
    const aged = said('Okafor', 'billing', { at: '2025-06-01T20:00:00.000Z' });
    const newer = said('Lind', 'crm', { at: '2025-07-01T00:00:00.000Z' });
    const inAuckland = { ...aged, day: '2025-06-02' };
    expect(winnerOf([aged, newer], undefined, policy, '2026-06-01')).toBe('Lind');
    expect(winnerOf([inAuckland, newer], undefined, policy, '2026-06-01')).toBe('Okafor');
    expect(winnerOf([inAuckland, newer], undefined, policy, '2026-06-02')).toBe('Lind');
    expect(nextChange([inAuckland, newer], undefined, policy, '2026-06-01')).toBe('2026-06-02');
  });

  it('is one with a warning only where there is no other', () => {
    const odd = said('Lind 3', 'billing', { verdict: 'warned' });
    expect(winnerOf([odd, said('Okafor', 'portal')])).toBe('Okafor');
    expect(winnerOf([odd])).toBe('Lind 3');
  });

  it('loses the rank of its source with age', () => {
    const old = said('Okafor', 'billing', { at: '2025-03-01T00:00:00.000Z' });
    const heard = [old, said('Lind', 'portal')];
    expect([
      winnerOf(heard, undefined, policy, '2026-02-28'),
      winnerOf(heard, undefined, policy, '2026-03-01'),
    ]).toEqual(['Okafor', 'Lind']);
    expect(nextChange(heard, undefined, policy, '2026-02-01')).toBe('2026-03-01');
  });

  it('is what people hold fast until the day the pin ends', () => {
    const pin = { value: 'Okafor-Lind', at: '2026-05-01T00:00:00.000Z', fact: 'fct_pin', until: '2026-07-01' };
    const heard = [said('Okafor', 'billing')];
    expect([winnerOf(heard, pin), winnerOf(heard, pin, policy, '2026-07-01')]).toEqual(['Okafor-Lind', 'Okafor']);
    expect(choose(heard, pin, policy, today).losing).toEqual([{ candidate: heard[0], reason: 'pinned' }]);
    expect(nextChange(heard, pin, policy, today)).toBe('2026-07-01');
  });

  it('is what most sources say, or the earliest, where the policy wants that', () => {
    const heard = [said('b', 'billing'), said('a', 'crm'), said('a', 'portal')];
    expect(winnerOf(heard, undefined, { ...policy, strategy: 'most-frequent' })).toBe('a');
    expect(winnerOf(heard, undefined, { ...policy, strategy: 'earliest' })).toBe('a');
  });

  it('tells why each other lost', () => {
    const heard = [said('best', 'billing'), said('low', 'portal'), said('odd', 'field', { verdict: 'warned' })];
    expect(choose(heard, undefined, policy, today).losing.map(({ reason }) => reason)).toEqual([
      'lower-rank',
      'warned',
    ]);
  });
});

const anyCandidate = fc.record({
  value: fc.constantFrom('a', 'b', 'c', 'd'),
  source: fc.constantFrom('billing', 'crm', 'field', 'portal', 'other'),
  at: fc.integer({ min: 0, max: 900 }).map((days) => new Date(Date.UTC(2024, 0, 1 + days)).toISOString()),
  fact: fc.string({ minLength: 4, maxLength: 8 }),
  verified: fc.boolean(),
  verdict: fc.constantFrom('accepted', 'warned' as const),
});
const anyPolicy = fc.record({
  strategy: fc.constantFrom('best-one', 'most-frequent', 'earliest' as const),
  verifiedFirst: fc.boolean(),
  ranks: fc.constant(policy.ranks),
  maxAgeDays: fc.constantFrom(null, 30, 400),
});
const anyDay = fc
  .integer({ min: 0, max: 1200 })
  .map((days) => new Date(Date.UTC(2024, 0, 1 + days)).toISOString().slice(0, 10));

describe('choosing', () => {
  it('does not depend on the order in which the sources are heard', () => {
    fc.assert(
      fc.property(
        fc
          .uniqueArray(anyCandidate, { selector: ({ fact }) => fact, maxLength: 8 })
          .chain((heard) =>
            fc.tuple(
              fc.constant(heard),
              fc.shuffledSubarray(heard, { minLength: heard.length, maxLength: heard.length }),
            ),
          ),
        anyPolicy,
        anyDay,
        ([heard, shuffled], by, on) => {
          expect(choose(shuffled, undefined, by, on).winner).toEqual(choose(heard, undefined, by, on).winner);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('stays the same until the day it names', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(anyCandidate, { selector: ({ fact }) => fact, minLength: 1, maxLength: 6 }),
        anyPolicy,
        anyDay,
        fc.integer({ min: 1, max: 800 }),
        (heard, by, on, later) => {
          const then = new Date(Date.parse(on) + later * 86_400_000).toISOString().slice(0, 10);
          const changes = nextChange(heard, undefined, by, on);
          if (changes !== undefined && then >= changes) return;
          expect(choose(heard, undefined, by, then).winner?.value).toEqual(
            choose(heard, undefined, by, on).winner?.value,
          );
        },
      ),
      { numRuns: 500 },
    );
  });
});

const of = { subjects: [amara], creates: 'customer' } as const;
const registered = (system: string, family: string, at: string) =>
  told('customer.profile.registered.v1', { kind: 'person', name: { family } }, { ...of, system, at });

describe('a profile of several sources', () => {
  it('shows the name of billing before that of the customer file, and finds by both', () => {
    const { state } = foldAll(identity, [
      registered('billing', 'Okafor', '2026-01-01T00:00:00.000Z'),
      registered('crm', 'Lind', '2026-02-01T00:00:00.000Z'),
    ]);
    expect(profileOn(state, today).name).toEqual({ family: 'Okafor' });
    expect(namesOf(state)).toEqual([{ family: 'Okafor' }, { family: 'Lind' }]);
    expect(profileHoldsUntil(state, today)).toBe('2028-01-01');
  });

  it('keeps a value that a later fact of the source leaves out, and empties one that it clears', () => {
    const told_ = [
      told(
        'customer.profile.registered.v1',
        { kind: 'person', name: { family: 'Okafor' }, language: 'cy' },
        { ...of, system: 'crm', at: '2026-01-01T00:00:00.000Z' },
      ),
      told('customer.profile.corrected.v1', { dateOfBirth: '1984-05-02' }, { ...of, system: 'crm' }),
    ];
    expect(profileOn(foldAll(identity, told_).state, today)).toMatchObject({
      language: 'cy',
      dateOfBirth: '1984-05-02',
    });
    const cleared = told('customer.profile.corrected.v1', { clear: ['language'] }, { ...of, system: 'crm' });
    expect(profileOn(foldAll(identity, [...told_, cleared]).state, today).language).toBeNull();
  });

  it('is held fast by a pin, and let go by the next', () => {
    const pin = (family: string, until?: string) =>
      told('customer.attribute.pinned.v1', { name: { family }, reason: 'Seen.', ...(until ? { until } : {}) }, of);
    const start = registered('billing', 'Okafor', '2026-01-01T00:00:00.000Z');
    const { state } = foldAll(identity, [start, pin('Lind'), pin('Okafor-Lind', '2026-07-01')]);
    expect(profileOn(state, today).name).toEqual({ family: 'Okafor-Lind' });
    expect(profileOn(state, '2026-07-01').name).toEqual({ family: 'Okafor' });
  });
});

const judged = (fact: ReturnType<typeof told>, field: string, verdict: 'warned' | 'rejected') => ({
  ...fact,
  verdicts: { [field]: { verdict, codes: [] } },
});

describe('a word that the validators rejected', () => {
  const start = told(
    'customer.profile.registered.v1',
    { kind: 'person', name: { family: 'Okafor' }, dateOfBirth: '1984-05-02' },
    { ...of, system: 'billing', at: '2026-01-01T00:00:00.000Z' },
  );
  const born = (dateOfBirth: string, at: string, system = 'billing') =>
    told('customer.profile.corrected.v1', { dateOfBirth }, { ...of, system, at });

  it('leaves the last good word of its own source in play', () => {
    const wrong = judged(born('1884-05-02', '2026-02-01T00:00:00.000Z'), 'dateOfBirth', 'rejected');
    const { state, groundless } = foldAll(identity, [start, wrong]);
    expect([profileOn(state, today).dateOfBirth, groundless.count]).toEqual(['1984-05-02', 0]);
    const { value, losing } = explainAttribute(inOrder([start, wrong]), 'dateOfBirth', today);
    expect([value, losing.map(({ fact, reason, value: word }) => [fact.id, reason, word])]).toEqual([
      '1984-05-02',
      [[wrong.id, 'rejected', '1884-05-02']],
    ]);
  });

  it('is still told as rejected when its source has corrected itself since', () => {
    const wrong = judged(born('1884-05-02', '2026-02-01T00:00:00.000Z'), 'dateOfBirth', 'rejected');
    const right = born('1985-05-02', '2026-03-01T00:00:00.000Z');
    const { value, losing } = explainAttribute(inOrder([start, wrong, right]), 'dateOfBirth', today);
    expect([value, losing.map(({ fact, reason }) => [fact.id, reason])]).toEqual([
      '1985-05-02',
      [
        [wrong.id, 'rejected'],
        [start.id, 'superseded'],
      ],
    ]);
  });

  it('crowds out no source, however many there are', () => {
    const nine = Array.from({ length: 9 }, (_, n) =>
      judged(born('1884-05-02', `2026-02-0${n + 1}T00:00:00.000Z`, `system-${n}`), 'dateOfBirth', 'rejected'),
    );
    expect(profileOn(foldAll(identity, [start, ...nine]).state, today).dateOfBirth).toBe('1984-05-02');
  });

  const anyWord = fc.record({
    system: fc.constantFrom('billing', 'crm', 'portal', 'a', 'b', 'c', 'd', 'e', 'f', 'g'),
    day: fc.integer({ min: 1, max: 28 }),
    year: fc.integer({ min: 1950, max: 1990 }),
    verified: fc.boolean(),
    clear: fc.boolean(),
    verdict: fc.constantFrom(undefined, 'warned' as const),
  });

  it('never changes what stands on any day, whoever says it and whenever', () => {
    fc.assert(
      fc.property(
        fc.array(anyWord, { maxLength: 12 }),
        fc.array(anyWord, { minLength: 1, maxLength: 6 }),
        anyDay,
        (good, bad, on) => {
          const say = ({ system, day, year, verified, clear, verdict }: (typeof good)[number], n: number) => {
            const data = clear
              ? { clear: ['dateOfBirth'] }
              : { dateOfBirth: `${year}-01-01`, ...(verified ? { verified: ['dateOfBirth'] } : {}) };
            const at = `2026-01-${String(day).padStart(2, '0')}T00:00:00.000Z`;
            const event = `word-${n}`;
            const fact = told('customer.profile.corrected.v1', data, { ...of, system, at, event });
            return verdict === undefined ? fact : judged(fact, 'dateOfBirth', verdict);
          };
          const sound = good.map(say);
          const rejected = bad.map((word, n) =>
            judged(say({ ...word, clear: false }, 100 + n), 'dateOfBirth', 'rejected'),
          );
          const stands = (facts: readonly ReturnType<typeof told>[]) =>
            profileOn(foldAll(identity, [start, ...inOrder(facts).map(({ fact }) => fact)]).state, on);
          expect(stands([...sound, ...rejected])).toEqual(stands(sound));
        },
      ),
      { numRuns: 500 },
    );
  });
});
