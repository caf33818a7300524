import { describe, expect, it } from 'vitest';
import { View360 } from '#functions/view.ts';
import { show360 } from '#shared/profile/store/show-360.ts';
import { factIdOf } from '#shared/runtime/identify.ts';
import {
  agreed,
  bill,
  called,
  crm,
  dark,
  ended,
  entityOf,
  granted,
  minute,
  mpan,
  opened,
  payment,
  person,
  point,
  putMeter,
  registered,
  type Sent,
  sent,
  tell,
  unagreed,
} from '#tests/functions/told-household.ts';
import { openProfileSystem, type ProfileSystem } from '#tests/support/profile-system.ts';

const today = '2026-11-24';
const shown = async (system: ProfileSystem, customer: string, on = today) => {
  const view = await show360(
    { profile: system.profile, now: system.clock.now.bind(system.clock), today: () => on },
    customer,
  );
  return view === undefined ? undefined : View360.parse(view);
};
const household = async (...more: readonly Sent[]) => {
  const system = await openProfileSystem();
  const place = [registered, point, agreed()];
  const results = await tell(system, person('ana'), opened, granted('ana', 'holder'), ...place, ...more);
  const [ana = '', account = ''] = results.map(entityOf);
  return { system, ana, account };
};

describe('alerts', () => {
  it('are none where nothing is overdue and no service is out, and then there is nothing to do', async () => {
    const { system, ana } = await household(bill('b1', minute(1), 500, today));
    expect(await shown(system, ana)).toMatchObject({ alerts: [], nextSteps: [] });
  });

  it('say that the meter told of a leak, how large and when last, for seven days, unless that was taken back', async () => {
    const { system, ana } = await household();
    const meter = await putMeter(system, 'RT-1');
    const leak = (event: string, day: number, value?: number) =>
      sent(event, 'metering.event.recorded.v1', `2026-11-${day}T10:00:00.000Z`, {
        servicePoint: mpan,
        meter,
        event: 'leak',
        ...(value === undefined ? {} : { value }),
      });
    const texts = async (on: string) => (await shown(system, ana, on))?.alerts.map(({ text }) => text);
    await tell(system, leak('old', 10, 5), leak('l1', 20), leak('l2', 22, 40));
    const view = await shown(system, ana);
    expect(view?.alerts).toMatchObject([
      {
        class: 'usage',
        text: 'The meter tells of a leak, 40 L an hour, since 2026-11-22',
        since: '2026-11-22T10:00:00.000Z',
        expires: '2026-11-29',
      },
    ]);
    expect([await texts('2026-11-28'), await texts('2026-11-29')]).toEqual([[expect.any(String)], []]);
    const data = { factId: factIdOf('billing', 'l2'), reason: 'Another meter.' };
    await tell(system, sent('oops', 'metering.event.retracted.v1', '2026-11-23T10:00:00.000Z', data));
    expect(await texts(today)).toEqual(['The meter tells of a leak, since 2026-11-20']);
  });

  it('say how much is overdue since when, from the day after it was due, and what to do about it', async () => {
    const { system, ana, account } = await household(
      bill('b1', minute(1), 500, '2026-11-20'),
      bill('b2', minute(2), 100, today),
    );
    const view = await shown(system, ana);
    expect(view?.alerts).toMatchObject([
      { class: 'financial', text: '5.00 GBP overdue since 2026-11-20', evidence: [account], since: '2026-11-20' },
    ]);
    expect(view?.nextSteps).toEqual(['Ask about the overdue amount; offer to take a payment now.']);
    expect(view?.accounts[0]).toMatchObject({ overdue: { amountMinor: 500 }, nextDue: { dueOn: today } });
    expect((await shown(system, ana, '2026-11-25'))?.alerts[0]?.text).toBe('6.00 GBP overdue since 2026-11-20');
    await tell(system, payment('p1', minute(3), 600));
    expect(await shown(system, ana)).toMatchObject({ alerts: [], nextSteps: [] });
  });

  it('say that service is out until it is back, and come after money', async () => {
    const { system, ana } = await household(dark('o1', minute(5)), bill('b1', minute(1), 500));
    const view = await shown(system, ana);
    expect(view?.alerts.map((alert) => alert.class)).toEqual(['financial', 'service']);
    expect(view?.service.openOutages).toHaveLength(1);
    expect(view?.nextSteps).toHaveLength(2);
    await tell(
      system,
      sent('o1-end', 'service.outage.restored.v1', minute(9), { outage: { namespace: 'field', value: 'o1' } }, 'field'),
    );
    const after = await shown(system, ana);
    expect(after?.alerts.map((alert) => alert.class)).toEqual(['financial']);
    expect([after?.service.openOutages, after?.service.lastResolved]).toMatchObject([[], [{ restoredAt: minute(9) }]]);
  });

  it('say that service is out, and when it is expected back, until an end that was told ahead comes', async () => {
    const { system, ana } = await household(dark('o1', minute(5)));
    const back = '2026-11-24T18:00:00.000Z';
    const end = { outage: { namespace: 'field', value: 'o1' }, restoredAt: back };
    await tell(system, sent('o1-end', 'service.outage.restored.v1', minute(9), end, 'field'));
    const view = await shown(system, ana);
    expect(view?.alerts).toMatchObject([
      { class: 'service', because: [expect.any(String), expect.stringContaining(back)] },
    ]);
    expect(view?.service).toMatchObject({ openOutages: [{ expectedBy: back }], lastResolved: [] });
    expect(view?.service.openOutages[0]?.restoredAt).toBeUndefined();
    system.clock.set(Date.parse(back));
    const after = await shown(system, ana);
    expect(after).toMatchObject({ alerts: [], service: { openOutages: [], lastResolved: [{ restoredAt: back }] } });
  });

  it('are seven at the most, the weightiest, and how many more there are is said', async () => {
    const { system, ana } = await household();
    const owing = Array.from({ length: 9 }, (_, n) => ({ namespace: 'billing', value: `other-${n}` })).flatMap(
      (account, n) => [
        sent(`acc-${n}`, opened.type, opened.occurredAt, { currency: 'GBP', references: [account] }),
        sent(`rol-${n}`, 'account.role.granted.v1', minute(n), {
          account,
          customer: crm('ana'),
          role: 'holder',
          from: '2025-01-01',
        }),
        sent(`bill-${n}`, 'billing.bill.issued.v1', minute(n), {
          account,
          amount: { amountMinor: 100 * (n + 1), currency: 'GBP' },
          issuedOn: '2026-02-01',
          dueOn: '2026-02-15',
        }),
      ],
    );
    await tell(system, ...owing);
    const view = await shown(system, ana);
    expect(view?.alerts.map(({ text }) => text.split(' ')[0])).toEqual([9, 8, 7, 6, 5, 4, 3].map((n) => `${n}.00`));
    expect(view?.omitted).toEqual(['alerts: 2 more']);
  });
});

describe('the view of a customer', () => {
  it('is none where there is no such customer', async () => {
    const { system, account } = await household();
    expect(await shown(system, account.replace('acc_', 'cus_'))).toBeUndefined();
  });

  it('shows of a role to come that it comes, and no money, no alert about it', async () => {
    const { system } = await household(bill('b1', minute(1), 500));
    const [ben] = (await tell(system, person('ben'), granted('ben', 'joint', '2026-12-01'))).map(entityOf);
    const before = await shown(system, ben ?? '');
    expect(before).toMatchObject({
      alerts: [],
      customer: { status: 'prospect' },
      accounts: [{ roles: [], plannedRoles: [{ role: 'joint', from: '2026-12-01', to: null }], lastPayments: [] }],
    });
    expect(before?.accounts[0]).not.toHaveProperty('balance');
    const after = await shown(system, ben ?? '', '2026-12-01');
    expect(after).toMatchObject({
      customer: { status: 'active' },
      accounts: [{ roles: ['joint'], from: '2026-12-01', balance: { amountMinor: 500 } }],
      alerts: [{ class: 'financial' }],
    });
  });

  it('tells a prospect from a customer and from one who has left', async () => {
    const { system, ana } = await household();
    const [ben] = (await tell(system, person('ben'))).map(entityOf);
    const status = async (customer: string) => (await shown(system, customer))?.customer.status;
    expect([await status(ana), await status(ben ?? '')]).toEqual(['active', 'prospect']);
    await tell(system, ended('ana', 'holder', '2026-11-24'));
    expect(await shown(system, ana)).toMatchObject({
      customer: { status: 'former' },
      accounts: [{ roles: [], formerRoles: [{ role: 'holder', to: '2026-11-24' }], agreements: [] }],
      premises: [],
    });
  });

  it('tells who owed, paid for another and has a third role nothing of the time they paid, from the day that ends', async () => {
    const system = await openProfileSystem();
    const end = '2026-12-01';
    const [, , , ana = '', account = ''] = (
      await tell(
        system,
        ...[registered, point, person('ben'), person('ana'), opened, agreed()],
        granted('ana', 'holder', '2025-01-01', '2025-06-01'),
        granted('ben', 'holder', '2025-06-01'),
        granted('ana', 'payer', '2025-07-01', end),
        granted('ana', 'guarantor', '2025-08-01'),
        bill('of-ana', '2025-05-01T08:00:00.000Z', 700, '2025-05-15'),
        bill('of-ben', '2025-09-01T08:00:00.000Z', 500, '2025-09-15'),
        payment('by-ben', '2025-09-10T08:00:00.000Z', 100),
      )
    ).map(entityOf);
    const told = async (on: string) => {
      const found = (await shown(system, ana, on))?.accounts.find(({ id }) => id === account);
      return [found?.roles, found?.lastBill?.amount.amountMinor, found?.lastPayments.length];
    };
    expect(await told('2026-11-30')).toEqual([['payer', 'guarantor'], 500, 1]);
    expect(await told(end)).toEqual([['guarantor'], 700, 0]);
    expect(await told('2027-03-01')).toEqual([['guarantor'], 700, 0]);
  });

  it('tells from the day a role ends what is theirs of the time before, though nothing was written since', async () => {
    const system = await openProfileSystem();
    const end = '2026-12-01';
    const [, , , ana = '', account = ''] = (
      await tell(
        system,
        ...[registered, point, person('ben'), person('ana'), opened, agreed(), unagreed(end)],
        granted('ben', 'holder', '2025-01-01', '2025-06-01'),
        granted('ana', 'holder', '2025-06-01', end),
        bill('of-ben', '2025-05-01T08:00:00.000Z', 700, '2025-05-15'),
        bill('of-ana', minute(1), 500, '2026-12-10'),
      )
    ).map(entityOf);
    const on = async (date: string) => (await shown(system, ana, date))?.accounts.find(({ id }) => id === account);
    expect(await on('2026-11-30')).toMatchObject({
      roles: ['holder'],
      status: 'open',
      balance: { amountMinor: 1200 },
      overdue: { amountMinor: 700 },
    });
    expect(await on(end)).toMatchObject({
      roles: [],
      formerRoles: [{ role: 'holder', from: '2025-06-01', to: end }],
      status: 'closed',
      balance: { amountMinor: 500 },
      overdue: { amountMinor: 0 },
      lastBill: { amount: { amountMinor: 500 } },
      previousBill: null,
    });
    const alerts = async (date: string) => (await shown(system, ana, date))?.alerts.map(({ text }) => text);
    expect(await alerts(end)).toEqual(['5.00 GBP still owed on a former account']);
    expect(await alerts('2026-12-11')).toEqual([
      '5.00 GBP still owed on a former account, 5.00 GBP overdue since 2026-12-10',
    ]);
  });

  it('shows a debt that was left before accounts that are settled, of many, and counts those there is no room for', async () => {
    const system = await openProfileSystem();
    const accounts = Array.from({ length: 28 }, (_, n) => ({ namespace: 'billing', value: `many-${n}` }));
    const year = (n: number) => `${1990 + n}-01-01`;
    const results = await tell(
      system,
      person('ana'),
      ...accounts.flatMap((account, n) => [
        sent(`acc-${n}`, 'account.account.opened.v1', `${year(n)}T08:00:00.000Z`, {
          currency: 'GBP',
          references: [account],
        }),
        sent(`rol-${n}`, 'account.role.granted.v1', `${year(n)}T09:00:00.000Z`, {
          account,
          customer: crm('ana'),
          role: 'holder',
          from: year(n),
          to: year(n + 1),
        }),
      ]),
      {
        ...bill('old', `${year(0)}T10:00:00.000Z`, 900),
        data: { ...bill('old', `${year(0)}T10:00:00.000Z`, 900).data, account: accounts[0] },
      },
    );
    const [ana = '', ...made] = results.map(entityOf);
    const view = await shown(system, ana);
    expect(view?.accounts.map(({ id }) => id).slice(0, 2)).toEqual([made[0], made[2 * 27]]);
    expect([view?.accounts.length, view?.omitted]).toEqual([25, ['former accounts: 3 more']]);
    expect(view?.alerts).toMatchObject([{ class: 'financial', evidence: [made[0]] }]);
  });

  it('can be read though what it tells happened before 1970', async () => {
    const { system, ana } = await household(
      called('i1', '1964-05-06T07:08:09.000Z'),
      dark('o1', '1959-01-01T00:00:00.000Z'),
    );
    const view = await shown(system, ana);
    expect(view?.interactions.recent.map((one) => one.at)).toEqual(['1964-05-06T07:08:09.000Z']);
    expect(view?.service.openOutages.map((one) => one.startedAt)).toEqual(['1959-01-01T00:00:00.000Z']);
    const crm = view?.freshness.sources.find((one) => one.source === 'crm');
    expect(crm?.lastFactAt).toBe('1964-05-06T07:08:09.000Z');
  });

  it('tells how old the newest word of each source is', async () => {
    const { system, ana } = await household(called('i1', '2026-11-24T11:59:30.000Z'));
    const sources = (await shown(system, ana))?.freshness.sources ?? [];
    expect(sources.find((one) => one.source === 'crm')?.lagSeconds).toBe(30);
    expect(sources.map((one) => one.source)).toEqual(['billing', 'crm']);
  });
});
