import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyAudit } from '#functions/audit/verify.ts';
import { routes } from '#functions/routes.ts';
import { tableNames } from '#shared/table/table.ts';
import { run } from '#tests/cli/far-end.ts';
import { scanAll } from '#tests/support/raw-items.ts';
import { until } from '#tests/support/recorders.ts';
import { RunningSystem } from '#tests/support/running-system.ts';
import {
  accountFacts,
  addMeter,
  byCrm,
  freshKey,
  idNamed,
  named,
  personFact,
  placeFacts,
  pointFact,
  roleFact,
  sendFacts,
} from '#tests/support/small-world.ts';

/** A person who said much at every door, and is erased: by the API of the running system. */

/** What tells who she is, each said at another door. */
const markers = {
  given: 'Zeldamark',
  family: 'Qwertzmark',
  otherName: 'Aliasmark',
  phone: '01632 960987',
  email: 'zelda.mark@example.com',
  post: '77 Hiddenmark Lane',
  typed: 'typed.mark@example.com',
  summary: 'Summarymark of a call',
  handover: 'Handovermark to ring',
  asked: 'Askedmark',
  note: 'Notemark of a slip',
  outage: 'Outagemark at her door',
  merged: 'Mergemark the same',
  pin: 'Pinmark seen',
} as const;
/** Forms in which they are kept to be found. */
const forms = ['zeldamark', 'qwertzmark', 'aliasmark', '960987', 'hiddenmark', 'askedmark'] as const;

const household = 'zelda';
const { customer: crmZelda, account } = named(household);
const privacy = { role: 'privacy' };
const second = { role: 'privacy-second' };
const agent = { role: 'agent' };

let system: RunningSystem;
let ids: { readonly customer: string; readonly alias: string; readonly account: string; readonly premise: string };

const post = (path: string, as: Parameters<RunningSystem['must']>[0]['as'], json: unknown) =>
  system.must({
    method: 'POST',
    path,
    as,
    json,
    headers: {
      'idempotency-key': freshKey(),
      'rotunda-purpose': 'role' in (as ?? {}) && as !== agent ? 'privacy' : 'service',
    },
  });

const ledger = async () =>
  (
    await system.must({
      path: `/v1/accounts/${ids.account}/ledger`,
      as: { role: 'billing' },
      headers: { 'rotunda-purpose': 'billing' },
    })
  ).json;
const usage = async () =>
  (
    await system.must({
      path: `/v1/service-points/mpan:${household}/usage?from=2026-01-01&to=2026-02-01&resolution=month`,
      as: { client: 'head-end' },
    })
  ).json;

/** Where a text stands in any table, in what was logged, or among the objects. */
const places = async (text: string): Promise<readonly string[]> => {
  const { store, objects } = system.served.system;
  const found: string[] = [];
  const has = (value: unknown): boolean =>
    JSON.stringify(value, (_name, member) =>
      member instanceof Uint8Array ? Buffer.from(member).toString('latin1') : member,
    ).includes(text);
  for (const name of tableNames)
    for (const item of await scanAll(store.table(name))) if (has(item)) found.push(`${name} ${item.pk} ${item.sk}`);
  for (const name of await objects.list('')) if (has(await objects.get(name))) found.push(name);
  for (const line of system.logger.lines) if (has(line)) found.push(`log ${line.event}`);
  return found;
};

beforeAll(async () => {
  system = await RunningSystem.start();
  await sendFacts(system, [
    personFact(household, markers.given, markers.family),
    pointFact(household, 'phone', markers.phone),
    pointFact(household, 'email', markers.email),
    byCrm('cpt-post', 'customer.contact-point.added.v1', '2025-10-01T08:00:05.000Z', {
      customer: crmZelda,
      kind: 'post',
      value: markers.post,
    }),
    personFact('zelda-2', markers.given, markers.otherName),
    ...placeFacts(household, '12 Quay Street'),
    ...accountFacts(household),
    roleFact(household, household, 'holder'),
  ]);
  await addMeter(system, household, 'RT-ZELDA');
  await system.settle();
  const customer = await idNamed(system, `/v1/customers/crm:${household}`);
  const alias = await idNamed(system, '/v1/customers/crm:zelda-2');
  ids = {
    customer,
    alias,
    account: await idNamed(system, `/v1/accounts/${account.namespace}:${encodeURIComponent(account.value)}`),
    premise: await idNamed(system, `/v1/premises/uprn:${household}`),
  };
  await post(`/v1/customers/${customer}/contact-points`, agent, { kind: 'email', value: markers.typed });
  await post(`/v1/customers/${customer}/interactions`, agent, {
    channel: 'phone',
    direction: 'inbound',
    reason: 'billing.question',
    summary: markers.summary,
    handover: markers.handover,
  });
  await post('/v1/outages', agent, { premise: ids.premise, description: markers.outage });
  const taken = await post(`/v1/accounts/${ids.account}/payments`, agent, {
    amount: { amountMinor: 1000, currency: 'GBP' },
    method: 'card',
  });
  await post(`/v1/accounts/${ids.account}/payments/${String(taken.json.id)}/reversal`, agent, {
    reason: 'error',
    note: markers.note,
  });
  // A name is changed by request: what she asks for waits for a supervisor.
  await system.ask({
    method: 'PATCH',
    path: `/v1/customers/${customer}`,
    as: { customer },
    headers: {
      'if-match':
        (await system.must({ path: `/v1/customers/${customer}`, as: { customer } })).headers.get('etag') ?? '',
    },
    json: { name: { given: markers.given, family: markers.asked } },
  });
  await system.must({
    method: 'POST',
    path: '/v1/merges',
    as: { role: 'supervisor' },
    headers: { 'rotunda-purpose': 'service' },
    json: { survivor: customer, alias, reason: markers.merged },
  });
  await system.must({ path: `/v1/customers?q=${encodeURIComponent(markers.family)}`, as: agent });
  await system.settle();
}, 120_000);
afterAll(() => system.stop());

const erasure = (as = privacy) => system.must({ path: `/v1/customers/${ids.customer}/erasure`, as });

describe('the erasure of a person', () => {
  it('is told beforehand: what goes, what stays, why, and what stands against it', async () => {
    const plan = await post(`/v1/customers/${ids.customer}/erasure?dryRun=true`, privacy, {
      ground: 'no-longer-needed',
      reason: 'Request 2026-118.',
    });
    expect(plan.status).toBe(200);
    expect(plan.json.records).toEqual([ids.customer, ids.alias]);
    expect(plan.json.blockers).toMatchObject([
      { kind: 'account-open', accountId: ids.account },
      { kind: 'balance', accountId: ids.account },
    ]);
    // Of a look, the audit holds no words.
    const looks = (await system.entriesAt(ids.customer)).filter(({ act }) => act === 'erasure.read');
    expect(looks.map(({ reason }) => reason)).toEqual([undefined]);
  });

  it('is refused while they owe, unless the ground is one on which it is done all the same', async () => {
    const path = `/v1/customers/${ids.customer}/erasure`;
    const asked = { method: 'POST', path, as: privacy, headers: { 'idempotency-key': freshKey() } };
    const blocked = await system.ask({ ...asked, json: { ground: 'objection', reason: 'Request 2026-118.' } });
    expect([blocked.status, blocked.json.code]).toEqual([409, 'erasure.blocked']);
    const names = await system.ask({ ...asked, json: { ground: 'unlawful', reason: `Of ${markers.family}.` } });
    expect([names.status, names.json.code]).toEqual([422, 'erasure.reason-names']);
  });

  it('takes a second person, and then leaves her nowhere, with money and use as they were', async () => {
    const plain = [markers.given, markers.family, markers.phone, markers.email, markers.post, markers.typed];
    for (const text of plain) expect(await places(text), text).not.toEqual([]);
    const before = [await ledger(), await usage()];
    const path = `/v1/customers/${ids.customer}/erasure`;
    const asked = await post(path, privacy, { ground: 'unlawful', reason: 'Request 2026-118.' });
    const decision = { request: asked.json.requestId, decision: 'approved' };
    const alone = await system.ask({
      method: 'POST',
      path: `${path}/decision`,
      as: privacy,
      json: decision,
      headers: { 'idempotency-key': freshKey() },
    });
    expect([alone.status, alone.json.code]).toEqual([403, 'erasure.second-person']);
    await post(`${path}/decision`, second, decision);
    await until('it is carried out', async () => (await erasure()).json.status === 'erased');
    await system.settle();
    for (const text of [...Object.values(markers), ...forms]) expect(await places(text), text).toEqual([]);
    expect([await ledger(), await usage()]).toEqual(before);
  });

  it('leaves a profile that says since when, is found by nothing, and takes no more of her', async () => {
    const seen = await system.must({ path: `/v1/customers/${ids.alias}`, as: agent });
    expect(seen.json).toMatchObject({ id: ids.customer, erasedAt: expect.any(String), contactPoints: [] });
    expect(seen.json).not.toHaveProperty('name');
    for (const text of [...Object.values(markers), ...forms]) {
      const found = await system.must({ path: `/v1/customers?q=${encodeURIComponent(text)}`, as: agent });
      expect(JSON.stringify(found.json), text).not.toContain(ids.customer);
    }
    const herself = await system.ask({ path: `/v1/accounts/${ids.account}`, as: { customer: ids.customer } });
    expect([herself.status, herself.json.code]).toEqual([403, 'owner.erased']);
    const more = await system.ask({
      method: 'POST',
      path: `/v1/customers/${ids.customer}/contact-points`,
      as: agent,
      json: { kind: 'email', value: markers.email },
    });
    expect([more.status, more.json.code]).toEqual([409, 'owner.erased']);
    const again = await system.must({
      method: 'POST',
      path: '/v1/facts',
      as: { client: 'crm' },
      json: { facts: [{ ...personFact(household, markers.given, markers.family), sourceEventId: 'once-more' }] },
    });
    expect(again.json.results).toMatchObject([{ status: 'rejected' }]);
    expect(again.text).toContain('owner.erased');
    await system.settle();
    expect(await places(markers.given)).toEqual([]);
  });

  it('lets every route answer as of somebody who is nobody, then and in the past', async () => {
    const paths = routes
      .filter(({ method, path, subject }) => method === 'GET' && subject === 'customer' && !path.includes('{pointId}'))
      .map(({ path }) => path.replace('{id}', ids.customer));
    const past = new Date(Date.now() - 1000).toISOString();
    const all = [
      ...paths.map((path) => (path.endsWith('explain') ? `${path}?field=customer.name` : path)),
      `/v1/customers/${ids.customer}/360?asOf=${past}`,
      `/v1/customers/${ids.customer}/explain?field=customer.name&asOf=${past}`,
      `/v1/customers/${ids.customer}/timeline?limit=100`,
      `/v1/accounts/${ids.account}`,
      `/v1/accounts/${ids.account}/payments`,
      `/v1/premises/${ids.premise}`,
    ];
    for (const path of all)
      for (const as of [agent, { role: 'supervisor' }, privacy, { client: 'crm' }]) {
        const headers: Record<string, string> =
          'role' in as && as.role === 'supervisor' ? { 'rotunda-purpose': 'service' } : {};
        const answer = await system.ask({ path, as, headers });
        // A value that is not there any more cannot be explained.
        expect([200, 403, 404, 422], `${path} ${JSON.stringify(as)} ${answer.text}`).toContain(answer.status);
        for (const text of [...Object.values(markers), ...forms]) expect(answer.text, path).not.toContain(text);
      }
  });

  it('is told to other systems, stands in the audit with both people, and leaves its chains whole', async () => {
    const entries = await system.entriesAt(ids.customer);
    const acts = entries.filter(({ act }) => act.startsWith('erasure.')).map(({ act, actor }) => `${act} ${actor}`);
    expect(acts).toEqual(
      expect.arrayContaining([
        'erasure.request privacy',
        'erasure.decide privacy-second',
        'erasure.complete system:privacy',
      ]),
    );
    const { store, objects } = system.served.system;
    const audit = store.table('audit');
    expect(await verifyAudit({ audit, objects, scan: () => store.scan('audit') })).toMatchObject({
      ok: true,
      faults: [],
    });
  });

  it('is folded anew to the same', async () => {
    const before = await system.digests();
    for (const subject of [ids.customer, ids.alias, ids.account, ids.premise])
      expect(await system.served.system.committer.refold(subject)).toBe(false);
    expect(await system.digests()).toEqual(before);
  });
});

describe('rotunda ops erase', () => {
  const erase = (...words: readonly string[]) => run(['ops', 'erase', ...words, '--url', system.url]);
  const register = async (name: string): Promise<string> => {
    await sendFacts(system, [personFact(name, 'Once', 'Known')]);
    return `crm:${name}`;
  };

  it('says what would come of it, asks, and does it once another person approves', async () => {
    const named = await register('cli-1');
    const plan = await erase(named, '--ground', 'objection', '--dry-run');
    expect(plan.code).toBe(0);
    expect(plan.out.join('\n')).toMatch(/: none\n.*goes {3}key \(1\).*stays {2}ledger \(0\)/s);
    const asked = await erase(named, '--ground', 'objection', '--reason', 'Request 2026-119.');
    expect([asked.code, asked.out[0]]).toEqual([0, expect.stringMatching(/: requested$/)]);
    expect(asked.notes.join('')).toContain(`rotunda ops erase ${named} --approve`);
    const done = await erase(named, '--approve');
    expect([done.code, done.out[0]]).toEqual([0, expect.stringMatching(/: erased since /)]);
    expect(done.out.join('\n')).toMatch(/asked by staff:privacy at .*approved by staff:privacy-second at /s);
    const again = await erase(named, '--approve');
    expect([again.code, again.notes.join('')]).toEqual([3, expect.stringContaining('nothing waits to be decided')]);
  });

  it('erases nobody whom a second person declines, and nobody without a ground and a reason', async () => {
    const named = await register('cli-2');
    for (const words of [[named], [named, '--ground', 'objection'], [named, '--decline']])
      expect((await erase(...words)).code, words.join(' ')).toBe(2);
    await erase(named, '--ground', 'objection', '--reason', 'Request 2026-120.');
    const declined = await erase(named, '--decline', '--reason', 'A claim before a court is open.');
    expect([declined.code, declined.out[0]]).toEqual([0, expect.stringMatching(/: declined$/)]);
    const standing = await system.must({ path: `/v1/customers/${named}`, as: agent });
    expect(standing.json).toMatchObject({ name: 'Once Known' });
  });
});
