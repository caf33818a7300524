import { describe, expect, it } from 'vitest';
import { accountService } from '#functions/accounts/account-service.ts';
import { listAgreements } from '#functions/accounts/list-agreements.ts';
import { accountView } from '#functions/accounts/show-account.ts';
import { toldAll } from '#functions/accounts/told-to-reader.ts';
import { customersOf } from '#functions/search/store/search-lookup.ts';
import { costOfLateEnd, costOfOneMore, costOfOneRoleMore } from '#scripts/bench/landlord.ts';
import { landlordFacts } from '#scripts/bench/landlord-facts.ts';
import { standingOf } from '#shared/edge/authorise.ts';
import { findSubject } from '#shared/edge/find-subject.ts';
import { account } from '#shared/profile/rules/account.ts';
import { toldAgreements } from '#shared/profile/rules/service-at.ts';
import { readPartsPage } from '#shared/profile/store/parts.ts';
import { profileAsOf } from '#shared/profile/store/profile-as-of.ts';
import { readFactsOf, rebuildStates } from '#shared/profile/store/rebuild.ts';
import { resolveNamed } from '#shared/profile/store/references.ts';
import { show360 } from '#shared/profile/store/show-360.ts';
import { loadSubject, loadWhole, readAll } from '#shared/profile/store/subjects.ts';
import { renderView } from '#shared/profile/store/view-writes.ts';
import { headKey, partsPrefix, subjectPartition } from '#shared/table/keys.ts';
import { leaveByOtherRules } from '#tests/support/other-rules.ts';
import { machine, openProfileSystem, type ProfileSystem } from '#tests/support/profile-system.ts';

const today = '2026-11-24';
const { named, fact, opening, letting, agreement, ended } = landlordFacts('billing', (second) =>
  new Date(Date.UTC(2026, 0, 5, 8, 0, second)).toISOString(),
);
const placeOf = (n: number) => letting(n, 1);
const started = (n: number, second = 2 + n, from = '2025-01-01') => agreement(n, from, second);

const numbers = (count: number) => Array.from({ length: count }, (_, n) => n + 1);
const tellAll = async (system: ProfileSystem, facts: readonly object[]) => {
  for (let from = 0; from < facts.length; from += 20) {
    const results = await system.submit(facts.slice(from, from + 20), machine);
    expect(results.filter(({ status }) => status !== 'accepted')).toEqual([]);
  }
};
const landlord = async (count: number) => {
  const system = await openProfileSystem();
  await tellAll(system, opening);
  await tellAll(system, numbers(count).flatMap(placeOf));
  await tellAll(
    system,
    numbers(count).map((n) => started(n)),
  );
  await system.settle();
  const idOf = async (kind: 'account' | 'customer' | 'servicePoint', value: string) =>
    (await resolveNamed(system.profile, kind, named(value))) ?? '';
  return { ...system, idOf, account: await idOf('account', 'account'), customer: await idOf('customer', 'landlord') };
};

const listAll = async (system: ProfileSystem, id: string) => {
  const found: Awaited<ReturnType<typeof listAgreements>>['data'] = [];
  let after: string | undefined;
  do {
    const page = await listAgreements(system.profile, { account: id, told: toldAll, limit: 25, after, today });
    found.push(...page.data);
    after = page.next ?? undefined;
  } while (after !== undefined);
  return found;
};

it('a page of agreements is refused where other rules folded one of them, and told once that is folded anew', async () => {
  const system = await landlord(3);
  const { profile, account: id } = system;
  const { items } = await profile.query({ pk: subjectPartition(id), prefix: partsPrefix('account'), consistent: true });
  await profile.batchPut(items.slice(-1).map((item) => ({ ...item, rules: Number(item.rules) - 1 })));
  const page = () => readPartsPage(profile, id, 'account', { limit: 25, after: undefined });
  await expect(page()).rejects.toMatchObject({ code: 'rules.older' });
  expect(await system.committer.refold(id)).toBe(true);
  expect((await page()).parts.size).toBe(3);
  await system.store.close();
});

describe('an account of 130 agreements', { timeout: 120_000 }, () => {
  it('loses none of them: the list has all, the account and the view the first and how many more there are', async () => {
    const system = await landlord(130);
    const { profile, account: id, customer } = system;
    expect((await listAll(system, id)).map(({ to }) => to)).toEqual(Array.from({ length: 130 }, () => undefined));
    const { states } = await loadSubject(profile, id);
    const service = await accountService(
      id,
      states,
      today,
      async (place) => (await loadSubject(profile, place)).states,
    );
    const view = accountView(id, states, service, today);
    expect([view.agreements.length, view.morePremises]).toEqual([25, 105]);
    const whole = await show360({ profile, now: () => system.clock.now(), today: () => today }, customer);
    expect([whole?.premises.length, whole?.omitted]).toEqual([25, ['premises: 105 more']]);
    await system.store.close();
  });

  it('lets its holder at every one of its points, and a stranger at none', async () => {
    const system = await landlord(130);
    const { profile, customer } = system;
    await tellAll(system, [
      fact('customer.profile.registered.v1', 'other', 900, {
        references: [named('other')],
        kind: 'person',
        name: { family: 'Other' },
      }),
    ]);
    const other = await system.idOf('customer', 'other');
    const ground = {
      profile,
      today: () => today,
      resolve: (kind: Parameters<typeof resolveNamed>[1], of: Parameters<typeof resolveNamed>[2]) =>
        resolveNamed(profile, kind, of),
    };
    const relations = async (customerId: string) =>
      Promise.all(
        numbers(130).map(async (n) => {
          const found = await findSubject(ground, 'servicePoint', named(`s${n}`));
          const actor = { kind: 'customer' as const, id: customerId, customerId };
          return (await standingOf(ground, actor, found, 'usage.read')).relation;
        }),
      );
    expect(new Set(await relations(customer))).toEqual(new Set(['own']));
    expect(new Set(await relations(other))).toEqual(new Set(['other']));
    await system.store.close();
  });

  it('is found by the address of every one of its premises', async () => {
    const system = await landlord(60);
    const { profile, customer } = system;
    const found = await Promise.all(
      numbers(60).map(async (n) => {
        const premise = (await resolveNamed(profile, 'premise', named(`p${n}`))) ?? '';
        return (await customersOf(profile, premise)).now;
      }),
    );
    expect(found).toEqual(numbers(60).map(() => [customer]));
    await system.store.close();
  });

  it('ends some, in any order, and is the same as folded from its facts alone: states, views and lists', async () => {
    const system = await landlord(60);
    const { profile, account: id, committer } = system;
    const ends = numbers(40).map((n) => ended(n, n % 4 === 0 ? '2027-03-01' : `2026-0${1 + (n % 9)}-01`, 500 + n));
    await tellAll(system, ends.toReversed());
    await tellAll(system, [started(3, 700, '2026-10-01'), started(4, 701, '2026-10-01')]);
    await system.settle();
    const rebuilt = rebuildStates(await readFactsOf(profile, system.sealer, id));
    const stored = await loadWhole(profile, id);
    expect(toldAgreements(stored.states, account.name)).toEqual(toldAgreements(rebuilt, account.name));
    expect(stored.states.get('account')?.ofParts).toEqual(rebuilt.get('account')?.ofParts);
    const cut = await loadSubject(profile, id);
    expect(cut.states.get('account')?.parts).toBeUndefined();
    const shown = (states: typeof rebuilt) => renderView(id, states, cut.head, today);
    expect(shown(cut.states)).toEqual(shown(rebuilt));
    expect(await committer.refold(id, true)).toBe(false);
    await system.store.close();
  });

  it('of older rules is folded anew, part by part, and comes out as it was', async () => {
    const system = await landlord(70);
    const { profile, account: id, committer } = system;
    const items = async () =>
      (await readAll(profile, { pk: subjectPartition(id), consistent: true })).filter(({ sk }) => sk !== 'HEAD');
    const before = await items();
    const head = await profile.get(headKey(id), { consistent: true });
    await leaveByOtherRules(profile, [id]);
    expect(await committer.refold(id)).toBe(true);
    expect(await items()).toEqual(before);
    expect((await profile.get(headKey(id), { consistent: true }))?.premises).toEqual(head?.premises);
    await system.store.close();
  });
});

it('an account of 30 role holders is open to each of them, and each is told that there is one', {
  timeout: 120_000,
}, async () => {
  const system = await openProfileSystem();
  const holders = numbers(30);
  await tellAll(system, [
    ...opening.slice(1, 2),
    ...holders.map((n) =>
      fact('customer.profile.registered.v1', `h${n}`, 0, {
        references: [named(`h${n}`)],
        kind: 'person',
        name: { family: `Holder ${n}` },
      }),
    ),
    ...holders.map((n) =>
      fact('account.role.granted.v1', `hr${n}`, n, {
        account: named('account'),
        customer: named(`h${n}`),
        role: 'joint',
        from: '2025-01-01',
      }),
    ),
  ]);
  const { profile } = system;
  const ground = {
    profile,
    today: () => today,
    resolve: (kind: Parameters<typeof resolveNamed>[1], of: Parameters<typeof resolveNamed>[2]) =>
      resolveNamed(profile, kind, of),
  };
  const found = await findSubject(ground, 'account', named('account'));
  const relations = await Promise.all(
    holders.map(async (n) => {
      const customerId = (await resolveNamed(profile, 'customer', named(`h${n}`))) ?? '';
      return (await standingOf(ground, { kind: 'customer', id: customerId, customerId }, found, 'money.read')).relation;
    }),
  );
  expect(new Set(relations)).toEqual(new Set(['own']));

  // The digest of an account goes to the first of its holders alone.
  const deps = {
    profile,
    sealer: system.sealer,
    now: () => system.clock.now(),
    today: () => today,
  };
  const then = { asOf: '2026-11-24T12:00:00.000Z', knownAt: '2026-11-24T12:00:00.000Z' };
  const told = await Promise.all(
    holders.map(async (n) => {
      const customerId = (await resolveNamed(profile, 'customer', named(`h${n}`))) ?? '';
      const views = [await show360(deps, customerId), (await profileAsOf(deps, customerId, then))?.view];
      return views.map((view) => [
        view?.customer.status,
        view?.accounts.length,
        view?.omitted.filter((one) => one.startsWith('accounts')),
      ]);
    }),
  );
  const [shown, unseen] = [
    ['active', 1, []],
    ['active', 0, ['accounts: 1 more']],
  ];
  expect(told).toEqual(holders.map((n) => (n <= 20 ? [shown, shown] : [unseen, unseen])));

  // Whose role ends is not told of an account any longer.
  await tellAll(system, [
    fact('account.role.ended.v1', 'h30-over', 40, {
      account: named('account'),
      customer: named('h30'),
      role: 'joint',
      to: '2026-11-01',
    }),
  ]);
  const last = (await resolveNamed(profile, 'customer', named('h30'))) ?? '';
  const view = await show360(deps, last);
  expect([view?.customer.status, view?.accounts.map((one) => one.formerRoles?.length), view?.omitted]).toEqual([
    'former',
    [1],
    [],
  ]);
  await system.store.close();
});

describe('what one agreement more costs', { timeout: 120_000 }, () => {
  it.each([
    ['one agreement more', costOfOneMore],
    ['an end that is told late', costOfLateEnd],
    ['one role more', costOfOneRoleMore],
  ])('of %s is the same at 70 and at 140 premises or accounts', async (_, costOf) => {
    const [few, many] = [await costOf(70), await costOf(140)];
    const { bytesRead: _read, bytesWritten: _written, ...counts } = many;
    expect(few).toMatchObject(counts);
    expect(Math.abs(few.bytesRead + few.bytesWritten - many.bytesRead - many.bytesWritten)).toBeLessThan(64);
  });
});

it('a point of 60 tenancies in turn keeps each of them, and each tenant their own', async () => {
  const system = await openProfileSystem();
  await tellAll(system, [...opening, ...placeOf(1)]);
  const tenants = numbers(60).flatMap((n) => {
    const [from, to] = [`${1960 + n}-01-01`, `${1961 + n}-01-01`];
    const of = named(`t${n}`);
    return [
      fact('account.account.opened.v1', `t${n}`, 1, { references: [of], currency: 'GBP' }),
      fact('account.agreement.started.v1', `ts${n}`, 10 + n, {
        account: of,
        servicePoint: named('s1'),
        references: [named(`ts${n}`)],
        tariff: 'STANDARD',
        from,
        to,
      }),
    ];
  });
  await tellAll(system, tenants);
  const premise = (await resolveNamed(system.profile, 'premise', named('p1'))) ?? '';
  const { starts } = toldAgreements((await loadSubject(system.profile, premise)).states, 'supply');
  expect(new Set(starts.map((one) => one.account)).size).toBe(60);
  await system.store.close();
});
