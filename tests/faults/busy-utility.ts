import type { UsageBlock } from '#functions/readings/contract/usage-block.ts';
import { makeSigningRequest, newDeviceKey } from '#iot/device-key.ts';
import { addDays, startOfDate } from '#shared/vocabulary/time.ts';
import type { ApiClient } from '#tests/support/api-client.ts';
import { byBilling, byCrm, byField, type SentFact, sendFacts } from '#tests/support/small-world.ts';

/** A small utility that never rests: three homes with a meter each, and what its systems and meters send, piece by piece. */

export const homes = ['anchor', 'beacon', 'coble'] as const;
export type Home = (typeof homes)[number];

const began = '2024-01-01';
const zone = 'Europe/London';
const minute = 60_000;

const customerOf = (name: string) => ({ namespace: 'crm', value: name });
const accountOf = (home: Home) => ({ namespace: 'billing', value: home });
const pointOf = (home: Home) => ({ namespace: 'mpan', value: home });
const at = (minutes: number): string => new Date(Date.UTC(2024, 0, 1) + minutes * minute).toISOString();
const gbp = (amountMinor: number) => ({ amountMinor, currency: 'GBP' });

const register = {
  id: '1',
  commodity: 'electricity',
  flow: 'forward',
  unit: 'Wh',
  powerOfTen: 0,
  intervalSeconds: 1800,
  zone,
};

/** A meter as its home has it: the key never leaves it. */
export interface Enrolled {
  readonly id: string;
  readonly thing: string;
  readonly keyPem: string;
  readonly certificatePem: string;
  readonly caPem: string;
  readonly topic: string;
}

/** What each meter is registered with: whoever hears no answer asks once more for the same. */
const asked = new Map<string, { readonly keyPem: string; readonly csr: string }>();
const askedFor = async (serial: string) => {
  const known = asked.get(serial);
  if (known !== undefined) return known;
  const keyPem = newDeviceKey();
  const first = { keyPem, csr: await makeSigningRequest(serial, keyPem) };
  asked.set(serial, first);
  return first;
};

/** Registers a meter with a key of its own; asked again, it is the same registration. */
export const enrolMeter = async (client: ApiClient, serial: string): Promise<Enrolled> => {
  const { keyPem, csr } = await askedFor(serial);
  const answer = await client.must({
    method: 'POST',
    path: '/v1/meters',
    as: { client: 'field' },
    headers: { 'idempotency-key': `enrol-${serial}` },
    json: { serial, csr, registers: [register] },
  });
  const { id, thing, certificatePem, caPem, topics } = answer.json;
  const topic = typeof topics === 'object' && topics !== null && 'usage' in topics ? String(topics.usage) : '';
  return {
    id: String(id),
    thing: String(thing),
    keyPem,
    certificatePem: String(certificatePem),
    caPem: String(caPem),
    topic,
  };
};

const person = (name: string, minutes: number): SentFact =>
  byCrm(`cus-${name}`, 'customer.profile.registered.v1', at(minutes), {
    kind: 'person',
    name: { given: name, family: 'Fenwick' },
    references: [customerOf(name)],
  });

const role = (home: Home, name: string, kind: 'holder' | 'joint', minutes: number): SentFact =>
  byBilling(`rol-${home}-${name}`, 'account.role.granted.v1', at(minutes), {
    account: accountOf(home),
    customer: customerOf(name),
    role: kind,
    from: began,
  });

const openingFacts = (home: Home, serial: string): readonly SentFact[] => [
  byField(`prm-${home}`, 'premise.premise.registered.v1', at(0), {
    address: { lines: [`1 ${home} Lane`], town: 'Saltmouth', postcode: 'ZZ1 4QS', country: 'GB' },
    references: [{ namespace: 'uprn', value: home }],
  }),
  byField(`svp-${home}`, 'premise.service-point.registered.v1', at(1), {
    premise: { namespace: 'uprn', value: home },
    commodity: 'electricity',
    zone,
    references: [pointOf(home)],
  }),
  byField(`ins-${home}`, 'metering.meter.installed.v1', at(2), {
    servicePoint: pointOf(home),
    meter: { namespace: 'serial', value: serial },
    from: '2024-01-01T00:00:00.000Z',
  }),
  person(home, 3),
  byBilling(`acc-${home}`, 'account.account.opened.v1', at(3), { currency: 'GBP', references: [accountOf(home)] }),
  role(home, home, 'holder', 4),
  byBilling(`agr-${home}`, 'account.agreement.started.v1', at(5), {
    account: accountOf(home),
    servicePoint: pointOf(home),
    tariff: 'STANDARD',
    from: began,
  }),
];

/** Opens the three homes on a running system; answers their meters. */
export const openHomes = async (client: ApiClient): Promise<ReadonlyMap<Home, Enrolled>> => {
  const meters = new Map<Home, Enrolled>();
  for (const home of homes) {
    meters.set(home, await enrolMeter(client, `RT-${home}`));
    await sendFacts(client, openingFacts(home, `RT-${home}`));
  }
  await client.settle();
  return meters;
};

/** Facts that opening the homes keeps. */
export const openedFacts = homes.length * openingFacts('anchor', '').length;

/** One piece of the work of a utility. */
export interface Piece {
  /** Each is one request of the system that its facts are of. */
  readonly requests: readonly (readonly SentFact[])[];
  /** Each is one event on the bus. */
  readonly events: readonly SentFact[];
  readonly days: ReadonlyMap<Home, readonly Omit<UsageBlock, 'meter'>[]>;
  /** Serial number of a meter to register. */
  readonly serial: string;
}

const requestsOfPiece = 8;
const eventsOfPiece = 14;
const daysOfPiece = 15;

/** Spread over two years, so that most facts come late. */
const scattered = (n: number): string => at(1000 + ((n * 7919) % 1_000_000));

const payment = (n: number, home: Home): SentFact =>
  byBilling(`pay-${n}`, 'billing.payment.received.v1', scattered(n), {
    account: accountOf(home),
    amount: gbp(100 + n),
  });

const bill = (n: number, home: Home): SentFact =>
  byBilling(`bil-${n}`, 'billing.bill.issued.v1', scattered(n), {
    account: accountOf(home),
    number: `B-${n}`,
    amount: gbp(5000 + n),
    issuedOn: scattered(n).slice(0, 10),
    dueOn: scattered(n + 1).slice(0, 10) > scattered(n).slice(0, 10) ? scattered(n + 1).slice(0, 10) : '2027-01-01',
  });

const call = (n: number, home: Home): SentFact =>
  byCrm(`int-${n}`, 'contact.interaction.logged.v1', scattered(n), {
    customer: customerOf(home),
    channel: 'phone',
    reason: 'billing.high-bill',
    summary: `Call number ${n}.`,
  });

const homeOf = (n: number): Home => homes[n % homes.length] ?? homes[0];

/** A whole local day: 46, 48 or 50 half-hours. */
const dayOf = (home: Home, day: number): Omit<UsageBlock, 'meter'> => {
  const start = startOfDate(zone, addDays(began, day));
  const end = startOfDate(zone, addDays(began, day + 1));
  const values = Array.from({ length: (end - start) / 1800 }, (_, index) => (day * 31 + index * 7 + home.length) % 997);
  return { v: 1, register: '1', start, interval: 1800, values, seq: day, revision: 0 };
};

/** The n-th piece of work; the same at every call. */
export const pieceOf = (n: number): Piece => {
  const first = n * 1000;
  const newcomer = `newcomer-${n}`;
  return {
    requests: [
      // A role of somebody who is not known yet waits until the next request makes them known.
      [role(homeOf(n), newcomer, 'joint', 10_000 + n)],
      [person(newcomer, 9000 + n)],
      ...Array.from({ length: requestsOfPiece }, (_, request) => [
        ...homes.map((home, index) => payment(first + request * 10 + index, home)),
        bill(first + request, homeOf(request)),
      ]),
      ...homes.map((home, index) => [call(first + index, home)]),
    ],
    events: Array.from({ length: eventsOfPiece }, (_, event) =>
      event % 5 === 0 ? call(first + 100 + event, homeOf(event)) : payment(first + 100 + event, homeOf(event)),
    ),
    days: new Map(
      homes.map((home) => [home, Array.from({ length: daysOfPiece }, (_, day) => dayOf(home, n * daysOfPiece + day))]),
    ),
    serial: `RT-piece-${n}`,
  };
};

const factsOf = (piece: Piece): readonly SentFact[] => [...piece.requests.flat(), ...piece.events];

/** What stands once pieces 0 to n - 1 are done. */
export interface Expected {
  readonly facts: number;
  readonly intervals: number;
  /** Money owed by each account, in pence. */
  readonly balances: ReadonlyMap<Home, number>;
  /** Energy of each service point, in Wh. */
  readonly energy: ReadonlyMap<Home, number>;
}

const signed = (fact: SentFact): number => {
  const amount = fact.data.amount;
  const minor =
    typeof amount === 'object' && amount !== null && 'amountMinor' in amount ? Number(amount.amountMinor) : 0;
  return fact.type.startsWith('billing.payment.') ? -minor : minor;
};

export const expectedAfter = (pieces: number): Expected => {
  const all = Array.from({ length: pieces }, (_, n) => pieceOf(n));
  const facts = all.flatMap(factsOf);
  const valuesOf = (home: Home) =>
    all.flatMap((piece) => (piece.days.get(home) ?? []).flatMap((block) => block.values.map((value) => value ?? 0)));
  const isOf = (fact: SentFact, home: Home) => JSON.stringify(fact.data.account) === JSON.stringify(accountOf(home));
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return {
    facts: openedFacts + facts.length,
    intervals: homes.reduce((total, home) => total + valuesOf(home).length, 0),
    balances: new Map(homes.map((home) => [home, sum(facts.filter((fact) => isOf(fact, home)).map(signed))])),
    energy: new Map(homes.map((home) => [home, sum(valuesOf(home))])),
  };
};
