import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { RunningSystem } from '#tests/support/running-system.ts';
import { buildSmallWorld, byCrm, named, type SmallWorld } from '#tests/support/small-world.ts';

/** Values that cannot be right, or hardly: told to whoever can be asked, kept and never shown where nobody can. */

let system: RunningSystem;
let world: SmallWorld;
beforeAll(async () => {
  system = await RunningSystem.start();
  world = await buildSmallWorld(system);
});
afterAll(() => system.stop());

const agent = { role: 'agent' };
const { customer: amara } = named('amara');
const errorsOf = (json: Readonly<Record<string, unknown>>) =>
  z.array(z.object({ pointer: z.string(), code: z.string() })).parse(json.errors);
const viewOf = async () => {
  const { json } = await system.must({ path: `/v1/customers/${world.amara.customer}/360`, as: agent });
  return z
    .object({
      customer: z.object({ name: z.string(), version: z.number() }),
      contact: z.object({ points: z.array(z.object({ id: z.string(), value: z.string() })) }),
    })
    .parse(json);
};

describe('a person at the API', () => {
  it('is told which value cannot be right, and nothing is kept', async () => {
    const before = await viewOf();
    const path = `/v1/customers/${world.amara.customer}/contact-points`;
    const answer = await system.ask({ method: 'POST', path, as: agent, json: { kind: 'phone', value: '01632' } });
    expect([answer.status, answer.json.code, errorsOf(answer.json)]).toEqual([
      422,
      'value.rejected',
      [{ pointer: '/value', code: 'phone.impossible' }],
    ]);
    expect(await viewOf()).toEqual(before);
  });

  it('who registers a customer is pointed to the very contact point, and no half customer stays', async () => {
    const answer = await system.ask({
      method: 'POST',
      path: '/v1/customers',
      as: agent,
      json: {
        kind: 'person',
        name: { family: 'Halfway' },
        contactPoints: [
          { kind: 'phone', value: '01632 960123' },
          { kind: 'email', value: 'halfway@nowhere' },
        ],
      },
    });
    expect([answer.status, errorsOf(answer.json)]).toEqual([
      422,
      [{ pointer: '/contactPoints/1/value', code: 'email.malformed' }],
    ]);
    const { json } = await system.must({ path: '/v1/customers?q=Halfway', as: agent });
    expect(json.data).toEqual([]);
  });

  it('who corrects a name without a letter, or a birth date to come, is refused', async () => {
    const { customer } = await viewOf();
    const answer = await system.ask({
      method: 'PATCH',
      path: `/v1/customers/${world.amara.customer}`,
      as: agent,
      headers: { 'if-match': `"v${customer.version}"` },
      json: { name: { family: '--' }, dateOfBirth: '2999-01-01' },
    });
    expect([answer.status, errorsOf(answer.json).map(({ pointer }) => pointer)]).toEqual([
      422,
      ['/name', '/dateOfBirth'],
    ]);
  });

  it('may give a number of a range that is not in use', async () => {
    const path = `/v1/customers/${world.amara.customer}/contact-points`;
    const answer = await system.ask({
      method: 'POST',
      path,
      as: agent,
      json: { kind: 'phone', value: '01632 960777' },
    });
    expect(answer.status).toBe(201);
    expect((await viewOf()).contact.points.map(({ value }) => value)).toContain('01632 960777');
  });
});

describe('a system', () => {
  const send = async (facts: readonly object[]) => {
    const { json } = await system.must({ method: 'POST', path: '/v1/facts', as: { client: 'crm' }, json: { facts } });
    return z
      .array(
        z.object({
          status: z.string(),
          warnings: z.array(z.object({ pointer: z.string(), code: z.string(), message: z.string() })).optional(),
        }),
      )
      .parse(json.results);
  };
  const at = '2026-01-05T08:00:00.000Z';

  it('is warned of what it sent; the fact is kept, and a rejected value never wins', async () => {
    const before = await viewOf();
    const results = await send([
      byCrm('doubt-1', 'customer.contact-point.added.v1', at, { customer: amara, kind: 'email', value: 'amara@@x' }),
      byCrm('doubt-2', 'customer.profile.corrected.v1', at, { customer: amara, name: { family: '?' } }),
      byCrm('doubt-3', 'customer.profile.corrected.v1', at, { customer: amara, language: 'cy' }),
    ]);
    expect(results).toEqual([
      {
        status: 'accepted',
        warnings: [{ pointer: '/data/value', code: 'email.malformed', message: 'is no e-mail address' }],
      },
      {
        status: 'accepted',
        warnings: [{ pointer: '/data/name', code: 'name.without-letters', message: 'holds no letter' }],
      },
      { status: 'accepted' },
    ]);
    const after = await viewOf();
    expect(after.customer.name).toBe(before.customer.name);
    expect(after.contact).toEqual(before.contact);
    expect(after.customer.version).toBe(before.customer.version + 3);
  });

  const lostIn = async (field: string) => {
    const path = `/v1/customers/${world.amara.customer}/explain?field=${field}`;
    const { json } = await system.must({ path, as: agent });
    return z
      .array(
        z.object({
          value: z.unknown(),
          reason: z.string(),
          verdict: z.object({ codes: z.array(z.string()) }).optional(),
        }),
      )
      .parse(json.losing);
  };

  it('has its own good word in play beside a rejected one, which staff are told with its reason', async () => {
    const at = new Date().toISOString();
    await send([byCrm('doubt-6', 'customer.profile.corrected.v1', at, { customer: amara, dateOfBirth: '1884-05-02' })]);
    const { json } = await system.must({ path: `/v1/customers/${world.amara.customer}`, as: agent });
    expect(json.dateOfBirth).toBe('1984-05-02');
    expect(await lostIn('customer.dateOfBirth')).toMatchObject([
      { value: '1884-05-02', reason: 'rejected', verdict: { codes: ['birth-date.before-1900'] } },
    ]);
    expect(await lostIn('contact.points')).toMatchObject([
      { value: 'amara@@x', reason: 'rejected', verdict: { codes: ['email.malformed'] } },
    ]);
    const { contactPoints } = z
      .object({ contactPoints: z.array(z.object({ value: z.string() })) })
      .parse((await system.must({ path: `/v1/customers/${world.amara.customer}`, as: agent })).json);
    expect(contactPoints.map(({ value }) => value)).not.toContain('amara@@x');
  });

  it('that changes a point is judged by what the point is, and the good value stays', async () => {
    const [point] = (await viewOf()).contact.points.filter(({ value }) => value.includes('960777'));
    const [result] = await send([
      byCrm('doubt-4', 'customer.contact-point.changed.v1', new Date().toISOString(), {
        customer: amara,
        point: point?.id,
        value: 'ask the neighbour',
      }),
    ]);
    expect(result?.warnings).toMatchObject([{ pointer: '/data/value', code: 'phone.impossible' }]);
    expect((await viewOf()).contact.points).toContainEqual(point);
    expect(await lostIn(`contact.points[${point?.id}].value`)).toMatchObject([
      { value: 'ask the neighbour', reason: 'rejected', verdict: { codes: ['phone.impossible'] } },
    ]);
  });
});
