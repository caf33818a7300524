import type { AnswerOf } from '#shared/contracts/api/routes.ts';
import { type States, stateOf } from '#shared/domain/profile/families.ts';
import { roles, rolesHeld } from '#shared/domain/profile/roles.ts';

type Entry = AnswerOf<'listCustomerAccounts'>['data'][number];

/** Roles of a customer, by account and the day they began, those that are over too. */
export const listAccounts = (
  states: States,
  { limit, after, today }: { readonly limit: number; readonly after: string | undefined; readonly today: string },
): { readonly data: Entry[]; readonly next: string | null } => {
  const all = rolesHeld(stateOf(states, roles).state.roles)
    .map((held) => ({ held, place: `${held.account} ${held.from} ${held.role} ${held.customer}` }))
    .sort((a, b) => (a.place < b.place ? -1 : 1))
    .filter(({ place }) => after === undefined || place > after);
  const shown = all.slice(0, limit);
  return {
    data: shown.map(({ held: { account, role, from, to } }) => ({
      accountId: account,
      role,
      from,
      ...(to === null ? {} : { to }),
      ...(from > today ? { planned: true as const } : {}),
    })),
    next: all.length > limit ? (shown.at(-1)?.place ?? null) : null,
  };
};
