import { isHeldOn } from '#shared/profile/rules/roles.ts';
import type { AccountCounts } from '#shared/profile/rules/roles-read.ts';
import { type ViewParts, visibleAccounts } from '#shared/profile/rules/view/view-360.ts';
import type { Table } from '#shared/table/table.ts';
import { accountsHeld } from './roles-held.ts';
import { loadSubject } from './subjects.ts';

/** Accounts that are a customer's, or are to be, and that their view has no digest of: the digest goes to the first holders alone. */
export interface UnseenAccounts {
  readonly count: number;
  /** Whether the customer holds a role on one of them now. */
  readonly isHeld: boolean;
}

export const noneUnseen: UnseenAccounts = { count: 0, isHeld: false };

/** Whether there may be more accounts than digests: then the roles are asked, which cost a read of their own. */
const mayBeMore = ({ open, ending }: AccountCounts, accounts: ViewParts['accounts'], today: string): boolean => {
  const month = today.slice(0, 7);
  const counted = ending.reduce((sum, [until, count]) => sum + (until >= month ? count : 0), open);
  const seen = accounts.filter(({ digest }) => digest.roles.some(({ to }) => to === null || to.slice(0, 7) >= month));
  return counted > seen.length;
};

export const unseenAccounts = async (
  profile: Table,
  customer: string,
  parts: ViewParts,
  today: string,
): Promise<UnseenAccounts> => {
  if (parts.identity === undefined || !mayBeMore(parts.identity.accounts, parts.accounts, today)) return noneUnseen;
  const seen = new Set(visibleAccounts(parts, today).map(({ id }) => id));
  const held = await accountsHeld(profile, await loadSubject(profile, customer), today);
  const unseen = held.filter(({ account }) => !seen.has(account));
  return {
    count: new Set(unseen.map(({ account }) => account)).size,
    isHeld: unseen.some((one) => isHeldOn(one, today)),
  };
};
