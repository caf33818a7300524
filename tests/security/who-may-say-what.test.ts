import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { factOperations } from '#functions/facts/api.ts';
import { factsFromQueue } from '#functions/facts/events.ts';
import { importSender } from '#functions/imports/make-points.ts';
import { meterSender } from '#functions/readings/meter-events.ts';
import { stageConfig, stageNames } from '#infra/config.ts';
import { machineScopes } from '#local/oidc-people.ts';
import { queueEventOf } from '#local/queue-event.ts';
import { factTypes } from '#shared/contracts/facts/catalogue.ts';
import { sourceNamed, sources } from '#shared/contracts/facts/sources.ts';
import type { AuditEntry } from '#shared/facts/audit.ts';
import { entryOf } from '#shared/facts/audit.ts';
import { listQuarantine } from '#shared/facts/quarantine.ts';
import type { SubmitFacts } from '#shared/facts/submit-facts.ts';
import { ownSystem } from '#shared/vocabulary/fact.ts';
import { billed, crm, gbp, opened, person, sent, tell, upToDate } from '#tests/functions/told-household.ts';
import { operationRequest } from '#tests/support/operation-request.ts';
import { openProfileSystem, type ProfileSystem } from '#tests/support/profile-system.ts';
import { RecordedMetrics } from '#tests/support/recorders.ts';
import { promisedDoors, promisedSources } from './promised-sources.ts';

const types = [...factTypes.values()];
const declared = Object.keys(promisedDoors);
const of = (door: 'api' | 'bus') => declared.filter((source) => promisedDoors[source]?.includes(door));
const isPromised = (source: string, type: string): boolean => promisedSources[type]?.includes(source) === true;

/** Data that a source would send where it may not say all that the type has. */
const partly: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'portal customer.profile.corrected.v1': { customer: crm('ana'), language: 'cy' },
  'portal contact.interaction.logged.v1': { customer: crm('ana'), channel: 'web', reason: 'account.details' },
  'payments billing.payment.received.v1': { account: billed, amount: gbp(500), method: 'card', references: [] },
};
/** Names as a source gives them: in its own namespace. */
const namedBy = (source: string, data: Readonly<Record<string, unknown>>) =>
  'references' in data ? { ...data, references: [{ namespace: source, value: 'X-0' }] } : data;
/** The first example of a type, as a source sends it. */
const example = (source: string, type: string, data: unknown) =>
  sent(
    `${source}-${type}`,
    type,
    '2026-03-01T09:00:00.000Z',
    namedBy(source, partly[`${source} ${type}`] ?? { ...Object(data) }),
    source,
  );
const said = (source: string) => types.map(({ type, examples: [{ data }] }) => example(source, type, data));

const askApi = async (system: ProfileSystem, sources: readonly string[], facts: readonly unknown[]) => {
  const actor = { kind: 'machine' as const, id: 'm', scopes: ['facts:write'], sources };
  const operations = factOperations(system);
  return (await operations.sendFacts({ ...operationRequest(actor), query: {}, body: { facts: [...facts] } })).body
    .results;
};
const onBus = (facts: readonly ReturnType<typeof sent>[], source: string) =>
  queueEventOf(
    facts.map((detail) => ({
      version: '0' as const,
      id: `message-${detail.sourceEventId}`,
      'detail-type': detail.type,
      source,
      account: '000000000000',
      time: '2026-03-01T09:00:00.000Z',
      region: 'local',
      resources: [],
      detail,
    })),
  );

const entriesOf = async ({ store }: ProfileSystem): Promise<readonly AuditEntry[]> => {
  const page = await store.table('audit').scan({ consistent: true });
  return page.items.flatMap((item) => entryOf(item) ?? []);
};
const refusals = async (system: ProfileSystem) =>
  (await entriesOf(system)).filter(({ outcome }) => outcome.startsWith('refused:'));

describe('who may say what', () => {
  it('has a promise for every fact type, and for every system that is declared', () => {
    expect(Object.keys(promisedSources).sort()).toEqual(types.map(({ type }) => type).sort());
    expect(Object.keys(sources).sort()).toEqual([...declared].sort());
    for (const { says } of Object.values(sources))
      for (const type of says) expect(factTypes.has(type), type).toBe(true);
  });

  it('is declared where clients are: one machine and every stage have the same systems, and no other', () => {
    const scopes = Object.fromEntries(of('api').map((name) => [name, sources[name]?.scopes]));
    expect(machineScopes).toEqual(scopes);
    const place = { account: '123456789012', region: 'eu-west-1', deviceEndpoint: 'device.example.com' };
    for (const stage of stageNames) {
      const { machineClients, inbound } = stageConfig(stage, place);
      expect(Object.fromEntries(machineClients.map((client) => [client.name, client.scopes]))).toEqual(scopes);
      expect(machineClients.every(({ name, sources: bound }) => bound.join() === name)).toBe(true);
      expect(inbound.map(({ source }) => source).sort()).toEqual(of('bus').sort());
    }
  });

  it.each(of('api'))('at the API: %s says what is true of its word, and is told of each other type', async (source) => {
    const system = await openProfileSystem();
    const facts = said(source);
    const results = await askApi(system, [source], facts);
    const told = results.map(({ status, problem }) => (status === 'rejected' ? problem?.code : 'taken'));
    expect(Object.fromEntries(facts.map(({ type }, n) => [type, told[n]]))).toEqual(
      Object.fromEntries(types.map(({ type }) => [type, isPromised(source, type) ? 'taken' : 'fact.type-not-allowed'])),
    );
    const refused = types.filter(({ type }) => !isPromised(source, type)).map(({ type }) => type);
    expect(await refusals(system)).toMatchObject([
      {
        actor: 'm',
        outcome: 'refused:fact.type-not-allowed',
        count: refused.length,
        types: refused.sort(),
        named: [],
      },
    ]);
    await system.store.close();
  });

  it.each(of('bus'))(
    'on the bus: what %s may not say is kept aside with that reason, and nothing is lost',
    async (source) => {
      const system = await openProfileSystem();
      const metrics = new RecordedMetrics();
      const facts = said(source);
      const results: string[] = [];
      const submit: SubmitFacts = async (raws, sender, options) => {
        const answers = await system.submit(raws, sender, options);
        results.push(...answers.map((one) => (one.status === 'rejected' ? one.code : 'taken')));
        return answers;
      };
      const answer = await factsFromQueue({ ...system, submit, metrics })(onBus(facts, source));
      expect(answer).toEqual({ batchItemFailures: [] });
      expect(results).toEqual(facts.map(({ type }) => (isPromised(source, type) ? 'taken' : 'fact.type-not-allowed')));
      const aside = (await listQuarantine(await upToDate(system), { limit: 100 })).entries;
      const refused = facts.filter(({ type }) => !isPromised(source, type));
      const ofReason = aside.filter(({ reason }) => reason === 'fact.type-not-allowed');
      expect(ofReason.map(({ actor }) => actor)).toEqual(refused.map(() => `system:${source}`));
      expect(await refusals(system)).toMatchObject([
        { actor: `system:${source}`, act: 'facts.write', route: 'inbound bus', count: refused.length },
      ]);
      await system.store.close();
    },
  );

  it.each([
    ['meters', meterSender('thing')],
    ['imports', importSender('imp_1')],
  ] as const)('by a door inside: %s say no more either', async (source, sender) => {
    const system = await openProfileSystem();
    const facts = said(source);
    const results = await system.submit(facts, sender);
    const told = results.map((one) => (one.status === 'rejected' ? one.code : 'taken'));
    expect(told).toEqual(facts.map(({ type }) => (isPromised(source, type) ? 'taken' : 'fact.type-not-allowed')));
    await system.store.close();
  });

  it('is nothing, for a source that nobody declared, whatever client or role it may have', async () => {
    const system = await openProfileSystem();
    const name = fc.stringMatching(/^[a-z0-9-]{1,40}$/).filter((one) => !declared.includes(one));
    await fc.assert(
      fc.asyncProperty(name, fc.constantFrom(...types), async (source, { type, examples: [{ data }] }) => {
        const fact = example(source, type, data);
        const [atApi] = await askApi(system, [source], [fact]);
        expect(atApi).toMatchObject({ status: 'rejected', problem: { code: 'source.refused' } });
        await factsFromQueue({ ...system, metrics: new RecordedMetrics() })(onBus([fact], source));
        const { entries } = await listQuarantine(await upToDate(system), { limit: 1000 });
        expect(entries.length).toBeGreaterThan(0);
        expect(entries.every(({ reason }) => reason === 'source.refused')).toBe(true);
      }),
      { numRuns: 40 },
    );
    for (const inherited of ['constructor', '__proto__', 'toString']) expect(sourceNamed(inherited)).toBeUndefined();
    await system.store.close();
  });

  it('is nothing of this house, for a machine that is bound to its name', async () => {
    const system = await openProfileSystem();
    const results = await askApi(system, [ownSystem], said(ownSystem));
    expect(new Set(results.map(({ problem }) => problem?.code))).toEqual(new Set(['source.refused']));
    await system.store.close();
  });
});

describe('what was proved', () => {
  const at = '2026-03-01T09:00:00.000Z';
  const proofs = [
    sent('p1', 'customer.contact-point.added.v1', at, {
      customer: crm('ana'),
      kind: 'email',
      value: 'a@example.com',
      verified: true,
    }),
    sent('p2', 'customer.contact-point.changed.v1', at, {
      customer: crm('ana'),
      point: 'cpt_0123456789ABCDEFGHJKMNPQRS',
      verified: true,
    }),
    sent('p3', 'customer.profile.corrected.v1', at, {
      customer: crm('ana'),
      dateOfBirth: '1985-03-04',
      verified: ['dateOfBirth'],
    }),
    sent('p4', 'customer.profile.registered.v1', at, {
      kind: 'person',
      name: { family: 'Okafor' },
      verified: ['name'],
    }),
  ];
  const cases = declared.flatMap((source) =>
    proofs.flatMap((fact) => (isPromised(source, fact.type) ? [[source, fact.type, fact] as const] : [])),
  );

  it.each(cases)(
    'is said by %s in %s only where it sees proof, and the member at fault is named',
    async (source, _type, fact) => {
      const system = await openProfileSystem();
      await tell(system, person('ana'));
      const [result] = await askApi(system, [source], [{ ...fact, source: { system: source } }]);
      if (source === 'crm') expect(['accepted', 'waiting']).toContain(result?.status);
      else {
        expect(result).toMatchObject({ status: 'rejected', problem: { code: 'fact.value-not-allowed' } });
        expect(result?.problem?.errors?.map(({ pointer }) => pointer)).toContain('/data/verified');
      }
      const unproved = {
        ...fact,
        sourceEventId: 'again',
        source: { system: source },
        data: { ...fact.data, verified: undefined },
      };
      const [again] =
        source === 'portal' || fact.sourceEventId === 'p2'
          ? []
          : await askApi(system, [source], [JSON.parse(JSON.stringify(unproved))]);
      if (again !== undefined) expect(again.status).toBe('accepted');
      await system.store.close();
    },
  );
});

describe('names of things', () => {
  const at = '2026-03-01T09:00:00.000Z';
  const named = types.filter(
    ({ data, type }) => type !== 'metering.meter.installed.v1' && 'references' in Object(data).shape,
  );
  const cases = of('api').flatMap((source) =>
    named.flatMap(({ type, examples: [{ data }] }) =>
      isPromised(source, type) ? [[source, type, data] as const] : [],
    ),
  );

  it('are given by facts of every kind that creates what others name', () => {
    expect(named.map(({ type }) => type)).toEqual(
      expect.arrayContaining([
        'customer.profile.registered.v1',
        'customer.profile.corrected.v1',
        'billing.payment.received.v1',
        'contact.interaction.logged.v1',
      ]),
    );
    expect(cases.length).toBeGreaterThan(12);
  });

  it.each(cases)(
    'are given by %s in %s where they are its own or those of no system, and not in the name of another',
    async (source, type, data) => {
      const system = await openProfileSystem();
      const naming = (namespace: string) => {
        const fact = example(source, type, data);
        return { ...fact, sourceEventId: namespace, data: { ...fact.data, references: [{ namespace, value: 'X-1' }] } };
      };
      // What may not name at all is told so whatever the name is.
      const bound = sources[source]?.within?.[type];
      const free = bound === undefined || 'references' in bound;
      for (const namespace of [...declared, 'mpan']) {
        const [result] = await askApi(system, [source], [naming(namespace)]);
        const isRefused = result?.problem?.code === 'fact.value-not-allowed';
        expect([namespace, isRefused]).toEqual([namespace, !free || (namespace !== source && namespace !== 'mpan')]);
        if (isRefused) expect(result?.problem?.errors?.map(({ pointer }) => pointer)).toEqual(['/data/references']);
      }
      await system.store.close();
    },
  );

  it("of money that came, the day it came on is the provider's to say, and no other", async () => {
    const system = await openProfileSystem();
    await tell(system, opened);
    const paid = (receivedOn: string | undefined, source: string) => {
      const data = { account: billed, amount: gbp(500), ...(receivedOn === undefined ? {} : { receivedOn }) };
      return sent(`on-${receivedOn}`, 'billing.payment.received.v1', at, data, source);
    };
    const [backdated] = await askApi(system, ['payments'], [paid('2025-01-02', 'payments')]);
    expect(backdated?.problem?.code).toBe('fact.value-not-allowed');
    expect(backdated?.problem?.errors?.map(({ pointer }) => pointer)).toEqual(['/data/receivedOn']);
    expect((await askApi(system, ['payments'], [paid(undefined, 'payments')]))[0]?.status).toBe('accepted');
    expect((await askApi(system, ['billing'], [paid('2026-02-27', 'billing')]))[0]?.status).toBe('accepted');
    await system.store.close();
  });

  it('stay with their system: who names a penny as the payment that billing is about to book keeps nobody from being credited', async () => {
    const system = await openProfileSystem();
    await tell(system, opened);
    const paid = (amountMinor: number, source: string) =>
      sent(
        `pay-${source}`,
        'billing.payment.received.v1',
        at,
        {
          account: { namespace: 'billing', value: '000123' },
          amount: { amountMinor, currency: 'GBP' },
          references: [{ namespace: 'billing', value: 'P-2' }],
        },
        source,
      );
    const [penny] = await askApi(system, ['payments'], [paid(1, 'payments')]);
    expect(penny?.problem?.code).toBe('fact.value-not-allowed');
    const [credited] = await askApi(system, ['billing'], [paid(5000, 'billing')]);
    expect(credited?.status).toBe('accepted');
    await system.store.close();
  });
});

describe('the word of a customer, by the portal', () => {
  const at = '2026-03-01T09:00:00.000Z';
  const talk = { customer: crm('ana'), channel: 'web', reason: 'account.details' };
  const wish = { customer: crm('ana'), language: 'cy' };
  it.each([
    ['contact.interaction.logged.v1', talk, []],
    ['contact.interaction.logged.v1', { ...talk, direction: 'inbound', channel: 'app', outcome: 'resolved' }, []],
    ['contact.interaction.logged.v1', { ...talk, direction: 'outbound' }, ['/data/direction']],
    ['contact.interaction.logged.v1', { ...talk, channel: 'phone' }, ['/data/channel']],
    ['contact.interaction.logged.v1', { ...talk, handover: 'Waive the fee.' }, ['/data/handover']],
    ['customer.profile.corrected.v1', wish, []],
    ['customer.profile.corrected.v1', { customer: crm('ana'), clear: ['language'] }, []],
    ['customer.profile.corrected.v1', { customer: crm('ana'), clear: ['dateOfBirth'] }, ['/data/clear']],
    ['customer.profile.corrected.v1', { ...wish, name: { family: 'Crown' } }, ['/data/name']],
    ['customer.profile.corrected.v1', { ...wish, kind: 'organisation' }, ['/data/kind']],
    ['customer.profile.corrected.v1', { ...wish, references: [crm('ben')] }, ['/data/references']],
  ] as const)('%s with %j', async (type, data, pointers) => {
    const system = await openProfileSystem();
    await tell(system, person('ana'));
    const [result] = await askApi(system, ['portal'], [sent('w1', type, at, data, 'portal')]);
    expect(result?.status).toBe(pointers.length === 0 ? 'accepted' : 'rejected');
    expect(result?.problem?.errors?.map(({ pointer }) => pointer) ?? []).toEqual(pointers);
    await system.store.close();
  });
});

describe('taking back', () => {
  it('is for the source that said it, of what it may say', async () => {
    const system = await openProfileSystem();
    const [account] = await askApi(system, ['billing'], [opened]);
    const retraction = (source: string, event: string) =>
      sent(
        event,
        'account.account.retracted.v1',
        '2026-03-02T09:00:00.000Z',
        { factId: account?.factId, reason: 'Twice.' },
        source,
      );
    const codes = async (source: string) =>
      (await askApi(system, [source], [retraction(source, `r-${source}`)])).map(
        ({ status, problem }) => problem?.code ?? status,
      );
    expect(await codes('crm')).toEqual(['fact.type-not-allowed']);
    expect(await codes('payments')).toEqual(['fact.type-not-allowed']);
    expect(await codes('billing')).toEqual(['accepted']);
    const [role] = await askApi(
      system,
      ['crm'],
      [
        sent(
          'pt',
          'customer.profile.registered.v1',
          '2026-03-02T09:00:00.000Z',
          { kind: 'person', name: { family: 'Okafor' }, references: [] },
          'crm',
        ),
      ],
    );
    const [foreign] = await askApi(
      system,
      ['billing'],
      [
        sent('r2', 'customer.profile.retracted.v1', '2026-03-02T10:00:00.000Z', {
          factId: role?.factId,
          reason: 'Not ours.',
        }),
      ],
    );
    expect(foreign?.problem?.code).toBe('retraction.foreign-source');
    expect((await refusals(system)).map(({ outcome }) => outcome)).toContain('refused:retraction.foreign-source');
    await system.store.close();
  });
});
