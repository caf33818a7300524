import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { RunningSystem } from '#tests/support/running-system.ts';
import { idNamed, personFact, pointFact, sendFacts } from '#tests/support/small-world.ts';

/** Two people were taken for one: what one of them said meanwhile is theirs again once the merge is undone. */

let system: RunningSystem;
let [survivor, alias, merge] = ['', '', ''];
const supervisor = { as: { role: 'supervisor' }, headers: { 'rotunda-purpose': 'service' } } as const;

const Points = z.looseObject({ contactPoints: z.array(z.looseObject({ id: z.string(), value: z.string() })) });
const pointsOf = async (customer: string) => {
  const { json } = await system.must({ path: `/v1/customers/${customer}`, as: { customer } });
  return Points.parse(json).contactPoints;
};
const valuesOf = async (customer: string) => (await pointsOf(customer)).map(({ value }) => value);
const told = async (customer: string): Promise<string> => {
  const asked = { as: { customer } };
  const paths = ['', '/timeline?limit=100', '/360', '/change-requests'];
  const texts = await Promise.all(
    paths.map(async (path) => (await system.must({ path: `/v1/customers/${customer}${path}`, ...asked })).text),
  );
  return texts.join('\n');
};

beforeAll(async () => {
  system = await RunningSystem.start();
  await sendFacts(system, [
    personFact('father', 'Paul', 'Ferrier'),
    personFact('son', 'Paul', 'Ferrier'),
    pointFact('father', 'email', 'father@example.com'),
  ]);
  await system.settle();
  [survivor, alias] = [
    await idNamed(system, '/v1/customers/crm:father'),
    await idNamed(system, '/v1/customers/crm:son'),
  ];
  const json = { survivor, alias, reason: 'One person.' };
  merge = String((await system.must({ method: 'POST', path: '/v1/merges', ...supervisor, json })).json.id);
  await system.settle();
});
afterAll(() => system.stop());

describe('while two are taken for one', () => {
  const asSon = () => ({ as: { customer: alias } });

  it('each writes to the one record, and is told at once what it is then', async () => {
    const path = `/v1/customers/${alias}`;
    const json = { kind: 'email', value: 'son@example.com' };
    const added = await system.must({ method: 'POST', path: `${path}/contact-points`, ...asSon(), json });
    expect(added.json).toMatchObject({ value: 'son@example.com', verified: false });
    expect(await valuesOf(alias)).toEqual(['father@example.com', 'son@example.com']);
    const said = { channel: 'web', reason: 'word.of-the-son' };
    await system.must({ method: 'POST', path: `${path}/interactions`, ...asSon(), json: said });
    const etag = async () => (await system.must({ path, ...asSon() })).headers.get('etag') ?? '';
    const change = async (body: object) =>
      system.ask({ method: 'PATCH', path, ...asSon(), headers: { 'if-match': await etag() }, json: body });
    const changed = await change({ language: 'cy' });
    expect([changed.status, changed.json.language]).toEqual([200, 'cy']);
    expect(changed.headers.get('etag')).toBe(await etag());
    expect((await change({ name: { family: 'Ferrier-Lund' } })).status).toBe(403);
    expect(await told(survivor)).toContain('Ferrier-Lund');
    const [fathers] = await pointsOf(alias);
    const removed = await system.ask({
      method: 'DELETE',
      path: `${path}/contact-points/${fathers?.id}`,
      ...asSon(),
      headers: { 'if-match': await etag() },
    });
    expect(removed.status).toBe(204);
    expect(await valuesOf(survivor)).toEqual(['son@example.com']);
  });
});

describe('once the merge is undone', () => {
  it('each has what they said themselves, and nothing that the other did', async () => {
    const json = { reason: 'Father and son.' };
    await system.must({ method: 'POST', path: `/v1/merges/${merge}/undo`, ...supervisor, json });
    await system.settle();
    expect(await valuesOf(survivor)).toEqual(['father@example.com']);
    expect(await valuesOf(alias)).toEqual(['son@example.com']);
    const [father, son] = [await told(survivor), await told(alias)];
    for (const word of ['son@example.com', 'word.of-the-son', 'Ferrier-Lund', '"language":"cy"']) {
      expect([word, son.includes(word)]).toEqual([word, true]);
      expect([word, father.includes(word)]).toEqual([word, false]);
    }
  });
});
