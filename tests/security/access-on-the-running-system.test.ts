import { decodeJwt } from 'jose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { routes } from '#functions/routes.ts';
import { machineScopes } from '#local/oidc-people.ts';
import type { RouteDefinition } from '#shared/contracts/api/definition.ts';
import { eventStreamPath, sendToBus } from '#shared/contracts/local/bus.ts';
import {
  digest,
  drain,
  quarantine,
  redrive,
  replay,
  replayStatus,
  revokeMeter,
  stopReplay,
  verifyAudit,
} from '#shared/contracts/local/ops.ts';
import type { Who } from '#tests/edge/api-stand.ts';
import type { Answer, Asker } from '#tests/support/api-client.ts';
import { type Digests, RunningSystem } from '#tests/support/running-system.ts';
import { buildSmallWorld, type Household, type SmallWorld } from '#tests/support/small-world.ts';
import { expected, open, purposeOf, relations, staff } from './promised-access.ts';
import { nobody, realRequest, wordOf } from './real-requests.ts';

/** The real operations over a real small world, asked by everybody who can sign in here, and by nobody. */

let system: RunningSystem;
let world: SmallWorld;
beforeAll(async () => {
  system = await RunningSystem.start();
  world = await buildSmallWorld(system);
});
afterAll(() => system.stop());

interface Caller {
  readonly name: string;
  readonly who: Who | undefined;
  readonly as: () => Asker | undefined;
  readonly client: string;
  readonly purpose: string | undefined;
}

const callers: readonly Caller[] = [
  { name: 'nobody', who: undefined, as: () => undefined, client: 'crm', purpose: undefined },
  {
    name: 'the customer',
    who: 'customer',
    as: () => ({ customer: world.amara.customer }),
    client: 'crm',
    purpose: undefined,
  },
  ...staff.map((role) => ({ name: role, who: role, as: () => ({ role }), client: 'crm', purpose: purposeOf[role] })),
  ...Object.entries(machineScopes).map(([client, scopes]) => ({
    name: `the ${client} system`,
    who: { client, scopes },
    as: () => ({ client }),
    client,
    purpose: undefined,
  })),
];

const homeOf = (relation: (typeof relations)[number]): Household =>
  ({ own: world.amara, other: world.carl, none: nobody })[relation];

let known: Digests | undefined;
/** What the tables hold, read anew only after something was allowed to change it. */
const held = async (): Promise<Digests> => {
  if (known !== undefined) return known;
  await system.settle();
  known = await system.digests();
  return known;
};

/** Whose log the request must stand in: what its path names, else its body, else what its answer names. */
const loggedUnder = (
  route: RouteDefinition,
  subject: string | undefined,
  home: Household,
  answer: Answer,
  client: string,
): string | undefined => {
  if (open(route.operationId)) return undefined;
  if (subject !== undefined) return subject;
  if (answer.status >= 300 || !route.personal) return undefined;
  if (route.bodySubject !== undefined) return home[route.bodySubject.kind];
  if (route.operationId === 'sendFacts') return wordOf(client, home).about;
  if (route.operationId === 'searchCustomers') return world.amara.customer;
  return typeof answer.json.id === 'string' ? answer.json.id : undefined;
};

/**
 * A refusal stands in the log of whom it was aimed at as an attempt of the caller, joined with those before; none stands there of
 * a caller whom nobody knows, and nothing about what is not there.
 */
const expectAttempt = async (
  place: string,
  route: RouteDefinition,
  subject: string,
  caller: Caller,
  relation: (typeof relations)[number],
  code: string,
): Promise<void> => {
  const attempts = (await system.entriesAt(subject)).filter(({ outcome }) => outcome.startsWith('refused:'));
  // Nobody asks whether two are one until somebody is registered twice.
  const isThere = relation !== 'none' && route.subject !== 'duplicate';
  if (!isThere || caller.who === undefined) {
    expect([place, attempts.filter(({ actorKind }) => actorKind === 'anonymous' || !isThere)]).toEqual([place, []]);
    return;
  }
  const as = caller.as();
  const actor = as === undefined ? undefined : decodeJwt(await system.tokenOf(as)).sub;
  expect([place, attempts]).toEqual([
    place,
    expect.arrayContaining([expect.objectContaining({ actor, act: route.act, outcome: `refused:${code}`, times: 1 })]),
  ]);
};

/** The status promised; the fact of a household is a bill, of which staff in the field are not told that it is there. */
const promisedHere = (route: RouteDefinition, { who }: Caller, relation: (typeof relations)[number]): number =>
  route.operationId === 'readFact' && who === 'field' ? 404 : expected(route.operationId, who, relation);

/** Asks about one household, and holds the answer, the log and the counts to the promise. Answers whether it was refused. */
const askAbout = async (route: RouteDefinition, caller: Caller, relation: (typeof relations)[number]) => {
  const promised = promisedHere(route, caller, relation);
  // Facts about nobody are kept waiting, each with an answer of its own.
  const home = route.operationId === 'sendFacts' ? world.amara : homeOf(relation);
  const { subject, ...request } = await realRequest(system, route, home, { ...caller, ready: promised < 300 });
  const refusedBefore = system.refused;
  const as = caller.as();
  const answer = await system.ask({ ...request, ...(as === undefined ? {} : { as }) });
  const place = `${relation}: ${request.method} ${request.path}`;
  // An outage that is open already is joined: 200 for 201.
  const status = route.operationId === 'reportOutage' && answer.status === 200 ? 201 : answer.status;
  expect([place, status, answer.json.code ?? '']).toEqual([place, promised, expect.any(String)]);
  expect(answer.text).not.toMatch(/node_modules|\.ts:\d|ZodError|at Object/);
  const logged = loggedUnder(route, subject, home, answer, caller.client);
  if (logged !== undefined) {
    const entries = await system.entriesOf(logged, answer.requestId);
    const outcomes = entries.map(({ outcome }) => outcome);
    const begun = route.beyondCommit === true ? ['begun'] : [];
    expect([place, ...outcomes.toSorted()]).toEqual([place, ...(promised < 300 ? ['allowed', ...begun] : [])]);
    if (promised >= 300) await expectAttempt(place, route, logged, caller, relation, String(answer.json.code));
  }
  const refused = promised >= 400;
  expect([place, system.refused - refusedBefore]).toEqual([place, refused ? 1 : 0]);
  if (refused) expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  return refused;
};

it.each(routes.map((route) => ({ route, summary: route.summary })))(
  '"$summary" is given to whom it is promised, refused to all others, and a refusal changes nothing',
  async ({ route }) => {
    for (const caller of callers) {
      const refusals = relations.filter((relation) => promisedHere(route, caller, relation) >= 400);
      const allowed = relations.filter((relation) => !refusals.includes(relation));
      if (refusals.length > 0) {
        const before = await held();
        for (const relation of refusals) await askAbout(route, caller, relation);
        await system.settle();
        known = await system.digests();
        expect([caller.name, known]).toEqual([caller.name, before]);
      }
      for (const relation of allowed) {
        await askAbout(route, caller, relation);
        if (route.method !== 'GET') known = undefined;
      }
    }
  },
);

it('a joint holder sees the account, the home and its meter as the holder does, and nothing of the holder herself', async () => {
  const as = { customer: world.ben };
  const { account, premise, servicePoint, meter, outage, customer } = world.amara;
  for (const path of [
    `/v1/accounts/${account}`,
    `/v1/accounts/${account}/ledger`,
    `/v1/premises/${premise}`,
    `/v1/service-points/${servicePoint}`,
    `/v1/meters/${meter}`,
    `/v1/outages/${outage}`,
    `/v1/customers/${world.ben}/360`,
  ]) {
    expect([path, (await system.ask({ path, as })).status]).toEqual([path, 200]);
  }
  for (const path of [`/v1/customers/${customer}`, `/v1/customers/${customer}/360`, `/v1/customers/crm:amara`]) {
    expect([path, (await system.ask({ path, as })).status]).toEqual([path, 404]);
  }
});

it('a system cannot send facts under the name of another system, nor of this one', async () => {
  const before = await held();
  for (const source of ['crm', 'rotunda', 'field']) {
    const fact = {
      type: 'contact.interaction.logged.v1',
      source: { system: source },
      sourceEventId: `not-ours-${source}`,
      occurredAt: '2026-03-01T09:00:00Z',
      data: { customer: world.amara.customer, channel: 'phone', reason: 'billing.high-bill' },
    };
    const as = { client: 'billing' };
    const answer = await system.must({ method: 'POST', path: '/v1/facts', as, json: { facts: [fact] } });
    expect(answer.json.results).toMatchObject([{ status: 'rejected', problem: { code: 'source.refused' } }]);
  }
  await system.settle();
  expect(await system.digests()).toEqual(before);
});

const operatorsRoutes: readonly { readonly method: string; readonly path: string }[] = [
  digest,
  quarantine,
  redrive,
  replay,
  replayStatus,
  stopReplay,
  drain,
  revokeMeter,
  verifyAudit,
  sendToBus,
  { method: 'GET', path: eventStreamPath },
];

it.each(operatorsRoutes)("$method $path is the operator's alone: nobody else gets anything of it", async (route) => {
  const { method, path } = route;
  const before = await held();
  const event = { source: 'billing', detailType: 'billing.payment.received.v1', detail: { type: 'x' } };
  const json = method === 'GET' ? {} : { json: path === sendToBus.path ? { events: [event] } : {} };
  for (const caller of callers.filter(({ who }) => who !== 'operator')) {
    const [as, refused] = [caller.as(), system.refused];
    const answer = await system.ask({ method, path, ...json, ...(as === undefined ? {} : { as }) });
    expect([caller.name, answer.status, answer.json.code]).toEqual(
      as === undefined ? ['nobody', 401, 'token.missing'] : [caller.name, 403, 'access.denied'],
    );
    expect(system.refused).toBe(refused + 1);
  }
  await system.settle();
  expect(await system.digests()).toEqual(before);
});

it('nothing of all this failed inside', () => {
  expect(system.logger.lines.filter(({ level }) => level === 'error')).toEqual([]);
});
