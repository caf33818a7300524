import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { routes } from '#functions/routes.ts';
import { openCursor, sealCursor } from '#shared/edge/cursor.ts';
import { createHttpHandler } from '#shared/edge/http.ts';
import { parseJsonBody } from '#shared/edge/json-body.ts';
import { problemPages } from '#shared/edge/problem-codes.ts';
import { recordAccess } from '#shared/facts/audit.ts';
import { callerOf, type Idempotency, idempotencyWrite, replay, TwinWasFirst } from '#shared/facts/idempotency.ts';
import { ConditionFailed, Throttled } from '#shared/table/table.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { answers } from './api-answers.ts';
import { ApiStand, tokenOf } from './api-stand.ts';
import { ids } from './api-world.ts';

let stand: ApiStand;
let agent: string;
let customer: string;
beforeEach(async () => {
  stand = await ApiStand.open();
  agent = await tokenOf('agent');
  customer = await tokenOf('customer');
});
afterEach(() => stand.close());

const own = `/v1/customers/${ids.own.customer}`;
const payments = `/v1/accounts/${ids.own.account}/payments`;
const payment = { amount: { amountMinor: 1000, currency: 'GBP' }, method: 'card' };

describe('an answer', () => {
  it("carries a request id: the caller's where it is fit for a log, else the gateway's, which its own log has too", async () => {
    const mine = await stand.ask({ url: own, token: agent, headers: ['x-request-id', 'desk-7.42'] });
    expect(mine.headers['x-request-id']).toBe('desk-7.42');
    for (const bad of ['', 'a b', 'x'.repeat(129), 'a\u001b[31m', 'a\r\nSet-Cookie: x=1']) {
      const other = await stand.ask({ url: own, token: agent, headers: ['x-request-id', bad] });
      expect(other.headers['x-request-id']).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    }
  });

  it('is kept by nobody on the way, framed by nobody, and shows pages of listed origins alone', async () => {
    const listed = await stand.ask({ url: own, token: agent, headers: ['origin', 'https://console.example'] });
    expect(listed.headers).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'access-control-allow-origin': 'https://console.example',
    });
    expect(listed.headers['strict-transport-security']).toBeDefined();
    for (const origin of ['https://console.example.evil', 'null', 'https://console.example:444']) {
      const other = await stand.ask({ url: own, token: agent, headers: ['origin', origin] });
      expect(other.headers['access-control-allow-origin']).toBeUndefined();
    }
    const preflight = await stand.ask({ method: 'OPTIONS', url: own, headers: ['origin', 'https://console.example'] });
    expect([preflight.status, preflight.headers['access-control-allow-methods']]).toEqual([204, 'GET, PATCH, OPTIONS']);
  });

  it('names every method of a resource in a preflight, also those that another function answers', async () => {
    const { searchCustomers } = stand.operations;
    if (searchCustomers === undefined) throw new Error('the stand has no search');
    stand.handler = createHttpHandler({ routes, operations: { searchCustomers }, deps: stand.deps });
    const preflight = await stand.ask({
      method: 'OPTIONS',
      url: '/v1/customers',
      headers: ['origin', 'https://console.example'],
    });
    expect([preflight.status, preflight.headers['access-control-allow-methods'], preflight.headers.allow]).toEqual([
      204,
      'GET, POST, OPTIONS',
      'GET, POST, OPTIONS',
    ]);
  });

  it('has an ETag of its version, and is 304 for a caller who has it, recorded all the same', async () => {
    const first = await stand.ask({ url: own, token: agent });
    expect(first.headers.etag).toBe('"v17"');
    for (const tags of ['"v17"', 'W/"v17"', '"v3", "v17"', '*']) {
      const again = await stand.ask({ url: own, token: agent, headers: ['if-none-match', tags] });
      expect([again.status, again.text, again.headers.etag]).toEqual([304, '', '"v17"']);
    }
    expect((await stand.ask({ url: own, token: agent, headers: ['if-none-match', '"v16"'] })).status).toBe(200);
    expect(await stand.entries()).toHaveLength(6);
  });

  it('has no ETag where more than its version can change: a bill does not make a new customer', async () => {
    stand.replace('read360', async () => ({ body: answers.read360, version: 17 }));
    const seen = await stand.ask({ url: `${own}/360`, token: agent, headers: ['if-none-match', '"v17", *'] });
    expect([seen.status, seen.headers.etag]).toEqual([200, undefined]);
  });

  it('is compressed where it is large and the caller takes it', async () => {
    const url = `${own}/360`;
    const plain = await stand.ask({ url, token: agent });
    const packed = await stand.ask({ url, token: agent, headers: ['accept', '*/*', 'accept-encoding', 'br, gzip'] });
    expect(packed.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(Buffer.from(packed.raw.body, 'base64')).toString()).toBe(plain.text);
    const refused = await stand.ask({ url, token: agent, headers: ['accept', '*/*', 'accept-encoding', 'gzip;q=0'] });
    expect(refused.headers['content-encoding']).toBeUndefined();
    const silent = await stand.ask({ url, token: agent, headers: ['accept-encoding', 'gzip'] });
    expect([silent.headers['content-encoding'], silent.text]).toEqual([undefined, plain.text]);
  });

  it('takes references wherever an id stands, also percent-encoded, and gives the use case the id', async () => {
    await stand.ask({ url: '/v1/customers/crm:own', token: agent });
    expect(stand.asked.at(-1)?.request.subjectId).toBe(ids.own.customer);
    await stand.ask({ url: `/v1/accounts/${encodeURIComponent('billing:own 1/2')}`, token: agent });
    expect(stand.asked.at(-1)?.request.subjectId).toBe(ids.own.account);
    expect((await stand.ask({ url: '/v1/customers/crm:other', token: customer })).status).toBe(404);
  });

  it('drops what the schema does not know, and is our failure where it does not fit', async () => {
    stand.replace('readCustomer', async () => ({ body: { ...answers.readCustomer, password: 'hunter2' } }));
    expect((await stand.ask({ url: own, token: agent })).text).not.toContain('hunter2');
    stand.replace('readCustomer', async () => ({ body: { ...answers.readCustomer, status: 'hunter2' } }));
    const failed = await stand.ask({ url: own, token: agent });
    expect([failed.status, failed.json.code]).toEqual([500, 'internal']);
    expect(failed.text).not.toContain('hunter2');
    expect(JSON.stringify(stand.logger.lines)).not.toContain('hunter2');
  });
});

describe('a sender', () => {
  const send = async (...headers: readonly string[]) =>
    stand.ask({
      method: 'POST',
      url: '/v1/facts',
      token: await tokenOf({ client: 'billing', scopes: ['facts:write'] }),
      headers,
      json: { facts: [{ type: 'x' }] },
    });

  it('is taken with its own client id as x-api-key, and without one where no gateway asks', async () => {
    expect([(await send('x-api-key', 'billing')).status, (await send()).status]).toEqual([200, 200]);
  });

  it.each(['head-end', 'Billing', 'billing ', ''])(
    'is refused with the key "%s", under which others count',
    async (key) => {
      const refused = await send('x-api-key', key);
      expect([refused.status, refused.json.code]).toEqual([403, 'api-key.foreign']);
      expect(stand.asked).toEqual([]);
    },
  );

  it('is refused with two keys, of which the gateway would count one', async () => {
    const refused = await send('x-api-key', 'billing', 'x-api-key', 'head-end');
    expect([refused.status, refused.json.code]).toEqual([400, 'header.repeated']);
  });

  it('is counted where facts are sent and nowhere else: other routes take no notice of a key', async () => {
    const seen = await stand.ask({ url: own, token: agent, headers: ['x-api-key', 'head-end'] });
    expect(seen.status).toBe(200);
  });
});

describe('the 360 view of the same household', () => {
  const masked = async (who: Parameters<typeof tokenOf>[0], purpose?: string) => {
    const answered = await stand.ask({
      url: `${own}/360`,
      token: await tokenOf(who),
      headers: purpose === undefined ? [] : ['rotunda-purpose', purpose],
    });
    expect(answered.status).toBe(200);
    return { masked: answered.json.masked, text: answered.text, json: answered.json };
  };

  it('shows an agent that there is a special need but not which; a supervisor, which', async () => {
    const seen = await masked('agent');
    expect(seen.masked).toEqual(['alerts[].text']);
    expect(seen.text).not.toContain('oxygen');
    expect((await masked('supervisor', 'service')).text).toContain('oxygen');
  });

  it('shows staff in the field the name and the last reading, no phone, address or money', async () => {
    const seen = await masked('field', 'service');
    expect(seen.text).toContain('Amara Okafor');
    expect(seen.text).toContain('lastReadingAt');
    expect(seen.text).not.toMatch(/01632|Quay Street|8423|250000/);
    expect(seen.masked).toContain('accounts[].balance');
    expect(seen.json).toMatchObject({ contact: { points: [] } });
    expect(seen.json).not.toHaveProperty('interactions');
    expect((await masked('field', 'safety')).text).toContain('oxygen');
  });

  it('shows the customer their own but no notes of staff', async () => {
    const seen = await masked('customer');
    expect(seen.text).toContain('01632 960 123');
    expect(seen.text).not.toContain('Asked about January');
  });
});

describe('the audit entry', () => {
  it('says who, what, why and which classes, once, and every customer concerned has a pointer to it', async () => {
    await stand.ask({ url: `/v1/accounts/${ids.own.account}`, token: agent });
    expect(await stand.entries()).toEqual([
      {
        at: '2026-03-05T09:00:00.000Z',
        id: expect.stringMatching(/^[0-9A-Z]{26}$/),
        actor: 'staff-agent',
        actorKind: 'staff',
        act: 'account.read',
        purpose: 'service',
        requestId: expect.any(String),
        route: 'GET /v1/accounts/{id}',
        outcome: 'allowed',
        fields: ['financial'],
        count: 1,
        subject: ids.own.account,
        named: [ids.own.customer],
      },
    ]);
    const pointers = [];
    for await (const item of stand.store.scan('audit')) if (item.kind === 'pointer') pointers.push(item.pk);
    expect(pointers).toEqual([`AUD#${ids.own.customer}`]);
  });

  it('of two requests with one request id is two entries', async () => {
    for (const _ of [1, 2]) await stand.ask({ url: own, token: agent, headers: ['x-request-id', 'same'] });
    expect(await stand.entries()).toHaveLength(2);
  });

  it('is written before anything leaves: without it nothing does', async () => {
    const broken = { ...stand.deps, audit: { ...stand.deps.audit, commit: () => Promise.reject(new Throttled()) } };
    const { createHttpHandler } = await import('#shared/edge/http.ts');
    const { routes } = await import('#functions/routes.ts');
    stand.handler = createHttpHandler({ routes, operations: stand.operations, deps: broken });
    for (const url of [own, `/v1/customers?q=okafor`, '/v1/customers/crm:other']) {
      const answered = await stand.ask({ url, token: agent });
      expect([answered.status, answered.json.code]).toEqual([503, 'audit.unavailable']);
      expect(answered.headers['retry-after']).toBe('1');
      expect(answered.text).not.toContain('Amara');
    }
    const hidden = await stand.ask({ url: `/v1/customers/${ids.other.customer}`, token: customer });
    expect(hidden.status).toBe(503);
  });

  it('that stands in the commit is not written again', async () => {
    stand.replace('takePayment', async (request) => {
      await recordAccess(stand.deps.audit, { ...request.audit, named: [ids.own.customer] });
      return { body: answers.takePayment, audited: true };
    });
    const paid = await stand.ask({
      method: 'POST',
      url: payments,
      token: agent,
      json: payment,
      headers: ['idempotency-key', 'k1'],
    });
    expect(paid.status).toBe(201);
    expect(await stand.entries()).toMatchObject([{ act: 'payment.take', outcome: 'allowed' }]);
  });

  it('of a use case that failed after its commit is the one of the commit', async () => {
    stand.replace('takePayment', async (request) => {
      await recordAccess(stand.deps.audit, request.audit);
      throw new Error('lost');
    });
    const failed = await stand.ask({
      method: 'POST',
      url: payments,
      token: agent,
      json: payment,
      headers: ['idempotency-key', 'k2'],
    });
    expect(failed.status).toBe(500);
    expect(await stand.entries()).toHaveLength(1);
  });
});

describe('a search', () => {
  it('masks phone numbers in its hits, and is one entry with a pointer for each customer found', async () => {
    const found = await stand.ask({ url: '/v1/customers?q=01632%20960123', token: agent });
    expect(found.text).toContain('•••0123');
    expect(found.json.masked).toEqual(['data[].matchedOn[].value']);
    expect(await stand.entries()).toMatchObject([{ act: 'customer.search', count: 1, named: [ids.own.customer] }]);
  });

  it('of a customer that found somebody else is our failure, and nobody leaves', async () => {
    stand.replace('searchCustomers', async () => ({ body: answers.searchCustomers, subjects: [ids.other.customer] }));
    expect((await stand.ask({ url: '/v1/customers?q=okafor', token: customer })).status).toBe(500);
    stand.replace('searchCustomers', async () => ({ body: answers.searchCustomers }));
    const unsaid = await stand.ask({ url: '/v1/customers?q=okafor', token: customer });
    expect([unsaid.status, unsaid.text.includes('Amara')]).toEqual([500, false]);
  });
});

describe('a failure', () => {
  it.each([
    [new DomainError('conflict', 'reference.taken', 'Taken.'), 409, 'reference.taken'],
    [
      new DomainError('precondition-failed', 'version.stale', 'Stale.', { extra: { currentVersion: 18 } }),
      412,
      'version.stale',
    ],
    [new Throttled(), 503, 'service.busy'],
    [new ConditionFailed([0]), 500, 'internal'],
    [new TypeError('cannot read properties of secret@example.com'), 500, 'internal'],
    ['thrown text', 500, 'internal'],
  ])('%s is told as %i %s, without a trace of its inside', async (error, status, code) => {
    stand.replace('readCustomer', () => Promise.reject(error));
    const answered = await stand.ask({ url: own, token: agent });
    expect([answered.status, answered.json.code]).toEqual([status, code]);
    expect(answered.text).not.toMatch(/secret@example|thrown text|TypeError|\.ts/);
    expect(await stand.entries()).toMatchObject([{ outcome: status === 500 ? 'failed' : `refused:${code}` }]);
    if (status === 412) expect(answered.json.currentVersion).toBe(18);
    expect(JSON.stringify(stand.logger.lines)).not.toContain('secret@example');
  });
});

describe('a repeat', () => {
  const answer = { status: 201, body: answers.takePayment };
  const pay = (key: string, json: unknown = payment) =>
    stand.ask({ method: 'POST', url: payments, token: agent, json, headers: ['idempotency-key', key] });

  beforeEach(() => {
    stand.replace('takePayment', async (request) => {
      const { actor } = request.call;
      const idempotency: Idempotency = request.idempotency ?? { key: '', requestHash: '' };
      stand.asked.push({ operation: 'takePayment', request });
      try {
        await stand.deps.profile.commit([idempotencyWrite(callerOf(actor), idempotency, answer, stand.now)]);
      } catch (error) {
        throw error instanceof ConditionFailed ? new TwinWasFirst() : error;
      }
      return answer;
    });
  });

  it('with the same key and body is done once and answered alike, said in a header', async () => {
    const first = await pay('key-1');
    const second = await pay('key-1');
    expect([first.status, second.status, second.text]).toEqual([201, 201, first.text]);
    expect([first.headers['idempotency-replayed'], second.headers['idempotency-replayed']]).toEqual([
      undefined,
      'true',
    ]);
    expect(stand.asked).toHaveLength(1);
    expect((await stand.entries()).map(({ outcome }) => outcome).sort()).toEqual(['allowed', 'replayed']);
  });

  it('with another body is refused; members in another order are the same body', async () => {
    await pay('key-1');
    const other = await pay('key-1', { ...payment, method: 'cash' });
    expect([other.status, other.json.code]).toEqual([422, 'idempotency.mismatch']);
    const turned = await pay('key-1', { method: 'card', amount: { currency: 'GBP', amountMinor: 1000 } });
    expect(turned.headers['idempotency-replayed']).toBe('true');
  });

  it('in flight at the same time is done once', async () => {
    const all = await Promise.all([...Array(8).keys()].map(() => pay('key-2')));
    expect(new Set(all.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(all.filter(({ headers }) => headers['idempotency-replayed'] === 'true')).toHaveLength(7);
  });

  it('of another caller with the same key is their own request', async () => {
    await pay('key-1');
    const theirs = await stand.ask({
      method: 'POST',
      url: payments,
      token: await tokenOf('billing'),
      json: payment,
      headers: ['idempotency-key', 'key-1', 'rotunda-purpose', 'billing'],
    });
    expect([theirs.status, theirs.headers['idempotency-replayed']]).toEqual([201, undefined]);
  });

  it('is authorised before it is answered', async () => {
    await pay('key-1');
    const lost = await stand.ask({
      method: 'POST',
      url: payments,
      token: await tokenOf('operator'),
      json: payment,
      headers: ['idempotency-key', 'key-1'],
    });
    expect([lost.status, lost.headers['idempotency-replayed']]).toEqual([403, undefined]);
  });

  it('after a day is a new request', async () => {
    await pay('key-1');
    stand.now += 24 * 3_600_000 + 1000;
    expect((await pay('key-1')).headers['idempotency-replayed']).toBeUndefined();
    expect(stand.asked).toHaveLength(2);
  });

  it("cannot be read by a key that is made to look like another caller's", async () => {
    const idempotency = { key: 'b#c', requestHash: 'h' };
    await stand.deps.profile.commit([idempotencyWrite('staff:a', idempotency, answer, stand.now)]);
    expect(await replay(stand.deps.profile, 'staff:a#b', { key: 'c', requestHash: 'h' }, stand.now)).toBeUndefined();
  });

  it('keeps no answer of more than 32 KB', () => {
    const large = { status: 201, body: { text: 'x'.repeat(33_000) } };
    expect(() => idempotencyWrite('staff:a', { key: 'k', requestHash: 'h' }, large, 0)).toThrow(/32768/);
  });
});

describe('a cursor', () => {
  const key = Buffer.alloc(32, 7);
  const scope = { caller: 'staff:a', operationId: 'readTimeline', subjectId: 'cus_1', filters: { family: 'billing' } };
  const at = Date.parse('2026-03-05T09:00:00Z');

  it('opens for what it was made for, until an hour has passed', () => {
    const cursor = sealCursor(key, 'position', scope, at);
    expect(openCursor(key, cursor, { ...scope, filters: { family: 'billing' } }, at + 3_599_000)).toBe('position');
    expect(() => openCursor(key, cursor, scope, at + 3_601_000)).toThrow(/cursor/);
  });

  it.each([
    ['another caller', { caller: 'staff:b' }],
    ['another route', { operationId: 'readLedger' }],
    ['another subject', { subjectId: 'cus_2' }],
    ['no subject', { subjectId: undefined }],
    ['another filter', { filters: { family: 'contact' } }],
    ['one filter more', { filters: { family: 'billing', from: '2026-01-01' } }],
  ])('does not open for %s', (_title, change) => {
    const cursor = sealCursor(key, 'position', scope, at);
    expect(() => openCursor(key, cursor, { ...scope, ...change }, at)).toThrow(/cursor/);
  });

  it('tells nothing of the position it holds, which may be of what its caller is not told of', () => {
    const cursor = sealCursor(key, 'position-12', scope, at);
    for (const part of [cursor, ...cursor.split('.')])
      expect(Buffer.from(part, 'base64url').toString('latin1')).not.toContain('position');
  });

  it('with any character changed, added or taken away does not open', () => {
    const cursor = sealCursor(key, 'position-12', scope, at);
    fc.assert(
      fc.property(
        fc.nat(cursor.length - 1),
        fc.constantFrom(...'AZaz09-_.=~'),
        fc.constantFrom('put', 'add', 'cut'),
        (place, character, how) => {
          const rest = cursor.slice(how === 'add' ? place : place + 1);
          const forged = `${cursor.slice(0, place)}${how === 'cut' ? '' : character}${rest}`;
          fc.pre(forged !== cursor);
          expect(() => openCursor(key, forged, scope, at)).toThrow(DomainError);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('goes through the chain: the use case gets its own position back, another caller 400', async () => {
    const first = await stand.ask({ url: `${own}/timeline?family=billing&limit=5`, token: agent });
    const next = encodeURIComponent(String(first.json.next));
    expect(first.headers.link).toContain(`cursor=${next}`);
    await stand.ask({ url: `${own}/timeline?family=billing&limit=50&cursor=${next}`, token: agent });
    expect(stand.asked.at(-1)?.request.query).toMatchObject({ cursor: 'position-2', limit: 50 });
    for (const [url, token] of [
      [`${own}/timeline?family=billing&cursor=${next}`, customer],
      [`${own}/timeline?family=contact&cursor=${next}`, agent],
      [`/v1/customers/${ids.other.customer}/timeline?family=billing&cursor=${next}`, agent],
    ] as const) {
      const refused = await stand.ask({ url, token });
      expect([refused.status, refused.json.code]).toEqual([400, 'cursor.invalid']);
    }
  });
});

describe('a body', () => {
  it('of any JSON that needs no mending is read as JSON.parse reads it', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6, noUnicodeString: false }), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!/__proto__|constructor|prototype|\\u0000|\\ud[89a-f]/i.test(text));
        const safe = !/(?<![.\d"eE-])-?\d{16,}(?![\d.eE])/.test(text);
        fc.pre(safe);
        expect(parseJsonBody(Buffer.from(text))).toEqual(JSON.parse(text));
      }),
      { numRuns: 500 },
    );
  });

  it('of any bytes is read or refused with a reason, never a crash', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          parseJsonBody(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(DomainError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('every code', () => {
  const sources = (folder: string): string[] =>
    readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? sources(path) : path.endsWith('.ts') ? [path] : [];
    });

  it('that is thrown anywhere has its page', () => {
    const thrown = new Set<string>();
    for (const path of [...sources('shared'), ...sources('functions')]) {
      for (const [, code] of readFileSync(path, 'utf8').matchAll(/new DomainError\(\s*'[a-z-]+',\s*'([a-z.-]+)'/g))
        thrown.add(code ?? '');
    }
    expect(thrown.size).toBeGreaterThan(20);
    expect([...thrown].filter((code) => !Object.hasOwn(problemPages, code)).sort()).toEqual([]);
  });
});
