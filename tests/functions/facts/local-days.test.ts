import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listPayments } from '#functions/accounts/read-money.ts';
import { billing } from '#functions/accounts/rules/billing.ts';
import { accountView } from '#functions/accounts/show-account.ts';
import { toldToCustomer } from '#functions/accounts/told-to-reader.ts';
import { lookAtMeter } from '#functions/validation/look-at-meter.ts';
import { metersToLookAt } from '#functions/validation/store/watched-meters.ts';
import { fullView } from '#shared/access/field-matrix.ts';
import { account } from '#shared/profile/rules/account.ts';
import { dayOf } from '#shared/profile/rules/fact-data.ts';
import { identity } from '#shared/profile/rules/identity.ts';
import { stateOf } from '#shared/profile/rules/states.ts';
import { readFactsOf, rebuildStates } from '#shared/profile/store/rebuild.ts';
import { show360 } from '#shared/profile/store/show-360.ts';
import { loadSubject, readFacts } from '#shared/profile/store/subjects.ts';
import { instantOf, localDateAt, startOfDate } from '#shared/vocabulary/time.ts';
import {
  bill,
  entityOf,
  granted,
  noService,
  opened,
  payment,
  person,
  reversal,
  type Sent,
  sent,
  tell,
  upToDate,
} from '#tests/functions/told-household.ts';
import { machine, openProfileSystem, type ProfileSystem } from '#tests/support/profile-system.ts';
import { homePoint, openMeteredHome } from '#tests/support/supplied-home.ts';

const zone = 'Pacific/Auckland';
/** Nine in the morning of 2 March in Auckland, where UTC still has 1 March. */
const morning = '2026-03-01T20:00:00.000Z';
/** The same on 1 March: UTC has February. */
const before = '2026-02-28T20:00:00.000Z';

const utility = async (...facts: readonly Sent[]) => {
  const system = await openProfileSystem({ zone });
  const results = await tell(system, person('ana', morning), { ...opened, occurredAt: before }, ...facts);
  const [ana = '', id = ''] = results.map(entityOf);
  return { system, ana, id, results };
};
const statesOf = async ({ profile }: ProfileSystem, subject: string) => (await loadSubject(profile, subject)).states;

describe('in Auckland nine in the morning is today:', () => {
  it('a payment that says no day counts on the day it was there, in every view and in the sums of months', async () => {
    const { system, ana, id } = await utility(
      granted('ana', 'holder'),
      payment('p1', morning, 500),
      payment('p2', before, 70),
      reversal('r1', morning, 'p2'),
    );
    const states = await statesOf(system, id);
    const days = (list: readonly { readonly receivedOn: string }[]) => list.map(({ receivedOn }) => receivedOn);
    expect(days(accountView(id, states, noService, '2026-03-02').lastPayments)).toEqual(['2026-03-02', '2026-03-01']);
    const view = await show360(
      { profile: system.profile, now: () => system.clock.now(), today: () => '2026-03-02' },
      ana,
    );
    expect(days(view?.accounts[0]?.lastPayments ?? [])).toEqual(['2026-03-02', '2026-03-01']);
    const told = toldToCustomer([states], [ana], '2026-03-02');
    const asked = { account: id, states, told, limit: 10, before: undefined };
    expect(days((await listPayments(system, asked, fullView)).data)).toEqual(['2026-03-02', '2026-03-01']);
    expect(stateOf(states, billing).state.months).toEqual({ '2026-03': [0, 570, 70] });
  });

  it('a payment of the first morning of a role is told to who holds it', async () => {
    const { system, ana, id } = await utility(granted('ana', 'holder', '2026-03-02'), payment('p1', morning, 500));
    const states = await statesOf(system, id);
    const told = toldToCustomer([states], [ana], '2026-03-02');
    expect(accountView(id, states, noService, '2026-03-02', told).lastPayments).toHaveLength(1);
  });

  it('an account is open and somebody a customer since that day, where nothing else was said', async () => {
    const { system, ana, id } = await utility();
    expect(stateOf(await statesOf(system, id), account).state.openedOn).toBe('2026-03-01');
    expect(stateOf(await statesOf(system, ana), identity).state.since).toBe('2026-03-02');
  });

  it('a day that was said stands as it was said', async () => {
    const said = {
      ...payment('p1', morning, 500),
      data: { ...payment('p1', morning, 500).data, receivedOn: '2026-02-20' },
    };
    const { system, id } = await utility(said, bill('b1', morning, 900));
    const ledger = stateOf(await statesOf(system, id), billing).state;
    expect([ledger.payments[0]?.on, ledger.bills[0]?.issuedOn]).toEqual(['2026-02-20', '2026-03-01']);
  });

  it('who was born today is not born tomorrow', async () => {
    const system = await openProfileSystem({ zone });
    const born = { ...person('ana', morning), data: { ...person('ana').data, dateOfBirth: '2026-03-02' } };
    expect(await tell(system, born)).toMatchObject([
      { fact: { verdicts: { dateOfBirth: { verdict: 'warned', codes: ['birth-date.under-16'] } } } },
    ]);
  });
});

describe('the day of a fact', () => {
  it('is kept with it: what is folded anew is what was folded, by whatever zone the code then runs', async () => {
    const { system, ana, id } = await utility(
      granted('ana', 'holder'),
      payment('p1', morning, 500),
      reversal('r1', morning, 'p1'),
    );
    for (const subject of [id, ana]) {
      const anew = rebuildStates(await readFactsOf(system.profile, system.sealer, subject));
      for (const [family, held] of await statesOf(system, subject)) expect(anew.get(family)?.state).toEqual(held.state);
    }
  });

  it('is the date of the zone at its instant, in any zone at any time', async () => {
    const zones = fc.constantFrom(
      'Pacific/Auckland',
      'Pacific/Kiritimati',
      'America/Los_Angeles',
      'Europe/London',
      '+05:45',
    );
    const instants = fc.integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2026, 10, 1) });
    await fc.assert(
      fc.asyncProperty(zones, fc.array(instants, { minLength: 1, maxLength: 6 }), async (where, times) => {
        const system = await openProfileSystem({ zone: where });
        await tell(system, opened, ...times.map((at, n) => payment(`p${n}`, new Date(at).toISOString(), 100)));
        const results = await tell(system, opened);
        const stored = await readFacts(system.profile, system.sealer, [entityOf(results[0])], 'billing');
        for (const { fact } of stored)
          expect(dayOf(fact)).toBe(localDateAt(where, Math.floor(Date.parse(fact.occurredAt) / 1000)));
        await system.store.close();
      }),
      { numRuns: 25 },
    );
  });
});

describe('an account of another zone than the utility’s', () => {
  const chatham = 'Pacific/Chatham';
  const away = { ...opened, data: { ...opened.data, zone: chatham } };

  it('has its payments and reversals dated there, in whatever order they come', async () => {
    const facts = [
      away,
      granted('ana', 'holder'),
      person('ana', morning),
      // Half past eleven at night in Auckland is a quarter past midnight in Chatham.
      payment('p1', '2026-03-01T10:30:00.000Z', 500),
      reversal('r1', '2026-03-31T10:45:00.000Z', 'p1'),
    ];
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(facts, { minLength: facts.length }), async (order) => {
        const system = await openProfileSystem({ zone });
        for (const fact of order) await tell(system, fact);
        await system.settle();
        const [result] = await tell(system, away);
        const id = entityOf(result);
        const states = await statesOf(system, id);
        const ledger = stateOf(states, billing).state;
        expect(ledger.payments[0]?.on).toBe('2026-03-02');
        expect(ledger.months).toEqual({ '2026-03': [0, 500, 0], '2026-04': [0, 0, 500] });
        expect(stateOf(states, account).state).toMatchObject({ zone: chatham, openedOn: '2025-01-01' });
        await system.store.close();
      }),
      { numRuns: 25 },
    );
  });

  it('is refused with a zone that nobody knows', async () => {
    const system = await openProfileSystem({ zone });
    const results = await system.submit([{ ...away, data: { ...away.data, zone: 'Pacific/Nowhere' } }], machine);
    expect(results).toMatchObject([{ status: 'rejected', errors: [{ pointer: '/data/zone' }] }]);
  });
});

describe('at a home in Auckland', () => {
  it('a leak is told of since the day it was there, and for seven of its days', async () => {
    const home = await openMeteredHome({ zone });
    const leak = sent('leak', 'metering.event.recorded.v1', '2026-11-22T20:00:00.000Z', {
      servicePoint: homePoint,
      meter: { namespace: 'serial', value: 'm1' },
      event: 'leak',
      value: 40,
    });
    await home.tell([leak]);
    await home.settleAll();
    const alerts = async (today: string) => {
      const deps = { profile: home.profile, now: () => home.clock.now(), today: () => today };
      return ((await show360(deps, home.idOf('cus-ana')))?.alerts ?? []).map(({ text, since }) => [text, since]);
    };
    const told = [['The meter tells of a leak, 40 L an hour, since 2026-11-23', '2026-11-22T20:00:00.000Z']];
    expect([await alerts('2026-11-29'), await alerts('2026-11-30')]).toEqual([told, []]);
  });

  it('a meter is looked at from the first minute of the day it is due, and not from midnight in Greenwich', async () => {
    const home = await openMeteredHome({ zone, since: '2026-11-01T00:00:00.000Z' });
    const now = startOfDate(zone, '2026-11-20') + 3_600;
    const due = async (at: number): Promise<readonly string[]> => {
      const meters: string[] = [];
      for await (const { meter } of metersToLookAt(await upToDate(home), instantOf(at))) meters.push(meter);
      return meters;
    };
    const [meter = ''] = await due(now);
    await lookAtMeter(home, meter, now);
    const next = startOfDate(zone, '2026-11-21');
    expect([await due(next - 1), await due(next)]).toEqual([[], [meter]]);
  });
});
