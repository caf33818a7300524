import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Asker } from '#tests/support/api-client.ts';
import { type Disputed, disputedFrom, disputedHome } from '#tests/support/disputes.ts';
import { RunningSystem } from '#tests/support/running-system.ts';
import { idNamed, personFact, roleFact, sendFacts } from '#tests/support/small-world.ts';

/** That sources dispute who has a home, and what a supervisor settled, is the house's own: no program and no customer is told. */

let system: RunningSystem;
let home: Disputed;
let [ana, ben, settled] = ['', '', ''];
const reason = 'The contract that was signed on paper.';
const purpose = { 'rotunda-purpose': 'service' };

beforeAll(async () => {
  system = await RunningSystem.start();
  home = await disputedHome(system);
  const [own, other] = home.names;
  await sendFacts(system, [
    personFact('ana', 'Ana', 'Okafor'),
    personFact('ben', 'Ben', 'Lindqvist'),
    roleFact(own, 'ana', 'holder'),
    roleFact(other, 'ben', 'holder'),
    // Who holds both accounts is told of each by itself.
    roleFact(own, 'ben', 'joint'),
  ]);
  await system.settle();
  ana = await idNamed(system, '/v1/customers/crm:ana');
  ben = await idNamed(system, '/v1/customers/crm:ben');
}, 60_000);
afterAll(() => system.stop());

const programs: readonly Asker[] = [{ client: 'crm' }, { client: 'billing' }, { client: 'field' }];
const explain = async (customer: string, field: string, as: Asker) =>
  system.must({
    path: `/v1/customers/${customer}/explain?field=${encodeURIComponent(field)}`,
    as,
    headers: 'role' in as ? purpose : {},
  });
const inDispute = /in dispute between sources/;

describe('a home in dispute', () => {
  it('is explained as such to staff, and to no program or customer, though they hold both accounts', async () => {
    for (const customer of [ana, ben]) {
      const field = `accounts[${customer === ana ? home.account : home.otherAccount}].agreements`;
      expect((await explain(customer, field, { role: 'agent' })).text).toMatch(inDispute);
      for (const as of [...programs, { customer }]) {
        const { text } = await explain(customer, field, as);
        expect(text).not.toMatch(inDispute);
        expect(text).not.toContain('whole');
      }
    }
  });
});

describe('what a supervisor settled', () => {
  it('is kept with its reason, which agents are told', async () => {
    const { json } = await system.must({
      method: 'POST',
      path: `/v1/service-points/${home.servicePoint}/settlements`,
      as: { role: 'supervisor' },
      headers: purpose,
      json: { accountId: home.otherAccount, from: disputedFrom, reason },
    });
    settled = String(json.factId);
    await system.settle();
    const { text } = await explain(ben, `accounts[${home.otherAccount}].agreements[0]`, { role: 'agent' });
    expect([text.includes(settled), text.includes(reason)]).toEqual([true, true]);
  });

  it('is told to a field crew without the reason', async () => {
    const { text } = await explain(ben, `accounts[${home.otherAccount}].agreements[0]`, { role: 'field' });
    expect([text.includes(settled), text.includes(reason)]).toEqual([true, false]);
  });

  it.each(['', '.tariff', '.from', '.servicePointId'])(
    'is told to no program and no customer where they ask why agreements[0]%s is so',
    async (member) => {
      const field = `accounts[${home.otherAccount}].agreements[0]${member}`;
      for (const as of [...programs, { customer: ben }]) {
        const { text } = await explain(ben, field, as);
        expect([as, text.includes(settled), text.includes(reason), text.includes('"rotunda"')]).toEqual([
          as,
          false,
          false,
          false,
        ]);
      }
    },
  );

  it('changes no version of the meter that a customer could count it by', async () => {
    const as = { role: 'supervisor' } as const;
    const path = `/v1/meters/${home.meter}/settlements`;
    const settle = async () => {
      const json = { servicePointId: home.servicePoint, from: `${disputedFrom}T00:00:00Z`, reason };
      const answer = await system.must({ method: 'POST', path, as, headers: purpose, json });
      await system.settle();
      return String(answer.json.factId);
    };
    const read = async () =>
      (await system.must({ path: `/v1/meters/${home.meter}`, as: { customer: ben } })).json.version;
    const first = await settle();
    const before = await read();
    const json = { reason: 'The wrong meter was looked at.' };
    await system.must({ method: 'POST', path: `${path}/${first}/undo`, as, headers: purpose, json });
    await settle();
    expect(await read()).toBe(before);
  });

  it.each(['agent', 'field', 'billing', 'privacy', 'auditor'])(
    'is not for %s to settle, or to take back',
    async (role) => {
      for (const path of [`service-points/${home.servicePoint}/settlements`, `meters/${home.meter}/settlements`])
        for (const undo of ['', `/${settled}/undo`]) {
          const as = { role };
          const json = { reason };
          const { status } = await system.ask({
            method: 'POST',
            path: `/v1/${path}${undo}`,
            as,
            headers: purpose,
            json,
          });
          expect([path, undo, status]).toEqual([path, undo, 403]);
        }
    },
  );

  it('is no fact to them by its id either', async () => {
    for (const as of [...programs, { customer: ana }, { customer: ben }])
      expect([as, (await system.ask({ path: `/v1/facts/${settled}`, as })).status]).toEqual([as, 404]);
  });

  it('is taken back by nobody who names another point or meter', async () => {
    for (const path of [`service-points/${home.otherPoint}`, `meters/${home.meter}`]) {
      const { status } = await system.ask({
        method: 'POST',
        path: `/v1/${path}/settlements/${settled}/undo`,
        as: { role: 'supervisor' },
        headers: purpose,
        json: { reason: 'Another place was meant.' },
      });
      expect([path, status]).toEqual([path, 404]);
    }
  });
});
