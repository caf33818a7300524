import { digests } from '#functions/digests.ts';
import { composeView } from '#functions/profile.ts';
import type { View360 } from '#functions/view.ts';
import { isKept, isLiableRole } from '#shared/access/held-rights.ts';
import { account as accountFamily } from '#shared/profile/rules/account.ts';
import { covers, isOver, overlaps, shared } from '#shared/profile/rules/periods.ts';
import { asTold, type RoleHeld, rolesHeld } from '#shared/profile/rules/roles.ts';
import { rolesRead } from '#shared/profile/rules/roles-read.ts';
import { type States, stateOf } from '#shared/profile/rules/states.ts';
import { digestReader } from '#shared/profile/rules/view/other-roles.ts';
import { premiseMark } from '#shared/profile/rules/view/premise-mark.ts';
import { maxAccounts, readViewParts } from '#shared/profile/rules/view/view-360.ts';
import { accountDigestKey, formerAccountKey, premiseDigestKey } from '#shared/table/keys.ts';
import type { Item, Key } from '#shared/table/table.ts';
import { type AsOfDeps, type Moment, type RecordsAsOf, recordsAsOf, statesAsOf } from './as-of.ts';
import { bytesOf, emptyHead, type Stands } from './items.ts';
import { allRoles } from './roles-held.ts';
import { loadSubject } from './subjects.ts';
import { renderView } from './view-writes.ts';

export interface ProfileAsOfDeps extends AsOfDeps {
  /** The utility's local date at an instant in milliseconds. */
  readonly today: (at?: number) => string;
}

/** Most premises of a view of the past. */
const mostPremises = 25;

const itemOf = (items: readonly Item[], key: Key): readonly Item[] => items.filter(({ sk }) => sk === key.sk);

interface Digests {
  readonly items: readonly Item[];
  /** Those that the digest has room for. */
  readonly premises: readonly (readonly [account: string, premise: string])[];
}

/**
 * The states of an account with the customer's roles as both moments know them: the dates both have, and the kind as it is known
 * now where then's kind is not.
 */
const onlyConfirmed = (states: States, ids: readonly string[], now: readonly RoleHeld[]): States => {
  const held = stateOf(states, accountFamily);
  const confirmed = (role: RoleHeld): readonly RoleHeld[] => {
    const alike = now.filter((one) => one.account === role.account && overlaps(one, role));
    const same = alike.filter((one) => one.role === role.role);
    return (same.length > 0 ? same : alike).map((one) => ({ ...one, customer: role.customer, ...shared(one, role) }));
  };
  const roles = rolesHeld(held.state.roles).flatMap((role) => (ids.includes(role.customer) ? confirmed(role) : [role]));
  return new Map([...states, [accountFamily.name, { ...held, state: { ...held.state, roles: asTold(roles) } }]]);
};

/** Whom each holder of a role on an account stood for then; who stood for themselves is not listed. */
const standsThen = async (
  { profile }: ProfileAsOfDeps,
  { customer, aliases }: RecordsAsOf,
  states: States,
  { knownAt }: Moment,
  standing: boolean,
): Promise<Stands> => {
  const own = [customer, ...aliases];
  const holders = new Set(rolesHeld(stateOf(states, accountFamily).state.roles).map((role) => role.customer));
  const others = await Promise.all(
    [...holders]
      .filter((holder) => !own.includes(holder))
      .map(async (holder) => [holder, (await recordsAsOf(profile, holder, knownAt, standing)).customer] as const),
  );
  return Object.fromEntries(
    [...aliases.map((alias) => [alias, customer] as const), ...others].filter(([holder, root]) => holder !== root),
  );
};

/** The digest an account had for the customer, and where it took service. */
const accountThen = async (
  deps: ProfileAsOfDeps,
  records: RecordsAsOf,
  account: string,
  moment: Moment,
  today: string,
  confirmed: readonly RoleHeld[] | undefined,
): Promise<Digests> => {
  const { customer, aliases } = records;
  const known = await statesAsOf(deps, [account], moment);
  const states = confirmed === undefined ? known : onlyConfirmed(known, [customer, ...aliases], confirmed);
  const stands = await standsThen(deps, records, states, moment, confirmed !== undefined);
  /** Without what is known by now to have been another's. */
  const cutByNow = async (written: readonly Item[]): Promise<readonly Item[]> => {
    const all = rolesHeld(stateOf((await loadSubject(deps.profile, account)).states, accountFamily).state.roles);
    const reader = digestReader([customer, ...aliases], customer, stands);
    const byNow = all.filter((role) => !reader.ids.includes(role.customer) || isKept(role, deps.today()));
    return written.map((item) => ({ ...item, b: digests.account.pack(states, { ...reader, byNow }, today) }));
  };
  const { items, head } = renderView(account, states, { ...emptyHead, stands }, today);
  const own = items.filter(({ pk }) => pk === accountDigestKey(customer, account).pk);
  const written = [accountDigestKey, formerAccountKey].flatMap((keyOf) => itemOf(own, keyOf(customer, account)));
  const digest = confirmed === undefined ? written : await cutByNow(written);
  const marks = digest.flatMap((item) => digests.account.read(bytesOf(item, 'b')).premiseMarks);
  const premises = head.premises.filter((premise) => marks.includes(premiseMark(premise)));
  return { items: digest, premises: premises.map((premise) => [account, premise]) };
};

const premiseThen = async (
  deps: ProfileAsOfDeps,
  customer: string,
  [account, premise]: readonly [string, string],
  moment: Moment,
  today: string,
): Promise<readonly Item[]> => {
  const states = await statesAsOf(deps, [premise], moment);
  if (states.size === 0) return [];
  const { items } = renderView(premise, states, emptyHead, today, [[customer, account]]);
  return itemOf(items, premiseDigestKey(customer, account, premise));
};

/**
 * Whether a customer may see an account as it was then: by what is known now a role of theirs held, or they had owed, or it was to come and
 * then too was not said to hold. What somebody was given by mistake stays theirs in no past.
 * @param now those by which they are still told of what was
 */
const isTheirs = (account: string, then: readonly RoleHeld[], now: readonly RoleHeld[], today: string): boolean => {
  const [before, since] = [then, now].map((all) => all.filter((role) => role.account === account));
  const held = (all: readonly RoleHeld[] | undefined) => (all ?? []).some((role) => covers(role, today));
  const hadHeld = (all: readonly RoleHeld[] | undefined) =>
    (all ?? []).some((role) => isOver(role, today) && isLiableRole(role));
  return (
    held(since) ||
    (hadHeld(since) && hadHeld(before)) ||
    (!held(before) && (since ?? []).some((role) => !isOver(role, today)))
  );
};

/** Accounts of roles, those of roles that were not over first, and of all roles those the one who asks may not see. */
const accountsThen = async (
  { profile, today: dayOf }: ProfileAsOfDeps,
  states: States,
  today: string,
  self: string | undefined,
): Promise<{
  /** Roles that were not over then; of the one who asks, as far as they are known now. */
  readonly lasting: readonly RoleHeld[];
  readonly shown: readonly string[];
  readonly hidden: readonly string[];
  /** The roles of the one who asks, as they are known now. */
  readonly confirmed?: readonly RoleHeld[];
}> => {
  const then = rolesRead(states) ?? [];
  const named = (held: readonly RoleHeld[]) => [...new Set(held.map((role) => role.account))].sort();
  const lastingThen = then.filter((role) => !isOver(role, today));
  const lasting = named(lastingThen);
  const shown = [...new Set([...lasting, ...named(then)])];
  if (self === undefined) return { lasting: lastingThen, shown, hidden: [] };
  const all = await allRoles(profile, await loadSubject(profile, self));
  const now = all.filter((role) => isKept(role, dayOf()));
  const theirs = new Set(shown.filter((account) => isTheirs(account, then, now, today)));
  const everTheirs = new Set(named(now));
  return {
    lasting: lastingThen
      .flatMap((role) =>
        now
          .filter((one) => one.account === role.account && overlaps(one, role))
          .map((one) => ({ ...role, ...shared(one, role) })),
      )
      .filter((role) => !isOver(role, today)),
    shown: [...theirs],
    confirmed: now,
    hidden: named(then).filter(
      (account) => !theirs.has(account) && (lasting.includes(account) || !everTheirs.has(account)),
    ),
  };
};

/** A 360 document of the past, and the records it tells of. */
export interface ProfileThen {
  readonly view: View360;
  readonly records: RecordsAsOf;
  /** Accounts that the customer who asks learns nothing of. */
  readonly hidden: readonly string[];
}

/** Every record that a document of the past tells of: each of them has the look in its log, whosever it is by now. */
export const lookedAt = ({ records }: ProfileThen): readonly string[] => [records.customer, ...records.aliases];

/**
 * The 360 document as it was at a moment in both times: the same fold, digests and view over the facts that had
 * happened and were known. The same facts and rules give the same bytes whenever asked. Undefined where the customer was not known.
 * @param named the customer's id as it was asked for: by the merges known then it may have stood for another
 * @param self the customer who asks, where one does: they see nothing of what is known by now never to have been theirs
 */
export const profileAsOf = async (
  deps: ProfileAsOfDeps,
  named: string,
  moment: Moment,
  self?: string,
): Promise<ProfileThen | undefined> => {
  const records = await recordsAsOf(deps.profile, named, moment.knownAt, self !== undefined);
  const states = await statesAsOf(deps, [records.customer, ...records.aliases], moment);
  if (!states.has('identity')) return undefined;
  const now = Date.parse(moment.asOf);
  const today = deps.today(now);
  const { lasting, shown: all, hidden, confirmed } = await accountsThen(deps, states, today, self);
  const accounts: Digests[] = [];
  for (const account of all.slice(0, maxAccounts))
    accounts.push(await accountThen(deps, records, account, moment, today, confirmed));
  const places = accounts.flatMap(({ premises }) => premises);
  const premises: Item[] = [];
  for (const place of places.slice(0, mostPremises))
    premises.push(...(await premiseThen(deps, records.customer, place, moment, today)));
  const sections = renderView(records.customer, states, emptyHead, today).items;
  const items = [...sections, ...accounts.flatMap((one) => one.items), ...premises].sort((a, b) =>
    a.sk < b.sk ? -1 : 1,
  );
  const parts = readViewParts(items.map((item) => ({ sk: item.sk, packed: bytesOf(item, 'b') })));
  if (parts.identity === undefined) return undefined;
  const morePremises = Math.max(0, places.length - mostPremises);
  const without = accounts.flatMap((one, n) => (one.items.length === 0 ? (all[n] ?? []) : []));
  const held = lasting.filter(({ account }) => without.includes(account));
  const about = {
    customer: records.customer,
    now,
    today,
    parts,
    identity: parts.identity,
    unseen: {
      count: new Set(held.map(({ account }) => account)).size,
      isHeld: held.some((role) => covers(role, today)),
    },
    morePremises,
  };
  const view = composeView(about);
  const omitted = [
    ...view.omitted,
    ...(all.length > maxAccounts ? [`accounts: ${all.length - maxAccounts} more`] : []),
    'usage: months are not kept as they were known',
  ];
  return { view: { ...view, omitted }, records, hidden };
};
