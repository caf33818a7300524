import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod';
import { writeUsageBlock } from '#functions/readings/contract/usage-block.ts';
import type { Role } from '#shared/vocabulary/statuses.ts';
import { addDays, localDateAt, startOfDate } from '#shared/vocabulary/time.ts';
import type { Asker } from '#tests/support/api-client.ts';
import { RunningSystem } from '#tests/support/running-system.ts';
import {
  accountFacts,
  addMeter,
  byBilling,
  idNamed,
  named,
  personFact,
  placeFacts,
  type SentFact,
  sendFacts,
} from '#tests/support/small-world.ts';

/**
 * Histories that nobody thought of: roles of any kind, agreements, bills, payments, merges and their undoing, drawn by chance. What
 * each customer is then told by the account, its bills, payments and ledger, the 360 view, the timeline, single facts and usage is
 * held against docs/access.md, said here once more in the plainest way.
 */

const zone = 'Europe/London';
const today = localDateAt(zone, Math.floor(Date.now() / 1000));
const day = (n: number): string => addDays(today, n);

// ---- what docs/access.md promises ----

const owe: readonly Role[] = ['holder', 'joint', 'executor'];
const knowBills: readonly Role[] = [...owe, 'payer', 'nominee', 'agent'];
const knowOwed: readonly Role[] = [...knowBills, 'guarantor'];
const knowUse: readonly Role[] = owe;
const kinds: readonly Role[] = [...knowOwed, 'landlord'];

interface Dates {
  readonly from: number;
  readonly to: number | null;
}
interface DrawnRole extends Dates {
  readonly account: number;
  readonly person: number;
  readonly kind: Role;
}
interface DrawnAgreement extends Dates {
  readonly account: number;
  readonly point: number;
}
interface DrawnBill {
  readonly account: number;
  readonly issued: number;
  readonly days: number | null;
  /** Days billed in advance. */
  readonly ahead: number;
}
interface DrawnPayment {
  readonly account: number;
  readonly on: number;
}
interface History {
  readonly roles: readonly DrawnRole[];
  readonly agreements: readonly DrawnAgreement[];
  readonly bills: readonly DrawnBill[];
  readonly payments: readonly DrawnPayment[];
  readonly merged: boolean;
  readonly undone: boolean;
}

const [accounts, people, points] = [
  [0, 1, 2],
  [0, 1, 2, 3],
  [0, 1],
] as const;
const holds = ({ from, to }: Dates, at: number): boolean => from <= at && (to === null || at < to);
const meets = (one: Dates, from: number, to: number): boolean => from < (one.to ?? 9999) && one.from < to;

/** Of several tellings of one thing each lasts until the next begins, and of those that begin at once the last stands. */
const cutAtNext = <Told extends Dates>(
  all: readonly Told[],
  isSame: (one: Told, other: Told) => boolean,
): readonly Told[] =>
  all.flatMap((one, place) => {
    const others = all.filter((other) => other !== one && isSame(one, other));
    if (others.some((other) => other.from === one.from && all.indexOf(other) > place)) return [];
    const next = Math.min(one.to ?? 9999, ...others.flatMap(({ from }) => (from > one.from ? [from] : [])));
    return [{ ...one, to: next === 9999 ? null : next }];
  });

/** A role told again while it holds goes on. */
const goingOn = (roles: readonly DrawnRole[]): readonly DrawnRole[] => {
  const cut = cutAtNext(roles, isSameRole);
  const endOf = (role: DrawnRole): number | null => {
    const next = cut.find((other) => other.from === role.to && isSameRole(role, other));
    return next === undefined ? role.to : endOf(next);
  };
  const isGoneOnWith = (role: DrawnRole): boolean =>
    cut.some((other) => other.to === role.from && isSameRole(role, other));
  return cut.filter((role) => !isGoneOnWith(role)).map((role) => ({ ...role, to: endOf(role) }));
};
const isSameRole = (one: DrawnRole, other: DrawnRole): boolean =>
  one.account === other.account && one.person === other.person && one.kind === other.kind;

/** Who takes service at a point: of two accounts that are told of it, the one that began later. */
const served = ({ agreements }: History): readonly DrawnAgreement[] =>
  cutAtNext(agreements, (one, other) => one.point === other.point);

/** Roles of somebody, with those of the record merged into theirs: the last person into the first. */
const rolesOf = ({ roles, merged, undone }: History, person: number): readonly DrawnRole[] => {
  const standsFor = (one: number): number => (merged && !undone && one === people.length - 1 ? 0 : one);
  return goingOn(roles).filter((role) => standsFor(role.person) === standsFor(person));
};
const begunFor = (history: History, person: number, account: number, knowing: readonly Role[]): readonly DrawnRole[] =>
  rolesOf(history, person).filter((role) => role.account === account && role.from <= 0 && knowing.includes(role.kind));
const mayNow = (history: History, person: number, account: number, knowing: readonly Role[]): boolean =>
  begunFor(history, person, account, knowing).some((role) => holds(role, 0));
/** A role of somebody who owed, as the money of the account goes by it: it is theirs until somebody else owes. */
const untilAnotherOwes = (history: History, person: number, role: DrawnRole): DrawnRole => {
  const { to } = role;
  if (to === null || !owe.includes(role.kind)) return role;
  const own = rolesOf(history, person);
  const others = goingOn(history.roles).filter(
    (one) => one.account === role.account && owe.includes(one.kind) && !own.some((mine) => mine.person === one.person),
  );
  if (others.some((one) => holds(one, to))) return role;
  const next = Math.min(9999, ...others.flatMap(({ from }) => (from > to ? [from] : [])));
  return { ...role, to: next === 9999 ? null : next };
};
/** All that tells of an account is theirs who act as long as they act, and theirs who owed for good. */
const isKept = (role: DrawnRole): boolean => owe.includes(role.kind) || holds(role, 0);
const isToldOf = (history: History, person: number, account: number, from: number, to: number): boolean =>
  begunFor(history, person, account, knowBills).some(
    (role) => isKept(role) && meets(untilAnotherOwes(history, person, role), from, to),
  );
const keeps = (history: History, person: number, account: number, knowing: readonly Role[]): boolean =>
  begunFor(history, person, account, knowing).some(isKept);
const daysOf = ({ issued, days, ahead }: DrawnBill): readonly [number, number] =>
  days === null ? [issued, issued + 1] : [issued - days, issued + ahead];
const usedOn = (history: History, person: number, point: number, at: number): boolean =>
  served(history).some(
    (agreement) =>
      agreement.point === point &&
      agreement.from <= 0 &&
      holds(agreement, at) &&
      begunFor(history, person, agreement.account, knowUse).some((role) => isKept(role) && holds(role, at)),
  );

// ---- histories by chance ----

const dates = fc
  .tuple(fc.integer({ min: -40, max: 12 }), fc.option(fc.integer({ min: 1, max: 45 }), { nil: null, freq: 3 }))
  .map(([from, length]) => ({ from, to: length === null ? null : from + length }));
const anyAccount = fc.constantFrom(...accounts);
const anyHistory: fc.Arbitrary<History> = fc.record({
  // Told twice from one day a role is one, with the end that was told last.
  roles: fc.uniqueArray(
    fc
      .tuple(anyAccount, fc.constantFrom(...people), fc.constantFrom(...kinds), dates)
      .map(([account, person, kind, held]) => ({ account, person, kind, ...held })),
    {
      minLength: 4,
      maxLength: 9,
      selector: ({ account, person, kind, from }) => `${account} ${person} ${kind} ${from}`,
    },
  ),
  agreements: fc
    .array(fc.tuple(anyAccount, fc.constantFrom(...points), dates), { minLength: 2, maxLength: 5 })
    .map((all) => all.map(([account, point, held]) => ({ account, point, ...held }))),
  bills: fc.array(
    fc.record({
      account: anyAccount,
      issued: fc.integer({ min: -35, max: 0 }),
      days: fc.option(fc.integer({ min: 1, max: 30 }), { nil: null }),
      ahead: fc.option(fc.integer({ min: 1, max: 25 }), { nil: 0 }),
    }),
    { minLength: 2, maxLength: 6 },
  ),
  payments: fc.array(fc.record({ account: anyAccount, on: fc.integer({ min: -38, max: 0 }) }), {
    minLength: 2,
    maxLength: 6,
  }),
  merged: fc.boolean(),
  undone: fc.boolean(),
});

/** Somebody becomes the holder while days are billed that were billed in advance. */
const billedInAdvance: History = {
  roles: [
    { account: 0, person: 1, kind: 'holder', from: -4, to: 17 },
    { account: 0, person: 2, kind: 'payer', from: -30, to: -10 },
    { account: 1, person: 0, kind: 'guarantor', from: -40, to: null },
    { account: 1, person: 3, kind: 'joint', from: 5, to: null },
  ],
  agreements: [
    { account: 0, point: 0, from: -30, to: null },
    { account: 1, point: 1, from: -40, to: null },
  ],
  bills: [
    { account: 0, issued: -17, days: 3, ahead: 24 },
    { account: 1, issued: -17, days: 3, ahead: 24 },
  ],
  payments: [
    { account: 0, on: -12 },
    { account: 1, on: -2 },
  ],
  merged: false,
  undone: false,
};

let system: RunningSystem;
beforeAll(async () => {
  system = await RunningSystem.start();
}, 60_000);
afterAll(() => system.stop());

const gbp = (amountMinor: number) => ({ amountMinor, currency: 'GBP' });
const billed = (n: number): number => 1_000_003 + 17 * n;
const paid = (n: number): number => 2_000_003 + 19 * n;
const until = (to: number | null) => (to === null ? {} : { to: day(to) });

const factsOf = (name: string, { roles, agreements, bills, payments }: History): readonly SentFact[] => [
  ...points.flatMap((point) => placeFacts(`${name}p${point}`, `${point} ${name} Row`)),
  ...people.map((person) => personFact(`${name}c${person}`, `P${person}`, `Of${name}`)),
  ...accounts.flatMap((account) =>
    accountFacts(`${name}a${account}`).filter(({ type }) => type === 'account.account.opened.v1'),
  ),
  ...roles.map(({ account, person, kind, from, to }, n) =>
    byBilling(`${name}-rol-${n}`, 'account.role.granted.v1', `2025-10-02T08:00:${10 + n}.000Z`, {
      account: named(`${name}a${account}`).account,
      customer: { namespace: 'crm', value: `${name}c${person}` },
      role: kind,
      from: day(from),
      ...until(to),
    }),
  ),
  ...agreements.map(({ account, point, from, to }, n) =>
    byBilling(`${name}-agr-${n}`, 'account.agreement.started.v1', `2025-10-03T08:00:${10 + n}.000Z`, {
      account: named(`${name}a${account}`).account,
      servicePoint: named(`${name}p${point}`).servicePoint,
      tariff: 'STANDARD',
      from: day(from),
      ...until(to),
    }),
  ),
  ...bills.map(({ account, issued, days, ahead }, n) =>
    byBilling(`${name}-bil-${n}`, 'billing.bill.issued.v1', `${day(issued)}T0${n}:00:00.000Z`, {
      account: named(`${name}a${account}`).account,
      amount: gbp(billed(n)),
      issuedOn: day(issued),
      dueOn: day(issued + 14),
      ...(days === null ? {} : { periodFrom: day(issued - days), periodTo: day(issued + ahead) }),
    }),
  ),
  ...payments.map(({ account, on }, n) =>
    byBilling(`${name}-pay-${n}`, 'billing.payment.received.v1', `${day(on)}T0${n}:30:00.000Z`, {
      account: named(`${name}a${account}`).account,
      amount: gbp(paid(n)),
      receivedOn: day(on),
    }),
  ),
];

const daysRead = 30;
const read = (meter: string) =>
  system.served.system.ingest.take(
    Array.from({ length: daysRead }, (_, n) => ({
      sequenceNumber: `${n}`,
      thing: meter,
      data: writeUsageBlock({
        v: 1,
        meter,
        register: '1',
        start: startOfDate(zone, day(n - daysRead)),
        interval: 1800,
        values: Array.from({ length: 48 }, () => 100),
        seq: n,
        revision: 0,
      }),
      arrivedAt: Date.now() / 1000,
    })),
  );

const Money = z.object({ amountMinor: z.number() });
const Listed = z.object({ data: z.array(z.object({ amount: Money })) });
const Seen = z.object({
  accounts: z.array(
    z.object({
      id: z.string(),
      balance: Money.optional(),
      lastBill: z.object({ amount: Money }).nullish(),
      previousBill: z.object({ amount: Money }).nullish(),
      lastPayments: z.array(z.object({ amount: Money })),
    }),
  ),
});
const Told = z.object({
  data: z.array(z.object({ type: z.string(), data: z.object({ amount: Money.optional() }) })),
  next: z.string().nullable(),
});
const Used = z.object({ data: z.array(z.object({ start: z.string(), value: z.number().nullable().optional() })) });

const build = async (name: string, history: History) => {
  const ids = await sendFacts(system, factsOf(name, history));
  await system.settle();
  const at = await Promise.all(
    accounts.map((n) => idNamed(system, `/v1/accounts/${encodeURIComponent(`billing:${name}a${n} 1/2`)}`)),
  );
  const who = await Promise.all(people.map((n) => idNamed(system, `/v1/customers/crm:${name}c${n}`)));
  const where = await Promise.all(points.map((n) => idNamed(system, `/v1/service-points/mpan:${name}p${n}`)));
  for (const n of points) await read(await addMeter(system, `${name}p${n}`, `RT-${name}-${n}`));
  if (history.merged) {
    const as = { as: { role: 'supervisor' }, headers: { 'rotunda-purpose': 'test' } } as const;
    const json = { survivor: who[0], alias: who.at(-1), reason: 'The same person.' };
    const merge = await system.must({ method: 'POST', path: '/v1/merges', ...as, json });
    await system.settle();
    const path = `/v1/merges/${String(merge.json.id)}/undo`;
    if (history.undone) await system.must({ method: 'POST', path, ...as, json: { reason: 'Father and son.' } });
  }
  await system.settle();
  return { ids, at, who, where };
};

let cases = 0;
const amounts = (path: string, as: Asker) =>
  system.ask({ path, as }).then((answer) => {
    cases += 1;
    if (answer.status !== 200) return answer.status;
    return Listed.parse(answer.json)
      .data.map(({ amount }) => Math.abs(amount.amountMinor))
      .sort();
  });

const checkAccount = async (
  name: string,
  history: History,
  world: Awaited<ReturnType<typeof build>>,
  person: number,
) => {
  const as = { customer: world.who[person] ?? '' };
  for (const account of accounts) {
    const path = `/v1/accounts/${world.at[account]}`;
    const toldBills = history.bills.flatMap((bill, n) =>
      bill.account === account && isToldOf(history, person, account, ...daysOf(bill)) ? [billed(n)] : [],
    );
    const toldPaid = history.payments.flatMap(({ account: of, on }, n) =>
      of === account && isToldOf(history, person, account, on, on + 1) ? [paid(n)] : [],
    );
    const may = keeps(history, person, account, knowBills);
    const list = (told: readonly number[]) => (may ? [...told].sort() : 404);
    const label = [name, person, account];
    expect([...label, 'bills', await amounts(`${path}/bills?limit=100`, as)]).toEqual([
      ...label,
      'bills',
      list(toldBills),
    ]);
    expect([...label, 'payments', await amounts(`${path}/payments?limit=100`, as)]).toEqual([
      ...label,
      'payments',
      list(toldPaid),
    ]);
    expect([...label, 'ledger', await amounts(`${path}/ledger?limit=100`, as)]).toEqual([
      ...label,
      'ledger',
      list([...toldBills, ...toldPaid]),
    ]);
    const answer = await system.ask({ path, as });
    const isTheirs = keeps(history, person, account, kinds);
    expect([...label, answer.status]).toEqual([...label, isTheirs ? 200 : 404]);
    if (isTheirs)
      expect([...label, 'balance' in answer.json]).toEqual([...label, keeps(history, person, account, knowOwed)]);
  }
};

const checkView = async (name: string, history: History, world: Awaited<ReturnType<typeof build>>, person: number) => {
  const as = { customer: world.who[person] ?? '' };
  const answer = await system.must({ path: `/v1/customers/${as.customer}/360`, as });
  const seen = new Map(Seen.parse(answer.json).accounts.map((one) => [one.id, one]));
  cases += 1;
  for (const account of accounts) {
    const label = [name, person, account];
    const isShown = rolesOf(history, person).some(
      (role) => role.account === account && (role.to === null || role.to > 0 || owe.includes(role.kind)),
    );
    const one = seen.get(world.at[account] ?? '');
    expect([...label, 'is there', one !== undefined]).toEqual([...label, 'is there', isShown]);
    if (one === undefined) continue;
    expect([...label, 'balance', one.balance !== undefined]).toEqual([
      ...label,
      'balance',
      keeps(history, person, account, knowOwed),
    ]);
    const may = keeps(history, person, account, knowBills);
    const told = [
      ...history.bills.map((bill, n) => ({ account: bill.account, days: daysOf(bill), amount: billed(n) })),
      ...history.payments.map(({ account: of, on }, n) => ({
        account: of,
        days: [on, on + 1] as const,
        amount: paid(n),
      })),
    ].flatMap(({ account: of, days: [from, to], amount }) =>
      may && of === account && isToldOf(history, person, account, from, to) ? [amount] : [],
    );
    const shown = [one.lastBill, one.previousBill, ...one.lastPayments].flatMap(
      (money) => money?.amount.amountMinor ?? [],
    );
    expect([...label, 'shown', shown.filter((amount) => !told.includes(amount))]).toEqual([...label, 'shown', []]);
  }
};

const checkStory = async (name: string, history: History, world: Awaited<ReturnType<typeof build>>, person: number) => {
  const as = { customer: world.who[person] ?? '' };
  const money = [
    ...history.bills.map((bill, n) => ({
      account: bill.account,
      days: daysOf(bill),
      amount: billed(n),
      event: `bil-${n}`,
    })),
    ...history.payments.map(({ account, on }, n) => ({
      account,
      days: [on, on + 1] as const,
      amount: paid(n),
      event: `pay-${n}`,
    })),
  ];
  const isTold = ({ account, days: [from, to] }: (typeof money)[number]) =>
    isToldOf(history, person, account, from, to);
  const answer = await system.must({ path: `/v1/customers/${as.customer}/timeline?limit=100&family=billing`, as });
  const amountsTold = Told.parse(answer.json).data.flatMap(({ data }) => data.amount?.amountMinor ?? []);
  expect([name, person, amountsTold.sort()]).toEqual([
    name,
    person,
    money
      .filter(isTold)
      .map((one) => one.amount)
      .sort(),
  ]);
  for (const one of money) {
    const { status } = await system.ask({ path: `/v1/facts/${world.ids.get(`${name}-${one.event}`)}`, as });
    cases += 1;
    expect([name, person, one.event, status]).toEqual([name, person, one.event, isTold(one) ? 200 : 404]);
  }
};

const checkUse = async (name: string, history: History, world: Awaited<ReturnType<typeof build>>, person: number) => {
  const as = { customer: world.who[person] ?? '' };
  for (const point of points) {
    const path = `/v1/service-points/${world.where[point]}/usage?from=${day(-daysRead)}&to=${today}&resolution=day&limit=100`;
    const answer = await system.ask({ path, as });
    cases += 1;
    const own = Array.from({ length: daysRead + 41 }, (_, n) => n - daysRead - 40).filter((at) =>
      usedOn(history, person, point, at),
    );
    // Who is to move in is told that the point is there, and nothing of what others use.
    const isToBe = served(history).some(
      (agreement) =>
        agreement.point === point &&
        (agreement.to === null || agreement.to > 0) &&
        mayNow(history, person, agreement.account, knowUse),
    );
    const isOwn = own.length > 0 || isToBe || usedOn(history, person, point, 0);
    expect([name, person, point, 'use', answer.status]).toEqual([name, person, point, 'use', isOwn ? 200 : 404]);
    if (answer.status !== 200) continue;
    const used = Used.parse(answer.json).data.filter(({ value }) => typeof value === 'number' && value > 0);
    const told = used.map(({ start }) => localDateAt(zone, Date.parse(start) / 1000));
    expect([name, person, point, told]).toEqual([
      name,
      person,
      point,
      own.filter((at) => at >= -daysRead && at < 0).map(day),
    ]);
  }
};

it('customers are told what their roles give, whatever happened', async () => {
  let n = 0;
  await fc.assert(
    fc.asyncProperty(anyHistory, async (history) => {
      n += 1;
      const name = `h${n}`;
      const world = await build(name, history);
      for (const person of people) {
        await checkAccount(name, history, world, person);
        await checkView(name, history, world, person);
        await checkStory(name, history, world, person);
        await checkUse(name, history, world, person);
      }
    }),
    { numRuns: 5, endOnFailure: true, examples: [[billedInAdvance]] },
  );
  expect(cases).toBeGreaterThan(300);
}, 600_000);
