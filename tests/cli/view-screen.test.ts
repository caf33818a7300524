import { describe, expect, it } from 'vitest';
import { viewScreen } from '#cli/view-screen.ts';
import { barsText, lagText, moneyText, quantityText } from '#cli/words.ts';
import { View360 } from '#functions/view.ts';

const money = (amountMinor: number) => ({ amountMinor, currency: 'GBP' });
const view: View360 = {
  customer: { id: 'cus_1', kind: 'person', name: 'Ms Amara Okafor', status: 'active', since: '2025-10-01', version: 4 },
  contact: {
    points: [{ id: 'cpt_1', kind: 'phone', value: '+44 1632 960123', verified: true, preferred: true, source: 'crm' }],
    preferences: {},
    restrictions: [],
  },
  alerts: [{ class: 'financial', text: 'A payment is overdue', because: [], evidence: [] }],
  accounts: [
    {
      id: 'acc_1',
      roles: ['holder'],
      status: 'open',
      balance: money(8423),
      overdue: money(1000),
      lastBill: { id: 'bil_1', number: 'B-1', amount: money(8423), issuedOn: '2026-02-01', dueOn: '2026-02-15' },
      lastPayments: [{ id: 'pay_1', amount: money(5000), receivedOn: '2026-01-20', method: 'card' }],
      nextDue: { amount: money(8423), dueOn: '2026-02-15', bills: 1 },
      agreements: [{ id: 'agr_1', servicePointId: 'svp_1', tariff: 'STANDARD', from: '2025-10-01' }],
    },
  ],
  premises: [
    {
      id: 'prm_1',
      address: '4 Mill Lane, Leeds',
      servicePoints: [
        {
          id: 'svp_1',
          commodity: 'electricity',
          connection: 'connected',
          meter: { id: 'mtr_1', serial: 'E77', lastReadingAt: '2026-03-01T09:30:00Z' },
        },
      ],
    },
  ],
  usage: [
    {
      servicePointId: 'svp_1',
      register: '1',
      flow: 'forward',
      unit: 'Wh',
      powerOfTen: 0,
      months: [
        { month: '2026-02', value: 155_000, estimatedShare: 0 },
        { month: '2026-01', value: 310_000, estimatedShare: 0 },
      ],
      recentDays: [
        { date: '2026-02-28', value: 9_500 },
        { date: '2026-03-01', value: null },
      ],
      asOf: '2026-03-01T09:30:00Z',
    },
  ],
  service: { openOutages: [], openCases: [], patterns: [], lastResolved: [] },
  interactions: {
    recent: [
      {
        id: 'int_2',
        at: '2026-02-21T10:00:00Z',
        channel: 'web',
        direction: 'inbound',
        reason: 'billing.high-bill',
        writtenBy: 'customer',
      },
      {
        id: 'int_1',
        at: '2026-02-20T10:00:00Z',
        channel: 'phone',
        direction: 'inbound',
        reason: 'billing.high-bill',
        writtenBy: 'staff',
      },
    ],
    counts: {},
  },
  relations: [],
  nextSteps: [],
  freshness: {
    asOf: '2026-03-01T09:31:00Z',
    sources: [{ source: 'billing', lastFactAt: '2026-03-01T09:30:30Z', lagSeconds: 30 }],
  },
  omitted: [],
  masked: ['accounts[].lastBill'],
};

const drawn = (of: View360, width = 200, all = false): readonly string[] =>
  viewScreen(of, width, all).map(({ text }) => text);

it('draws who, where, what is owed and what was used', () => {
  View360.parse(view);
  expect(drawn(view, 120)).toMatchInlineSnapshot(`
    [
      "Ms Amara Okafor · person · active · since 2025-10-01",
      "cus_1 · version 4",
      "alerts    ! A payment is overdue",
      "contact   +44 1632 960123 · phone · preferred",
      "accounts  acc_1 · holder · open · STANDARD from 2025-10-01",
      "            balance 84.23 GBP · OVERDUE 10.00 GBP · 84.23 GBP due 2026-02-15",
      "            last bill B-1 84.23 GBP of 2026-02-01, due 2026-02-15",
      "            last payment 50.00 GBP on 2026-01-20 by card",
      "premises  4 Mill Lane, Leeds · prm_1",
      "            electricity · connected · meter E77 · last reading 2026-03-01 09:30Z",
      "usage     register 1 forward · █▅ 2026-02 155 kWh · █· 2026-03-01 gap · as of 2026-03-01 09:30Z",
      "recent    2026-02-21 10:00Z inbound web · by customer · billing.high-bill",
      "          2026-02-20 10:00Z inbound phone · billing.high-bill",
      "fresh     2026-03-01 09:31Z · billing 30 s ago",
      "masked    accounts[].lastBill",
    ]
  `);
});

it('says how many bills fall due on one day', () => {
  const accounts = view.accounts.map((one) => ({
    ...one,
    nextDue: { amount: money(9000), dueOn: '2026-02-15', bills: 2 },
  }));
  expect(drawn({ ...view, accounts }, 120).join('\n')).toContain('90.00 GBP due 2026-02-15 (2 bills)');
});

it('wraps what a terminal has no room for: no letter is lost, and what goes on stands further in', () => {
  const summary = 'Thought the meter runs too fast; agreed to watch it for a week and to call again.';
  const [one] = view.interactions.recent;
  if (one === undefined) throw new Error('no interaction');
  const long = { ...view, interactions: { recent: [{ ...one, summary }], counts: {} } };
  const words = (lines: readonly string[]) => lines.join(' ').split(/\s+/);
  for (const width of [40, 60, 80]) {
    const lines = drawn(long, width);
    expect([width, Math.max(...lines.map((line) => [...line].length)) <= width]).toEqual([width, true]);
    expect(words(lines)).toEqual(words(drawn(long, Number.POSITIVE_INFINITY)));
  }
  expect(drawn(long, 60).slice(-6, -3)).toEqual([
    'recent    2026-02-21 10:00Z inbound web · by customer ·',
    '            billing.high-bill · Thought the meter runs too',
    '            fast; agreed to watch it for a week and to call',
  ]);
});

it('breaks a word that is longer than a line', () => {
  const lines = drawn({ ...view, nextSteps: ['x'.repeat(100)] }, 40);
  expect(lines.join('').replaceAll(/[^x]/g, '').length).toBeGreaterThanOrEqual(100);
  expect(Math.max(...lines.map((line) => line.length))).toBe(40);
});

it('marks what is to catch the eye: the name, alerts and money overdue', () => {
  const styles = viewScreen(view, 120).flatMap(({ text, style }) =>
    style === undefined ? [] : [[style, text.trim()]],
  );
  expect(styles).toEqual([
    ['strong', expect.stringContaining('Amara')],
    ['alarm', expect.stringContaining('! A payment is overdue')],
    ['alarm', expect.stringContaining('OVERDUE')],
    ['faint', expect.stringContaining('masked')],
  ]);
});

it('names the home of a register, an alert and an outage where there are several, and the account of money overdue', () => {
  const [premise, account] = [view.premises[0], view.accounts[0]];
  if (premise === undefined || account === undefined) throw new Error('the example is empty');
  const [point] = premise.servicePoints;
  if (point === undefined) throw new Error('no service point');
  const other = {
    ...premise,
    id: 'prm_2',
    address: '9 Quay Street, Leeds',
    servicePoints: [{ ...point, id: 'svp_2' }],
  };
  const because = ['It is.'];
  const two: View360 = {
    ...view,
    accounts: [account, { ...account, id: 'acc_2' }],
    premises: [premise, other],
    alerts: [
      { class: 'financial', text: '10.00 GBP overdue', because, evidence: ['acc_2'] },
      { class: 'service', text: 'No gas at a premise', because, evidence: ['out_1'] },
      { class: 'usage', text: 'Water that never stops', because, evidence: ['svp_2'] },
    ],
    service: {
      ...view.service,
      openOutages: [{ id: 'out_1', premiseId: 'prm_1', commodity: 'gas', startedAt: '2026-03-01T09:00:00Z' }],
    },
  };
  const lines = drawn(two);
  expect(lines).toEqual(
    expect.arrayContaining([
      'alerts    ! 10.00 GBP overdue · acc_2',
      '          ! No gas at a premise · 4 Mill Lane',
      '          ! Water that never stops · 9 Quay Street',
      'service   OUTAGE · gas · 4 Mill Lane · since 2026-03-01 09:00Z',
    ]),
  );
  expect(lines.join('\n')).toContain('usage     4 Mill Lane · register 1 forward');
});

it('stays on one screen for a landlord with 60 flats', () => {
  const [account, premise, usage] = [view.accounts[0], view.premises[0], view.usage[0]];
  if (account === undefined || premise === undefined || usage === undefined) throw new Error('the example is empty');
  const many = {
    ...view,
    accounts: Array(60).fill(account),
    premises: Array(60).fill(premise),
    usage: Array(60).fill(usage),
  };
  const lines = drawn(many, 80);
  expect(lines.length).toBeLessThanOrEqual(40);
  expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(80);
  expect(lines.join('\n')).toContain('… 56 more (--all)');
  const all = drawn(many, 80, true);
  expect(all.join('\n')).not.toContain('more (--all)');
  expect(all.filter((line) => line.includes('acc_1'))).toHaveLength(60);
});

describe('values on a terminal', () => {
  it.each([
    [moneyText({ amountMinor: 8423, currency: 'GBP' }), '84.23 GBP'],
    [moneyText({ amountMinor: -500, currency: 'JPY' }), '-500 JPY'],
    [quantityText(312_040, 'Wh'), '312 kWh'],
    [quantityText(95, 'Wh', 1), '950 Wh'],
    [quantityText(1234, 'm3', -3), '1.2 m3'],
    [lagText(30), '30 s'],
    [lagText(86_400), '24 h'],
    [barsText([0, 5, 10, null]), '▁▅█·'],
    [barsText([]), ''],
  ])('%s', (drawn, expected) => {
    expect(drawn).toBe(expected);
  });

  it('names a register of what goes out export', () => {
    const usage = view.usage.map((one) => ({ ...one, register: 'B1', flow: 'reverse' }));
    expect(drawn({ ...view, usage }).join('\n')).toContain('register B1 export');
  });

  it('says whose debt an account is, and who may act on it', () => {
    const [account] = view.accounts;
    if (account === undefined) throw new Error('no account');
    const withMore = (more: Partial<View360['accounts'][number]>): string =>
      drawn({ ...view, accounts: [{ ...account, ...more }] }).join('\n');
    expect(withMore({ debtOf: [{ customerId: 'cus_2', role: 'holder' }] })).toContain('debt of cus_2 (holder)');
    const actors = [
      { customerId: 'cus_3', role: 'nominee', from: '2026-01-01', to: null },
      { customerId: 'cus_4', role: 'payer', from: '2026-01-01', to: '2026-06-01' },
    ] as const;
    expect(withMore({ actors: [...actors] })).toContain(
      'may act: cus_3 (nominee from 2026-01-01), cus_4 (payer from 2026-01-01 to 2026-06-01)',
    );
  });
});
