import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { account, accountAgreements, servedBy } from '#shared/domain/profile/account.ts';
import { effectiveAgreements, supply, supplyParts, type ToldAgreement } from '#shared/domain/profile/agreements.ts';
import { emptyFold, type FoldState, foldFrom } from '#shared/domain/profile/fold.ts';
import { byGroup, groupOfPart, ofAllParts, withGroup } from '#shared/domain/profile/fold-parts.ts';
import { isOver } from '#shared/domain/profile/periods.ts';
import type { Fact } from '#shared/vocabulary/fact.ts';
import { agreementsTold, foldAll, groundOf, home, idOf, inOrder, minute, told } from './told-facts.ts';

/** What is told of agreements at eight points of four premises: starts and ends by date, some at one instant. */
const histories = fc
  .array(
    fc.record({
      isStart: fc.boolean(),
      place: fc.nat({ max: 7 }),
      day: fc.integer({ min: 1, max: 28 }),
      at: fc.nat({ max: 30 }),
      system: fc.constantFrom('billing', 'crm'),
      arrives: fc.nat(),
    }),
    { minLength: 1, maxLength: 40 },
  )
  .map((acts) => {
    const facts = acts.map(({ isStart, place, day, at, system }): Fact => {
      const data = { account: home, servicePoint: idOf('servicePoint', place), tariff: 'STANDARD' };
      const date = `2026-03-${String(day).padStart(2, '0')}`;
      const options = { at: minute(at), system, subjects: [home, idOf('premise', place % 4)] };
      return isStart
        ? told('account.agreement.started.v1', { ...data, from: date }, { ...options, creates: 'agreement' })
        : told('account.agreement.ended.v1', { ...data, to: date }, options);
    });
    const arrived = acts
      .map(({ arrives }, n) => ({ arrives, fact: facts[n] }))
      .sort((a, b) => a.arrives - b.arrives)
      .flatMap(({ fact }) => fact ?? []);
    return { facts: inOrder(facts).map(({ fact }) => fact), arrived };
  });

const plain = <Entry extends { readonly id: string }>(list: readonly Entry[]): readonly Entry[] =>
  list.toSorted((a, b) => (`${a.id} ${JSON.stringify(a)}` < `${b.id} ${JSON.stringify(b)}` ? -1 : 1));

/** Starts without the places of words in their list: those count within a part. */
const withoutPlaces = (list: readonly ToldAgreement[]) =>
  plain(list.map((one) => ({ ...one, ends: one.ends.map(([source, to, named]) => [source, to, named]) })));

describe('a fold in parts', () => {
  it('comes to the agreements that one list of all comes to, of an account and of a premise', () => {
    fc.assert(
      fc.property(histories, ({ facts }) => {
        const ordered = inOrder(facts);
        for (const [family, parts] of [
          [account, accountAgreements],
          [supply, supplyParts],
        ] as const) {
          const start = { state: emptyFold(parts.family), sinceCheckpoint: 0 };
          const whole = foldFrom(parts.family, start, ordered, groundOf(ordered), new Set()).state.state;
          const joined = agreementsTold(family, facts);
          expect(withoutPlaces(joined.starts)).toEqual(withoutPlaces(whole.starts));
          expect(plain(effectiveAgreements(joined).agreements)).toEqual(plain(effectiveAgreements(whole).agreements));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('counts by differences what a count of all parts comes to, whichever part changes when', () => {
    fc.assert(
      fc.property(histories, ({ arrived }) => {
        const seen: Fact[] = [];
        let counted = ofAllParts(accountAgreements, new Map());
        let before: ReadonlyMap<string, FoldState<unknown>> = new Map();
        for (const fact of arrived) {
          seen.push(fact);
          const inTurn = inOrder(seen).map((one) => one.fact);
          const after = foldAll(account, inTurn).parts ?? new Map();
          const group = groupOfPart(accountAgreements.of(fact) ?? '');
          counted = withGroup(
            accountAgreements,
            counted,
            byGroup(before).get(group) ?? [],
            byGroup(after).get(group) ?? [],
          );
          before = after;
        }
        expect(counted).toEqual(ofAllParts(accountAgreements, before));
      }),
      { numRuns: 200 },
    );
  });

  it('leads to every premise where something lasts, and to no other', () => {
    fc.assert(
      fc.property(histories, fc.integer({ min: 1, max: 28 }), ({ facts }, day) => {
        const today = `2026-03-${String(day).padStart(2, '0')}`;
        const lasting = effectiveAgreements(agreementsTold(account, facts)).agreements.filter(
          (one) => !isOver(one, today),
        );
        const { premises, more } = servedBy(foldAll(account, facts), today);
        expect([...premises].sort()).toEqual([...new Set(lasting.map(({ premise }) => premise))].sort());
        expect(more).toBe(0);
      }),
      { numRuns: 200 },
    );
  });
});
