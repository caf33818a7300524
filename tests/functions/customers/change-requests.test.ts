import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { Answer, Asker } from '#tests/support/api-client.ts';
import { RunningSystem } from '#tests/support/running-system.ts';
import { buildSmallWorld, type SmallWorld } from '#tests/support/small-world.ts';

/** Amara asks for what she may not change herself; a supervisor decides. Each test has a customer of its own. */

let system: RunningSystem;
let world: SmallWorld;
let me: string;
let own: { readonly customer: string };
const [agent, supervisor] = [{ role: 'agent' }, { role: 'supervisor' }];
const headers = { 'rotunda-purpose': 'service' };

beforeAll(async () => {
  system = await RunningSystem.start();
  world = await buildSmallWorld(system);
});
afterAll(() => system.stop());
beforeEach(async () => {
  const json = { kind: 'person', name: { given: 'Ada', family: 'Quay' }, dateOfBirth: '1984-05-02', language: 'en' };
  me = String((await system.must({ method: 'POST', path: '/v1/customers', as: agent, json })).json.id);
  own = { customer: me };
});

const etagOf = async (as: Asker): Promise<string> =>
  (await system.must({ path: `/v1/customers/${me}`, as, headers })).headers.get('etag') ?? '';

const change = async (as: Asker, method: string, below: string, json?: unknown): Promise<Answer> =>
  system.ask({
    method,
    path: `/v1/customers/${me}${below}`,
    as,
    headers: { ...headers, 'if-match': await etagOf(as) },
    ...(json === undefined ? {} : { json }),
  });
const wish = (json: unknown): Promise<Answer> => change(own, 'PATCH', '', json);

const added = async (as: Asker, json: unknown): Promise<string> => {
  const path = `/v1/customers/${me}/contact-points`;
  return String((await system.must({ method: 'POST', path, as, headers, json })).json.id);
};
const addedPoint = (as: Asker, value: string, more: object = {}) => added(as, { kind: 'email', value, ...more });

const Requests = z.object({ data: z.array(z.looseObject({ id: z.string(), status: z.string() })) });
/** Something else is written, so that reads which may be old have come to what was asked before. */
const somethingElse = async (): Promise<void> => {
  const json = { channel: 'phone', reason: 'other' };
  await system.must({ method: 'POST', path: `/v1/customers/${world.ben}/interactions`, as: agent, json });
};
const requestsOf = async (as: Asker) => {
  const { json } = await system.must({ path: `/v1/customers/${me}/change-requests`, as, headers });
  return Requests.parse(json).data;
};
const decide = (id: unknown, json: unknown, as: Asker = supervisor): Promise<Answer> =>
  system.ask({ method: 'POST', path: `/v1/customers/${me}/change-requests/${id}/decision`, as, headers, json });
const profile = async () => (await system.must({ path: `/v1/customers/${me}`, as: agent })).json;
const Points = z.array(z.looseObject({ id: z.string(), verified: z.boolean(), preferred: z.boolean() }));
const pointsOf = async () => Points.parse((await profile()).contactPoints);

describe('what a customer may not change', () => {
  it('is kept as their request, in one with the entry of the refusal, and the answer names it', async () => {
    const answer = await wish({ name: { family: 'Okafor-Lind' }, dateOfBirth: '1985-06-07' });
    expect([answer.status, answer.json.code]).toEqual([403, 'change.by-request']);
    const id = answer.json.interactionId;
    expect(await profile()).toMatchObject({ name: 'Ada Quay', dateOfBirth: '1984-05-02' });
    const told = { name: { family: 'Okafor-Lind' }, dateOfBirth: '1985-06-07' };
    for (const as of [own, agent, supervisor])
      expect(await requestsOf(as)).toMatchObject([
        { id, status: 'open', asked: ['name', 'dateOfBirth'], change: told },
      ]);
    const entries = await system.entriesOf(me, answer.requestId);
    expect(entries.map(({ act, outcome }) => [act, outcome])).toEqual([
      ['customer.change', 'refused:change.by-request'],
    ]);
  });

  it('shows in the view as an inbound word of the customer', async () => {
    const { json } = await wish({ kind: 'organisation' });
    const view = await system.must({ path: `/v1/customers/${me}/360`, as: agent });
    expect(view.json.interactions).toMatchObject({
      recent: [{ id: json.interactionId, direction: 'inbound', channel: 'web', writtenBy: 'customer' }],
      handover: null,
    });
    const timeline = await system.must({ path: `/v1/customers/${me}/timeline?family=interactions`, as: agent });
    expect(timeline.json.data).toMatchObject([{ type: 'contact.change-request.made.v1', writtenBy: 'customer' }]);
  });

  it('asked for again is the same request, also at the same time, until it is decided on', async () => {
    const etag = await etagOf(own);
    const again = () =>
      system.ask({
        method: 'PATCH',
        path: `/v1/customers/${me}`,
        as: own,
        headers: { 'if-match': etag },
        json: { name: { family: 'Lind' } },
      });
    const answers = await Promise.all(Array.from({ length: 5 }, again));
    const ids = new Set([...answers, await again()].map(({ json }) => json.interactionId));
    expect([answers.map(({ status }) => status), ids.size]).toEqual([Array(5).fill(403), 1]);
    expect(await requestsOf(own)).toHaveLength(1);
    await decide([...ids][0], { outcome: 'declined', reason: 'No proof.' });
    expect(ids.has((await again()).json.interactionId)).toBe(false);
    expect((await requestsOf(own)).map(({ status }) => status)).toEqual(['open', 'declined']);
  });

  it('is taken five times at once and no more, and again once one is decided on', async () => {
    const ids: unknown[] = [];
    for (let n = 0; n < 5; n += 1) ids.push((await wish({ name: { family: `Lind ${n}` } })).json.interactionId);
    const sixth = await wish({ name: { family: 'Lind 5' } });
    expect([sixth.status, sixth.json.code, sixth.json.interactionId]).toEqual([409, 'change-requests.full', undefined]);
    expect(await requestsOf(own)).toHaveLength(5);
    await decide(ids[0], { outcome: 'declined', reason: 'No proof.' });
    expect((await wish({ name: { family: 'Lind 5' } })).status).toBe(403);
    for (const one of await requestsOf(own))
      if (one.status === 'open') await decide(one.id, { outcome: 'declined', reason: 'No proof.' });
  });

  it('is not for others to see, and not for the customer or an agent to decide on', async () => {
    const id = (await wish({ name: { family: 'Lind' } })).json.interactionId;
    const path = `/v1/customers/${me}/change-requests`;
    expect((await system.ask({ path, as: { customer: world.carl.customer } })).status).toBe(404);
    expect((await system.ask({ path, as: { role: 'field' } })).status).toBe(403);
    for (const as of [own, agent]) {
      expect((await decide(id, { outcome: 'done', reason: 'It is so.' }, as)).status).toBe(403);
      expect((await system.ask({ path: '/v1/change-requests', as })).status).toBe(403);
    }
    expect((await requestsOf(own))[0]?.status).toBe('open');
  });
});

describe('a decision', () => {
  it('that it be done makes the change in the same commit, and the request names the fact that did', async () => {
    const id = (await wish({ name: { family: 'Okafor-Lind' }, kind: 'organisation' })).json.interactionId;
    const decided = await decide(id, { outcome: 'done', reason: 'Certificate of marriage seen.' });
    expect([decided.status, decided.json.status]).toEqual([201, 'done']);
    expect(await profile()).toMatchObject({ name: 'Okafor-Lind', kind: 'organisation' });
    const [request] = await requestsOf(own);
    const { correction } = decided.json;
    expect(request).toMatchObject({ id, status: 'done', reason: 'Certificate of marriage seen.', correction });
    const fact = await system.must({ path: `/v1/facts/${correction}`, as: agent });
    expect(fact.json).toMatchObject({
      type: 'customer.profile.corrected.v1',
      data: { name: { family: 'Okafor-Lind' } },
      source: { actor: expect.stringMatching(/^staff:/) },
    });
    const twice = await decide(id, { outcome: 'declined', reason: 'Changed my mind.' });
    expect([twice.status, twice.json.code]).toEqual([409, 'change-request.settled']);
  });

  it('may name a correction that was made by hand, if it is one of this customer', async () => {
    const id = (await wish({ name: { family: 'Lynd' } })).json.interactionId;
    await change(agent, 'PATCH', '', { name: { family: 'Lind' } });
    const timeline = await system.must({ path: `/v1/customers/${me}/timeline?family=identity&limit=1`, as: agent });
    const [{ id: correction }] = z.tuple([z.looseObject({ id: z.string() })]).parse(timeline.json.data);
    const reason = 'Spelt as in the passport.';
    for (const other of [world.amara.fact, 'fct_0123456789ABCDEFGHJKMNPQRS']) {
      const refused = await decide(id, { outcome: 'done', reason, correction: other });
      expect([refused.status, refused.json.errors]).toEqual([
        422,
        [expect.objectContaining({ pointer: '/correction' })],
      ]);
    }
    expect((await decide(id, { outcome: 'declined', reason, correction })).status).toBe(422);
    expect((await decide(id, { outcome: 'done', reason, correction })).status).toBe(201);
    expect(await profile()).toMatchObject({ name: 'Lind' });
  });

  it('needs a reason, and a request that is there', async () => {
    const id = (await wish({ name: { family: 'Lind' } })).json.interactionId;
    const silent = await decide(id, { outcome: 'declined' });
    expect([silent.status, silent.json.errors]).toEqual([422, [expect.objectContaining({ pointer: '/reason' })]]);
    const json = { outcome: 'declined', reason: 'No proof.' };
    expect((await decide('int_0123456789ABCDEFGHJKMNPQRS', json)).status).toBe(404);
    const path = `/v1/customers/${world.carl.customer}/change-requests/${id}/decision`;
    expect((await system.ask({ method: 'POST', path, as: supervisor, headers, json })).status).toBe(404);
  });
});

describe('the list of what waits', () => {
  it('has the requests of all customers, oldest first and page by page, without what is asked for', async () => {
    const List = z.object({
      data: z.array(
        z.strictObject({ id: z.string(), customerId: z.string(), askedAt: z.string(), asked: z.array(z.string()) }),
      ),
      next: z.string().nullable(),
    });
    const listed = async (limit: number) => {
      const found: z.infer<typeof List>['data'] = [];
      for (let cursor = ''; ; ) {
        const path = `/v1/change-requests?limit=${limit}${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`;
        const { data, next } = List.parse((await system.must({ path, as: supervisor, headers })).json);
        found.push(...data);
        if (next === null) return found;
        cursor = next;
      }
    };
    const ids: unknown[] = [];
    for (let n = 0; n < 4; n += 1) ids.push((await wish({ name: { family: `Canary ${n}` } })).json.interactionId);
    await somethingElse();
    const all = await listed(100);
    expect(all.filter(({ customerId }) => customerId === me).map(({ id }) => id)).toEqual(ids);
    expect(all.map(({ askedAt }) => askedAt)).toEqual(all.map(({ askedAt }) => askedAt).toSorted());
    expect(await listed(1)).toEqual(all);
    await decide(ids[1], { outcome: 'declined', reason: 'No proof.' });
    expect((await listed(2)).map(({ id }) => id)).toEqual(all.map(({ id }) => id).filter((id) => id !== ids[1]));
    expect(JSON.stringify(all)).not.toContain('Canary');
  });

  it('follows a record that is merged into another, and its undoing', async () => {
    const id = (await wish({ name: { family: 'Lind' } })).json.interactionId;
    const survivor = world.carl.customer;
    const json = { survivor, alias: me, reason: 'One person.' };
    const merged = await system.must({ method: 'POST', path: '/v1/merges', as: supervisor, headers, json });
    await system.settle();
    const of = async (customer: string) => {
      const { json: told } = await system.must({
        path: `/v1/customers/${customer}/change-requests`,
        as: supervisor,
        headers,
      });
      return Requests.parse(told).data.map((one) => one.id);
    };
    expect(await of(survivor)).toContain(id);
    const waits = async () =>
      (await system.must({ path: '/v1/change-requests?limit=100', as: supervisor, headers })).text;
    expect(await waits()).toContain(String(id));
    const undo = { method: 'POST', path: `/v1/merges/${merged.json.id}/undo`, as: supervisor, headers };
    await system.must({ ...undo, json: { reason: 'Two persons.' } });
    await system.settle();
    expect([await of(survivor), await of(me)]).toEqual([[], [id]]);
    expect(await waits()).toContain(String(id));
    await decide(id, { outcome: 'declined', reason: 'No proof.' });
    expect(await waits()).not.toContain(String(id));
  });
});

describe('contact points of a customer', () => {
  it('are added and removed by them, and not verified by asking', async () => {
    const mine = await addedPoint(own, 'mine@example.com', { label: 'home', preferred: true });
    expect(await pointsOf()).toMatchObject([{ id: mine, verified: false, preferred: true }]);
    const asked = await change(own, 'PATCH', `/contact-points/${mine}`, { verified: true });
    expect([asked.status, asked.json.code]).toEqual([403, 'change.by-request']);
    const silent = await decide(asked.json.interactionId, { outcome: 'done', reason: 'Code sent back.' });
    expect([silent.status, silent.json.errors]).toEqual([422, [expect.objectContaining({ pointer: '/method' })]]);
    expect(await pointsOf()).toMatchObject([{ verified: false }]);
    const done = { outcome: 'done', reason: 'Code sent back.', method: 'code' };
    expect((await decide(asked.json.interactionId, done)).status).toBe(201);
    expect(await pointsOf()).toMatchObject([{ id: mine, verified: true }]);
  });

  it('that were proved keep their value: another one is removed and added, without the proof', async () => {
    const proved = await addedPoint(agent, 'known@example.com', { verified: true });
    await addedPoint(agent, 'spare@example.com', { verified: true });
    const swapped = await change(own, 'PATCH', `/contact-points/${proved}`, { value: 'thief@example.com' });
    expect([swapped.status, swapped.json.code]).toEqual([403, 'contact-point.remove-and-add']);
    expect((await change(own, 'DELETE', `/contact-points/${proved}`)).status).toBe(204);
    await addedPoint(own, 'new@example.com');
    expect((await pointsOf()).map(({ value, verified }) => [value, verified])).toEqual([
      ['spare@example.com', true],
      ['new@example.com', false],
    ]);
  });

  it('of which one is proved: it goes by request alone, and no unproved one comes first before it', async () => {
    const proved = await addedPoint(agent, 'known@example.com', { verified: true, preferred: true });
    const gone = await change(own, 'DELETE', `/contact-points/${proved}`);
    expect([gone.status, gone.json.code]).toEqual([403, 'change.by-request']);
    const path = `/v1/customers/${me}/contact-points`;
    const json = { kind: 'email', value: 'thief@example.com', preferred: true };
    const first = await system.ask({ method: 'POST', path, as: own, json });
    expect([first.status, first.json.errors]).toEqual([403, [expect.objectContaining({ pointer: '/preferred' })]]);
    const theirs = await addedPoint(own, 'other@example.com');
    const later = await change(own, 'PATCH', `/contact-points/${theirs}`, { preferred: true });
    expect([later.status, later.json.code]).toEqual([403, 'change.by-request']);
    expect(await pointsOf()).toMatchObject([{ id: proved, preferred: true }, { preferred: false }]);
    expect((await change(own, 'PATCH', `/contact-points/${proved}`, { preferred: true })).status).toBe(200);

    // What was asked for can be done as it was asked for.
    const done = { outcome: 'done', reason: 'Confirmed by phone.', method: 'call' };
    for (const { json: asked } of [later, first, gone]) {
      const decided = await decide(asked.interactionId, done);
      expect([decided.status, decided.json.code]).toEqual([201, undefined]);
    }
    expect((await pointsOf()).map(({ value, preferred }) => [value, preferred])).toEqual([
      ['other@example.com', false],
      ['thief@example.com', true],
    ]);
  });

  it('are ten of their own at most, and staff can add more however many there are', async () => {
    const path = `/v1/customers/${me}/contact-points`;
    const ids: string[] = [];
    for (let n = 0; n < 10; n += 1) ids.push(await addedPoint(own, `p${n}@example.com`));
    const full = await system.ask({ method: 'POST', path, as: own, json: { kind: 'email', value: 'p10@example.com' } });
    expect([full.status, full.json.code, full.json.most]).toEqual([409, 'contact-points.full', 10]);
    expect((await pointsOf()).length).toBe(10);
    await addedPoint(agent, 'staff@example.com');
    expect((await change(own, 'DELETE', `/contact-points/${ids[0]}`)).status).toBe(204);
    await addedPoint(own, 'p10@example.com');
    expect((await pointsOf()).length).toBe(11);
  });
});
