import type { AnswerOf, OperationId } from '#shared/contracts/api/routes.ts';
import { ids } from './api-world.ts';

const money = { amountMinor: 8423, currency: 'GBP' };
const at = '2026-03-04T17:10:00.000Z';

const customer = {
  id: ids.own.customer,
  kind: 'person' as const,
  name: 'Amara Okafor',
  nameParts: { given: 'Amara', family: 'Okafor' },
  dateOfBirth: '1984-05-02',
  status: 'active' as const,
  since: '2025-10-01',
  contactPoints: [
    {
      id: 'cpt_1',
      kind: 'phone' as const,
      value: '01632 960 123',
      label: 'work',
      verified: true,
      preferred: true,
      source: 'crm',
    },
  ],
  accounts: [ids.own.account],
  version: 17,
};

const contactPoint = {
  id: 'cpt_1',
  kind: 'phone' as const,
  value: '01632 960 123',
  verified: true,
  preferred: true,
  source: 'crm',
  version: 18,
};

const outage = {
  id: ids.own.outage,
  premiseId: ids.own.premise,
  commodity: 'electricity' as const,
  status: 'open' as const,
  planned: false,
  startedAt: at,
  description: 'Whole street is dark.',
  version: 1,
};

const bill = { id: 'bil_1', number: 'B-1', amount: money, issuedOn: '2026-02-01', dueOn: '2026-02-15' };
const payment = { id: 'pay_1', amount: money, receivedOn: '2026-02-03', method: 'card' as const };
const kept = { factId: 'fct_1', occurredAt: at };

/** An answer for each operation, whole, as a use case would give it. */
export const answers: { readonly [Id in OperationId]: AnswerOf<Id> } = {
  readHealth: { status: 'ok', version: '0.1.0' },
  readOpenApi: { openapi: '3.1.0', info: {}, paths: {}, components: {} },
  sendFacts: { results: [{ index: 0, status: 'accepted', factId: 'fct_1' }] },
  readFact: {
    id: ids.own.fact,
    type: 'billing.payment.received.v1',
    source: { system: 'billing', actor: 'billing' },
    sourceEventId: 'P-1',
    sourceSequence: 0,
    occurredAt: at,
    recordedAt: at,
    subjects: [ids.own.account],
    data: {},
  },
  searchCustomers: {
    data: [
      {
        id: ids.own.customer,
        name: 'Amara Okafor',
        score: 0.97,
        matchedOn: [{ key: 'phone', value: '+441632960123' }],
        accounts: [ids.own.account],
        address: '12 Quay Street, Saltmouth',
      },
    ],
    next: null,
  },
  createCustomer: customer,
  readCustomer: customer,
  changeCustomer: customer,
  explainField: {
    field: 'customer.name',
    value: 'Amara Okafor',
    rule: { id: 'survivorship.name', strategy: 'best-one', version: 1 },
    winner: { source: 'crm', factId: 'fct_1', occurredAt: at, actor: 'machine:crm' },
    losing: [],
  },
  pinAttribute: { ...kept, field: 'customer.name', value: 'Amara Okafor', until: null, version: 18 },
  unpinAttribute: undefined,
  read360: {
    customer: { id: ids.own.customer, kind: 'person', name: 'Amara Okafor', status: 'active', version: 17 },
    contact: {
      points: customer.contactPoints,
      preferences: {},
      restrictions: [],
    },
    alerts: [{ class: 'special', text: 'Uses oxygen at home', because: [], evidence: [] }],
    accounts: [
      {
        id: ids.own.account,
        roles: ['holder'],
        status: 'open',
        balance: money,
        overdue: { amountMinor: 0, currency: 'GBP' },
        lastBill: bill,
        lastPayments: [payment],
        agreements: [],
      },
    ],
    premises: [
      {
        id: ids.own.premise,
        address: '12 Quay Street, Saltmouth',
        servicePoints: [
          {
            id: ids.own.servicePoint,
            commodity: 'electricity',
            meter: { id: ids.own.meter, serial: 'RT-1', lastReadingAt: at },
            connection: 'connected',
          },
        ],
      },
    ],
    usage: [
      {
        servicePointId: ids.own.servicePoint,
        register: '1',
        flow: 'forward',
        unit: 'Wh',
        months: [{ month: '2026-02', value: 250_000, estimatedShare: 0 }],
        recentDays: [],
        asOf: at,
      },
    ],
    service: { openOutages: [], openCases: [], patterns: [], lastResolved: [] },
    interactions: {
      recent: [
        {
          id: 'int_1',
          at,
          channel: 'phone',
          direction: 'inbound',
          reason: 'billing.high-bill',
          summary: 'Asked about January.',
        },
      ],
      counts: { phone: 1 },
      handover: null,
    },
    relations: [],
    nextSteps: [],
    freshness: { asOf: at, sources: [{ source: 'billing', lastFactAt: at, lagSeconds: 4 }] },
    omitted: [],
  },
  readTimeline: {
    data: [
      {
        id: 'fct_1',
        type: 'billing.payment.received.v1',
        title: 'Payment received',
        family: 'billing',
        category: 'payment',
        severity: 'notable',
        occurredAt: at,
        recordedAt: at,
        source: { system: 'billing' },
        subjects: [ids.own.account],
        data: {},
      },
    ],
    next: 'position-2',
  },
  logInteraction: { id: 'int_1', customerId: ids.own.customer, ...kept },
  addContactPoint: contactPoint,
  changeContactPoint: contactPoint,
  removeContactPoint: undefined,
  mergeCustomers: {
    id: ids.own.merge,
    survivor: ids.own.customer,
    alias: ids.other.customer,
    status: 'done',
  },
  undoMerge: { id: ids.own.merge, survivor: ids.own.customer, alias: ids.other.customer, status: 'done' },
  readAccount: {
    id: ids.own.account,
    status: 'open',
    currency: 'GBP',
    holders: [{ customerId: ids.own.customer, role: 'holder', from: '2025-10-01' }],
    agreements: [],
    balance: money,
    lastPayments: [payment],
    version: 3,
  },
  listBills: { data: [bill], next: null },
  listPayments: { data: [payment], next: null },
  readLedger: { data: [{ factId: 'fct_1', at, kind: 'bill', id: 'bil_1', amount: money }], next: null },
  takePayment: { id: 'pay_1', accountId: ids.own.account, ...kept, balance: money },
  reportOutage: outage,
  readOutage: outage,
  restoreOutage: { ...outage, status: 'restored', restoredAt: at },
  readPremise: {
    id: ids.own.premise,
    addressLine: '12 Quay Street, Saltmouth',
    servicePoints: [],
    openOutages: [],
    version: 2,
  },
  readServicePoint: {
    id: ids.own.servicePoint,
    premiseId: ids.own.premise,
    commodity: 'electricity',
    zone: 'Europe/London',
    connection: 'connected',
    meter: { id: ids.own.meter, serial: 'RT-1', lastReadingAt: at },
    registers: [],
    events: [],
  },
  readUsage: {
    servicePointId: ids.own.servicePoint,
    meterId: ids.own.meter,
    register: '1',
    commodity: 'electricity',
    flow: 'forward',
    unit: 'Wh',
    powerOfTen: 0,
    zone: 'Europe/London',
    resolution: 'day',
    data: [{ start: at, end: at, value: 141, quality: 0, count: 1, expected: 1, estimatedShare: 0 }],
    total: { value: 141, count: 1, expected: 1, missing: 0 },
    asOf: at,
    next: null,
  },
  registerMeter: {
    id: ids.own.meter,
    thing: ids.own.meter,
    certificatePem: 'certificate',
    caPem: 'ca',
    endpoint: '127.0.0.1',
    port: 8883,
    fingerprint: 'aa',
    notAfter: at,
    topics: { usage: 'topic' },
  },
  readMeter: {
    id: ids.own.meter,
    serial: 'RT-1',
    thing: ids.own.meter,
    registers: [],
    installations: [],
    lastReadingAt: at,
    version: 1,
  },
  listDuplicates: {
    data: [
      {
        id: ids.own.duplicate,
        band: 'steward',
        probability: 0.97,
        score: 5.1,
        before: -16.6,
        comparisons: [
          {
            field: 'family name',
            agreement: 'one letter differs, or a short form',
            weight: 5.2,
            text: 'family name: one letter differs, or a short form, +5.2',
          },
        ],
        vetoes: [],
        customers: [
          {
            id: ids.own.customer,
            kind: 'person',
            name: 'Amara Okafor',
            dateOfBirth: '1985-03-04',
            since: '2020-01-01',
            contactPoints: [{ kind: 'phone', value: '01632 960123', verified: true, source: 'crm' }],
            accounts: [ids.own.account],
            sources: ['crm'],
          },
        ],
        foundAt: at,
      },
    ],
    next: null,
  },
  decideDuplicate: {
    id: ids.own.duplicate,
    decision: 'different',
    customers: [ids.own.customer, ids.other.customer],
    ...kept,
  },
  readAccessLog: {
    data: [
      {
        id: 'aud_1',
        at,
        actor: 'staff-agent',
        actorKind: 'staff',
        act: 'customer.read',
        purpose: 'service',
        route: 'GET /v1/customers/{id}/360',
        outcome: 'allowed',
        fields: ['contact'],
        count: 1,
        requestId: 'r-1',
        sealed: true,
      },
    ],
    next: null,
  },
};
