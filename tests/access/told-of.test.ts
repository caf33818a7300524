import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Outage, outage as outageFamily } from '#functions/outages/rules/outages.ts';
import type { Right } from '#shared/access/role-rights.ts';
import { roleRights } from '#shared/access/role-rights.ts';
import type { Spoken } from '#shared/access/spoken.ts';
import { spokenOf, spokenTypes } from '#shared/access/spoken-of.ts';
import { cutData, type Own, type PlaceOfSomebody, rangeOfDays, toldOf } from '#shared/access/told-of.ts';
import { asFact } from '#shared/contracts/facts/as-fact.ts';
import { factTypes, isRetraction } from '#shared/contracts/facts/catalogue.ts';
import type { Fact } from '#shared/contracts/facts/fact.ts';
import { emptyFold } from '#shared/profile/rules/fold.ts';
import { dayAsPeriod, type Period } from '#shared/profile/rules/periods.ts';
import type { RoleHeld } from '#shared/profile/rules/roles.ts';
import type { States } from '#shared/profile/rules/states.ts';
import { mintedId } from '#shared/runtime/identify.ts';
import type { KeptFact } from '#shared/vocabulary/fact.ts';
import type { IdKind } from '#shared/vocabulary/ids.ts';
import { Role } from '#shared/vocabulary/statuses.ts';
import { addDays, instantOf, startOfDate } from '#shared/vocabulary/time.ts';

const id = (kind: IdKind, name = 'one'): string => mintedId(kind, name);
const subjects = (['customer', 'account', 'premise', 'outage'] as const).map((kind) => id(kind));
const aFact = (type: string, data: KeptFact['data'], more: Partial<KeptFact> = {}): Fact =>
  asFact({
    id: id('fact', type),
    type,
    source: { system: 'billing', channel: undefined, actor: 'machine:billing' },
    sourceEventId: type,
    sourceSequence: 0,
    occurredAt: '2026-05-05T10:00:00.000Z',
    recordedAt: '2026-05-05T10:00:01.000Z',
    correlationId: undefined,
    causationId: undefined,
    data,
    subjects,
    families: [],
    entity: id('servicePoint'),
    ...more,
  });
const interrupted: Outage = {
  id: id('outage'),
  premise: id('premise'),
  commodity: 'electricity',
  startedAt: '2026-03-01T00:00:00.000Z',
  expectedBy: null,
  planned: false,
  description: null,
  restoredAt: null,
  cause: null,
};
const outage: States = new Map([
  [outageFamily.name, { ...emptyFold(outageFamily), state: { outages: [interrupted] } }],
]);
const payment = aFact('billing.payment.received.v1', { receivedOn: '2026-02-10' });

describe('what a fact speaks of', () => {
  const said = [...factTypes.values()].filter(({ type }) => !isRetraction(type));

  it('is said of every type there is, and of none that is not', () => {
    expect([...spokenTypes].sort()).toEqual(said.map(({ type }) => type).sort());
  });

  it.each(said.map((definition) => [definition.type, definition] as const))(
    'is known of each example: %s',
    (_, type) => {
      for (const { data } of type.examples) {
        const fact = aFact(type.type, { account: id('account'), servicePoint: id('servicePoint'), ...pure(data) });
        expect(spokenOf(fact, { outage, payment })).toBeDefined();
      }
    },
  );

  it.each([...factTypes.keys()].filter(isRetraction))(
    'is, of a retraction, what that speaks of which it takes back: %s',
    (type) => {
      const of = said.find((one) => type.startsWith(`${one.type.split('.', 2).join('.')}.`));
      if (of === undefined) throw new Error(`nothing is taken back by ${type}`);
      const takenBack = aFact(of.type, pure(of.examples[0].data));
      const retraction = aFact(type, { factId: takenBack.id, reason: 'Entered twice.' });
      expect(spokenOf(retraction, { takenBack, outage, payment })).toEqual(spokenOf(takenBack, { outage, payment }));
      expect(spokenOf(retraction, {})).toBeUndefined();
    },
  );

  it('is nothing that anybody is told, where a type is unknown', () => {
    expect(spokenOf(aFact('billing.refund.issued.v1', {}), {})).toBeUndefined();
    expect(toldOf({ records: subjects, roles: [], today: '2026-06-01' }, undefined, subjects, undefined)).toBe(
      'nothing',
    );
  });
});

/** Data of an example, with what the door makes ids of as such. */
const pure = (data: unknown): KeptFact['data'] =>
  Object.fromEntries(
    Object.entries(typeof data === 'object' && data !== null ? data : {}).map(([name, value]) => [
      name,
      typeof value === 'object' && value !== null && 'namespace' in value ? id(nameKind(name), 'one') : value,
    ]),
  );
const nameKind = (name: string): IdKind =>
  name === 'servicePoint' || name === 'meter' || name === 'account' || name === 'premise' ? name : 'customer';

// ---- the rule, for any roles, agreements and times ----

const zone = 'Europe/London';
const first = '2026-01-01';
const day = fc.integer({ min: 0, max: 150 }).map((days) => addDays(first, days));
const period: fc.Arbitrary<Period> = fc
  .tuple(day, fc.option(fc.integer({ min: 1, max: 90 }), { nil: null }))
  .map(([from, days]) => ({ from, to: days === null ? null : addDays(from, days) }));
const accounts = ['a', 'b', 'c'].map((name) => id('account', name));
const points = [
  { id: id('servicePoint', 'flat'), commodity: 'electricity', zone },
  { id: id('servicePoint', 'next door'), commodity: 'gas', zone },
] as const;
const roles = fc.array(
  fc.record({ account: fc.constantFrom(...accounts), role: fc.constantFrom(...Role.options), period }).map((one) => ({
    account: one.account,
    customer: id('customer'),
    role: one.role,
    ...one.period,
  })),
  { maxLength: 4 },
);
const agreements = fc.array(
  fc
    .record({
      account: fc.constantFrom(...accounts),
      servicePoint: fc.constantFrom(...points.map((one) => one.id)),
      period,
    })
    .map(({ period: dates, ...one }) => ({
      id: id('agreement'),
      premise: id('premise'),
      tariff: 'STANDARD',
      ...one,
      ...dates,
    })),
  { maxLength: 5 },
);
const world = fc.record({ roles, agreements, today: day }).map(({ roles: held, agreements: all, today }) => ({
  own: { records: [id('customer')], roles: held, today } satisfies Own,
  place: { points, agreements: all } satisfies PlaceOfSomebody,
}));
type World = { readonly own: Own; readonly place: PlaceOfSomebody };

/** Who owed is told of their time for good, all others as long as they act. */
const isTelling = ({ role, to }: World['own']['roles'][number], today: string): boolean =>
  ['holder', 'joint', 'executor'].includes(role) || to === null || today < to;

/** Whether a date is somebody's own at a point, said once more day by day: a role that gives it, in an agreement, both begun. */
const isOwnDay = ({ own, place }: World, point: string, right: Right, date: string): boolean =>
  place.agreements.some(
    (agreement) =>
      agreement.servicePoint === point &&
      agreement.from <= own.today &&
      agreement.from <= date &&
      (agreement.to === null || date < agreement.to) &&
      own.roles.some(
        (role) =>
          role.account === agreement.account &&
          role.from <= own.today &&
          role.from <= date &&
          (role.to === null || date < role.to) &&
          isTelling(role, own.today) &&
          roleRights[role.role].includes(right),
      ),
  );
const daysOf = (from: string, to: string): readonly string[] =>
  Array.from({ length: 400 }, (_, index) => addDays(from, index)).filter((date) => date < to);

const spokenPlace = (share: 'each' | 'any' | 'part', from: string, to: string, right: Right = 'use'): Spoken => ({
  of: 'place',
  premise: id('premise'),
  point: points[0].id,
  right,
  time: { days: { from, to } },
  share,
});
const stretch = fc
  .tuple(day, fc.integer({ min: 1, max: 40 }))
  .map(([from, days]) => [from, addDays(from, days)] as const);

describe('what somebody is told', () => {
  it('of what cannot be divided, is all of it where every day is their own, and nothing else', () => {
    fc.assert(
      fc.property(world, stretch, (one, [from, to]) => {
        const told = toldOf(one.own, spokenPlace('each', from, to), [], one.place);
        const isAll = daysOf(from, to).every((date) => isOwnDay(one, points[0].id, 'use', date));
        expect(told).toBe(isAll ? 'whole' : 'nothing');
      }),
    );
  });

  it('of what lasts, is that it is there where a day is their own, and what it says of use where every day is', () => {
    fc.assert(
      fc.property(world, stretch, (one, [from, to]) => {
        const told = toldOf(one.own, spokenPlace('any', from, to, 'home'), [], one.place);
        const days = daysOf(from, to);
        const isAll = days.every((date) => isOwnDay(one, points[0].id, 'use', date));
        const isAny = days.some((date) => isOwnDay(one, points[0].id, 'home', date));
        expect(typeof told === 'string' ? told : 'part').toBe(isAll ? 'whole' : isAny ? 'part' : 'nothing');
      }),
    );
  });

  it('of a month, is the parts whose every day is their own, which come to no more than it, and no figure of the whole', () => {
    const cuts = fc.uniqueArray(fc.integer({ min: 2, max: 30 }), { maxLength: 3 });
    fc.assert(
      fc.property(world, fc.constantFrom('2026-01', '2026-02', '2026-03', '2026-04'), cuts, (one, month, at) => {
        const [begin, end] = [`${month}-01`, addDays(`${month}-28`, 4).slice(0, 7).concat('-01')];
        const edges = [
          begin,
          ...at
            .map((n) => addDays(begin, n - 1))
            .filter((date) => date < end)
            .sort(),
          end,
        ];
        const parts = edges.slice(1).map((to, index) => {
          const from = edges[index] ?? begin;
          return { from, to, value: daysOf(from, to).length * 1000 };
        });
        const value = parts.reduce((sum, part) => sum + part.value, 0);
        const told = toldOf(one.own, spokenPlace('part', begin, end), [], one.place);
        const { data } = cutData('metering.month.closed.v1', { month, value, missing: 3, parts }, told, () => false);
        const ownParts = parts.filter((part) =>
          daysOf(part.from, part.to).every((date) => isOwnDay(one, points[0].id, 'use', date)),
        );
        if (told === 'whole') expect([data.value, ownParts.length]).toEqual([value, parts.length]);
        else {
          expect([data.value, data.missing]).toEqual([undefined, undefined]);
          expect(data.parts ?? []).toEqual(ownParts);
        }
      }),
    );
  });

  it('is nothing of a neighbour at the same premise, whatever they have there themselves', () => {
    fc.assert(
      fc.property(world, stretch, (one, [from, to]) => {
        const place = { ...one.place, agreements: one.place.agreements.filter((a) => a.servicePoint !== points[0].id) };
        for (const share of ['each', 'any', 'part'] as const)
          expect(toldOf(one.own, spokenPlace(share, from, to), [], place)).toBe('nothing');
        const dark: Spoken = {
          of: 'place',
          premise: id('premise'),
          commodity: 'electricity',
          right: 'home',
          time: { instants: { from: instantOf(startOfDate(zone, from)), to: instantOf(startOfDate(zone, to)) } },
          share: 'any',
        };
        expect(toldOf(one.own, dark, [], place)).toBe('nothing');
      }),
    );
  });

  it('of an account, is what lies in the days of a role that gives it', () => {
    fc.assert(
      fc.property(world, fc.constantFrom(...accounts), stretch, (one, account, [from, to]) => {
        const told = toldOf(one.own, { of: 'account', account, right: 'bills', days: { from, to } }, [], undefined);
        const isHeld = daysOf(from, to).some((date) =>
          one.own.roles.some(
            (role) =>
              role.account === account &&
              role.from <= one.own.today &&
              role.from <= date &&
              (role.to === null || date < role.to) &&
              isTelling(role, one.own.today) &&
              roleRights[role.role].includes('bills'),
          ),
        );
        expect(told).toBe(isHeld ? 'whole' : 'nothing');
      }),
    );
  });

  it('of the money of an account who owed and left, is what came until somebody else owed, and nothing of another account', () => {
    const [account = '', other = ''] = accounts;
    const [ana, ben] = [id('customer', 'ana'), id('customer', 'ben')];
    const role = (customer: string, of: string, from: string, to: string | null) =>
      ({ account: of, customer, role: 'holder', from, to }) as const;
    const left = role(ana, account, '2026-01-01', '2026-02-01');
    const own: Own = { records: [ana], roles: [left], today: '2026-06-01' };
    const on = (of: string, day: string, roles: readonly RoleHeld[]) =>
      toldOf(own, { of: 'account', account: of, right: 'bills', days: dayAsPeriod(day) }, [], undefined, roles);
    expect(on(account, '2026-03-01', [left])).toBe('whole');
    const followed = [left, role(ben, account, '2026-03-01', null)];
    expect(['2026-01-31', '2026-02-28', '2026-03-01'].map((day) => on(account, day, followed))).toEqual([
      'whole',
      'whole',
      'nothing',
    ]);
    expect(on(other, '2026-01-10', [left])).toBe('nothing');
  });

  it('of records, is their own; of a merge, nothing once it is undone', () => {
    const [own, alias, other] = ['own', 'alias', 'other'].map((name) => id('customer', name));
    if (own === undefined || alias === undefined || other === undefined) throw new Error('no records');
    const mine: Own = { records: [own, alias], roles: [], today: '2026-06-01' };
    expect(toldOf(mine, { of: 'record' }, [alias], undefined)).toBe('whole');
    expect(toldOf(mine, { of: 'record' }, [other], undefined)).toBe('nothing');
    expect(toldOf(mine, { of: 'merge', records: [own, alias] }, [own, alias], undefined)).toBe('whole');
    expect(toldOf(mine, { of: 'merge', records: [own, other] }, [own, other], undefined)).toBe('nothing');
    expect(toldOf(mine, { of: 'nobody' }, [own], undefined)).toBe('nothing');
  });

  it('begins and ends with the local day of the point, half-open', () => {
    const range = rangeOfDays('Europe/London', { from: '2026-03-29', to: '2026-03-30' });
    expect(range.to - range.from).toBe(23 * 3600);
  });
});
