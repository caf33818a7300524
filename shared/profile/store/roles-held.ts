import type { Fact } from '#shared/contracts/facts/fact.ts';
import { readLatest, readListed } from '#shared/facts/listed-groups.ts';
import type { FoldState, ListedGroup } from '#shared/profile/rules/fold.ts';
import { inListOrder, listedGroups, type PartStates } from '#shared/profile/rules/fold-parts.ts';
import { isHeldOn, namedByPart, partOfRole, type RoleHeld, roleParts, roles } from '#shared/profile/rules/roles.ts';
import { rolesOfParts, rolesRead } from '#shared/profile/rules/roles-read.ts';
import type { States } from '#shared/profile/rules/states.ts';
import { partKeyRange, partName, partsPrefix, stateKey, subjectPartition, takesFrom } from '#shared/table/keys.ts';
import type { Item, Table } from '#shared/table/table.ts';
import { bodyOf } from '#shared/vocabulary/ids.ts';
import { partOfState } from './items.ts';
import { type LoadedSubject, readAll, readCurrentState } from './subjects.ts';

/**
 * Roles of a customer, those of the records that lead to theirs among them. Where a customer was read with all parts of their roles,
 * nothing more is read here; with very many accounts, or with such records, only what is asked for.
 */
type Customer = Pick<LoadedSubject, 'subject' | 'head' | 'states'>;

const recordsOf = ({ subject, head }: Customer): readonly string[] => [subject, ...head.aliases];

const partsIn = (record: string, items: readonly Item[]): PartStates =>
  new Map(
    items.flatMap((item): readonly (readonly [string, FoldState<unknown>])[] => {
      const part = partOfState(item.sk);
      return part?.family === roles.name ? [[part.part, readCurrentState(record, roles.name, item)]] : [];
    }),
  );

/** Every role, by account. */
export const allRoles = async (profile: Table, customer: Customer): Promise<readonly RoleHeld[]> => {
  const read = rolesRead(customer.states);
  if (read !== undefined) return read;
  const pages = await Promise.all(
    recordsOf(customer).map(async (record) =>
      partsIn(record, await readAll(profile, { pk: subjectPartition(record), ...partKeyRange, consistent: true })),
    ),
  );
  return rolesOfParts(new Map(pages.flatMap((parts) => [...parts])));
};

/** Roles on some accounts. */
export const rolesOn = async (
  profile: Table,
  customer: Customer,
  accounts: readonly string[],
): Promise<readonly RoleHeld[]> => {
  const wanted = new Set(accounts);
  const read = rolesRead(customer.states);
  if (read !== undefined) return read.filter(({ account }) => wanted.has(account));
  const found = await Promise.all(
    recordsOf(customer).flatMap((record) =>
      [...wanted].map(async (account) => {
        const key = stateKey(record, partName(roles.name, partOfRole(account, record)));
        const item = await profile.get(key, { consistent: true });
        return partsIn(record, item === undefined ? [] : [item]);
      }),
    ),
  );
  return rolesOfParts(new Map(found.flatMap((parts) => [...parts])));
};

/** The part that a fact of a customer's roles belongs to, as states of parts; undefined where all parts were read. */
export const readPartOf = async (profile: Table, customer: Customer, fact: Fact): Promise<PartStates | undefined> => {
  if (customer.states.get(roles.name)?.parts !== undefined) return undefined;
  const part = roleParts.of(fact);
  if (part === undefined) return new Map();
  const record = namedByPart(part).customer;
  const item = await profile.get(stateKey(record, partName(roles.name, part)), { consistent: true });
  return partsIn(record, item === undefined ? [] : [item]);
};

/** Parts read of one record for a page, and whether there are more behind them. */
interface ReadParts {
  readonly parts: PartStates;
  readonly reached: string | undefined;
}

const readParts = async (profile: Table, record: string, from: string, limit: number): Promise<ReadParts> => {
  const { items, cursor } = await profile.query({
    pk: subjectPartition(record),
    from,
    to: `${partsPrefix(roles.name)}~`,
    limit,
    consistent: true,
  });
  return { parts: partsIn(record, items), reached: cursor === undefined ? undefined : items.at(-1)?.sk };
};

/** Where roles are read from: an account itself, or all behind it. */
export interface RolesFrom {
  readonly account: string;
  readonly isBehind: boolean;
}

const isIn = ({ account }: RoleHeld, from: RolesFrom): boolean =>
  from.isBehind ? account > from.account : account >= from.account;

/** Bounds the parts of records from there on; behind an account come those of no record of it. */
const keyFrom = (from: RolesFrom | undefined): string =>
  partsPrefix(roles.name, from === undefined ? '' : `${bodyOf(from.account)}${from.isBehind ? '-~' : ''}`);

const accountOfPart = (sk: string): string | undefined => {
  const part = partOfState(sk);
  return part === undefined ? undefined : namedByPart(part.part).account;
};

/**
 * Roles by account, from one on: those of some accounts, each told whole, and where more are to be read.
 * @param most accounts of each record that are read
 */
export const rolesFrom = async (
  profile: Table,
  customer: Customer,
  from: RolesFrom | undefined,
  most: number,
): Promise<{ readonly roles: readonly RoleHeld[]; readonly next: RolesFrom | undefined }> => {
  const read = rolesRead(customer.states);
  if (read !== undefined)
    return { roles: read.filter((one) => from === undefined || isIn(one, from)), next: undefined };
  const pages = await Promise.all(recordsOf(customer).map((record) => readParts(profile, record, keyFrom(from), most)));
  // A record has one part for each account: up to where the first of them stops, all is read.
  const [account] = pages
    .flatMap(({ reached }) => (reached === undefined ? [] : (accountOfPart(reached) ?? [])))
    .sort();
  const found = rolesOfParts(new Map(pages.flatMap((page) => [...page.parts])));
  return account === undefined
    ? { roles: found, next: undefined }
    : { roles: found.filter((one) => one.account <= account), next: { account, isBehind: true } };
};

/** Accounts somebody has to do with: those that go on first, then the latest. Each record of theirs has its own. */
export type AccountsHeld = readonly (Omit<ListedGroup, 'group'> & { readonly account: string })[];

const asAccounts = (groups: readonly ListedGroup[]): AccountsHeld =>
  groups.toSorted(inListOrder).map(({ group, ...times }) => ({ ...times, account: namedByPart(group).account }));

/** The same from states, where all parts were read; undefined where not. */
export const accountsRead = (states: States): AccountsHeld | undefined => {
  const held = states.get(roles.name);
  if (held === undefined) return [];
  return held.parts === undefined ? undefined : asAccounts(listedGroups(roleParts, held.parts));
};

/** Roles on the accounts that go on, then on those that ended last, up to so many accounts; in that order. */
export const latestRoles = async (profile: Table, customer: Customer, most: number): Promise<readonly RoleHeld[]> => {
  const held = accountsRead(customer.states) ?? asAccounts(await readLatest(profile, recordsOf(customer), most));
  const accounts = [...new Set(held.map(({ account }) => account))].slice(0, most);
  const found = await rolesOn(profile, customer, accounts);
  return accounts.flatMap((id) => found.filter(({ account }) => account === id));
};

/** Accounts that are theirs on a day, or are to be. */
export const accountsHeld = async (profile: Table, customer: Customer, today: string): Promise<AccountsHeld> => {
  const read = accountsRead(customer.states);
  if (read !== undefined) return read.filter(({ until }) => until === null || until > today);
  return asAccounts(await readListed(profile, recordsOf(customer), takesFrom(today)));
};

/** Most accounts that are listed with a customer. */
const mostListed = 100;

/** Accounts on which a customer holds a role on a day, each once: the first, and how many more there are. */
export const accountsNow = (
  held: AccountsHeld,
  today: string,
): { readonly accounts: string[]; readonly moreAccounts?: number } => {
  const now = [...new Set(held.filter((one) => isHeldOn(one, today)).map(({ account }) => account))];
  const accounts = now.slice(0, mostListed);
  return now.length === accounts.length ? { accounts } : { accounts, moreAccounts: now.length - accounts.length };
};
