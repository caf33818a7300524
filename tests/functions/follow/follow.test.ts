import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resubmit } from '#functions/follow/place-waiting.ts';
import { premiseOperations } from '#functions/premises/api.ts';
import { lookUpWord } from '#functions/search/store/search-lookup.ts';
import { listQuarantine, openQuarantined, waitingQueue } from '#shared/facts/quarantine.ts';
import { visibleAccounts, visiblePremises } from '#shared/profile/rules/view/view-360.ts';
import { readHead } from '#shared/profile/store/items.ts';
import { readMeter } from '#shared/profile/store/meters.ts';
import { readView } from '#shared/profile/store/read-view.ts';
import { resolveNamed } from '#shared/profile/store/references.ts';
import { show360 } from '#shared/profile/store/show-360.ts';
import { factIdOf } from '#shared/runtime/identify.ts';
import { headKey, premiseDigestKey } from '#shared/table/keys.ts';
import {
  agreed,
  crm,
  ended,
  entityOf,
  factOf,
  granted,
  minute,
  mpan,
  opened,
  payment,
  person,
  point,
  putMeter,
  registered,
  reversal,
  type Sent,
  sent,
  statusesOf,
  tell,
  unagreed,
  uprn,
  upToDate,
} from '#tests/functions/told-household.ts';
import { operationRequest } from '#tests/support/operation-request.ts';
import { leaveByOtherRules } from '#tests/support/other-rules.ts';
import { machine, openProfileSystem, type ProfileSystem } from '#tests/support/profile-system.ts';

const pairsOf = async (system: ProfileSystem, premise: string) => {
  const item = await system.profile.get(headKey(premise), { consistent: true });
  return item === undefined ? [] : readHead(item).pairs;
};
const shownPremises = async (system: ProfileSystem, customer: string) => {
  const parts = await readView(system.profile, customer);
  const today = new Date(system.clock.now()).toISOString().slice(0, 10);
  return parts === undefined ? [] : visiblePremises(parts, visibleAccounts(parts, today), today).map((one) => one.id);
};
const waiting = async (system: ProfileSystem) =>
  (await listQuarantine(await upToDate(system), { limit: 50, queue: waitingQueue })).entries;

const home = async () => {
  const system = await openProfileSystem();
  const results = await tell(system, person('ana'), person('ben'), opened, registered, point, granted('ana', 'holder'));
  const [ana = '', ben = '', account = '', premise = ''] = results.map(entityOf);
  return { system, ana, ben, account, premise };
};

describe('the readers of a premise', () => {
  it('are the customers of each account that takes service there, as soon as an agreement says so', async () => {
    const { system, ana, ben, account, premise } = await home();
    expect(await pairsOf(system, premise)).toEqual([]);
    await tell(system, agreed());
    expect(await pairsOf(system, premise)).toEqual([[ana, account]]);
    expect(await shownPremises(system, ana)).toEqual([premise]);
    await tell(system, granted('ben', 'joint'));
    expect(await pairsOf(system, premise)).toEqual([
      [ana, account],
      [ben, account],
    ]);
    expect(await shownPremises(system, ben)).toEqual([premise]);
  });

  it('are no longer those whose role is over, and their digest is gone', async () => {
    const { system, ana, ben, account, premise } = await home();
    await tell(system, agreed(), granted('ben', 'joint'), ended('ben', 'joint', '2026-02-01'));
    expect(await pairsOf(system, premise)).toEqual([[ana, account]]);
    expect(await shownPremises(system, ben)).toEqual([]);
    expect(await system.profile.get(premiseDigestKey(ben, account, premise), { consistent: true })).toBeUndefined();
  });

  it('are none once the agreement is over', async () => {
    const { system, ana, premise } = await home();
    await tell(system, agreed());
    expect(await shownPremises(system, ana)).toEqual([premise]);
    await tell(system, unagreed('2026-02-01'));
    expect(await pairsOf(system, premise)).toEqual([]);
    expect(await shownPremises(system, ana)).toEqual([]);
  });

  it('are the same when every change is followed twice', async () => {
    const { system, ana, account, premise } = await home();
    await tell(system, agreed());
    const before = await system.profile.get(headKey(premise), { consistent: true });
    expect(await system.committer.placeReaders(premise, account, [ana])).toBe(false);
    expect(await system.profile.get(headKey(premise), { consistent: true })).toEqual(before);
  });
});

describe('a meter that is told of at two premises', () => {
  const away = { namespace: 'uprn', value: 'away' };
  const awayPoint = { namespace: 'mpan', value: 'away' };
  const ben = sent('acc-ben', 'account.account.opened.v1', minute(0), {
    currency: 'GBP',
    references: [{ namespace: 'billing', value: 'ben' }],
  });
  const other = [
    sent('prm-2', 'premise.premise.registered.v1', minute(0), {
      address: { lines: ['2 Quay Street'], country: 'GB' },
      references: [away],
    }),
    sent('svp-2', 'premise.service-point.registered.v1', minute(1), {
      premise: away,
      commodity: 'electricity',
      zone: 'Europe/London',
      references: [awayPoint],
    }),
    ben,
    sent('rol-2', 'account.role.granted.v1', minute(1), {
      account: { namespace: 'billing', value: 'ben' },
      customer: crm('ben'),
      role: 'holder',
      from: '2025-01-01',
    }),
    sent('agr-2', 'account.agreement.started.v1', minute(1), {
      account: { namespace: 'billing', value: 'ben' },
      servicePoint: awayPoint,
      tariff: 'STANDARD',
      from: '2025-01-01',
    }),
  ];
  const day = (n: number) => `2026-03-0${n}T10:00:00.000Z`;
  const installed = (event: string, meter: string, at: object, from: string, system = 'field') =>
    sent(event, 'metering.meter.installed.v1', from, { servicePoint: at, meter, from }, system);
  /** The 360 views of both: Ana's, then Ben's. */
  const viewsOf = (system: ProfileSystem, customers: readonly string[]) => {
    const [now, today] = [() => system.clock.now(), () => '2026-11-24'];
    return Promise.all(customers.map((customer) => show360({ profile: system.profile, now, today }, customer)));
  };
  /** What they say of the meter there: of Ana's home, and of Ben's. */
  const metersShown = async (system: ProfileSystem, customers: readonly string[]) =>
    (await viewsOf(system, customers)).map((view) =>
      view?.premises.map(({ servicePoints }) => servicePoints[0]?.meter?.serial ?? null),
    );
  const told = async (order: (facts: Record<'home' | 'away', Sent>) => readonly Sent[], source = 'field') => {
    const { system, ana, ben: who } = await home();
    await tell(system, agreed(), ...other);
    const meter = await putMeter(system, 'RT-7');
    const facts = {
      home: installed('ins-1', meter, mpan, day(1)),
      away: installed('ins-2', meter, awayPoint, day(5), source),
    };
    for (const one of order(facts)) await tell(system, one);
    return { system, shown: await metersShown(system, [ana, who]), customers: [ana, who], meter };
  };

  it('is shown where it was installed last, in whatever order that comes, though nobody told of a removal', async () => {
    expect((await told(({ home: here, away: there }) => [here, there])).shown).toEqual([[null], ['RT-7']]);
    expect((await told(({ home: here, away: there }) => [there, here])).shown).toEqual([[null], ['RT-7']]);
  });

  it('is shown at neither while sources dispute where it is, and where it is once one takes its word back', async () => {
    const { system, shown, customers } = await told(({ home: here, away: there }) => [here, there], 'imports');
    expect(shown).toEqual([[null], [null]]);
    const stepsOf = async () => (await viewsOf(system, customers)).map((view) => view?.nextSteps);
    const asking = [expect.stringContaining('the meter here is at another point')];
    expect(await stepsOf()).toEqual([asking, asking]);
    const factId = factIdOf('imports', 'ins-2');
    await tell(
      system,
      sent('oops', 'metering.meter.retracted.v1', day(6), { factId, reason: 'Another meter.' }, 'imports'),
    );
    expect(await metersShown(system, customers)).toEqual([['RT-7'], [null]]);
    expect(await stepsOf()).toEqual([[], []]);
  });

  it('is shown where it is though another source never told that it left, whose word was overtaken there', async () => {
    const { system, ana, ben: who } = await home();
    await tell(system, agreed(), ...other);
    const meter = await putMeter(system, 'RT-7');
    const removal = { servicePoint: mpan, meter, at: day(4) };
    await tell(
      system,
      installed('e0', meter, mpan, day(1), 'imports'),
      installed('e1', meter, mpan, day(3)),
      sent('e2', 'metering.meter.removed.v1', day(4), removal, 'field'),
      installed('e3', meter, awayPoint, day(4)),
    );
    expect(await metersShown(system, [ana, who])).toEqual([[null], ['RT-7']]);
  });

  it('is told of by the premise as the view tells it, and is right when the premise is folded anew', async () => {
    const { system, customers } = await told(({ home: here, away: there }) => [here, there]);
    const operations = premiseOperations({
      profile: system.profile,
      readings: system.store.table('readings'),
      now: () => system.clock.now(),
    });
    const request = { ...operationRequest({ kind: 'system', id: 'test' }), query: {}, body: undefined };
    for (const [place, serial] of [
      [uprn, null],
      [away, 'RT-7'],
    ] as const) {
      const subjectId = (await resolveNamed(system.profile, 'premise', place)) ?? '';
      const { body } = await operations.readPremise({ ...request, subjectId });
      expect(body.servicePoints[0]?.meter?.serial ?? null).toBe(serial);
      expect(await system.committer.refold(subjectId, true)).toBe(false);
      await leaveByOtherRules(system.profile, [subjectId]);
      await system.committer.refold(subjectId);
    }
    expect(await metersShown(system, customers)).toEqual([[null], ['RT-7']]);
  });

  it('is right in both views whatever is told of it, and in whatever order', { timeout: 120_000 }, async () => {
    const words = fc.array(
      fc.record({
        isAway: fc.boolean(),
        on: fc.integer({ min: 1, max: 6 }),
        isRemoval: fc.boolean(),
        source: fc.constantFrom('field', 'imports'),
      }),
      { minLength: 1, maxLength: 5 },
    );
    const holds = fc.asyncProperty(words, fc.array(fc.nat(), { minLength: 5, maxLength: 5 }), async (said, keys) => {
      const both = await Promise.all(
        [said.map((_, n) => n), said.map((_, n) => n).sort((a, b) => (keys[a] ?? 0) - (keys[b] ?? 0))].map(
          async (order) => {
            const { system, ana, ben: who } = await home();
            await tell(system, agreed(), ...other);
            const meter = await putMeter(system, 'RT-7');
            const facts = said.map(({ isAway, on, isRemoval, source }, n) => {
              const at = isAway ? awayPoint : mpan;
              return isRemoval
                ? sent(`e${n}`, 'metering.meter.removed.v1', day(on), { servicePoint: at, meter, at: day(on) }, source)
                : installed(`e${n}`, meter, at, day(on), source);
            });
            for (const n of order) await tell(system, ...facts.slice(n, n + 1));
            const shown = await metersShown(system, [ana, who]);
            const item = await readMeter(system.profile, meter);
            const points = await Promise.all(
              [mpan, awayPoint].map((one) => resolveNamed(system.profile, 'servicePoint', one)),
            );
            const last = item?.installations.at(-1);
            expect(shown).toEqual(
              points.map((one) => [last?.to === null && last.servicePoint === one ? 'RT-7' : null]),
            );
            return shown;
          },
        ),
      );
      expect(both[0]).toEqual(both[1]);
    });
    await fc.assert(holds, { numRuns: 15 });
  });
});

describe('what another version folded by other rules', () => {
  it('is folded anew before the readers of a premise are placed, and they see it', async () => {
    const { system, ana, premise } = await home();
    await leaveByOtherRules(system.profile, [premise]);
    await tell(system, agreed());
    expect(await shownPremises(system, ana)).toEqual([premise]);
    const whole = await system.profile.get(
      premiseDigestKey(ana, (await pairsOf(system, premise))[0]?.[1] ?? '', premise),
      {
        consistent: true,
      },
    );
    expect(await system.committer.refold(premise, true)).toBe(false);
    expect(whole).toBeDefined();
  });

  it('is followed when a replay folds it anew: names lead to the customer as before', async () => {
    const { system, ana, ben } = await home();
    const keys = (await lookUpWord(system.profile, 'word', 'okafor')).entries.map(({ found }) => found);
    await leaveByOtherRules(system.profile, [ana, ben]);
    await system.settle();
    for (const customer of [ana, ben]) expect(await system.committer.refold(customer)).toBe(true);
    await system.settle();
    expect(keys).toHaveLength(2);
    expect((await lookUpWord(system.profile, 'word', 'okafor')).entries.map(({ found }) => found)).toEqual(keys);
    for (const customer of [ana, ben]) expect(await system.committer.refold(customer, true)).toBe(false);
  });
});

describe('the words of a name', () => {
  const found = async (system: ProfileSystem, word: string) =>
    (await lookUpWord(system.profile, 'word', word)).entries.map((entry) => entry.found);

  it('lead to the customer, and after a correction the new ones do and the old ones as former', async () => {
    const { system, ana, ben } = await home();
    expect(new Set(await found(system, 'okafor'))).toEqual(new Set([ana, ben]));
    const renamed = { customer: crm('ana'), name: { given: 'Ana', family: 'Lindqvist' } };
    await tell(system, sent('cor', 'customer.profile.corrected.v1', minute(1), renamed));
    const { entries } = await lookUpWord(system.profile, 'word', 'okafor');
    expect(new Map(entries.map(({ found: id, says }) => [id, says]))).toEqual(
      new Map([
        [ana, [['name', 'ana Okafor', 'former']]],
        [ben, [['name', 'ben Okafor']]],
      ]),
    );
    expect(await found(system, 'lindqvist')).toEqual([ana]);
  });

  it('lead to the customer by each name that a source knows them by', async () => {
    const { system, ana, ben } = await home();
    const renamed = { customer: crm('ana'), name: { given: 'Ana', family: 'Lindqvist' } };
    await tell(system, sent('cor', 'customer.profile.corrected.v1', minute(1), renamed, 'portal'));
    expect(new Set(await found(system, 'okafor'))).toEqual(new Set([ana, ben]));
    expect(await found(system, 'lindqvist')).toEqual([ana]);
  });

  it('of an address lead to the premise', async () => {
    const { system, premise } = await home();
    expect(await found(system, 'quay')).toEqual([premise]);
  });
});

describe('a fact that waits', () => {
  it('for a reference is kept as soon as that names something', async () => {
    const system = await openProfileSystem();
    expect(statusesOf(await tell(system, payment('p1', minute(1), 500)))).toEqual(['waiting']);
    await tell(system, opened);
    expect(await waiting(system)).toEqual([]);
    expect(statusesOf(await tell(system, payment('p1', minute(1), 500)))).toEqual(['duplicate']);
  });

  it('for an id is kept as soon as that subject is there', async () => {
    const system = await openProfileSystem();
    const other = await openProfileSystem();
    const account = entityOf((await tell(other, opened))[0]);
    const paid = { ...payment('p1', minute(1), 500), data: { account, amount: { amountMinor: 5, currency: 'GBP' } } };
    expect(statusesOf(await tell(system, paid))).toEqual(['waiting']);
    await tell(system, opened);
    expect([await waiting(system), statusesOf(await tell(system, paid))]).toEqual([[], ['duplicate']]);
  });

  it('for another fact, which it takes back, is kept as soon as that one is', async () => {
    const system = await openProfileSystem();
    const fact = factIdOf('billing', 'p1');
    const back = sent('x1', 'billing.payment.retracted.v1', minute(9), { factId: fact, reason: 'Entered twice.' });
    expect(statusesOf(await tell(system, opened, back))).toEqual(['accepted', 'waiting']);
    const [paid] = await tell(system, payment('p1', minute(1), 500));
    expect(factOf(paid)).toBe(fact);
    expect([await waiting(system), statusesOf(await tell(system, back))]).toEqual([[], ['duplicate']]);
  });

  it('for a meter is kept as soon as that is registered, and the meter knows where it is', async () => {
    const system = await openProfileSystem();
    const serial = { namespace: 'serial', value: 'RT-00041' };
    const installed = sent(
      'ins',
      'metering.meter.installed.v1',
      minute(1),
      { servicePoint: mpan, meter: serial },
      'field',
    );
    const results = await tell(system, registered, point, installed);
    expect(statusesOf(results)).toEqual(['accepted', 'accepted', 'waiting']);
    const meter = await putMeter(system, 'RT-00041');
    await system.settle();
    expect(await waiting(system)).toEqual([]);
    const { installations } = (await readMeter(system.profile, meter)) ?? {};
    expect(installations).toMatchObject([{ servicePoint: entityOf(results[1]), from: minute(1), to: null }]);
  });

  it('for two things waits for the second when the first has come, and is not lost between', async () => {
    const system = await openProfileSystem();
    expect(statusesOf(await tell(system, granted('ana', 'holder')))).toEqual(['waiting']);
    await tell(system, opened);
    const [entry, ...others] = await waiting(system);
    expect([entry?.detail.waitsFor, others]).toEqual(['customer crm:ana', []]);
    const [ana] = await tell(system, person('ana'));
    expect(await waiting(system)).toEqual([]);
    expect(statusesOf(await tell(system, granted('ana', 'holder')))).toEqual(['duplicate']);
    expect((await readView(system.profile, entityOf(ana)))?.accounts).toHaveLength(1);
  });

  it('for one that waits itself is kept after it', async () => {
    const system = await openProfileSystem();
    const told = [reversal('r1', minute(2), 'p1'), payment('p1', minute(1), 500)];
    expect(statusesOf(await system.submit(told, machine))).toEqual(['waiting', 'waiting']);
    await tell(system, opened);
    expect(await waiting(system)).toEqual([]);
    expect(statusesOf(await tell(system, ...told))).toEqual(['duplicate', 'duplicate']);
  });

  it('and is sent in again before that has come goes on waiting, and is kept when it comes', async () => {
    const system = await openProfileSystem();
    await tell(system, payment('p1', minute(1), 500));
    const [entry] = await waiting(system);
    expect(entry === undefined ? undefined : await resubmit(system, entry)).toBe('waiting');
    expect(await waiting(system)).toEqual([entry]);
    await tell(system, opened);
    expect([await waiting(system), statusesOf(await tell(system, payment('p1', minute(1), 500)))]).toEqual([
      [],
      ['duplicate'],
    ]);
  });

  it('and then proves wrong is kept aside for people, not dropped', async () => {
    const system = await openProfileSystem();
    const fact = factIdOf('billing', 'p1');
    const foreign = sent(
      'x1',
      'billing.payment.retracted.v1',
      minute(9),
      { factId: fact, reason: 'Wrong.' },
      'payments',
    );
    expect(statusesOf(await tell(system, opened, foreign))).toEqual(['accepted', 'waiting']);
    await tell(system, payment('p1', minute(1), 500));
    expect(await waiting(system)).toEqual([]);
    const { entries } = await listQuarantine(await upToDate(system), { limit: 5 });
    expect(entries.map(({ reason, actor }) => [reason, actor])).toEqual([['source.refused', 'machine:billing']]);
    const [kept] = entries;
    const bytes = kept === undefined ? undefined : await openQuarantined(system.sealer, kept);
    expect(JSON.parse(new TextDecoder().decode(bytes))).toEqual(foreign);
  });
});
