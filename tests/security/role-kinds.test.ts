import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes } from '#functions/routes.ts';
import type { RouteDefinition } from '#shared/contracts/api/definition.ts';
import { Role } from '#shared/vocabulary/statuses.ts';
import { addDays, localDateAt } from '#shared/vocabulary/time.ts';
import { RunningSystem } from '#tests/support/running-system.ts';
import { buildHousesOfRoles, figures, type HouseOfRoles, type RoleTime, times } from './house-of-roles.ts';
import { promised } from './promised-access.ts';
import { type Kind, kinds, knowBills, knowHome, knowOwed, knowUse, owe, promisedToRoles } from './promised-roles.ts';
import { nobody, realRequest } from './real-requests.ts';

/** Every kind of role, every act that customers may do on an account or what hangs on it, before, within and after the role. */

const today = localDateAt('Europe/London', Math.floor(Date.now() / 1000));
const hanging: ReadonlySet<string> = new Set(['account', 'premise', 'servicePoint', 'meter', 'outage']);
const acts: readonly RouteDefinition[] = routes.filter((route: RouteDefinition) => {
  const about = route.bodySubject?.kind ?? route.subject;
  return promised[route.operationId]?.own === true && hanging.has(about) && route.act !== 'payment.take';
});
const promiseOf = (route: RouteDefinition) => {
  const row = Object.entries(promisedToRoles).find(([operationId]) => operationId === route.operationId)?.[1];
  if (row === undefined) throw new Error(`no promise of what kinds of roles may do by ${route.operationId}`);
  return row;
};

let system: RunningSystem;
let houses: ReadonlyMap<Kind, HouseOfRoles>;
const houseOf = (kind: Kind): HouseOfRoles => {
  const house = houses.get(kind);
  if (house === undefined) throw new Error(`no house of ${kind}`);
  return house;
};
beforeAll(async () => {
  system = await RunningSystem.start();
  houses = await buildHousesOfRoles(system, kinds, today);
}, 180_000);
afterAll(() => system.stop());

const asked = async (route: RouteDefinition, customer: string, home: HouseOfRoles['home'] | typeof nobody) => {
  const request = await realRequest(system, route, home, { ready: false, client: '', purpose: undefined });
  // Of days on which all three would have had their role, had it been of that time.
  const range = `from=${addDays(today, -50)}&to=${addDays(today, -45)}`;
  const path = request.path.replace('from=2026-02-01&to=2026-03-01', range);
  return system.ask({ ...request, path, as: { customer } });
};

/** A refusal without what tells one request from another. */
const refusalOf = ({ status, json: { type, title, code, detail } }: Awaited<ReturnType<typeof asked>>) => ({
  status,
  type,
  title,
  code,
  detail,
});

const mayAt = (route: RouteDefinition, kind: Kind, time: RoleTime): boolean => {
  const { within, after = [] } = promiseOf(route);
  return (time === 'within' && within.includes(kind)) || (time === 'after' && after.includes(kind));
};

it('every kind of role has its promise', () => {
  expect([...kinds].sort()).toEqual([...Role.options].sort());
});

describe.each(acts.map((route) => ({ route, name: route.operationId })))('$name', ({ route }) => {
  it.each(kinds)('is for a %s what was promised, before, within and after the role', async (kind) => {
    const { home, others } = houseOf(kind);
    for (const time of times) {
      const answer = await asked(route, others[time], home);
      // An outage that is open already is joined: 200.
      const done = route.operationId === 'reportOutage' ? [200, 201] : [route.status ?? 200];
      if (mayAt(route, kind, time)) expect([time, done.includes(answer.status)]).toEqual([time, true]);
      else expect([time, refusalOf(answer)]).toEqual([time, refusalOf(await asked(route, others[time], nobody))]);
    }
  });
});

const has = (text: string, found: readonly string[]): boolean => found.some((one) => text.includes(one));
const viewOf = async (customer: string, as: Parameters<RunningSystem['ask']>[0]['as']) =>
  system.must({ path: `/v1/customers/${customer}/360`, as, headers: { 'rotunda-purpose': 'service' } });

describe.each(kinds)('the 360 of a %s', (kind) => {
  const readers = (customer: string) => [{ customer }, { role: 'agent' }];

  it('tells of money, home and use what the role gives, whoever reads it', async () => {
    const { home, address, others } = houseOf(kind);
    for (const as of readers(others.within)) {
      const { text } = await viewOf(others.within, as);
      expect(text).toContain(home.account);
      expect({
        earlier: has(text, figures.earlier),
        billed: has(text, figures.billed),
        owed: has(text, figures.owed),
        overdue: text.includes('overdue since'),
        home: has(text, [address, home.premise, home.meter, `RT-house-${kind}`]),
        outage: text.includes(home.outage),
        used: has(text, figures.used),
      }).toEqual({
        earlier: false,
        billed: knowBills.includes(kind),
        owed: knowOwed.includes(kind),
        overdue: knowOwed.includes(kind),
        home: knowHome.includes(kind),
        outage: knowHome.includes(kind),
        used: knowUse.includes(kind),
      });
    }
  });

  it('tells no money, no outage and no use while the role is to come, and once it is over no more than that of who owed', async () => {
    const { home, others } = houseOf(kind);
    for (const as of readers(others.before)) {
      const { text } = await viewOf(others.before, as);
      expect(text).toContain(home.account);
      const all = [...figures.earlier, ...figures.billed, ...figures.owed, ...figures.used, home.outage, 'overdue'];
      expect(has(text.replaceAll('"overdue":null', ''), all)).toBe(false);
    }
    for (const as of readers(others.after)) {
      const { text } = await viewOf(others.after, as);
      const left = owe.includes(kind);
      expect(text.includes(home.account)).toBe(left);
      const [wholeBalance, ownDebt] = figures.owed;
      const [laterPayment] = figures.billed;
      const ofNow = [home.premise, home.meter, home.outage, laterPayment, wholeBalance, ...figures.used];
      expect(has(text, left ? ofNow : [...ofNow, ...Object.values(figures).flat()])).toBe(false);
      expect(text.includes(ownDebt)).toBe(left);
    }
  });

  it('says whose debt it is to who does not owe it, and to the principal who may act', async () => {
    const { home, principal, others } = houseOf(kind);
    const entryOf = async (customer: string) => {
      const accounts: unknown = (await viewOf(customer, { customer })).json.accounts;
      return Array.isArray(accounts) ? accounts.find((one) => one.id === home.account) : undefined;
    };
    const [own, theirs] = [await entryOf(others.within), await entryOf(principal)];
    const holder = { customerId: principal, role: 'holder' };
    expect(own?.debtOf).toEqual(owe.includes(kind) ? undefined : [holder]);
    expect(own?.actors).toBeUndefined();
    expect(theirs?.debtOf).toBeUndefined();
    const acting = [others.within, others.before].map((customerId) =>
      expect.objectContaining({ customerId, role: kind }),
    );
    expect(theirs?.actors).toEqual(owe.includes(kind) ? undefined : acting);
    const { json } = await viewOf(others.within, { role: 'agent' });
    const said = JSON.stringify([json.alerts, json.nextSteps]);
    const somebodyElses = knowOwed.includes(kind) && !owe.includes(kind);
    expect([said.includes(`somebody else (${kind})`), said.includes('offer to take a payment')]).toEqual([
      somebodyElses,
      owe.includes(kind),
    ]);
  });
});

it('the account itself tells each kind its part, and no earlier money', async () => {
  for (const kind of kinds) {
    const { home, principal, others } = houseOf(kind);
    const as = { customer: others.within };
    const texts = await Promise.all(
      ['', '/bills', '/payments', '/ledger'].map(
        async (part) => (await system.ask({ path: `/v1/accounts/${home.account}${part}`, as })).text,
      ),
    );
    const [account = '', ...lists] = texts;
    expect([kind, has(account, figures.earlier), has(account, figures.billed), has(account, figures.owed)]).toEqual([
      kind,
      false,
      knowBills.includes(kind),
      knowOwed.includes(kind),
    ]);
    expect([kind, has(lists.join(), figures.earlier), has(lists.join(), figures.billed)]).toEqual([
      kind,
      false,
      knowBills.includes(kind),
    ]);
    const moment = await system.ask({ path: `/v1/accounts/${home.account}?asOf=${new Date().toISOString()}`, as });
    expect([kind, has(moment.text, figures.earlier), has(moment.text, figures.owed)]).toEqual([
      kind,
      false,
      knowOwed.includes(kind),
    ]);
    const whole = await system.must({ path: `/v1/accounts/${home.account}`, as: { customer: principal } });
    expect([kind, has(whole.text, figures.owed)]).toEqual([kind, true]);
  }
});

it('nothing of all this failed inside', () => {
  expect(system.logger.lines.filter(({ level }) => level === 'error')).toEqual([]);
});
