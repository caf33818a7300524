import { account } from '#shared/profile/rules/account.ts';
import { billing } from '#shared/profile/rules/billing.ts';
import { stateOf } from '#shared/profile/rules/states.ts';
import { type AccountDigest, packAccountDigest, readAccountDigest } from '#shared/profile/rules/view/account-digest.ts';
import { dueDays, type HeldDue, heldDue, tellsDue } from '#shared/profile/rules/view/due.ts';
import { debtOn, isOfAnotherDay, type ViewParts, withoutCreditOfNext } from '#shared/profile/rules/view/view-360.ts';
import { stateKey } from '#shared/table/keys.ts';
import type { Table } from '#shared/table/table.ts';
import { loadSubject, readCurrentState } from './subjects.ts';
import { digestReader } from './view-writes.ts';

/** What is due on an account from a day on, as a digest written that day would hold it; undefined where nothing was billed or paid. */
export const dueOnAccount = async (profile: Table, account: string, today: string): Promise<HeldDue | undefined> => {
  const item = await profile.get(stateKey(account, billing.name), { consistent: true });
  if (item === undefined) return undefined;
  const { state } = stateOf(new Map([[billing.name, readCurrentState(account, billing.name, item)]]), billing);
  return heldDue(dueDays(state), today);
};

/** The digest of an account as it would be written today for a customer. */
const digestOfToday = async (profile: Table, id: string, customer: string, today: string): Promise<AccountDigest> => {
  const { head, states } = await loadSubject(profile, id);
  const holders = stateOf(states, account).state.roles.starts.map((role) => role.customer);
  return readAccountDigest(packAccountDigest(states, digestReader(holders, customer, head.stands), today));
};

/**
 * A view with what is due today: as the digests say, or from the account where nothing was written since a role of the customer's
 * began or ended, or for so long that the days a digest holds are over and others follow them.
 */
export const withDueToday = async (
  profile: Table,
  parts: ViewParts,
  customer: string,
  today: string,
): Promise<ViewParts> => {
  const accounts = await Promise.all(
    parts.accounts.map(async (one) => {
      const debt = debtOn(one.digest, today);
      if (isOfAnotherDay(one.digest, today) || (debt === 'former' && !tellsDue(one.digest.due, today)))
        return { ...one, digest: await digestOfToday(profile, one.id, customer, today) };
      const digest = withoutCreditOfNext(one.digest, today);
      if (tellsDue(digest.due, today) || debt === 'none') return { ...one, digest };
      const due = (await dueOnAccount(profile, one.id, today)) ?? digest.due;
      return { ...one, digest: { ...digest, due } };
    }),
  );
  return { ...parts, accounts };
};
