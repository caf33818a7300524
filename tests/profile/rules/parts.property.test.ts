import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explainStatus } from '#functions/explain/rules/explain-customer.ts';
import type { Fact } from '#shared/contracts/facts/fact.ts';
import { account, accountAgreements, servedBy } from '#shared/profile/rules/account.ts';
import { effectiveAgreements, supply, supplyParts, type ToldAgreement } from '#shared/profile/rules/agreements.ts';
import { emptyFold, type FoldState, foldFrom } from '#shared/profile/rules/fold.ts';
import {
  byGroup,
  givesUpFirst,
  groupOfPart,
  listedGroups,
  ofAllParts,
  withFirst,
  withGroup,
} from '#shared/profile/rules/fold-parts.ts';
import { covers, isOver } from '#shared/profile/rules/periods.ts';
import {
  applyRole,
  isHeldOn,
  namedByPart,
  roleParts,
  roles,
  rolesHeld,
  type ToldRoles,
} from '#shared/profile/rules/roles.ts';
import { rolesOfParts } from '#shared/profile/rules/roles-read.ts';
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

/** What is told of roles of three records on three accounts, and which of it is taken back. */
const roleHistories = fc
  .array(
    fc.record({
      isGrant: fc.boolean(),
      account: fc.nat({ max: 2 }),
      customer: fc.nat({ max: 2 }),
      role: fc.constantFrom('holder', 'joint'),
      day: fc.integer({ min: 1, max: 28 }),
      at: fc.nat({ max: 30 }),
      system: fc.constantFrom('billing', 'crm'),
      arrives: fc.nat(),
      isTakenBack: fc.boolean(),
    }),
    { minLength: 1, maxLength: 30 },
  )
  .map((acts) =>
    acts
      .toSorted((a, b) => a.arrives - b.arrives)
      .map(({ isGrant, account: n, customer: m, role, day, at, system, isTakenBack }) => {
        const [account, customer] = [idOf('account', n), idOf('customer', m)];
        const date = `2026-03-${String(day).padStart(2, '0')}`;
        const options = { at: minute(at), system, subjects: [account, customer] };
        const [type, data] = isGrant
          ? (['account.role.granted.v1', { from: date }] as const)
          : (['account.role.ended.v1', { to: date }] as const);
        return { fact: told(type, { account, customer, role, ...data }, options), isTakenBack };
      }),
  );

const foldRoles = (facts: readonly Fact[]) =>
  foldAll(
    roles,
    inOrder(facts).map(({ fact }) => fact),
  ).parts ?? new Map();

const inPlace = (held: ReturnType<typeof rolesHeld>): readonly string[] =>
  held.map((one) => JSON.stringify(one)).sort();

describe('the roles of a customer', () => {
  it('come to what one list of all comes to, and each record has its own parts, whoever it is one with', () => {
    fc.assert(
      fc.property(roleHistories, (acts) => {
        const facts = acts.map(({ fact }) => fact);
        const whole = inOrder(facts).reduce<ToldRoles>(
          (list, { fact }) => {
            const next = applyRole(list, fact);
            return next === 'groundless' ? list : next;
          },
          { starts: [] },
        );
        const parts = foldRoles(facts);
        expect(inPlace(rolesOfParts(parts))).toEqual(inPlace(rolesHeld(whole)));
        for (const n of [0, 1, 2]) {
          const record = idOf('customer', n);
          const own = [...parts].filter(([part]) => namedByPart(part).customer === record);
          expect(foldRoles(facts.filter(({ subjects }) => subjects.includes(record)))).toEqual(new Map(own));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('are counted, and known since when, by differences as by all of them, whatever comes and is taken back', () => {
    fc.assert(
      fc.property(roleHistories, (acts) => {
        let seen: readonly Fact[] = [];
        let known = ofAllParts(roleParts, new Map());
        let before: ReadonlyMap<string, FoldState<unknown>> = new Map();
        const steps = [
          ...acts.map(({ fact }) => ({ fact, isGone: false })),
          ...acts.flatMap(({ fact, isTakenBack }) => (isTakenBack ? [{ fact, isGone: true }] : [])),
        ];
        for (const { fact, isGone } of steps) {
          seen = isGone ? seen.filter((one) => one !== fact) : [...seen, fact];
          const after = foldRoles(seen);
          const group = groupOfPart(roleParts.of(fact) ?? '');
          const [was, is] = [before, after].map((parts) => byGroup(parts).get(group) ?? []);
          const next = withGroup(roleParts, known, was ?? [], is ?? []);
          const [first] = listedGroups(roleParts, after)
            .map(({ from }) => from)
            .sort();
          known = givesUpFirst(roleParts, known, was ?? [], is ?? []) ? withFirst(next, first) : next;
          before = after;
          const { sources: _heard, ...all } = ofAllParts(roleParts, after);
          expect(known).toMatchObject(all);
          expect(known.first).toBe(all.first);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('explain the status by those that hold today first, and say how many more there are than are listed', () => {
    const facts = Array.from({ length: 150 }, (_, n) => {
      const [account, customer] = [idOf('account', `let-${n}`), idOf('customer', 0)];
      const dates = { from: '2026-01-01', ...(n < 145 ? { to: '2026-02-01' } : {}) };
      return told(
        'account.role.granted.v1',
        { account, customer, role: 'agent', ...dates },
        { subjects: [account, customer] },
      );
    });
    const { inputs = [] } = explainStatus(inOrder(facts), '2026-03-01');
    expect(inputs.map(({ what }) => what.endsWith(', holds today')).lastIndexOf(true)).toBe(4);
    expect(inputs.slice(0, 100).every(({ factId }) => factId !== undefined)).toBe(true);
    expect(inputs.slice(100)).toEqual([{ what: 'more roles', value: 50 }]);
  });

  it('are listed by account with the times that they hold', () => {
    fc.assert(
      fc.property(roleHistories, (acts) => {
        const parts = foldRoles(acts.map(({ fact }) => fact));
        const listed = listedGroups(roleParts, parts);
        for (const day of Array.from({ length: 30 }, (_, n) => `2026-03-${String(n + 1).padStart(2, '0')}`)) {
          const held = rolesOfParts(parts).filter((role) => covers(role, day));
          const names = held.map(({ account, customer }) => `${account} ${customer}`);
          const on = listed.filter((one) => isHeldOn(one, day)).map(({ group }) => namedByPart(group));
          expect(on.map(({ account, customer }) => `${account} ${customer}`).sort()).toEqual(
            [...new Set(names)].sort(),
          );
        }
      }),
      { numRuns: 100 },
    );
  });
});
