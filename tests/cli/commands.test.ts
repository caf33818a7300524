import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codeVersion } from '#shared/runtime/version.ts';
import { FarEnd, run } from './far-end.ts';

const customer = 'cus_0123456789ABCDEFGHJKMNPQRS';
const fact = (system: string, event: string) => ({
  type: 'billing.payment.received.v1',
  source: { system },
  sourceEventId: event,
  occurredAt: '2026-03-01T09:30:00Z',
  data: {},
});

let far: FarEnd;
beforeEach(async () => {
  far = new FarEnd();
  await far.start();
});
afterEach(() => far.stop());

const rotunda = (args: readonly string[], input?: string) => run([...args, '--url', far.url], input);
const bodyOf = (path: string): unknown => JSON.parse(far.seen.find((seen) => seen.path === path)?.body ?? 'null');

describe('token', () => {
  it.each([
    [['--role', 'agent'], 'token-for-agent', 'role=agent'],
    [['--role', 'customer', '--customer', customer], `token-for-${customer}`, `role=customer&customer=${customer}`],
    [['--client', 'billing'], 'token-for-billing', 'client=billing'],
  ])('with %j asks the sign-in of this machine', async (args, token, form) => {
    const { code, out } = await rotunda(['token', ...args]);
    expect({ code, out }).toEqual({ code: 0, out: [token] });
    expect(far.seen[0]?.body).toBe(`grant_type=urn%3Arotunda%3Alocal-sign-in&${form}`);
  });

  it.each([[[]], [['--role', 'customer']], [['--role', 'agent', '--client', 'crm']], [['--customer', customer]]])(
    'with %j is wrong use',
    async (args) => {
      expect((await rotunda(['token', ...args])).code).toBe(2);
      expect(far.seen).toEqual([]);
    },
  );

  it('never asks the sign-in of another host', async () => {
    const { code, notes } = await run(['token', '--role', 'agent', '--url', 'http://rotunda.example']);
    expect(code).toBe(2);
    expect(notes.join()).toContain('another host');
  });

  it('says what the sign-in refused', async () => {
    far.answer('POST /oidc/token', {
      status: 400,
      body: { error: 'invalid_grant', error_description: 'no such role' },
    });
    const { code, notes } = await rotunda(['token', '--role', 'agent']);
    expect({ code, notes }).toEqual({ code: 3, notes: ['rotunda: sign-in: invalid_grant: no such role'] });
  });
});

describe('send', () => {
  const accepted = (count: number) => ({
    body: {
      results: Array.from({ length: count }, (_, index) => ({ index, status: 'accepted', factId: `fct_${index}` })),
    },
  });

  it.each([
    ['one fact', JSON.stringify(fact('billing', '1')), 1],
    ['a list', JSON.stringify([fact('billing', '1'), fact('billing', '2')]), 2],
    ['a body of POST /v1/facts', JSON.stringify({ facts: [fact('billing', '1')] }), 1],
    ['one fact a line', `${JSON.stringify(fact('billing', '1'))}\n${JSON.stringify(fact('billing', '2'))}\n`, 2],
  ])('reads %s from standard input', async (_title, input, count) => {
    far.answer('POST /v1/facts', accepted(count));
    const { code, out } = await rotunda(['send', '-'], input);
    expect(code).toBe(0);
    expect(out.at(-1)).toBe(`${count} accepted`);
    expect(far.seen.at(-1)?.authorization).toBe('Bearer token-for-billing');
  });

  it('brings each source system in under its own client and answers in the order of the file', async () => {
    far.answer('POST /v1/facts', {
      body: {
        results: [
          { index: 0, status: 'accepted', factId: 'a' },
          { index: 1, status: 'duplicate', factId: 'b' },
        ],
      },
    });
    far.answer('POST /v1/facts', { body: { results: [{ index: 0, status: 'waiting', factId: 'c' }] } });
    const facts = [fact('billing', '1'), fact('crm', '2'), fact('billing', '3')];
    const { code, out } = await rotunda(['send', '-', '--json'], JSON.stringify(facts));
    expect(code).toBe(4);
    expect(JSON.parse(out[0] ?? '')).toEqual({
      door: 'api',
      counts: { accepted: 1, duplicate: 1, waiting: 1 },
      results: [
        { status: 'accepted', factId: 'a' },
        { status: 'waiting', factId: 'c' },
        { status: 'duplicate', factId: 'b' },
      ],
    });
    expect(far.seen.filter(({ path }) => path === '/v1/facts').map(({ authorization }) => authorization)).toEqual([
      'Bearer token-for-billing',
      'Bearer token-for-crm',
    ]);
  });

  it('is counted as the client that its token names', async () => {
    far.answer('POST /v1/facts', accepted(1));
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const token = `${part({ alg: 'RS256' })}.${part({ client_id: '4k2hs9example0client0id000' })}.c2ln`;
    for (const given of [token, 'opaque', `${part({})}.${part({ sub: 'x' })}.c2ln`]) {
      await rotunda(['send', '-', '--token', given], JSON.stringify(fact('billing', '1')));
    }
    expect(far.seen.map(({ apiKey }) => apiKey)).toEqual(['4k2hs9example0client0id000', '', '']);
  });

  it('cuts a long file into bodies of 100', async () => {
    far.answer('POST /v1/facts', accepted(100), accepted(100), accepted(5));
    const facts = Array.from({ length: 205 }, (_, index) => fact('billing', String(index)));
    const { out } = await rotunda(['send', '-', '--token', 't'], JSON.stringify(facts));
    expect(out.at(-1)).toBe('205 accepted');
    expect(far.seen.map(({ path }) => path)).toEqual(['/v1/facts', '/v1/facts', '/v1/facts']);
  });

  it('sends again what the server asks to send again', async () => {
    far.answer('POST /v1/facts', {
      body: {
        results: [
          { index: 0, status: 'retry' },
          { index: 1, status: 'accepted', factId: 'b' },
        ],
      },
    });
    far.answer('POST /v1/facts', { body: { results: [{ index: 0, status: 'accepted', factId: 'a' }] } });
    const { code, out } = await rotunda(
      ['send', '-', '--json', '--token', 't'],
      JSON.stringify([fact('crm', '1'), fact('crm', '2')]),
    );
    expect(code).toBe(0);
    expect(JSON.parse(out[0] ?? '')).toMatchObject({ counts: { accepted: 2 } });
  });

  it.each([
    ['4 where some were taken', ['accepted', 'rejected'], 4],
    ['4 where some came to quarantine', ['accepted', 'quarantined'], 4],
    ['4 where some wait for what they name', ['accepted', 'waiting'], 4],
    ['4 where all that is not refused is kept aside', ['rejected', 'quarantined'], 4],
    ['1 where none was taken', ['rejected', 'rejected'], 1],
  ])('ends with %s, and says why', async (_title, statuses, expected) => {
    const results = statuses.map((status, index) => ({
      index,
      status,
      ...(status === 'accepted' ? {} : { problem: { status: 422, code: 'fact.invalid', title: 'Not valid' } }),
    }));
    far.answer('POST /v1/facts', { body: { results } });
    const { code, out } = await rotunda(
      ['send', '-'],
      JSON.stringify(statuses.map((_, index) => fact('crm', String(index)))),
    );
    expect(code).toBe(expected);
    expect(out.join('\n')).toContain('422 fact.invalid: Not valid');
  });

  it('puts facts on the inbound bus as their source system would', async () => {
    far.answer('POST /_local/bus', { body: { accepted: 1 } });
    const { code, out } = await rotunda(['send', '-', '--door', 'bus'], JSON.stringify(fact('crm', '1')));
    expect({ code, out }).toEqual({ code: 0, out: ['1 taken by the inbound bus'] });
    expect(bodyOf('/_local/bus')).toEqual({
      events: [{ source: 'crm', detailType: 'billing.payment.received.v1', detail: fact('crm', '1') }],
    });
    expect(far.seen.at(-1)?.authorization).toBe('Bearer token-for-operator');
  });

  it.each([
    ['no JSON', 'hello'],
    ['no fact', '{}'],
    ['nothing', ''],
  ])('calls %s wrong use', async (_title, input) => {
    expect((await rotunda(['send', '-'], input)).code).toBe(2);
  });

  it('calls a file that is not there wrong use', async () => {
    expect((await rotunda(['send', 'no-such-file.json'])).code).toBe(2);
  });
});

describe('search', () => {
  const hit = {
    id: customer,
    name: 'Amara Okafor',
    score: 0.9,
    matchedOn: [{ key: 'phone', value: '…0123' }],
    accounts: [],
    address: 'Leeds',
  };

  it('lists who fits and why', async () => {
    far.answer('GET /v1/customers', { body: { data: [hit], next: null } });
    const { code, out } = await rotunda(['search', '01632', '960123', '--purpose', 'billing']);
    expect({ code, out }).toEqual({ code: 0, out: [`${customer}  Amara Okafor · Leeds · matched on phone …0123`] });
    expect(far.seen.at(-1)).toMatchObject({ path: '/v1/customers?q=01632+960123&limit=10', purpose: 'billing' });
  });

  it('ends with 1 where nobody fits', async () => {
    far.answer('GET /v1/customers', { body: { data: [], next: null } });
    expect((await rotunda(['search', 'nobody'])).code).toBe(1);
  });

  it('ends with 3 where the role may not search', async () => {
    far.answer('GET /v1/customers', { status: 403, body: { title: 'Not allowed', code: 'forbidden' } });
    const { code, notes } = await rotunda(['search', 'amara', '--role', 'auditor']);
    expect({ code, notes }).toEqual({ code: 3, notes: ['rotunda: 403 forbidden: Not allowed'] });
  });
});

describe('show', () => {
  const view = { customer: { id: customer } };

  it('reads by id at once', async () => {
    far.answer(`GET /v1/customers/${customer}/360`, { body: view });
    const { code, out } = await rotunda(['show', customer, '--json']);
    expect({ code, out }).toEqual({ code: 0, out: [JSON.stringify(view)] });
    expect(far.seen.at(-1)).toMatchObject({ authorization: 'Bearer token-for-agent', purpose: 'service' });
  });

  it('reads by a reference of the customer', async () => {
    far.answer('GET /v1/customers/crm%3AC-1/360', { body: view });
    expect((await rotunda(['show', 'crm:C-1', '--json'])).out).toEqual([JSON.stringify(view)]);
  });

  it('searches where a reference is not the customer’s own', async () => {
    far.answer('GET /v1/customers', {
      body: { data: [{ id: customer, score: 1, matchedOn: [], accounts: [] }], next: null },
    });
    far.answer(`GET /v1/customers/${customer}/360`, { body: view });
    expect((await rotunda(['show', 'billing:000123', '--json'])).out).toEqual([JSON.stringify(view)]);
  });

  it('lists the customers where several fit', async () => {
    const hits = [customer, 'cus_1'].map((id) => ({ id, name: 'A', score: 1, matchedOn: [], accounts: [] }));
    far.answer('GET /v1/customers', { body: { data: hits, next: null } });
    const { code, out, notes } = await rotunda(['show', 'smith']);
    expect({ code, out }).toEqual({ code: 1, out: [] });
    expect(notes.join('\n')).toContain(customer);
  });
});

describe('listen', () => {
  const event = {
    source: 'rotunda.billing',
    'detail-type': 'billing.payment.received.v1',
    time: '2026-03-01T09:30:00Z',
    detail: { a: 1 },
  };

  it('prints each event that matches until it has seen enough', async () => {
    far.answer('GET /_local/events', (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(`: here\n\ndata: ${JSON.stringify(event)}\n\nda`);
      response.write(`ta: ${JSON.stringify({ ...event, detail: { text: 'é' } })}\n\n`);
    });
    const pattern = '{ "source": ["rotunda.billing"] }';
    const { code, out } = await rotunda(['listen', '--pattern', pattern, '--count', '2']);
    expect({ code, out }).toEqual({
      code: 0,
      out: [
        '2026-03-01T09:30:00Z rotunda.billing billing.payment.received.v1 {"a":1}',
        '2026-03-01T09:30:00Z rotunda.billing billing.payment.received.v1 {"text":"é"}',
      ],
    });
    const query = new URLSearchParams(far.seen.at(-1)?.path.split('?')[1]);
    expect(query.get('pattern')).toBe(pattern);
  });

  it('calls a pattern that is no JSON wrong use', async () => {
    expect((await rotunda(['listen', '--pattern', 'billing'])).code).toBe(2);
  });

  it('ends with 4 where the stream ends early', async () => {
    far.answer('GET /_local/events', (response) => response.end(`data: ${JSON.stringify(event)}\n\n`));
    expect((await rotunda(['listen', '--count', '2'])).code).toBe(4);
  });
});

describe('ops', () => {
  const sha256 = 'a'.repeat(64);

  it('prints the digest of one table', async () => {
    far.answer('GET /_local/ops/digest', { body: { digests: [{ table: 'readings', sha256, items: 3 }] } });
    const { code, out } = await rotunda(['ops', 'digest', '--table', 'readings']);
    expect({ code, out }).toEqual({ code: 0, out: [`${sha256}  readings (3 items)`] });
    expect(far.seen.at(-1)).toMatchObject({
      path: '/_local/ops/digest?table=readings',
      authorization: 'Bearer token-for-operator',
    });
  });

  it('lists what is kept aside by reason', async () => {
    const entry = {
      id: 'qar_1',
      reason: 'reference.unknown',
      receivedAt: '2026-03-01T09:30:00Z',
      waitsFor: 'account billing:1',
    };
    far.answer('GET /_local/ops/quarantine', {
      body: { total: 1, reasons: [{ reason: 'reference.unknown', count: 1 }], entries: [entry] },
    });
    const { out } = await rotunda(['ops', 'quarantine']);
    expect(out).toEqual([
      '1 kept aside',
      '     1  reference.unknown',
      '2026-03-01T09:30:00Z qar_1 reference.unknown   account billing:1',
    ]);
  });

  it('ends with 4 where a redrive leaves entries', async () => {
    far.answer('POST /_local/ops/redrive', { body: { tried: 3, placed: 2, left: 1 } });
    expect((await rotunda(['ops', 'redrive', '--kept-for', 'reference.unknown', '--dry-run'])).code).toBe(4);
    expect(bodyOf('/_local/ops/redrive')).toEqual({ reason: 'reference.unknown', dryRun: true });
  });

  it('says where the audit trail was changed, and ends with 1', async () => {
    const fault = { chain: 2, sequence: 41, kind: 'edited', message: 'the entry is not what was sealed' };
    far.answer('POST /_local/ops/verify-audit', {
      body: { ok: false, chains: 8, entries: 90, unsealed: 0, checkpoints: 2, faults: [fault] },
    });
    const { code, out } = await rotunda(['ops', 'verify-audit']);
    expect(code).toBe(1);
    expect(out[0]).toBe('chain 2, entry 41: edited; the entry is not what was sealed');
  });

  it('revokes the certificates of the meter that is named, and says how many went', async () => {
    const meter = 'mtr_0000000000000000000000000A';
    far.answer('POST /_local/ops/revoke-meter', { body: { meter, revoked: 2 } });
    const args = ['ops', 'revoke-meter', 'serial:RT-1'];
    const { code, out } = await rotunda([...args, '--reason', 'Gestohlen, Zähler 1']);
    expect({ code, out }).toEqual({
      code: 0,
      out: [`${meter} is cut off until it is registered again; certificates revoked: 2`],
    });
    expect(JSON.parse(far.seen.at(-1)?.body ?? '')).toEqual({ meter: 'serial:RT-1' });
    expect((await rotunda(['ops', 'revoke-meter', '--reason', 'Stolen.'])).code).toBe(2);
    const asked = far.seen.length;
    expect(await rotunda(args)).toMatchObject({ code: 2, notes: [expect.stringContaining('--reason')] });
    expect(far.seen).toHaveLength(asked);
  });

  it('ends with 1 where something is left to do', async () => {
    far.answer('POST /_local/ops/drain', { body: { drained: false, seconds: 5, pending: { relay: 3 } } });
    const { code, out } = await rotunda(['ops', 'drain', '--timeout-seconds', '5']);
    expect({ code, out }).toEqual({ code: 1, out: ['not drained after 5 s', '     3  relay'] });
  });
});

it.each([
  [['nonsense'], "error: unknown command 'nonsense'", '(rotunda --help says how)'],
  [['ops', 'nonsense'], "error: unknown command 'nonsense'", '(rotunda ops --help says how)'],
  [['show'], "error: missing required argument 'words'", '(rotunda show --help says how)'],
  [
    ['import', 'undo'],
    "error: required option '--reason <text>' not specified",
    '(rotunda import undo --help says how)',
  ],
  [['search', 'x', '--nonsense'], "error: unknown option '--nonsense'", '(rotunda search --help says how)'],
])('ends %j with 2, what was wrong and where help is, without all the help', async (args, error, hint) => {
  const { code, out, notes } = await run(args);
  expect([code, out, notes.join('\n').split('\n')]).toEqual([2, [], [error, hint]]);
});

it('says its version', async () => {
  expect(await run(['--version'])).toMatchObject({ code: 0, out: [codeVersion] });
});

it('ends with 1 and a plain sentence where nothing answers', async () => {
  const url = far.url;
  await far.stop();
  const { code, notes } = await run(['ops', 'digest', '--token', 't', '--url', url]);
  expect(code).toBe(1);
  expect(notes).toEqual([expect.stringContaining('nothing answers at http://127.0.0.1:')]);
  far = new FarEnd();
  await far.start();
});

it.each([
  [['no-such-command']],
  [['send']],
  [['show', '--purpose', 'curiosity', 'x']],
  [['ops', 'digest', '--table', 'x']],
])('calls %j wrong use', async (args) => {
  expect((await run(args)).code).toBe(2);
});

it.each([[['--help']], [['ops', 'digest', '--help']]])('explains %j', async (args) => {
  const { code, out } = await run(args);
  expect(code).toBe(0);
  expect(out.join('\n')).toContain('Usage: rotunda');
});

describe('match', () => {
  const why = ['--reason', 'Many new customers.'];
  it('train has the weights learned from the stored customers, and says from how many', async () => {
    const answer = { customers: 510, trainedAt: '2026-11-24T12:00:00.000Z', matches: 0.0001, rounds: 12 };
    far.answer('POST /_local/ops/match-train', { body: answer });
    const { code, out } = await rotunda(['match', 'train', ...why]);
    expect({ code, out }).toEqual({ code: 0, out: ['weights learned from 510 customers in 12 rounds'] });
    expect(far.seen.at(-1)?.authorization).toBe('Bearer token-for-operator');
    expect((await rotunda(['match', 'train', '--json', ...why])).out).toEqual([JSON.stringify(answer)]);
  });

  it('find says how many may be duplicates', async () => {
    far.answer('POST /_local/ops/find-duplicates', { body: { customers: 510, compared: 90, open: 17 } });
    const { code, out } = await rotunda(['match', 'find', ...why]);
    expect({ code, out }).toEqual({ code: 0, out: ['510 customers compared with 90 records: 17 may be duplicates'] });
  });
});
