import { billing } from '#shared/domain/profile/billing.ts';
import { dueDays, type HeldDue, heldDue, tellsDue } from '#shared/domain/profile/due.ts';
import { stateOf } from '#shared/domain/profile/families.ts';
import { mayKnow, type ViewParts } from '#shared/domain/profile/view-360.ts';
import { stateKey } from '#shared/store/keys.ts';
import { readCurrentState } from '#shared/store/subjects.ts';
import type { Table } from '#shared/store/table.ts';

/** What is due on an account from a day on, as a digest written that day would hold it; undefined where nothing was billed or paid. */
export const dueOnAccount = async (profile: Table, account: string, today: string): Promise<HeldDue | undefined> => {
  const item = await profile.get(stateKey(account, billing.name), { consistent: true });
  if (item === undefined) return undefined;
  const { state } = stateOf(new Map([[billing.name, readCurrentState(account, billing.name, item)]]), billing);
  return heldDue(dueDays(state), today);
};

/**
 * A view with what is due today: as the digests say, or from the account where nothing was written for so long that the days a
 * digest holds are over and others follow them.
 */
export const withDueToday = async (profile: Table, parts: ViewParts, today: string): Promise<ViewParts> => {
  const accounts = await Promise.all(
    parts.accounts.map(async (one) => {
      if (tellsDue(one.digest.due, today) || !mayKnow(one.digest, 'owed', today)) return one;
      const due = (await dueOnAccount(profile, one.id, today)) ?? one.digest.due;
      return { ...one, digest: { ...one.digest, due } };
    }),
  );
  return { ...parts, accounts };
};
