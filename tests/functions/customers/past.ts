import { expect } from 'vitest';
import * as z from 'zod';
import type { Answer, Asker } from '#tests/support/api-client.ts';
import { RunningSystem } from '#tests/support/running-system.ts';
import {
  accountFacts,
  byBilling,
  idNamed,
  named,
  personFact,
  placeFacts,
  pointFact,
  roleFact,
  sendFacts,
} from '#tests/support/small-world.ts';

/** A person with an account and a home. */
export interface Home {
  readonly name: string;
  readonly customer: string;
  readonly account: string;
}

/** What a request asks for of the past. */
export interface Asked {
  readonly asOf?: string;
  readonly knownAt?: string;
}

export const View = z.looseObject({
  customer: z.object({ id: z.string(), status: z.string() }).loose(),
  accounts: z.array(z.looseObject({ id: z.string(), balance: z.object({ amountMinor: z.int() }).loose().optional() })),
  premises: z.array(z.looseObject({ id: z.string() })),
  omitted: z.array(z.string()),
});

/** The running system with a clock that can be put forward, and how its past is asked for. */
export const openPast = async () => {
  let ahead = 0;
  const clock = { now: () => Date.now() + ahead };
  const system = await RunningSystem.start({ clock });
  /** An instant that lies between everything before and everything after. */
  const instant = (): string => {
    ahead += 1000;
    const at = new Date(clock.now()).toISOString();
    ahead += 1000;
    return at;
  };

  const agent = { role: 'agent' } as const;
  const supervisor = { as: { role: 'supervisor' }, headers: { 'rotunda-purpose': 'service' } };

  const get = (path: string, moment: Asked = {}, as: Asker = agent): Promise<Answer> => {
    const query = new URLSearchParams({ ...moment }).toString();
    return system.ask({ path: query === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${query}`, as });
  };

  /** One household: a person with a phone, an account, a home and a first bill of 84.23 on 1 November 2025. */
  const household = async (name: string, given: string, family: string) => {
    await sendFacts(system, [
      ...placeFacts(name, `${name} Quay Street`),
      personFact(name, given, family),
      pointFact(name, 'email', `${name}@example.com`),
      ...accountFacts(name),
      roleFact(name, name, 'holder'),
    ]);
    await system.settle();
    const customer = await idNamed(system, `/v1/customers/crm:${name}`);
    const account = await idNamed(system, `/v1/accounts/${encodeURIComponent(`billing:${name} 1/2`)}`);
    return { name, customer, account };
  };

  const fields = (home: Home): readonly string[] => [
    'customer.name',
    'customer.status',
    'customer.version',
    'contact.points[0].value',
    `accounts[${home.account}].balance`,
    `accounts[${home.account}].roles`,
    'premises[0].address',
    'freshness.sources[billing].lastFactAt',
  ];
  /** Every way to ask for a household's past. */
  const pathsOf = (home: Home): readonly string[] => [
    `/v1/customers/${home.customer}/360`,
    `/v1/accounts/${home.account}`,
    ...fields(home).map((field) => `/v1/customers/${home.customer}/explain?field=${encodeURIComponent(field)}`),
  ];
  const textsOf = async (home: Home, moment: Asked): Promise<readonly string[]> => {
    const answers: string[] = [];
    for (const path of pathsOf(home)) {
      const answer = await get(path, moment);
      expect([path, answer.status]).toEqual([path, 200]);
      answers.push(answer.text);
    }
    return answers;
  };

  const pay = (home: Home, event: string, on: string, amountMinor: number) =>
    sendFacts(system, [
      byBilling(event, 'billing.payment.received.v1', `${on}T09:00:00.000Z`, {
        account: named(home.name).account,
        amount: { amountMinor, currency: 'GBP' },
        method: 'card',
      }),
    ]);

  const view = async (home: Pick<Home, 'customer'>, moment: Asked, as: Asker = agent) =>
    View.parse((await get(`/v1/customers/${home.customer}/360`, moment, as)).json);
  const balance = async (home: Home, moment: Asked) => (await view(home, moment)).accounts[0]?.balance?.amountMinor;

  const merge = async (survivor: Home, alias: Home): Promise<string> => {
    const json = { survivor: survivor.customer, alias: alias.customer, reason: 'One person.' };
    const { json: done } = await system.must({ method: 'POST', path: '/v1/merges', ...supervisor, json });
    await system.settle();
    return String(done.id);
  };
  const undo = async (id: string): Promise<void> => {
    await system.must({
      method: 'POST',
      path: `/v1/merges/${id}/undo`,
      ...supervisor,
      json: { reason: 'Two after all.' },
    });
    await system.settle();
  };

  return { system, clock, instant, get, household, pathsOf, textsOf, pay, view, balance, merge, undo };
};
export type Past = Awaited<ReturnType<typeof openPast>>;
