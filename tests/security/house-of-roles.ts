import { writeUsageBlock } from '#functions/readings/contract/usage-block.ts';
import { addDays, startOfDate } from '#shared/vocabulary/time.ts';
import type { RunningSystem } from '#tests/support/running-system.ts';
import {
  accountFacts,
  addMeter,
  byBilling,
  type Household,
  idNamed,
  named,
  personFact,
  placeFacts,
  roleFact,
  sendFacts,
} from '#tests/support/small-world.ts';
import type { Kind } from './promised-roles.ts';
import { nobody } from './real-requests.ts';

/** When somebody's role holds, seen from today: it is to come, it holds, it is over. */
export const times = ['before', 'within', 'after'] as const;
export type RoleTime = (typeof times)[number];

/** Figures that stand nowhere else, by what they tell. */
export const figures = {
  /** Billed and paid before the role began. */
  earlier: ['2222222', '333333'],
  /** A payment while it holds, and any bill by its id. */
  billed: ['44444', '"bil_'],
  /** Balance; what is overdue, also as an alert says it. */
  owed: ['2955556', '1844445', '18444.45'],
  /** What a day used. */
  used: ['373296'],
} as const;

/** A home whose holder lives there all the time, and three others with one kind of role: to come, now, and over. */
export interface HouseOfRoles {
  readonly home: Household;
  readonly principal: string;
  readonly others: Readonly<Record<RoleTime, string>>;
  readonly address: string;
}

const gbp = (amountMinor: number) => ({ amountMinor, currency: 'GBP' });
const zone = 'Europe/London';

/** Days of the roles: from, and to where it ends. */
const datesOf = (today: string): Readonly<Record<RoleTime, { readonly from: string; readonly to?: string }>> => ({
  before: { from: addDays(today, 30) },
  within: { from: addDays(today, -60) },
  after: { from: '2025-11-20', to: addDays(today, -30) },
});

const moneyFacts = (house: string, today: string) => {
  const { account } = named(house);
  const at = (day: string) => `${day}T09:00:00.000Z`;
  const bill = (number: string, amount: number, issuedOn: string, from: string) =>
    byBilling(`bil-${number}-${house}`, 'billing.bill.issued.v1', at(issuedOn), {
      account,
      number: `${number}-${house}`,
      amount: gbp(amount),
      issuedOn,
      dueOn: addDays(issuedOn, 14),
      periodFrom: from,
      periodTo: issuedOn,
    });
  const payment = (name: string, amount: number, day: string) =>
    byBilling(`pay-${name}-${house}`, 'billing.payment.received.v1', at(day), {
      account,
      amount: gbp(amount),
      receivedOn: day,
    });
  return [
    bill('old', 2222222, addDays(today, -60), addDays(today, -90)),
    payment('old', 333333, addDays(today, -61)),
    payment('new', 44444, addDays(today, -12)),
    bill('new', 1111111, addDays(today, -10), addDays(today, -40)),
  ];
};

const readings = async (system: RunningSystem, meter: string, today: string): Promise<void> => {
  await system.served.system.ingest.take(
    [3, 2].map((daysAgo, seq) => ({
      sequenceNumber: `${seq}`,
      thing: meter,
      data: writeUsageBlock({
        v: 1,
        meter,
        register: '1',
        start: startOfDate(zone, addDays(today, -daysAgo)),
        interval: 1800,
        values: Array.from({ length: 48 }, () => 7777),
        seq,
        revision: 0,
      }),
      arrivedAt: Date.now() / 1000,
    })),
  );
};

const addressOf = (kind: Kind): string => `7 ${kind} crescent`;

const factsOf = (kind: Kind, today: string) => {
  const house = `house-${kind}`;
  return [
    ...placeFacts(house, addressOf(kind)),
    ...['principal', ...times].map((who) => personFact(`${house}-${who}`, who, `Of ${kind}`)),
    ...accountFacts(house).filter(({ type }) => type !== 'billing.bill.issued.v1'),
    roleFact(house, `${house}-principal`, 'holder'),
    ...times.map((time) =>
      byBilling(`rol-${house}-${time}`, 'account.role.granted.v1', '2025-10-02T08:00:00.000Z', {
        account: named(house).account,
        customer: { namespace: 'crm', value: `${house}-${time}` },
        role: kind,
        ...datesOf(today)[time],
      }),
    ),
    ...moneyFacts(house, today),
  ];
};

const houseThatStands = async (system: RunningSystem, kind: Kind, today: string): Promise<HouseOfRoles> => {
  const house = `house-${kind}`;
  const meter = await addMeter(system, house, `RT-${house}`);
  await readings(system, meter, today);
  const customer = (who: string) => idNamed(system, `/v1/customers/crm:${house}-${who}`);
  const premise = await idNamed(system, `/v1/premises/uprn:${house}`);
  const json = { premise };
  const reported = await system.must({ method: 'POST', path: '/v1/outages', as: { role: 'agent' }, json });
  const [before, within, after] = [await customer('before'), await customer('within'), await customer('after')];
  const principal = await customer('principal');
  const home = {
    ...nobody,
    customer: principal,
    account: await idNamed(system, `/v1/accounts/${encodeURIComponent(`billing:${house} 1/2`)}`),
    premise,
    servicePoint: await idNamed(system, `/v1/service-points/mpan:${house}`),
    meter,
    outage: String(reported.json.id),
  };
  return { home, principal, others: { before, within, after }, address: addressOf(kind) };
};

/** Builds the houses of kinds of roles. */
export const buildHousesOfRoles = async (
  system: RunningSystem,
  kinds: readonly Kind[],
  today: string,
): Promise<ReadonlyMap<Kind, HouseOfRoles>> => {
  await sendFacts(
    system,
    kinds.flatMap((kind) => factsOf(kind, today)),
  );
  await system.settle();
  const houses = new Map<Kind, HouseOfRoles>();
  for (const kind of kinds) houses.set(kind, await houseThatStands(system, kind, today));
  await system.settle();
  return houses;
};
