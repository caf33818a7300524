import { describe, expect, it } from 'vitest';
import { viewScreen } from '#scripts/rotunda/view-screen.ts';
import { barsText, cut, lagText, moneyText, quantityText } from '#scripts/rotunda/words.ts';
import { View360 } from '#shared/contracts/api/view.ts';

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

it('draws who, where, what is owed and what was used', () => {
  View360.parse(view);
  expect(viewScreen(view, 120)).toMatchInlineSnapshot(`
    [
      "Ms Amara Okafor · person · active · since 2025-10-01",
      "cus_1 · version 4",
      "alerts    ! A payment is overdue",
      "contact   +44 1632 960123 · phone · preferred",
      "accounts  acc_1 · holder · open · STANDARD from 2025-10-01",
      "            balance 84.23 GBP · OVERDUE 10.00 GBP · 84.23 GBP due 2026-02-15",
      "            bill B-1 84.23 GBP of 2026-02-01 · paid 50.00 GBP on 2026-01-20 by card",
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
  expect(viewScreen({ ...view, accounts }, 120).join('\n')).toContain('90.00 GBP due 2026-02-15 (2 bills)');
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
  const lines = viewScreen(many, 80);
  expect(lines.length).toBeLessThanOrEqual(40);
  expect(Math.max(...lines.map((line) => [...line].length))).toBeLessThanOrEqual(80);
  expect(lines.join('\n')).toContain('… 56 more');
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
    [cut('abcdef', 4), 'abc…'],
  ])('%s', (drawn, expected) => {
    expect(drawn).toBe(expected);
  });

  it('names a register of what goes out export', () => {
    const usage = view.usage.map((one) => ({ ...one, register: 'B1', flow: 'reverse' }));
    expect(viewScreen({ ...view, usage }, 200).join('\n')).toContain('register B1 export');
  });

  it('says whose debt an account is, and who may act on it', () => {
    const [account] = view.accounts;
    if (account === undefined) throw new Error('no account');
    const drawn = (more: Partial<View360['accounts'][number]>): string =>
      viewScreen({ ...view, accounts: [{ ...account, ...more }] }, 200).join('\n');
    expect(drawn({ debtOf: [{ customerId: 'cus_2', role: 'holder' }] })).toContain('debt of cus_2 (holder)');
    const actors = [
      { customerId: 'cus_3', role: 'nominee', from: '2026-01-01', to: null },
      { customerId: 'cus_4', role: 'payer', from: '2026-01-01', to: '2026-06-01' },
    ] as const;
    expect(drawn({ actors: [...actors] })).toContain(
      'may act: cus_3 (nominee from 2026-01-01), cus_4 (payer from 2026-01-01 to 2026-06-01)',
    );
  });
});
