import assert from 'node:assert/strict';
import * as z from 'zod';
import { mintedId } from '#shared/runtime/identify.ts';
import type { Answer, Asker } from '#tests/support/api-client.ts';
import { eventually } from '#tests/support/eventually.ts';
import type { StoryStep, StoryWorld } from './world.ts';

const Hits = z.object({ data: z.array(z.object({ id: z.string() })) });
const Log = z.object({
  data: z.array(
    z.object({ requestId: z.string().optional(), act: z.string(), outcome: z.string(), sealed: z.boolean() }),
  ),
});

const isProblem = (answer: Answer): void =>
  assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/);

const refusedAs = (answer: Answer, status: number, code: string): void => {
  assert.deepEqual([answer.status, answer.json.code], [status, code]);
  isProblem(answer);
};

/** Who may look, who may not, and who looked. */
export const accessSteps = (world: StoryWorld): readonly StoryStep[] => {
  const { ground, run } = world;
  const { api, operator } = ground;
  const agent: Asker = { role: 'agent' };
  const lookId = `look-${run}`;
  return [
    {
      name: 'search',
      title: 'an agent finds the customer by a name that was spelled otherwise',
      run: async () => {
        const { customer } = world.homeOf('amara');
        const found = async () =>
          Hits.parse((await api.must({ path: '/v1/customers?q=okaffor', as: agent })).json).data;
        await eventually('the customer among the hits', ground.patienceMs, found, (hits) => hits[0]?.id === customer);
      },
    },
    {
      name: 'tokens',
      title: 'no token, a forged one and an expired one open nothing',
      run: async () => {
        const path = `/v1/customers/${world.homeOf('amara').customer}/360`;
        for (const token of [undefined, await ground.forgedToken(), await ground.expiredToken()]) {
          const answer = await api.ask({ path, ...(token === undefined ? {} : { token }) });
          assert.equal(answer.status, 401);
          isProblem(answer);
        }
      },
    },
    {
      name: 'refusals',
      title: 'what a role may not do is 403; another customer looks like none',
      run: async () => {
        const as: Asker = { customer: world.homeOf('carl').customer };
        const [own, other] = [world.homeOf('carl'), world.homeOf('amara')].map(
          ({ customer }) => `/v1/customers/${customer}/360`,
        );
        assert.equal((await api.ask({ path: own ?? '', as })).status, 200);
        const unknown = mintedId('customer', `nobody-${run}`);
        const headers = { 'x-request-id': lookId };
        const refused = await api.ask({ path: other ?? '', as, headers });
        const absent = await api.ask({ path: `/v1/customers/${unknown}/360`, as });
        refusedAs(refused, 404, 'not-found');
        refusedAs(absent, 404, 'not-found');
        const told = ({ json }: Answer) => ({ title: json.title, detail: json.detail, type: json.type });
        assert.deepEqual(told(refused), told(absent));
        const facts = await api.ask({ method: 'POST', path: '/v1/facts', as: agent, json: { facts: [] } });
        assert.equal(facts.status, 403);
      },
    },
    {
      name: 'audit',
      title: 'the access log names who looked and who was refused, and the chains verify',
      run: async () => {
        const { customer } = world.homeOf('amara');
        const as: Asker = { role: 'privacy' };
        const looks = async () => {
          const path = `/v1/customers/${customer}/access-log?limit=100`;
          const { data } = Log.parse((await api.must({ path, as })).json);
          // What who is refused calls their request stands in nobody's log.
          assert.ok(data.every(({ requestId }) => requestId !== lookId));
          return data.filter(({ act, outcome }) => act === 'customer.read' && outcome !== 'allowed');
        };
        const sealed = await eventually(
          'the refusal sealed',
          ground.patienceMs,
          looks,
          ([look]) => look?.sealed === true,
        );
        assert.deepEqual(
          sealed.map(({ outcome }) => outcome),
          ['refused:not-found'],
        );
        const report = await operator.verifyAudit();
        assert.ok(report.ok && report.entries > 20, JSON.stringify(report));
      },
    },
  ];
};
