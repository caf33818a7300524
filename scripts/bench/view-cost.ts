import { readRuns } from '#functions/readings/store/readings.ts';
import { ShowUsage } from '#functions/usage/show-usage.ts';
import { viewBudgets } from '#shared/profile/rules/view/view-budgets.ts';
import { show360 } from '#shared/profile/store/show-360.ts';
import type { Table } from '#shared/table/table.ts';
import { addDays, startOfDate } from '#shared/vocabulary/time.ts';
import { type BenchSystem, openBenchSystem } from './bench-system.ts';
import { createCountedTable, type TableCounts } from './counted-table.ts';
import { type FullCustomer, lastDate, tellFullCustomer } from './full-customer.ts';
import type { Figure, Measurement } from './measurement.ts';
import { createRoundTrips } from './round-trips.ts';
import { viewRoute } from './view-route.ts';

/** What a question cost. */
export interface Cost {
  readonly counts: TableCounts;
  readonly roundTrips: number;
}

/** The costs of one customer's view. */
export interface ViewCosts {
  readonly told: FullCustomer;
  /** The view alone. */
  readonly view: Cost;
  /** The view, and then the intervals of the last day of the two meters it names. */
  readonly withIntervals: Cost;
  /** The whole route: by table. */
  readonly route: { readonly profile: TableCounts; readonly audit: TableCounts };
  /** The usage route for one service point's last day, nothing known yet. */
  readonly usageRoute: TableCounts;
}

/** Tables that count what passes, and its round trips. */
const watched = (system: BenchSystem) => {
  const trips = createRoundTrips();
  const profile = createCountedTable(trips.over(system.store.table('profile')));
  const readings = createCountedTable(trips.over(system.store.table('readings')));
  const cost = async (ask: () => Promise<unknown>): Promise<Cost> => {
    for (const one of [profile, readings, trips]) one.reset();
    await ask();
    const [a, b] = [profile.counts(), readings.counts()];
    const counts = {
      requests: a.requests + b.requests,
      readUnits: a.readUnits + b.readUnits,
      writeUnits: a.writeUnits + b.writeUnits,
      bytesRead: a.bytesRead + b.bytesRead,
      bytesWritten: a.bytesWritten + b.bytesWritten,
      itemsRead: a.itemsRead + b.itemsRead,
      itemsWritten: a.itemsWritten + b.itemsWritten,
    };
    return { counts, roundTrips: trips.count() };
  };
  return { profile, readings, cost };
};

const viewOf = async (system: BenchSystem, profile: Table, customer: string) => {
  const { clock, today } = system;
  const view = await show360({ profile, now: () => clock.now(), today }, customer);
  if (view === undefined) throw new Error('the customer has no view');
  if (view.accounts.length !== 2 || view.premises.length !== 2 || view.usage.length !== 2)
    throw new Error('the view does not show two accounts, two premises and two registers');
  return view;
};

/** Tells a customer's years and counts what their view costs. */
export const countView = async (years: number): Promise<ViewCosts> => {
  const system = await openBenchSystem('2026-04-01T12:00:00.000Z');
  const told = await tellFullCustomer(system, years);
  const { customer } = told;
  const { profile, readings, cost } = watched(system);
  const [from, to] = [startOfDate('Europe/London', lastDate), startOfDate('Europe/London', addDays(lastDate, 1))];

  const view = await cost(() => viewOf(system, profile, customer));
  const withIntervals = await cost(async () => {
    const shown = await viewOf(system, profile, customer);
    const meters = shown.premises.flatMap(({ servicePoints }) => servicePoints.flatMap(({ meter }) => meter?.id ?? []));
    const days = await Promise.all(meters.map((meter) => readRuns(readings, meter, 'E1', from, to)));
    if (days.length !== 2 || days.some((runs) => runs.length === 0)) throw new Error('the meters have no intervals');
  });

  const ask = viewRoute(system);
  system.reset();
  await ask(customer);
  const route = { profile: system.profile.counts(), audit: system.audit.counts() };

  const point = (await viewOf(system, system.profile, customer)).usage[0]?.servicePointId ?? '';
  system.reset();
  await new ShowUsage({ profile: system.profile, readings: system.readings }).answer({
    servicePoint: point,
    from: lastDate,
    to: addDays(lastDate, 1),
    resolution: 'interval',
    limit: 100,
  });
  const usageRoute = system.counts();
  await system.close();
  return { told, view, withIntervals, route, usageRoute };
};

/** Most bytes that what this customer's view holds may take: the budgets of its items. */
const budgetOfView = (): number => {
  const { account, former: _former, premise, usage, ...sections } = viewBudgets;
  return Object.values(sections).reduce((sum, bytes) => sum + bytes, 0) + 2 * (account + premise + usage);
};

const notCounted = "counted by DynamoDB's size rules, not billed by AWS; reading the token";

const headerFigures = ({ view, route }: ViewCosts): readonly Figure[] => [
  {
    name: 'G3',
    what: '360 view: requests',
    value: view.counts.requests,
    unit: 'requests',
    goal: { exactly: 1 },
    beside: [
      { what: 'audit write before the answer leaves', value: route.audit.requests, unit: 'requests' },
      { what: 'that write', value: route.audit.writeUnits, unit: 'WRU' },
      {
        what: 'the route besides: whose view it is, aliases followed',
        value: route.profile.requests - view.counts.requests,
        unit: 'requests',
      },
      { what: 'that read', value: route.profile.readUnits - view.counts.readUnits, unit: 'RRU' },
    ],
    notCounted,
  },
  {
    name: 'G3',
    what: '360 view: bytes as DynamoDB bills them',
    value: view.counts.bytesRead,
    unit: 'B',
    goal: { atMost: 4096 },
    beside: [
      { what: 'items', value: view.counts.itemsRead, unit: 'items' },
      { what: 'most that these sections may take, by their budgets', value: budgetOfView(), unit: 'B' },
    ],
    notCounted,
  },
  {
    name: 'G3',
    what: '360 view: read units, consistent',
    value: view.counts.readUnits,
    unit: 'RRU',
    goal: { exactly: 1 },
    notCounted,
  },
];

const intervalFigures = ({ withIntervals, usageRoute }: ViewCosts): readonly Figure[] => {
  const apart =
    'the intervals of the last day, read by the meter ids that the view shows; the usage route, which checks agreements and joins meters, reads more (beside)';
  return [
    {
      name: 'G3',
      what: 'with intervals of 2 meters: round trips',
      value: withIntervals.roundTrips,
      unit: 'round trips',
      goal: { atMost: 2 },
      notCounted: apart,
    },
    {
      name: 'G3',
      what: 'with intervals of 2 meters: requests',
      value: withIntervals.counts.requests,
      unit: 'requests',
      goal: { exactly: 3 },
      beside: [
        { what: 'consistent reads', value: withIntervals.counts.readUnits, unit: 'RRU' },
        { what: 'usage route, one service point, nothing kept', value: usageRoute.requests, unit: 'requests' },
        { what: 'that route', value: usageRoute.readUnits, unit: 'RRU' },
      ],
      notCounted: apart,
    },
  ];
};

/** G3: what one look at the 360 view costs. */
export const viewCost: Measurement = {
  name: 'g3',
  title: '360 view: two accounts, two premises, a register each, every section filled',
  measure: async () => {
    const costs = await countView(2);
    return [...headerFigures(costs), ...intervalFigures(costs)];
  },
};

const historyFigure = (
  what: string,
  unit: string,
  young: ViewCosts,
  old: ViewCosts,
  of: keyof TableCounts,
): Figure => ({
  name: 'G4',
  what: `360 view, 10 years against 1: ${what}`,
  value: old.view.counts[of] / young.view.counts[of],
  unit: 'x',
  goal: { exactly: 1 },
  beside: [
    { what: 'after 1 year', value: young.view.counts[of], unit },
    { what: 'after 10 years', value: old.view.counts[of], unit },
    { what: 'bytes after 1 year', value: young.view.counts.bytesRead, unit: 'B' },
    { what: 'bytes after 10 years', value: old.view.counts.bytesRead, unit: 'B' },
    { what: 'facts over 10 years', value: old.told.facts, unit: 'facts' },
    { what: 'meter days over 10 years', value: old.told.blocks, unit: 'blocks' },
  ],
  notCounted: 'the timeline, which is read by pages of 25 and grows with history; the audit write, the same at any age',
});

/** G4: history does not make the view dearer. */
export const historyCost: Measurement = {
  name: 'g4',
  title: '360 view after 10 years against 1 year',
  measure: async () => {
    const [young, old] = [await countView(1), await countView(10)];
    return [
      historyFigure('requests', 'requests', young, old, 'requests'),
      historyFigure('read units', 'RRU', young, old, 'readUnits'),
    ];
  },
};
