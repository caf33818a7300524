import { isKept, keepsRight } from '#shared/access/held-rights.ts';
import { givesRight } from '#shared/access/role-rights.ts';
import { isOver } from '#shared/profile/rules/periods.ts';
import { stateOf } from '#shared/profile/rules/states.ts';
import type { DigestOfToday } from '#shared/profile/rules/view/digest.ts';
import type { AccountDigest } from './account-digest.ts';
import { billing } from './billing.ts';
import { dueDays, heldDue, tellsDue } from './due.ts';
import { type DebtTold, debtTold } from './former-money.ts';

/** What of the account's debt is told to the customer today; none where the digest was written for other roles than hold now. */
export const debtOn = (digest: AccountDigest, today: string): DebtTold => {
  const debt = debtTold(digest.roles, today);
  return debt === digest.debt ? debt : 'none';
};

/** A digest whose credit went to whoever came to owe what the account owes, though nothing was written since, has none any more. */
export const withoutCreditOfNext = (digest: AccountDigest, today: string): AccountDigest =>
  digest.creditUntil === null || digest.creditUntil > today ? digest : { ...digest, balance: 0, creditUntil: null };

/**
 * Whether a digest may hold bills and payments of a time in which the customer acted for another and does no longer: such a role is
 * over, and nothing that was told since says that the digest was written after it.
 */
const mayTellOfActing = ({ roles, sources }: AccountDigest, today: string): boolean => {
  const heardOn =
    sources
      .map(({ lastFactAt }) => lastFactAt.slice(0, 10))
      .sort()
      .at(-1) ?? '';
  return roles.some(
    (one) =>
      givesRight(one.role, 'bills') &&
      isOver(one, today) &&
      !isKept(one, today) &&
      one.to !== null &&
      heardOn <= one.to,
  );
};

/** Whether a digest was written for another standing than the customer's today: roles begin and end with a day. */
export const isOfAnotherDay = (digest: AccountDigest, today: string): boolean => {
  const debt = debtTold(digest.roles, today);
  return (debt !== 'none' && debt !== digest.debt) || (mayKnowBills(digest, today) && mayTellOfActing(digest, today));
};

/** Whether bills and payments of the account are told to the customer today: by a role that holds, or of a time when they owed. */
export const mayKnowBills = (digest: AccountDigest, today: string): boolean => keepsRight(digest.roles, 'bills', today);

/** Whether money is open on the account, as far as its digest tells. */
export const isUnsettled = ({ balance, due }: AccountDigest): boolean => balance !== 0 || due.days.length > 0;

/**
 * A digest of an account with what is due today: as it was written, or from the account where nothing was written since a role of the
 * customer's began or ended, or for so long that the days a digest holds are over and others follow them.
 */
export const accountOfToday = (written: AccountDigest, today: string): DigestOfToday<AccountDigest> => {
  const debt = debtOn(written, today);
  if (isOfAnotherDay(written, today) || (debt === 'former' && !tellsDue(written.due, today))) return 'anew';
  const digest = withoutCreditOfNext(written, today);
  if (tellsDue(digest.due, today) || debt === 'none') return { digest };
  return {
    digest,
    completed: {
      by: billing.name,
      with: (states) => ({ ...digest, due: heldDue(dueDays(stateOf(states, billing).state), today) }),
    },
  };
};
