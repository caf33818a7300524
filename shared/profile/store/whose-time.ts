import { rolesForMoney } from '#shared/access/money-time.ts';
import { givesRight, type Right } from '#shared/access/role-rights.ts';
import { type PlaceOfSomebody, pointsSpokenOf, rangeOfTime, rangesOfRoles } from '#shared/access/told-of.ts';
import type { Fact } from '#shared/contracts/facts/fact.ts';
import { account } from '#shared/profile/rules/account.ts';
import { overlaps, type Period } from '#shared/profile/rules/periods.ts';
import type { ServicePoint } from '#shared/profile/rules/premise.ts';
import { type RoleHeld, rolesHeld } from '#shared/profile/rules/roles.ts';
import { stateOf } from '#shared/profile/rules/states.ts';
import { subjectKindOf } from '#shared/table/keys.ts';
import type { Table } from '#shared/table/table.ts';
import { common, type Range } from '#shared/vocabulary/ranges.ts';
import { placeOf, readSpoken, StatesOnce } from './own-time.ts';
import { loadStored, loadSubject, loadSurvivor } from './subjects.ts';

/** Most customers that one entry of the audit names of a time, the latest. */
const mostNamed = 300;

/** Those who hold roles on an account, by whom they stand for now. */
const holdersOf = async (profile: Table, id: string): Promise<ReadonlyMap<string, readonly RoleHeld[]>> => {
  const { states, head } = await loadSubject(profile, id);
  const held = new Map<string, readonly RoleHeld[]>();
  for (const role of rolesHeld(stateOf(states, account).state.roles)) {
    const customer = head.stands[role.customer] ?? role.customer;
    held.set(customer, [...(held.get(customer) ?? []), role]);
  }
  return held;
};

/**
 * Customers whose own time at a service point meets some ranges (Unix seconds): those whose log notes a look at it, whosever the
 * point is now. Work for each account that took service there then.
 * @param place the premise of the point
 */
export const whoseTime = async (
  profile: Table,
  place: Pick<PlaceOfSomebody, 'agreements'>,
  point: Parameters<typeof rangesOfRoles>[2],
  ranges: readonly Range[],
  right: Right = 'use',
): Promise<readonly string[]> => {
  const accounts = [
    ...new Set(place.agreements.filter(({ servicePoint }) => servicePoint === point.id).map((one) => one.account)),
  ];
  const named = await Promise.all(
    accounts.map(async (id) => {
      const holders = [...(await holdersOf(profile, id))];
      return holders.flatMap(([customer, roles]) => {
        const then = roles.filter(({ role }) => givesRight(role, right));
        return common(rangesOfRoles(then, place.agreements, point), ranges).length > 0 ? [customer] : [];
      });
    }),
  );
  return [...new Set(named.flat())].slice(-mostNamed);
};

/** The same of a point as it is supplied. */
export const whoseAt = async (
  profile: Table,
  { point, premise }: { readonly point: ServicePoint; readonly premise: string },
  ranges: readonly Range[],
): Promise<readonly string[]> =>
  whoseTime(profile, placeOf((await loadSubject(profile, premise)).states), point, ranges);

/** Of those who hold roles on an account those whose time by a right meets one of some times; money is theirs until another owes. */
const holdersOver = (
  holders: ReadonlyMap<string, readonly RoleHeld[]>,
  right: Right,
  times: readonly Period[],
): readonly string[] => {
  const all = [...holders].flatMap(([customer, roles]) => roles.map((role) => ({ ...role, customer })));
  return [...holders].flatMap(([customer, roles]) =>
    (right === 'bills' ? rolesForMoney(all, [customer]) : roles).some(
      (role) => givesRight(role.role, right) && times.some((time) => overlaps(role, time)),
    )
      ? [customer]
      : [],
  );
};

/** Customers whose own time on an account is spoken of: by its money, and by the service that it took. */
export const whoseAccount = async (
  profile: Table,
  id: string,
  times: { readonly money?: readonly Period[]; readonly service?: readonly Period[] },
): Promise<readonly string[]> => {
  const { money = [], service = [] } = times;
  if (money.length + service.length === 0) return [];
  const holders = await holdersOf(profile, id);
  const named = [...holdersOver(holders, 'bills', money), ...holdersOver(holders, 'account', service)];
  return [...new Set(named)].slice(-mostNamed);
};

const survivorOf = async (profile: Table, customer: string): Promise<string> =>
  (await loadSurvivor(profile, await loadStored(profile, customer))).subject;

/** Customers whom a fact speaks of, by the time it speaks of; undefined where that is of no time, and those count whose it is now. */
export const whoseFact = async (profile: Table, fact: Fact): Promise<readonly string[] | undefined> => {
  const states = new StatesOnce(profile);
  const spoken = await readSpoken(profile, states, fact);
  if (spoken?.of === 'account') {
    const then = holdersOver(await holdersOf(profile, spoken.account), spoken.right, [spoken.days]);
    return spoken.holder === undefined ? then : [...new Set([...then, await survivorOf(profile, spoken.holder)])];
  }
  if (spoken?.of === 'place') {
    if (spoken.time === 'always') return undefined;
    const { time, right } = spoken;
    const place = placeOf(await states.of(spoken.premise));
    const named = pointsSpokenOf(spoken, place).map((point) =>
      whoseTime(profile, place, point, [rangeOfTime(point.zone, time)], right),
    );
    return [...new Set((await Promise.all(named)).flat())];
  }
  const records = fact.subjects.filter((subject) => subjectKindOf(subject) === 'customer');
  return [...new Set(await Promise.all(records.map((record) => survivorOf(profile, record))))];
};
