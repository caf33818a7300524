import type { AnswerOf } from '#functions/routes.ts';
import type { RoleHeld } from '#shared/profile/rules/roles.ts';
import { type RolesFrom, rolesFrom } from '#shared/profile/store/roles-held.ts';
import type { LoadedSubject } from '#shared/profile/store/subjects.ts';
import type { Table } from '#shared/table/table.ts';

type Entry = AnswerOf<'listCustomerAccounts'>['data'][number];

const placeOf = ({ account, from, role, customer }: RoleHeld): string => `${account} ${from} ${role} ${customer}`;

/** Roles of a customer, by account and the day they began, those that are over too. */
export const listAccounts = async (
  profile: Table,
  customer: LoadedSubject,
  { limit, after, today }: { readonly limit: number; readonly after: string | undefined; readonly today: string },
): Promise<{ readonly data: Entry[]; readonly next: string | null }> => {
  const found: RoleHeld[] = [];
  const [account] = (after ?? '').split(' ');
  let from: RolesFrom | undefined = account === undefined || account === '' ? undefined : { account, isBehind: false };
  do {
    const page = await rolesFrom(profile, customer, from, limit + 1);
    found.push(...page.roles.filter((role) => after === undefined || placeOf(role) > after));
    from = page.next;
  } while (from !== undefined && found.length <= limit);
  const all = found.toSorted((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
  const shown = all.slice(0, limit);
  const last = shown.at(-1);
  return {
    data: shown.map(({ account: accountId, role, from: begun, to }) => ({
      accountId,
      role,
      from: begun,
      ...(to === null ? {} : { to }),
      ...(begun > today ? { planned: true as const } : {}),
    })),
    next: all.length > limit && last !== undefined ? placeOf(last) : null,
  };
};
