import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { Asker } from '#tests/support/api-client.ts';
import { RunningSystem } from '#tests/support/running-system.ts';
import { buildSmallWorld, byBilling, named, type SmallWorld, sendFacts } from '#tests/support/small-world.ts';

/** A value held fast against all sources, explained to whoever asks, and let go again. */

let system: RunningSystem;
let world: SmallWorld;
beforeAll(async () => {
  system = await RunningSystem.start();
  world = await buildSmallWorld(system);
});
afterAll(() => system.stop());

const agent = { role: 'agent' };
const Explanation = z.object({
  value: z.unknown().optional(),
  rule: z.object({ id: z.string(), strategy: z.string() }),
  winner: z.object({ source: z.string(), factId: z.string(), actor: z.string().optional() }).nullable(),
  losing: z.array(z.object({ value: z.unknown().optional(), source: z.string(), reason: z.string() })),
  pin: z.object({ reason: z.string().optional(), until: z.string().nullable() }).optional(),
  inputs: z.array(z.object({ value: z.unknown().optional() })).optional(),
  masked: z.array(z.string()),
});
const path = (): string => `/v1/customers/${world.amara.customer}`;
const explainPath = (field: string): string => `${path()}/explain?field=${encodeURIComponent(field)}`;
const explain = async (field: string, as: Asker = agent) => {
  const { json } = await system.must({ path: explainPath(field), as });
  return Explanation.parse(json);
};
const etag = async (): Promise<string> => (await system.must({ path: path(), as: agent })).headers.get('etag') ?? '';
const pin = async (json: object, version?: string, as: Asker = agent) =>
  system.ask({ method: 'POST', path: `${path()}/pins`, as, headers: { 'if-match': version ?? (await etag()) }, json });
const name = { given: 'Amara', family: 'Okafor-Lind' };
const pinName = { field: 'customer.name', value: name, reason: 'Passport seen.' };

describe('a pin', () => {
  it('holds against what systems say later, until it is taken back', async () => {
    const before = await explain('customer.name');
    const pinned = await pin({ ...pinName, until: '2999-01-01' });
    expect([pinned.status, pinned.json.value, pinned.json.until]).toEqual([201, 'Amara Okafor-Lind', '2999-01-01']);
    await sendFacts(system, [
      byBilling('pin-1', 'customer.profile.corrected.v1', new Date().toISOString(), {
        customer: named('amara').customer,
        name: { family: 'Okafr' },
      }),
    ]);
    const held = await explain('customer.name');
    expect(held).toMatchObject({
      value: 'Amara Okafor-Lind',
      rule: { id: 'survivorship.name', strategy: 'pinned' },
      winner: { source: 'rotunda', factId: pinned.json.factId },
      pin: { reason: 'Passport seen.', until: '2999-01-01' },
    });
    expect(held.losing).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ value: 'Okafr', source: 'billing', reason: 'pinned' }),
        expect.objectContaining({ value: before.value, reason: 'pinned' }),
      ]),
    );
    const at = `${path()}/pins/${pinned.json.factId}`;
    const headers = { 'if-match': await etag(), 'rotunda-reason': 'The passport was another one.' };
    const gone = await system.ask({ method: 'DELETE', path: at, as: agent, headers });
    expect(gone.status).toBe(204);
    const after = await explain('customer.name');
    expect([after.value, after.pin]).toEqual([before.value, undefined]);
    expect(after.losing).toContainEqual(
      expect.objectContaining({ value: 'Okafr', source: 'billing', reason: 'lower-rank' }),
    );
    expect(after.losing).toContainEqual(
      expect.objectContaining({ value: 'Amara Okafor-Lind', source: 'rotunda', reason: 'retracted' }),
    );
    const later = { ...headers, 'if-match': await etag() };
    const again = await system.ask({ method: 'DELETE', path: at, as: agent, headers: later });
    expect(again.status).toBe(404);
  });

  it('that would not hold, holds what cannot be right, or comes too late is refused', async () => {
    expect((await pin({ ...pinName, until: '2020-01-01' })).json.code).toBe('pin.over');
    const wrong = await pin({ field: 'customer.dateOfBirth', value: '2999-01-01', reason: 'Typing error.' });
    expect([wrong.status, wrong.json.code, wrong.json.errors]).toMatchObject([
      422,
      'value.rejected',
      [{ pointer: '/value', code: 'birth-date.future' }],
    ]);
    expect((await pin(pinName, '"v1"')).status).toBe(412);
    expect((await pin({ field: 'accounts[0].balance', value: 0, reason: 'Generous.' })).status).toBe(422);
    expect((await pin(pinName, undefined, { customer: world.amara.customer })).status).toBe(403);
  });
});

describe('an explanation', () => {
  it('says no more than the role may see of the value itself', async () => {
    const field = 'accounts[0].balance';
    const whole = await explain(field);
    expect(whole.inputs?.every(({ value }) => value !== undefined)).toBe(true);
    // Who may not see a value is told of it as of one that is not in the view.
    for (const hidden of [field, 'customer.dateOfBirth']) {
      const crew = { as: { role: 'field' }, headers: { 'rotunda-purpose': 'service' } };
      const refused = await system.ask({ path: explainPath(hidden), ...crew });
      expect([hidden, refused.status, refused.json.code]).toEqual([hidden, 422, 'field.not-in-view']);
    }
    const own = await explain('contact.points[0].value', { customer: world.amara.customer });
    expect([typeof own.value, own.winner?.actor]).toEqual(['string', undefined]);
    expect((await explain('customer.dateOfBirth')).value).toBe('1984-05-02');
  });

  it('of what the view has not is refused with a pointer', async () => {
    const answer = await system.ask({ path: `${path()}/explain?field=customer.secret`, as: agent });
    expect([answer.status, answer.json.code]).toEqual([422, 'field.not-in-view']);
  });
});
