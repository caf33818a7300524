import { registerHeadEndMeter } from '#functions/meters/register-head-end-meter.ts';
import { registerOf } from '#scripts/seed/meters.ts';
import { addDays, addMonths } from '#shared/vocabulary/time.ts';
import type { BenchSystem } from './bench-system.ts';
import { dayMeter, type MeteredHome, takeRecords } from './metered-homes.ts';

const zone = 'Europe/London';
/** The last day that is told. */
export const lastDate = '2026-03-31';

/** A customer with two accounts at two premises, one register each, who left something in every section of the view. */
export interface FullCustomer {
  readonly customer: string;
  readonly homes: readonly MeteredHome[];
  /** Facts told over the years. */
  readonly facts: number;
  readonly blocks: number;
}

type Data = Readonly<Record<string, unknown>>;

const named = (value: string) => ({ namespace: 'bench', value });
const me = named('customer');
const places = ['first', 'second'] as const;

/** A system of many: each says when it was last heard, until the room for that is full. */
const systemOf = (index: number): string => `regional-back-office-system-number-${10 + (index % 12)}`;

const factOf = (system: string, event: string, type: string, at: string, data: Data) => ({
  type,
  source: { system },
  sourceEventId: event,
  occurredAt: at,
  data,
});

const customerFacts = (from: string): readonly object[] => {
  const at = `${from}T00:00:00.000Z`;
  const points = Array.from({ length: 6 }, (_, index) => [
    { kind: 'phone', value: `01632 960 ${String(100 + index)}`, label: 'work', preferred: index === 0 },
    { kind: 'email', value: `maximiliana.featherstonehaugh-cholmondeley.${index}@example.com`, verified: true },
  ]).flat();
  return [
    factOf('crm', 'customer', 'customer.profile.registered.v1', at, {
      kind: 'person',
      name: {
        title: 'Professor',
        given: 'Maximiliana Alexandrina Wilhelmina Theodora Clementina Josephina Bartholomea Philippa',
        family: 'Featherstonehaugh-Cholmondeley',
      },
      language: 'en',
      references: [me],
    }),
    ...points.map((point, index) =>
      factOf('portal', `point-${index}`, 'customer.contact-point.added.v1', at, { customer: me, ...point }),
    ),
  ];
};

const placeFacts = (place: string, from: string): readonly object[] => {
  const at = `${from}T00:00:00.000Z`;
  const references = [named(place)];
  return [
    factOf('gis', `premise-${place}`, 'premise.premise.registered.v1', at, {
      address: {
        lines: ['Apartment 1207, Featherstone Court', '125 Old Ravenscroft Harbour Road'],
        town: 'Saltmouth-upon-Marling',
        postcode: 'ZZ99 9ZZ',
        country: 'GB',
      },
      references,
    }),
    factOf('gis', `point-${place}`, 'premise.service-point.registered.v1', at, {
      premise: named(place),
      commodity: 'electricity',
      zone,
      references,
    }),
    factOf('billing', `account-${place}`, 'account.account.opened.v1', at, { currency: 'GBP', references }),
    factOf('billing', `role-${place}`, 'account.role.granted.v1', at, {
      account: named(place),
      customer: me,
      role: 'holder',
      from,
    }),
    factOf('billing', `agreement-${place}`, 'account.agreement.started.v1', at, {
      account: named(place),
      servicePoint: named(place),
      tariff: 'GREEN-TIME-OF-USE-2',
      from,
    }),
    factOf('head-end', `meter-${place}`, 'metering.meter.installed.v1', at, {
      servicePoint: named(place),
      meter: named(place),
      from: at,
    }),
  ];
};

const moneyFacts = (place: string, month: string, index: number): readonly object[] => [
  factOf('billing', `bill-${place}-${month}`, 'billing.bill.issued.v1', `${month}-01T08:00:00.000Z`, {
    account: named(place),
    number: `B-${place}-${month}`,
    amount: { amountMinor: 123_456 + index, currency: 'GBP' },
    issuedOn: `${month}-01`,
    dueOn: addDays(`${month}-01`, 14),
  }),
  factOf(systemOf(index), `payment-${place}-${month}`, 'billing.payment.received.v1', `${month}-11T08:00:00.000Z`, {
    account: named(place),
    amount: { amountMinor: 98_765, currency: 'GBP' },
    method: 'direct-debit',
  }),
];

const outageFacts = (place: string, month: string): readonly object[] => [
  factOf('field', `outage-${place}-${month}`, 'service.outage.reported.v1', `${month}-20T17:10:00.000Z`, {
    premise: named(place),
    expectedBy: `${month}-20T20:00:00.000Z`,
    description: 'Whole street is dark.',
    references: [named(`${place}-${month}`)],
  }),
  factOf('field', `restored-${place}-${month}`, 'service.outage.restored.v1', `${month}-20T19:45:00.000Z`, {
    outage: named(`${place}-${month}`),
    cause: 'cable-fault',
  }),
];

/** What happens in a month: bills, payments and a call, and in every third month an outage at both premises. */
const monthFacts = (month: string, index: number): readonly object[] => [
  ...places.flatMap((place) => moneyFacts(place, month, index)),
  factOf(systemOf(index), `call-${month}`, 'contact.interaction.logged.v1', `${month}-12T08:00:00.000Z`, {
    customer: me,
    channel: 'phone',
    reason: 'billing.high-bill',
    summary: `Asked why the bill of ${month} is higher than the one before, and whether the heat pump of the second home can be the reason; explained the cold weeks.`,
    outcome: 'follow-up',
    handover:
      'Wants to be called back after four in the afternoon, at work; the daughter speaks for her at other times.',
  }),
  ...(index % 3 === 2 ? places.flatMap((place) => outageFacts(place, month)) : []),
];

/** Nights whose records are handed over together. */
const nightsAtOnce = 100;

const sendDays = async (system: BenchSystem, homes: readonly MeteredHome[], from: string): Promise<number> => {
  const meters = homes.map(dayMeter);
  let blocks = 0;
  for (let first = from; first <= lastDate; first = addDays(first, nightsAtOnce)) {
    const nights = Array.from({ length: nightsAtOnce }, (_, night) => addDays(first, night));
    const records = [];
    for (const date of nights.filter((night) => night <= lastDate))
      for (const meter of meters) records.push(...(await meter.day(date)));
    blocks += records.length;
    await takeRecords(system, records);
    await system.settle();
  }
  return blocks;
};

/** Tells the story of such a customer over whole years, through the doors, with every day of both meters. */
export const tellFullCustomer = async (system: BenchSystem, years: number): Promise<FullCustomer> => {
  const months = Array.from({ length: years * 12 }, (_, place) =>
    addMonths(lastDate.slice(0, 7), place + 1 - years * 12),
  );
  const from = `${months[0] ?? lastDate.slice(0, 7)}-01`;
  const homes: MeteredHome[] = [];
  for (const place of places) {
    const register = registerOf('electricity', 'forward', zone);
    const references = [named(place)];
    const meter = await registerHeadEndMeter(system.profile, { serial: place, references, registers: [register] });
    homes.push({ meter, register });
  }
  // Facts of one instant are folded in this order.
  const opening = [...customerFacts(from), ...places.flatMap((place) => placeFacts(place, from))].map(
    (fact, sourceSequence) => ({ ...fact, sourceSequence }),
  );
  const ids = await system.tell(opening);
  await system.settle();
  const lived = months.flatMap(monthFacts);
  for (let at = 0; at < lived.length; at += 100) await system.tell(lived.slice(at, at + 100));
  await system.settle();
  const blocks = await sendDays(system, homes, from);
  return { customer: ids.get('customer') ?? '', homes, facts: opening.length + lived.length, blocks };
};
