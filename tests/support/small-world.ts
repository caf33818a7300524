import { makeSigningRequest, newDeviceKey } from '#iot/device-key.ts';
import { mintedId } from '#shared/runtime/identify.ts';
import { addDays } from '#shared/vocabulary/time.ts';
import type { ApiClient } from './api-client.ts';

/** A fact as a system sends it; `source.system` is that of the sender. */
export interface SentFact {
  readonly type: string;
  readonly source: { readonly system: string };
  readonly sourceEventId: string;
  readonly occurredAt: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export const sentBy =
  (system: string) =>
  (event: string, type: string, occurredAt: string, data: SentFact['data']): SentFact => ({
    type,
    source: { system },
    sourceEventId: event,
    occurredAt,
    data,
  });
export const byCrm = sentBy('crm');
export const byBilling = sentBy('billing');
export const byField = sentBy('field');

const gbp = (amountMinor: number) => ({ amountMinor, currency: 'GBP' });
const began = '2025-10-01';
const at = (date: string, second = 0): string => `${date}T08:00:${String(second).padStart(2, '0')}.000Z`;

/** Names by which the systems know the things of a household. */
export const named = (household: string) => ({
  customer: { namespace: 'crm', value: household },
  account: { namespace: 'billing', value: `${household} 1/2` },
  premise: { namespace: 'uprn', value: household },
  servicePoint: { namespace: 'mpan', value: household },
});

/** The home of a household: its premise and the service point in it. */
export const placeFacts = (household: string, address: string): readonly SentFact[] => {
  const { premise, servicePoint } = named(household);
  return [
    byField(`prm-${household}`, 'premise.premise.registered.v1', at(began), {
      address: { lines: [address], town: 'Saltmouth', postcode: 'ZZ1 4QS', country: 'GB' },
      references: [premise],
    }),
    byField(`svp-${household}`, 'premise.service-point.registered.v1', at(began, 1), {
      premise,
      commodity: 'electricity',
      zone: 'Europe/London',
      references: [servicePoint],
    }),
  ];
};

export const personFact = (name: string, given: string, family: string): SentFact =>
  byCrm(`cus-${name}`, 'customer.profile.registered.v1', at(began), {
    kind: 'person',
    name: { given, family },
    dateOfBirth: '1984-05-02',
    language: 'en',
    references: [{ namespace: 'crm', value: name }],
  });

export const pointFact = (name: string, kind: 'phone' | 'email', value: string): SentFact =>
  byCrm(`cpt-${name}-${kind}`, 'customer.contact-point.added.v1', at(began, 2), {
    customer: { namespace: 'crm', value: name },
    kind,
    value,
    preferred: kind === 'phone',
  });

/** The account of a household, its agreement and its first bill. */
export const accountFacts = (household: string): readonly SentFact[] => {
  const { account, servicePoint } = named(household);
  return [
    byBilling(`acc-${household}`, 'account.account.opened.v1', at(began), { currency: 'GBP', references: [account] }),
    byBilling(`agr-${household}`, 'account.agreement.started.v1', at(began, 3), {
      account,
      servicePoint,
      tariff: 'STANDARD',
      from: began,
    }),
    byBilling(`bil-${household}`, 'billing.bill.issued.v1', at(addDays(began, 31)), {
      account,
      number: `B-${household}`,
      amount: gbp(8423),
      issuedOn: addDays(began, 31),
      dueOn: addDays(began, 45),
    }),
  ];
};

export const roleFact = (household: string, person: string, role: string, from = began): SentFact =>
  byBilling(`rol-${household}-${person}-${role}`, 'account.role.granted.v1', at(began, 2), {
    account: named(household).account,
    customer: { namespace: 'crm', value: person },
    role,
    from,
  });

/** Sends facts as the machine clients they are of, in order; throws where one is not kept. Answers their ids by event. */
export const sendFacts = async (
  system: ApiClient,
  facts: readonly SentFact[],
): Promise<ReadonlyMap<string, string>> => {
  const ids = new Map<string, string>();
  for (let from = 0; from < facts.length; ) {
    const client = facts[from]?.source.system ?? '';
    let to = from;
    while (to < facts.length && to - from < 100 && facts[to]?.source.system === client) to += 1;
    const batch = facts.slice(from, to);
    const answer = await system.must({ method: 'POST', path: '/v1/facts', as: { client }, json: { facts: batch } });
    const results = Array.isArray(answer.json.results) ? answer.json.results : [];
    batch.forEach((fact, index) => {
      const result: unknown = results[index];
      const { status, factId } = { ...(result as { status?: string; factId?: string }) };
      if (status !== 'accepted' && status !== 'duplicate') {
        throw new Error(`${fact.sourceEventId} was not kept: ${JSON.stringify(result)}`);
      }
      ids.set(fact.sourceEventId, factId ?? '');
    });
    from = to;
  }
  return ids;
};

/** Body of a request to register a meter; its key is a new one unless given. */
export const meterBody = async (serial: string, keyPem: string = newDeviceKey()) => ({
  serial,
  csr: await makeSigningRequest(serial, keyPem),
  registers: [
    {
      id: '1',
      commodity: 'electricity',
      flow: 'forward',
      unit: 'Wh',
      powerOfTen: 0,
      intervalSeconds: 1800,
      zone: 'Europe/London',
    },
  ],
});

let keys = 0;
/** A key no other request has. */
export const freshKey = (): string => {
  keys += 1;
  return `key-${keys}`;
};

/** Registers a meter by the API and installs it. */
export const addMeter = async (system: ApiClient, household: string, serial: string): Promise<string> => {
  const answer = await system.must({
    method: 'POST',
    path: '/v1/meters',
    as: { client: 'field' },
    headers: { 'idempotency-key': freshKey() },
    json: await meterBody(serial),
  });
  const meter = String(answer.json.id);
  await sendFacts(system, [
    byField(`ins-${serial}`, 'metering.meter.installed.v1', at(began, 4), {
      servicePoint: named(household).servicePoint,
      meter,
    }),
  ]);
  return meter;
};

/** Ids of one household. */
export interface Household {
  readonly customer: string;
  readonly account: string;
  readonly premise: string;
  readonly servicePoint: string;
  readonly meter: string;
  readonly outage: string;
  /** The bill that was issued. */
  readonly fact: string;
  readonly contactPoint: string;
  /** A merge of one more record of the customer into theirs. */
  readonly merge: string;
  /** A question that nobody has asked. */
  readonly duplicate: string;
}

/** What a customer's answer names: `crm:amara` and the like, as it is in the store. */
export const idNamed = async (system: ApiClient, path: string): Promise<string> => {
  const answer = await system.must({ path, as: { role: 'supervisor' }, headers: { 'rotunda-purpose': 'test' } });
  return String(answer.json.id);
};

const idsOf = async (
  system: ApiClient,
  person: string,
  household: string,
): Promise<Omit<Household, 'fact' | 'meter' | 'outage' | 'merge'>> => {
  const customer = await idNamed(system, `/v1/customers/crm:${person}`);
  const answer = await system.must({ path: `/v1/customers/${customer}`, as: { customer } });
  const [point] = Array.isArray(answer.json.contactPoints) ? answer.json.contactPoints : [];
  return {
    customer,
    account: await idNamed(system, `/v1/accounts/${encodeURIComponent(`billing:${household} 1/2`)}`),
    premise: await idNamed(system, `/v1/premises/uprn:${household}`),
    servicePoint: await idNamed(system, `/v1/service-points/mpan:${household}`),
    contactPoint: String((point as { id?: string } | undefined)?.id),
    duplicate: mintedId('duplicate', 'not asked'),
  };
};

const reportOutage = async (system: ApiClient, premise: string): Promise<string> => {
  const answer = await system.must({
    method: 'POST',
    path: '/v1/outages',
    as: { role: 'agent' },
    json: { premise, description: 'Whole street is dark.' },
  });
  return String(answer.json.id);
};

/** Registers one more record of a customer and merges it into theirs; answers the merge. */
export const mergeOneMore = async (system: ApiClient, customer: string): Promise<string> => {
  const as = { role: 'supervisor' };
  const headers = { 'rotunda-purpose': 'test' };
  const registered = await system.must({
    method: 'POST',
    path: '/v1/customers',
    as,
    headers,
    json: { kind: 'person', name: { family: 'Twice' } },
  });
  const json = { survivor: customer, alias: registered.json.id, reason: 'One person.' };
  return String((await system.must({ method: 'POST', path: '/v1/merges', as, headers, json })).json.id);
};

export interface SmallWorld {
  /** Amara, who shares her account with Ben. */
  readonly amara: Household;
  /** Ben's own id; everything else is Amara's. */
  readonly ben: string;
  /** Carl, who has nothing to do with either. */
  readonly carl: Household;
}

/** Two customers who share an account, and another one elsewhere; each home with a meter, a bill and an open outage. */
export const buildSmallWorld = async (system: ApiClient): Promise<SmallWorld> => {
  const facts = await sendFacts(system, [
    ...placeFacts('amara', '12 Quay Street'),
    ...placeFacts('carl', '7 Harbour Row'),
    personFact('amara', 'Amara', 'Okafor'),
    pointFact('amara', 'phone', '01632 960123'),
    personFact('ben', 'Ben', 'Okafor'),
    personFact('carl', 'Carl', 'Lindqvist'),
    pointFact('carl', 'phone', '01632 960777'),
    ...accountFacts('amara'),
    roleFact('amara', 'amara', 'holder'),
    roleFact('amara', 'ben', 'joint'),
    ...accountFacts('carl'),
    roleFact('carl', 'carl', 'holder'),
  ]);
  await system.settle();
  const household = async (person: string): Promise<Household> => {
    const ids = await idsOf(system, person, person);
    const meter = await addMeter(system, person, `RT-${person}`);
    const outage = await reportOutage(system, ids.premise);
    const merge = await mergeOneMore(system, ids.customer);
    return { ...ids, meter, outage, merge, fact: facts.get(`bil-${person}`) ?? '' };
  };
  const [amara, carl] = [await household('amara'), await household('carl')];
  const ben = await idNamed(system, '/v1/customers/crm:ben');
  await system.settle();
  return { amara, ben, carl };
};
