import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conditionsOf } from '#functions/validation/rules/place-conditions.ts';
import type { Fact } from '#shared/contracts/facts/fact.ts';
import { claimedService, effectiveAgreements, supply } from '#shared/profile/rules/agreements.ts';
import { type Claim, effectivePeriods, type Settled } from '#shared/profile/rules/effective-periods.ts';
import { covers } from '#shared/profile/rules/periods.ts';
import type { ServicePoint } from '#shared/profile/rules/premise.ts';
import { knownGroundless } from '#shared/profile/rules/states.ts';
import { startOfDate } from '#shared/vocabulary/time.ts';
import { agreementsTold, foldAll, house, idOf, supplyPoint, told } from './told-facts.ts';

const [ana, ben] = [idOf('account', 'ana'), idOf('account', 'ben')];
const agreed = (
  account: string,
  from: string,
  more: { readonly to?: string; readonly system?: string; readonly tariff?: string; readonly feedIn?: true } = {},
) => {
  const { to, system = 'billing', tariff = 'STANDARD', feedIn } = more;
  const data = { account, servicePoint: supplyPoint, tariff, from };
  return told(
    'account.agreement.started.v1',
    { ...data, ...(to === undefined ? {} : { to }), ...(feedIn === undefined ? {} : { feedIn }) },
    { subjects: [account, house], creates: 'agreement', system },
  );
};
const supplyOf = (facts: readonly Fact[]) => agreementsTold(supply, facts);
const held = (...facts: readonly Fact[]) =>
  effectiveAgreements(supplyOf(facts)).agreements.map(({ account, from, to }) => [account, from, to]);
const disputed = (...facts: readonly Fact[]) =>
  effectiveAgreements(supplyOf(facts)).disputed.map(({ from, to, claims }) => [
    from,
    to,
    claims.map(({ account, source }) => [account, source]),
  ]);

describe('two agreements at one point', () => {
  it('of one source follow one another: the first ends as the next begins, whichever is told first', () => {
    const facts = [agreed(ana, '2025-01-01'), agreed(ben, '2025-06-01')];
    for (const order of [facts, facts.toReversed()])
      expect(held(...order).toSorted()).toEqual(
        [
          [ana, '2025-01-01', '2025-06-01'],
          [ben, '2025-06-01', null],
        ].toSorted(),
      );
  });

  it('of one source that begin at once are that which was told last', () => {
    expect(held(agreed(ana, '2025-01-01'), agreed(ben, '2025-01-01'))).toEqual([[ben, '2025-01-01', null]]);
  });

  it('of one account follow one another, whoever tells them', () => {
    expect(held(agreed(ana, '2025-01-01'), agreed(ana, '2025-06-01', { system: 'crm' }))).toEqual([
      [ana, '2025-01-01', '2025-06-01'],
      [ana, '2025-06-01', null],
    ]);
  });

  it('of one account, told by two sources from one day, end by the word of one that others follow for that source alone', () => {
    const [ours, theirs] = [agreed(ana, '2025-01-01'), agreed(ana, '2025-01-01', { system: 'crm' })];
    const next = agreed(ben, '2025-06-01');
    for (const order of [
      [ours, theirs, next],
      [theirs, ours, next],
    ]) {
      expect(held(...order)).toEqual([[ana, '2025-01-01', '2025-06-01']]);
      expect(disputed(...order).map(([from, to]) => [from, to])).toEqual([['2025-06-01', null]]);
    }
  });

  it('of two sources and accounts are in dispute while both hold: neither has the point then', () => {
    const facts = [agreed(ana, '2025-01-01'), agreed(ben, '2025-06-01', { system: 'crm', to: '2025-08-01' })];
    expect(held(...facts)).toEqual([
      [ana, '2025-01-01', '2025-06-01'],
      [ana, '2025-08-01', null],
    ]);
    expect(disputed(...facts)).toEqual([
      [
        '2025-06-01',
        '2025-08-01',
        [
          [ana, 'billing'],
          [ben, 'crm'],
        ],
      ],
    ]);
  });

  it('are one where feeding in is part of it: what is drawn and what is fed in is not agreed by two', () => {
    expect(held(agreed(ana, '2025-01-01', { feedIn: true }))).toEqual([[ana, '2025-01-01', null]]);
    expect(disputed(agreed(ana, '2025-01-01', { feedIn: true }))).toEqual([]);
  });
});

it('a point in dispute is not vacant, and what it feeds in is agreed where one of them says so', () => {
  const point: ServicePoint = {
    id: supplyPoint,
    commodity: 'electricity',
    zone: 'Europe/London',
    connection: 'connected',
    references: [],
  };
  const list = supplyOf([
    agreed(ana, '2025-01-01', { to: '2025-08-01' }),
    agreed(ben, '2025-06-01', { system: 'crm', to: '2025-09-01', feedIn: true }),
  ]);
  const at = (date: string) => startOfDate(point.zone, date);
  expect(conditionsOf(point, claimedService(list))).toMatchObject({
    zeroExpected: [{ from: at('2025-09-01'), to: Number.POSITIVE_INFINITY }],
    exportAgreed: [
      { from: 0, to: at('2025-01-01') },
      { from: at('2025-06-01'), to: at('2025-09-01') },
    ],
  });
});

describe('a dispute that people settled', () => {
  const contested = [agreed(ana, '2025-01-01'), agreed(ben, '2025-06-01', { system: 'crm' })];
  const settled = (account: string, from: string, to?: string) =>
    told(
      'account.dispute.settled.v1',
      {
        account,
        servicePoint: supplyPoint,
        from,
        ...(to === undefined ? {} : { to }),
        reason: 'The contract says so.',
      },
      { subjects: [house], system: 'rotunda' },
    );

  it('gives the point to that account on those days alone, told before the claims or after them', () => {
    const decision = settled(ben, '2025-07-01', '2025-09-01');
    for (const order of [
      [...contested, decision],
      [decision, ...contested],
      [contested[0] as Fact, decision, contested[1] as Fact],
    ]) {
      expect(held(...order).toSorted()).toEqual(
        [
          [ana, '2025-01-01', '2025-06-01'],
          [ben, '2025-07-01', '2025-09-01'],
        ].toSorted(),
      );
      expect(disputed(...order).map(([from, to]) => [from, to])).toEqual([
        ['2025-06-01', '2025-07-01'],
        ['2025-09-01', null],
      ]);
    }
  });

  it('stands also against a third source that claims the point later', () => {
    const third = agreed(idOf('account', 'carl'), '2025-06-15', { system: 'field' });
    expect(held(...contested, settled(ana, '2025-06-01'), third)).toEqual([[ana, '2025-01-01', null]]);
  });

  it('has no effect on days that its account is not said to have the point: nothing is made up', () => {
    expect(held(agreed(ben, '2025-06-01', { system: 'crm' }), settled(ana, '2025-06-01'))).toEqual([
      [ben, '2025-06-01', null],
    ]);
  });

  it('is what was decided last, and what was decided before where that says nothing', () => {
    const all = [...contested, settled(ana, '2025-06-01'), settled(ben, '2025-08-01', '2025-10-01')];
    expect(held(...all).toSorted()).toEqual(
      [
        [ana, '2025-01-01', '2025-08-01'],
        [ben, '2025-08-01', '2025-10-01'],
        [ana, '2025-10-01', null],
      ].toSorted(),
    );
  });

  it('finds no room beyond forty decisions that all say something, and says so', () => {
    const decisions = Array.from({ length: 41 }, (_, n) => {
      const day = (month: number) => `20${30 + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}-01`;
      return settled(ana, day(n), day(n + 1));
    });
    expect(supplyOf(decisions).settled).toHaveLength(40);
    expect(knownGroundless(foldAll<unknown>(supply, decisions))).toEqual([decisions[40]?.id]);
    // One that covers them all takes their place.
    expect(supplyOf([...decisions, settled(ben, '2030-01-01')]).settled).toHaveLength(1);
  });
});

const days = Array.from({ length: 12 }, (_, n) => `2025-${String(n + 1).padStart(2, '0')}-01`);
const claims: fc.Arbitrary<readonly Claim[]> = fc.array(
  fc
    .record({
      holder: fc.constantFrom('ana', 'ben', 'carl'),
      source: fc.constantFrom('billing', 'crm'),
      from: fc.constantFrom(...days),
      length: fc.option(fc.integer({ min: 0, max: 6 })),
    })
    .map(({ length, from, ...one }) => {
      const to = length === null ? null : (days[days.indexOf(from) + length] ?? null);
      return { ...one, from, to };
    }),
  { maxLength: 7 },
);

const decisions: fc.Arbitrary<readonly Settled[]> = fc.array(
  fc
    .record({
      holder: fc.constantFrom('ana', 'ben', 'carl'),
      from: fc.constantFrom(...days),
      length: fc.option(fc.integer({ min: 1, max: 6 })),
    })
    .map(({ length, from, holder }) => ({
      thing: '',
      holder,
      from,
      to: length === null ? null : (days[days.indexOf(from) + length] ?? null),
    })),
  { maxLength: 4 },
);

/** Who has the thing on a day as each source has it: its claim that began last, and of those the last told. */
const wordsOn = (told: readonly Claim[], day: string) => {
  const lasting = told.filter(({ from, to }) => to === null || from < to);
  return new Map(
    ['billing', 'crm'].flatMap((source) => {
      const begun = lasting.filter((one) => one.source === source && one.from <= day);
      const latest = begun.reduce<Claim | undefined>(
        (kept, one) => (kept && kept.from > one.from ? kept : one),
        undefined,
      );
      return latest !== undefined && covers(latest, day) ? [[source, latest] as const] : [];
    }),
  );
};

describe('of any claims to one thing', () => {
  it('never two hold at an instant, and none is made up', () => {
    fc.assert(
      fc.property(claims, (all) => {
        const effective = effectivePeriods(all, () => '');
        for (const day of days) {
          const there = [
            ...effective.held.filter((one) => covers(one, day)),
            ...effective.disputed.filter((one) => covers(one, day)),
          ];
          expect(there.length).toBeLessThanOrEqual(1);
          for (const { holder } of effective.held.filter((one) => covers(one, day)))
            expect([...wordsOn(all, day).values()].map((one) => one.holder)).toContain(holder);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('of one source each day is that of the claim that began last', () => {
    fc.assert(
      fc.property(claims, (all) => {
        const own = all.map((one) => ({ ...one, source: 'billing' }));
        const { held: found, disputed: none } = effectivePeriods(own, () => '');
        expect(none).toEqual([]);
        for (const day of days)
          expect(found.find((one) => covers(one, day))?.holder).toBe(wordsOn(own, day).get('billing')?.holder);
      }),
      { numRuns: 2000 },
    );
  });

  it('a day is in dispute only where two sources say different holders', () => {
    fc.assert(
      fc.property(claims, (all) => {
        const effective = effectivePeriods(all, () => '');
        for (const day of days) {
          const holders = new Set([...wordsOn(all, day).values()].map(({ holder }) => holder));
          if (effective.disputed.some((one) => covers(one, day))) expect(holders.size).toBe(2);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('what was settled last holds where a source claims it, and changes no other day', () => {
    fc.assert(
      fc.property(claims, decisions, (all, settled) => {
        const [without, effective] = [effectivePeriods(all, () => ''), effectivePeriods(all, () => '', settled)];
        for (const day of days) {
          const holder = settled.findLast((one) => covers(one, day))?.holder;
          const before = [...without.held, ...without.disputed].find((one) => covers(one, day));
          const claimed = before === undefined ? [] : 'claims' in before ? before.claims : [before];
          const [now, ...more] = [...effective.held, ...effective.disputed].filter((one) => covers(one, day));
          expect(more).toEqual([]);
          if (claimed.some((one) => one.holder === holder)) expect(now).toMatchObject({ holder });
          else if (before === undefined) expect(now).toBeUndefined();
          else if ('claims' in before) expect(now).toMatchObject({ claims: before.claims });
          else expect(now).toMatchObject({ holder: before.holder });
        }
      }),
      { numRuns: 2000 },
    );
  });
});
