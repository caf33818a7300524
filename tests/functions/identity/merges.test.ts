import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownSource } from '#shared/contracts/facts/sources.ts';
import { readHead } from '#shared/profile/store/items.ts';
import { headKey } from '#shared/table/keys.ts';
import { ownSystem } from '#shared/vocabulary/fact.ts';
import { startOfDate } from '#shared/vocabulary/time.ts';
import type { Answer } from '#tests/support/api-client.ts';
import { aBlock, arrived } from '#tests/support/meters/telemetry.ts';
import { RunningSystem } from '#tests/support/running-system.ts';
import {
  accountFacts,
  addMeter,
  byBilling,
  freshKey,
  idNamed,
  named,
  personFact,
  placeFacts,
  pointFact,
  roleFact,
  sendFacts,
  sentBy,
} from '#tests/support/small-world.ts';

let system: RunningSystem;
beforeAll(async () => {
  system = await RunningSystem.start();
});
afterAll(() => system.stop());

const supervisor = { as: { role: 'supervisor' }, headers: { 'rotunda-purpose': 'service' } };

/** Two records of one person, each with an account and a home of their own, and a neighbour. */
const twoRecords = async (name: string) => {
  const [one, two] = [`${name}-1`, `${name}-2`];
  for (const person of [one, two]) {
    await sendFacts(system, [
      ...placeFacts(person, `${person} Quay Street`),
      personFact(person, person === one ? 'Mia' : 'Maria', 'Sorensen'),
      pointFact(person, 'phone', '01632 960555'),
      pointFact(person, 'email', `${person}@example.com`),
      ...accountFacts(person),
      roleFact(person, person, 'holder'),
    ]);
  }
  await system.settle();
  const idOf = (person: string) => idNamed(system, `/v1/customers/crm:${person}`);
  return { one: await idOf(one), two: await idOf(two), names: [one, two] as const };
};

const ask360 = async (customer: string, as: { readonly customer: string } = { customer }) =>
  system.ask({ path: `/v1/customers/${customer}/360`, as });

/** The view without what moves with the clock. */
const shown = ({ json }: Answer): unknown => ({ ...json, freshness: undefined });

const merge = async (json: Readonly<Record<string, unknown>>, query = '', headers: Record<string, string> = {}) =>
  system.ask({
    method: 'POST',
    path: `/v1/merges${query}`,
    as: supervisor.as,
    headers: { ...supervisor.headers, ...headers },
    json: { reason: 'One person.', ...json },
  });

const undo = async (id: string, query = '') =>
  system.ask({
    method: 'POST',
    path: `/v1/merges/${id}/undo${query}`,
    ...supervisor,
    json: { reason: 'Two after all.' },
  });

describe('a merge', () => {
  it('says beforehand what would stand and what would lose, and writes nothing', async () => {
    const { one, two, names } = await twoRecords('preview');
    await system.settle();
    const before = await system.digests();
    const asked = await merge({ survivor: one, alias: two }, '?dryRun=true');
    expect(asked.status).toBe(200);
    expect(asked.json).toMatchObject({ survivor: one, alias: two, status: 'preview' });
    expect(asked.json).not.toHaveProperty('id');
    const [record] = Array.isArray(asked.json.preview) ? asked.json.preview : [];
    expect(record).toMatchObject({ customer: one, aliases: [two], more: { accounts: 0 } });
    const name = record.values.find(({ attribute }: { attribute: string }) => attribute === 'name');
    expect([name.stands.value, name.loses[0].value].sort()).toEqual(['Maria Sorensen', 'Mia Sorensen']);
    expect(name.loses[0].reason).toBe('superseded');
    expect(new Set([name.stands.of, name.loses[0].of])).toEqual(new Set([one, two]));
    const phones = record.contactPoints.filter(({ kind }: { kind: string }) => kind === 'phone');
    expect(phones.map((point: { shown: boolean }) => point.shown).sort()).toEqual([false, true]);
    expect(record.accounts.flatMap(({ of }: { of: string[] }) => of).sort()).toEqual([one, two].sort());
    expect(record.premises).toHaveLength(2);
    await system.settle();
    expect(await system.digests()).toEqual(before);
    for (const customer of [one, two]) {
      const [entry] = await system.entriesOf(customer, asked.requestId);
      expect(entry).toMatchObject({ act: 'customer.merge-preview', outcome: 'allowed' });
    }
    expect(names).toHaveLength(2);
  });

  it('may be looked at by agents beforehand, and done by supervisors alone', async () => {
    const { one, two } = await twoRecords('roles');
    const json = { survivor: one, alias: two, reason: 'One person.' };
    const asked = async (as: { readonly role: string } | { readonly customer: string }, query: string) =>
      (await system.ask({ method: 'POST', path: `/v1/merges${query}`, as, json })).status;
    expect(await asked({ role: 'agent' }, '?dryRun=true')).toBe(200);
    expect(await asked({ role: 'agent' }, '?dryRun=false')).toBe(403);
    expect(await asked({ role: 'agent' }, '')).toBe(403);
    expect(await asked({ role: 'field' }, '?dryRun=true')).toBe(403);
    expect(await asked({ customer: one }, '?dryRun=true')).toBe(403);
    expect((await ask360(two)).json).toMatchObject({ customer: { id: two } });
  });

  it('is done at once, answers a repeat alike, names both in the audit and leads every id and reference to the survivor', async () => {
    const { one, two, names } = await twoRecords('done');
    const key = { 'idempotency-key': freshKey() };
    const json = { survivor: one, alias: { namespace: 'crm', value: names[1] } };
    const done = await merge(json, '', key);
    expect([done.status, done.json]).toEqual([
      201,
      { id: expect.stringMatching(/^mrg_/), survivor: one, alias: two, status: 'done', masked: [] },
    ]);
    const again = await merge(json, '', key);
    expect([again.status, again.json, again.headers.get('idempotency-replayed')]).toEqual([201, done.json, 'true']);
    for (const customer of [one, two]) {
      const [entry] = await system.entriesOf(customer, done.requestId);
      expect(entry).toMatchObject({ act: 'customer.merge', outcome: 'allowed' });
    }
    await system.settle();
    for (const path of [one, two, `crm:${names[0]}`, `crm:${names[1]}`]) {
      const answer = await system.must({ path: `/v1/customers/${path}/360`, ...supervisor });
      expect([path, answer.json]).toMatchObject([path, { customer: { id: one } }]);
      expect(answer.json.accounts).toHaveLength(2);
      expect(answer.json.premises).toHaveLength(2);
    }
    const found = await system.must({ path: `/v1/customers?q=${names[1]}@example.com`, ...supervisor });
    expect(found.json.data).toMatchObject([{ id: one }]);
  });

  it('of a record with itself, with nobody, or with what is no customer is refused and changes nothing', async () => {
    const { one, two } = await twoRecords('refused');
    await merge({ survivor: one, alias: two });
    await system.settle();
    const before = await system.digests();
    const codes = async (json: Readonly<Record<string, unknown>>) => {
      const answer = await merge(json);
      return [answer.status, answer.json.code];
    };
    expect(await codes({ survivor: one, alias: one })).toEqual([422, 'merge.same-customer']);
    expect(await codes({ survivor: two, alias: one })).toEqual([422, 'merge.same-customer']);
    expect(await codes({ survivor: one, alias: 'cus_0123456789ABCDEFGHJKMNPQRS' })).toEqual([404, 'not-found']);
    expect(await codes({ survivor: 'cus_0123456789ABCDEFGHJKMNPQRS', alias: one })).toEqual([404, 'not-found']);
    expect(await codes({ survivor: one, alias: { namespace: 'crm', value: 'no one' } })).toEqual([404, 'not-found']);
    expect((await codes({ survivor: one, alias: 'acc_0123456789ABCDEFGHJKMNPQRS' }))[0]).toBe(422);
    expect((await undo('mrg_0123456789ABCDEFGHJKMNPQRS')).status).toBe(404);
    expect((await undo(one)).status).toBe(404);
    await system.settle();
    expect(await system.digests()).toEqual(before);
  });
});

describe('the undoing of a merge', () => {
  it('gives each its own again, to the byte, and cannot be done twice', async () => {
    const { one, two } = await twoRecords('undone');
    const before = [shown(await ask360(one)), shown(await ask360(two))];
    const { json } = await merge({ survivor: one, alias: two });
    const preview = await undo(String(json.id), '?dryRun=true');
    expect([preview.status, preview.json]).toMatchObject([
      200,
      {
        status: 'preview',
        preview: [
          { customer: one, aliases: [] },
          { customer: two, aliases: [] },
        ],
      },
    ]);
    expect((await ask360(two)).json).toMatchObject({ customer: { id: one } });
    const undone = await undo(String(json.id));
    expect([undone.status, undone.json]).toMatchObject([
      201,
      { id: json.id, survivor: one, alias: two, status: 'done' },
    ]);
    await system.settle();
    expect([shown(await ask360(one)), shown(await ask360(two))]).toEqual(before);
    const twice = await undo(String(json.id));
    expect([twice.status, twice.json.code]).toEqual([409, 'merge.undone']);
    const twicePreviewed = await undo(String(json.id), '?dryRun=true');
    expect(twicePreviewed.status).toBe(409);
  });
});

describe('a merge of a record that leads to another customer', () => {
  it('says who leaves and who stays before it is undone, to agents too, with a look in the log of each', async () => {
    const [ab, c] = [await twoRecords('chain'), (await twoRecords('third')).one];
    const { one: a, two: b } = ab;
    const ids = async (...pairs: readonly (readonly [string, string])[]) => {
      const merged: string[] = [];
      for (const [survivor, alias] of pairs) {
        const { status, json } = await merge({ survivor, alias });
        expect([status, json]).toMatchObject([201, { survivor, alias, status: 'done' }]);
        merged.push(String(json.id));
      }
      return merged;
    };
    const [first = '', second = ''] = await ids([a, b], [b, c]);
    const looked = async (id: string) => {
      const as = { role: 'agent' };
      const asked = await system.ask({
        method: 'POST',
        path: `/v1/merges/${id}/undo?dryRun=true`,
        ...supervisor,
        as,
        json: { reason: 'Two after all.' },
      });
      expect(asked.status).toBe(200);
      for (const customer of [a, b, c]) {
        const [entry] = await system.entriesOf(customer, asked.requestId);
        expect(entry).toMatchObject({ act: 'customer.merge-preview', outcome: 'allowed' });
      }
      return { stays: asked.json.stays, leaves: asked.json.leaves };
    };
    const inOrder = (...records: readonly string[]) => [...records].sort();
    expect(await looked(first)).toEqual({ stays: [a], leaves: [b, c] });
    expect(await looked(second)).toEqual({ stays: [a, b], leaves: [c] });
    const [inside = ''] = await ids([a, c]);
    for (const id of [first, second, inside])
      expect(await looked(id)).toEqual({ stays: [a, ...inOrder(b, c)], leaves: [] });
    expect((await merge({ survivor: c, alias: a })).json.code).toBe('merge.same-customer');

    expect((await undo(first)).json).toMatchObject({ survivor: a, alias: b, status: 'done' });
    await system.settle();
    expect(await looked(inside)).toEqual({ stays: [a], leaves: [b, c] });
    await undo(inside);
    await system.settle();
    for (const [id, holder] of [
      [a, a],
      [b, b],
      [c, b],
    ] as const)
      expect((await ask360(id)).json).toMatchObject({ customer: { id: holder } });
  });

  it('is previewed as the customer that all would be', async () => {
    const [{ one: a, two: b }, { one: c, two: d }] = [await twoRecords('left'), await twoRecords('right')];
    await merge({ survivor: a, alias: b });
    await merge({ survivor: c, alias: d });
    const asked = await merge({ survivor: d, alias: b }, '?dryRun=true');
    const aliases = [a, b, d].sort();
    expect(asked.json).toMatchObject({ survivor: d, alias: b, preview: [{ customer: c, aliases }] });
    await merge({ survivor: d, alias: b });
    for (const id of [a, b, d]) expect((await ask360(id)).json).toMatchObject({ customer: { id: c } });
  });
});

describe('a customer who signs in under an id that was merged', () => {
  it("sees the survivor's own everywhere, nothing of others, and after the undoing their own alone", async () => {
    const { one, two, names } = await twoRecords('signed-in');
    await sendFacts(system, [
      ...placeFacts('neighbour', '9 Quay Street'),
      personFact('neighbour', 'Nils', 'Berg'),
      ...accountFacts('neighbour'),
      roleFact('neighbour', 'neighbour', 'holder'),
    ]);
    for (const name of names) {
      const meter = await addMeter(system, name, `RT-${name}`);
      const days = ['2026-02-01', '2026-02-02'].map((date) => startOfDate('Europe/London', date));
      await system.served.system.ingest.take(
        days.map((start) => arrived(aBlock('', start, Array(48).fill(100), { meter, register: '1' }))),
      );
    }
    await system.settle();
    const as = { customer: two };
    const account = (name: string) => `/v1/accounts/${encodeURIComponent(`billing:${named(name).account.value}`)}`;
    const point = (name: string) =>
      `/v1/service-points/mpan:${name}/usage?from=2026-02-01&to=2026-02-03&resolution=day`;
    const statuses = async (paths: readonly string[]) =>
      Promise.all(paths.map(async (path) => (await system.ask({ path, as })).status));
    const paths = (name: string, id: string) => [
      `/v1/customers/${id}/360`,
      `/v1/customers/${id}/timeline`,
      `/v1/customers/${id}/access-log`,
      account(name),
      `${account(name)}/payments`,
      point(name),
      `/v1/premises/uprn:${name}`,
    ];
    const others = [account('neighbour'), point('neighbour'), '/v1/customers/crm:neighbour/360'];
    expect(await statuses(paths(names[0], one))).toEqual(Array(7).fill(404));
    const { json } = await merge({ survivor: one, alias: two });
    await system.settle();
    expect(await statuses([...paths(names[0], one), ...paths(names[1], two)])).toEqual(Array(14).fill(200));
    expect(await statuses(others)).toEqual([404, 404, 404]);
    for (const name of names) {
      const usage = await system.must({ path: point(name), as });
      expect(usage.json.total).toMatchObject({ value: 9600, missing: 0 });
    }
    const search = await system.must({ path: `/v1/customers?q=${names[0]}@example.com`, as });
    expect(search.json.data).toMatchObject([{ id: one }]);
    const log = await system.must({ path: `/v1/customers/${two}/access-log?limit=100`, as });
    expect(JSON.stringify(log.json.data)).toContain('customer.merge');
    const told = await system.ask({
      method: 'POST',
      path: '/v1/outages',
      as,
      json: { premise: named(names[0]).premise },
    });
    expect(told.status).toBe(201);
    await undo(String(json.id));
    await system.settle();
    expect(await statuses(paths(names[1], two))).toEqual(Array(7).fill(200));
    expect(await statuses([...paths(names[0], one), ...others])).toEqual(Array(10).fill(404));
    const none = await system.must({ path: `/v1/customers?q=${names[0]}@example.com`, as });
    expect(none.json.data).toEqual([]);
  });
});

describe('a merge that nobody ends', () => {
  it('ends by itself: one whose request was not there to bring it to its end is done by what follows the records', async () => {
    const { one, two } = await twoRecords('by-bus');
    const merge = sentBy(ownSystem)('merge-by-bus', 'customer.identity.merged.v1', '2026-03-01T09:00:00.000Z', {
      survivor: one,
      alias: two,
      reason: 'One person.',
    });
    const house = { actor: 'staff:ida', speaksFor: ownSource, supervisor: true };
    expect((await system.served.system.submit([merge], house))[0]?.status).toBe('accepted');
    await system.settle();
    const profile = system.served.system.store.table('profile');
    const heads = await Promise.all([one, two].map((id) => profile.get(headKey(id), { consistent: true })));
    expect(heads.map((item) => (item === undefined ? undefined : readHead(item).rebuilding))).toEqual([
      undefined,
      undefined,
    ]);
    expect((await ask360(two)).json).toMatchObject({ customer: { id: one } });
    await sendFacts(system, [
      byBilling('after-bus', 'billing.payment.received.v1', '2026-03-02T09:00:00.000Z', {
        account: named('by-bus-2').account,
        amount: { amountMinor: 100, currency: 'GBP' },
        method: 'card',
      }),
    ]);
    expect((await ask360(one)).json.accounts).toHaveLength(2);
  });
});
