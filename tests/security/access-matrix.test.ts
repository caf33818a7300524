import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes } from '#functions/routes.ts';
import { type Answered, ApiStand, tokenOf, type Who } from '#tests/edge/api-stand.ts';
import { ids } from '#tests/edge/api-world.ts';
import { goodRequest } from '#tests/edge/requests.ts';
import { expected, open, promised, purposeOf, relations, scopes, staff } from './promised-access.ts';

let stand: ApiStand;
/** A stand for the tests of a block. */
const stands = (): void => {
  beforeAll(async () => {
    stand = await ApiStand.open();
  });
  afterAll(() => stand.close());
};

const everyone: readonly { readonly name: string; readonly who: Who | undefined }[] = [
  { name: 'nobody', who: undefined },
  { name: 'the customer', who: 'customer' },
  ...staff.map((role) => ({ name: role, who: role })),
  ...scopes.map((scope) => ({ name: `a machine with ${scope}`, who: { client: 'billing', scopes: [scope] } })),
];

const withoutItsOwn = (answered: Answered): unknown => {
  const { requestId: _id, instance: _instance, ...problem } = answered.json;
  const { 'x-request-id': _header, ...headers } = answered.headers;
  return { status: answered.status, problem, headers };
};

it('the promise names every route, and no other', () => {
  expect(Object.keys(promised).sort()).toEqual(routes.map((route) => route.operationId).sort());
});

describe.each(routes.map((route) => [route.operationId, route] as const))('%s', (operationId, route) => {
  stands();
  it.each(everyone)('answers $name as promised for their own, another and nothing', async ({ who }) => {
    const token = who === undefined ? undefined : await tokenOf(who);
    for (const relation of relations) {
      const purpose = typeof who === 'string' && who !== 'customer' ? purposeOf[who] : undefined;
      const before = stand.asked.length;
      const entries = (await stand.entries()).length;
      const answered = await stand.ask({ ...goodRequest(route, relation, purpose), token });
      const status = expected(operationId, who, relation);
      expect([relation, answered.status, answered.json.code ?? '']).toEqual([relation, status, expect.any(String)]);
      expect(stand.asked.length - before).toBe(status < 300 ? 1 : 0);
      const after = await stand.entries();
      const recorded = after.length - entries;
      const isRecorded = route.personal || route.method !== 'GET';
      if (open(operationId) || who === undefined) expect(recorded).toBe(0);
      else if (status < 300) expect(recorded).toBe(isRecorded ? (route.beyondCommit === true ? 2 : 1) : 0);
      else {
        // Attempts of one kind are joined, and none is told about what is not there.
        expect(recorded).toBeLessThanOrEqual(1);
        const outcome = `refused:${String(answered.json.code)}`;
        const isTold = after.some((entry) => entry.act === route.act && entry.outcome === outcome && entry.times === 1);
        if (relation !== 'none' && route.subject !== 'none') expect([relation, isTold]).toEqual([relation, true]);
      }
      if (answered.status >= 400) {
        expect(answered.headers['content-type']).toBe('application/problem+json; charset=utf-8');
      }
    }
  });
});

describe('a customer', () => {
  stands();

  it.each(
    routes
      .filter((route) => route.subject !== 'none' && promised[route.operationId]?.own === true)
      .map((route) => [route]),
  )("is told nothing of what is another's: $operationId answers as if nothing were there", async (route) => {
    const token = await tokenOf('customer');
    const other = await stand.ask({ ...goodRequest(route, 'other'), token });
    const none = await stand.ask({ ...goodRequest(route, 'none'), token });
    const wrongKind = await stand.ask({
      ...goodRequest(route, 'none'),
      url: goodRequest(route, 'none').url.replace(/(cus|acc|prm|svp|mtr|out|fct)_[0-9A-Z]+/, 'crm:nobody-known'),
      token,
    });
    expect(withoutItsOwn(other)).toEqual(withoutItsOwn(none));
    expect(withoutItsOwn(wrongKind)).toEqual(withoutItsOwn(none));
    expect(other.status).toBe(404);
  });

  it('who was merged is hidden behind nothing: the alias is the survivor, for staff and for the one who signs in', async () => {
    const profile = stand.store.table('profile');
    const alias = 'cus_0123456789ABCDEFGHJKMNPQRS';
    await profile.batchPut([{ pk: `CUS#${alias}`, sk: 'HEAD', version: 2, published: 0, aliasOf: ids.own.customer }]);
    const seen = await stand.ask({ url: `/v1/customers/${alias}/360`, token: await tokenOf('customer') });
    expect(seen.status).toBe(200);
    expect(stand.asked.at(-1)?.request.subjectId).toBe(ids.own.customer);
  });
});
