import assert from 'node:assert/strict';
import * as z from 'zod';
import type { Asker } from '#tests/support/api-client.ts';
import { eventually } from '#tests/support/eventually.ts';
import { byBilling, byCrm, named, type SentFact, sendFacts } from '#tests/support/small-world.ts';
import type { StoryStep, StoryWorld } from './world.ts';

const Explanation = z.object({
  value: z.unknown().optional(),
  winner: z.object({ source: z.string() }).nullable(),
  losing: z.array(z.object({ source: z.string(), value: z.unknown().optional(), reason: z.string() })),
});
const Duplicates = z.object({
  data: z.array(z.object({ id: z.string(), band: z.string(), customers: z.array(z.object({ id: z.string() })) })),
});
const Merge = z.object({
  id: z.string().optional(),
  status: z.string(),
  preview: z.array(z.object({ customer: z.string(), aliases: z.array(z.string()) })).optional(),
});
const Who = z.object({
  customer: z.object({ id: z.string(), name: z.string(), version: z.number() }),
  contact: z.object({ points: z.array(z.object({ value: z.string() })) }),
  accounts: z.array(z.object({ id: z.string() })),
});
const Id = z.object({ id: z.string() });

const agent: Asker = { role: 'agent' };
/** A supervisor, who says what for. */
const supervisor = { as: { role: 'supervisor' }, headers: { 'rotunda-purpose': 'service' } } as const;

/** A record of billing's own: a name, a date of birth, a telephone and where the post goes. */
const record = (
  value: string,
  by: typeof byBilling,
  person: { readonly given: string; readonly family: string; readonly born: string; readonly phone: string },
): readonly SentFact[] => {
  const customer = { namespace: by === byBilling ? 'billing' : 'crm', value };
  const at = (minute: number): string => `2025-10-02T09:0${minute}:00.000Z`;
  const { given, family, born, phone } = person;
  const point = (kind: string, text: string, minute: number): SentFact =>
    by(`${value}-${kind}`, 'customer.contact-point.added.v1', at(minute), { customer, kind, value: text });
  return [
    by(value, 'customer.profile.registered.v1', at(0), {
      kind: 'person',
      name: { given, family },
      dateOfBirth: born,
      references: [customer],
    }),
    point('phone', phone, 1),
    point('post', '9 Lantern Row, Saltmouth, ZZ1 9LR', 2),
  ];
};

/** Which of several words stands, how it was, and who is one with whom. Comes last: it changes who the customers are. */
export const identitySteps = (world: StoryWorld): readonly StoryStep[] => {
  const { ground, run } = world;
  const { api, operator, patienceMs } = ground;
  const read = async (id: string, query = '') =>
    Who.parse((await api.must({ path: `/v1/customers/${id}/360${query}`, as: agent })).json);
  const idOf = async (reference: string) =>
    Id.parse((await api.must({ path: `/v1/customers/${reference}`, as: agent })).json).id;
  const post = async (path: string, json: object) =>
    (await api.must({ method: 'POST', path, ...supervisor, json })).json;
  const open = async (...pair: readonly string[]) => {
    const { json } = await api.must({ path: '/v1/duplicates?limit=100', ...supervisor });
    return Duplicates.parse(json).data.find(({ customers }) => customers.every(({ id }) => pair.includes(id)));
  };
  const found = (what: string, pair: readonly string[]) =>
    eventually(
      what,
      patienceMs,
      () => open(...pair),
      (one) => one !== undefined,
    );
  /** Father and son, once they are told apart. */
  let apart: readonly string[] = [];
  const own = `R-${run}`;
  const amara = (): string => world.homeOf('amara').customer;
  const pair = async (): Promise<readonly [string, string]> => [amara(), await idOf(`billing:${own}`)];
  return [
    {
      name: 'explained',
      title: 'where two systems say otherwise the policy chooses, and the choice is explained',
      run: async () => {
        const at = '2026-01-02T09:00:00.000Z';
        const wrong = { customer: named('amara').customer, name: { given: 'amara', family: 'Okafr' } };
        await sendFacts(api, [byBilling(`name-${run}`, 'customer.profile.corrected.v1', at, wrong)]);
        const path = `/v1/customers/${amara()}/explain?field=customer.name`;
        const { value, winner, losing } = Explanation.parse((await api.must({ path, as: agent })).json);
        assert.deepEqual([value, winner?.source], ['amara Okafr', 'billing']);
        assert.deepEqual(
          losing.map(({ source, value: lost, reason }) => [source, lost, reason]),
          [['crm', 'amara Okafor', 'lower-rank']],
        );
      },
    },
    {
      name: 'as-of',
      title: 'a past moment is shown as it was, and by what was known then',
      run: async () => {
        const [then, since] = ['2025-12-01T00:00:00Z', '2026-01-03T00:00:00Z'];
        assert.equal((await read(amara(), `?asOf=${then}`)).customer.name, 'amara Okafor');
        assert.equal((await read(amara(), `?asOf=${since}`)).customer.name, 'amara Okafr');
        const unknown = await api.ask({
          path: `/v1/customers/${amara()}/360?asOf=${since}&knownAt=${since}`,
          as: agent,
        });
        assert.deepEqual([unknown.status, unknown.json.code], [404, 'not-found']);
      },
    },
    {
      name: 'duplicate-found',
      title: 'a second record of a customer is found as its facts come in',
      run: async () => {
        const who = { given: 'amara', family: 'Okafor', born: '1984-05-02', phone: '01632 960 711' };
        await sendFacts(api, record(own, byBilling, who));
        assert.equal((await found('the pair among duplicates', await pair()))?.band, 'auto');
      },
    },
    {
      name: 'duplicate-decided',
      title: 'father and son of one name are told apart by a person, and not proposed again',
      run: async () => {
        const tern = { given: 'Amos', family: 'Tern', phone: '01632 960 401' };
        const [father, son] = [`F-${run}`, `S-${run}`];
        await sendFacts(api, record(father, byCrm, { ...tern, born: '1949-05-02' }));
        await sendFacts(api, record(son, byBilling, { ...tern, born: '1976-10-13' }));
        const two = [await idOf(`crm:${father}`), await idOf(`billing:${son}`)];
        const duplicate = await found('father and son among duplicates', two);
        assert.equal(duplicate?.band, 'steward');
        const decision = { decision: 'different', reason: 'Father and son; both have called.' };
        await post(`/v1/duplicates/${duplicate.id}/decision`, decision);
        const customer = { namespace: 'billing', value: son };
        const point = { customer, kind: 'phone', value: '+44 7700 900401' };
        const at = '2026-01-04T09:00:00.000Z';
        await sendFacts(api, [byBilling(`more-${run}`, 'customer.contact-point.added.v1', at, point)]);
        assert.equal(await open(...two), undefined);
        apart = two;
      },
    },
    {
      name: 'match-run',
      title: "the operator's function looks through all customers, and opens no question that was answered",
      run: async () => {
        const { customers, compared, open: questions } = await operator.findDuplicates();
        assert.ok(customers >= 5 && compared > 0, `${customers} customers, ${compared} compared`);
        const { json } = await api.must({ path: '/v1/duplicates?limit=100', ...supervisor });
        const listed = Duplicates.parse(json).data;
        assert.equal(questions, listed.length);
        assert.ok(await open(...(await pair())), 'the pair is still open');
        assert.ok(apart.length === 2 && (await open(...apart)) === undefined, 'father and son are not');
        await assert.rejects(operator.trainMatch(), /match\.too-few/);
      },
    },
    {
      name: 'merged',
      title:
        'two records are merged after a look at what would come of it; both ids lead to one customer, and what comes for either stands there',
      run: async () => {
        const [survivor, alias] = await pair();
        const body = { survivor, alias, reason: 'Same passport.' };
        const preview = Merge.parse(await post('/v1/merges?dryRun=true', body));
        assert.deepEqual([preview.status, preview.preview?.map(({ aliases }) => aliases)], ['preview', [[alias]]]);
        assert.equal((await read(alias)).customer.id, alias);
        world.merge = Merge.parse(await post('/v1/merges', body)).id;
        const one = await eventually(
          'the merge',
          patienceMs,
          () => read(alias),
          (view) => view.customer.id === survivor,
        );
        assert.deepEqual(
          one.accounts.map(({ id }) => id),
          [world.homeOf('amara').account],
        );
        const customer = { namespace: 'billing', value: own };
        const point = { customer, kind: 'email', value: `amara.${run}@example.com` };
        const at = '2026-01-05T09:00:00.000Z';
        await sendFacts(api, [byBilling(`mail-${run}`, 'customer.contact-point.added.v1', at, point)]);
        assert.ok((await read(survivor)).contact.points.some(({ value }) => value === point.value));
      },
    },
    {
      name: 'merge-undone',
      title:
        'undone, each record has what was said of it, before the merge and since, and the two are not proposed again',
      run: async () => {
        const [survivor] = await pair();
        assert.ok(world.merge, 'nothing was merged');
        await post(`/v1/merges/${world.merge}/undo`, { reason: 'Two cousins of one name.' });
        const parted = await eventually(
          'the undoing',
          patienceMs,
          () => read(`billing:${own}`),
          (view) => view.customer.id !== survivor,
        );
        const points = (view: z.infer<typeof Who>) => view.contact.points.map(({ value }) => value);
        assert.ok(points(parted).includes(`amara.${run}@example.com`) && parted.accounts.length === 0);
        const kept = await read(survivor);
        assert.ok(!points(kept).includes(`amara.${run}@example.com`));
        assert.deepEqual([kept.customer.name, kept.accounts.length], ['amara Okafr', 1]);
        const two = await pair();
        const isOpen = () => open(...two);
        await eventually('the question withdrawn', patienceMs, isOpen, (one) => one === undefined);
        await operator.findDuplicates();
        assert.equal(await isOpen(), undefined);
      },
    },
  ];
};
