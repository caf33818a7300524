import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { writeUsageBlock } from '#functions/readings/contract/usage-block.ts';
import { routes } from '#functions/routes.ts';
import type { RouteSubject } from '#shared/contracts/api/definition.ts';
import { addDays, startOfDate } from '#shared/vocabulary/time.ts';
import { RunningSystem } from '#tests/support/running-system.ts';
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
import { nobody, realRequest } from './real-requests.ts';

/** Dora moved out of the home on the quay, Emil moved in, and Zoe is to move in after him; others had to do with her account for a while, or by mistake. */

const zone = 'Europe/London';
const moved = '2026-03-01';
const first = addDays(moved, -3);
let system: RunningSystem;
let quay: Household;
const ids = new Map<string, string>();
const people = ['dora', 'emil', 'gina', 'hugo', 'iris', 'jack', 'zoe'] as const;
type Person = (typeof people)[number];
const as = (person: Person) => ({ customer: ids.get(person) ?? '' });

const roleEnded = (person: string, to: string, role = 'joint') =>
  byBilling(`end-${person}`, 'account.role.ended.v1', `${to}T08:00:00.000Z`, {
    account: named('quay').account,
    customer: { namespace: 'crm', value: person },
    role,
    to,
  });

beforeAll(async () => {
  system = await RunningSystem.start();
  const facts = await sendFacts(system, [
    ...placeFacts('quay', '12 Quay Street'),
    ...people.map((name) => personFact(name, name, 'Quayside')),
    ...accountFacts('quay'),
    roleFact('quay', 'dora', 'holder'),
    roleFact('quay', 'gina', 'joint'),
    roleFact('quay', 'hugo', 'joint', '2099-01-01'),
    roleFact('quay', 'iris', 'joint'),
    byBilling('acc-emil', 'account.account.opened.v1', `${moved}T08:00:00.000Z`, {
      currency: 'GBP',
      references: [named('emil').account],
    }),
    roleFact('emil', 'emil', 'holder', moved),
  ]);
  await sendFacts(system, [
    byBilling('agr-ended', 'account.agreement.ended.v1', `${moved}T08:00:00.000Z`, {
      account: named('quay').account,
      servicePoint: named('quay').servicePoint,
      to: moved,
    }),
    byBilling('agr-emil', 'account.agreement.started.v1', `${moved}T08:00:00.000Z`, {
      account: named('emil').account,
      servicePoint: named('quay').servicePoint,
      tariff: 'STANDARD',
      from: moved,
    }),
    byBilling('agr-emil-ends', 'account.agreement.ended.v1', `${moved}T08:40:00.000Z`, {
      account: named('emil').account,
      servicePoint: named('quay').servicePoint,
      to: '2098-01-01',
    }),
    byBilling('acc-zoe', 'account.account.opened.v1', `${moved}T08:00:00.000Z`, {
      currency: 'GBP',
      references: [named('zoe').account],
    }),
    roleFact('zoe', 'zoe', 'holder', moved),
    byBilling('agr-zoe', 'account.agreement.started.v1', `${moved}T08:30:00.000Z`, {
      account: named('zoe').account,
      servicePoint: named('quay').servicePoint,
      tariff: 'STANDARD',
      from: '2098-01-01',
    }),
    roleEnded('dora', addDays(moved, 20), 'holder'),
    roleEnded('gina', addDays(moved, -1)),
    byBilling('no-iris', 'account.role.retracted.v1', `${moved}T09:00:00.000Z`, {
      factId: facts.get('rol-quay-iris-joint'),
      reason: 'Another Iris.',
    }),
  ]);
  await system.settle();
  for (const name of people) ids.set(name, await idNamed(system, `/v1/customers/crm:${name}`));
  const meter = await addMeter(system, 'quay', 'RT-quay');
  const outcomes = await system.served.system.ingest.take(
    Array.from({ length: 6 }, (_, day) => {
      const start = startOfDate(zone, addDays(first, day));
      const values = Array.from({ length: 48 }, () => 100);
      return {
        sequenceNumber: `${day}`,
        thing: meter,
        data: writeUsageBlock({ v: 1, meter, register: '1', start, interval: 1800, values, seq: day, revision: 0 }),
        arrivedAt: Date.now() / 1000,
      };
    }),
  );
  expect(outcomes.map(({ kind }) => kind)).toEqual(Array(6).fill('stored'));
  await system.settle();
  quay = {
    ...nobody,
    account: await idNamed(system, `/v1/accounts/${encodeURIComponent('billing:quay 1/2')}`),
    premise: await idNamed(system, '/v1/premises/uprn:quay'),
    servicePoint: await idNamed(system, '/v1/service-points/mpan:quay'),
    meter,
  };
});
afterAll(() => system.stop());

const Answer = z.object({
  data: z.array(z.object({ start: z.string() })),
  total: z.object({ count: z.int() }),
  meterId: z.string().nullable(),
});
const usagePath = (from: string, to: string) =>
  `/v1/service-points/${quay.servicePoint}/usage?from=${from}&to=${to}&resolution=day`;
const usageOf = async (person: Person, from = first, to = addDays(first, 6)) =>
  Answer.parse((await system.must({ path: usagePath(from, to), as: as(person) })).json);

describe('somebody whose service ended', () => {
  it.each([
    ['dora', 'until they moved out, though their account goes on', 3],
    ['gina', 'until they left the account', 2],
    ['emil', 'from the day they moved in', 3],
  ] as const)('%s sees what was used %s', async (person, _, days) => {
    expect((await usageOf(person)).total.count).toBe(days * 48);
  });

  it('sees nothing of after, not even by which meter', async () => {
    const after = await usageOf('dora', moved, addDays(moved, 3));
    expect([after.data, after.total.count]).toEqual([[], 0]);
    const own = await system.must({ path: usagePath(first, addDays(first, 1)), as: as('dora') });
    expect([own.json.meterId, own.json.asOf]).toEqual([quay.meter, `${moved}T00:00:00.000Z`]);
  });

  it('gets their own time alone as a file, too', async () => {
    const path = `/v1/service-points/${quay.servicePoint}/usage-file?from=${first}&to=${addDays(first, 6)}`;
    const rows = async (person: Person) => (await system.must({ path, as: as(person) })).text.trim().split('\n').length;
    expect((await rows('emil')) - (await rows('gina'))).toBe(48);
  });

  it.each([
    ['hugo', 'whose role is yet to come'],
    ['iris', 'who was given a role by mistake'],
    ['jack', 'who never had one'],
  ] as const)('%s, %s, sees nothing, as of a point that is not there', async (person, _) => {
    const asked = await system.ask({ path: usagePath(first, moved), as: as(person) });
    const path = usagePath(first, moved).replace(quay.servicePoint, nobody.servicePoint);
    const none = await system.ask({ path, as: as(person) });
    expect([asked.status, asked.json.code, asked.json.detail]).toEqual([404, none.json.code, none.json.detail]);
  });

  const placed: readonly RouteSubject[] = ['account', 'premise', 'servicePoint', 'meter'];
  const open = ['readUsage', 'downloadGreenButton', 'downloadUsage'];
  const ofTheAccount = ['readAccount', 'listAgreements', 'listBills', 'listPayments', 'readLedger'];
  it.each(routes.filter(({ subject }) => placed.includes(subject)).map((route) => ({ route, summary: route.summary })))(
    'is let at nothing else of the home: "$summary"',
    async ({ route }) => {
      // Dora's role on the account is over as well: it stays hers to read, and of what is written nothing is.
      const { subject: _, ...request } = await realRequest(system, route, quay, {
        client: 'crm',
        purpose: undefined,
        ready: false,
      });
      const { status, json } = await system.ask({ ...request, as: as('dora') });
      const isOpen = [...open, ...ofTheAccount].includes(route.operationId);
      expect([status, json.code]).toEqual([
        isOpen ? 200 : expect.toBeOneOf([403, 404]),
        isOpen ? undefined : expect.any(String),
      ]);
    },
  );

  it('has the look in their own log, and not in the log of who lives there now', async () => {
    const { requestId } = await system.must({ path: usagePath(first, moved), as: as('dora') });
    const of = async (subject: string) => (await system.entriesOf(subject, requestId)).length;
    expect([await of(ids.get('dora') ?? ''), await of(ids.get('emil') ?? '')]).toEqual([1, 0]);
    expect(await of(quay.servicePoint)).toBe(1);
  });
});

describe('somebody who is to move in where another lives', () => {
  const report = (person: Person) =>
    system.ask({
      method: 'POST',
      path: '/v1/outages',
      as: as(person),
      json: { premise: quay.premise, commodity: 'electricity' },
    });

  it('tells of no outage there, and learns of none by telling', async () => {
    expect((await report('zoe')).status).toBe(404);
    const dark = await report('emil');
    expect(dark.status).toBe(201);
    await system.settle();
    const told = await report('zoe');
    expect([told.status, told.text.includes(String(dark.json.id))]).toEqual([404, false]);
    expect((await system.ask({ path: `/v1/outages/${String(dark.json.id)}`, as: as('zoe') })).status).toBe(404);
    expect((await report('dora')).status).toBe(404);
  });

  it('is told that the home is there, and nothing of who lives in it', async () => {
    for (const path of [
      `/v1/premises/${quay.premise}`,
      `/v1/service-points/${quay.servicePoint}`,
      `/v1/meters/${quay.meter}`,
    ]) {
      const { text, json } = await system.must({ path, as: as('zoe') });
      expect([path, text.includes(ids.get('emil') ?? '')]).toEqual([path, false]);
      expect([json.openOutages ?? [], json.lastReadingAt ?? null, json.events ?? []]).toEqual([[], null, []]);
    }
    expect((await usageOf('zoe')).total.count).toBe(0);
  });
});
