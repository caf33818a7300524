import { type AccountDigest, digests } from '#functions/digests.ts';
import { account } from '#shared/profile/rules/account.ts';
import { stateOf } from '#shared/profile/rules/states.ts';
import type { CompletedDigest } from '#shared/profile/rules/view/digest.ts';
import { digestReader } from '#shared/profile/rules/view/other-roles.ts';
import type { ShownAccount, ViewParts } from '#shared/profile/rules/view/view-360.ts';
import { stateKey } from '#shared/table/keys.ts';
import type { Table } from '#shared/table/table.ts';
import { loadSubject, readCurrentState } from './subjects.ts';

/** The digest of an account as it would be written today for a customer. */
const digestOfToday = async (profile: Table, id: string, customer: string, today: string): Promise<AccountDigest> => {
  const { head, states } = await loadSubject(profile, id);
  const holders = stateOf(states, account).state.roles.starts.map((role) => role.customer);
  return digests.account.read(digests.account.pack(states, digestReader(holders, customer, head.stands), today));
};

/** What a digest comes to with the state of the one family that tells the rest; undefined where that tells nothing. */
export const completeDigest = async <Digest>(
  profile: Table,
  id: string,
  { by, with: withStates }: CompletedDigest<Digest>,
): Promise<Digest | undefined> => {
  const item = await profile.get(stateKey(id, by), { consistent: true });
  return item === undefined ? undefined : withStates(new Map([[by, readCurrentState(id, by, item)]]));
};

const ofToday = async (profile: Table, one: ShownAccount, customer: string, today: string): Promise<AccountDigest> => {
  const known = digests.account.today(one.digest, today);
  if (known === 'anew') return digestOfToday(profile, one.id, customer, today);
  const { digest, completed } = known;
  return completed === undefined ? digest : ((await completeDigest(profile, one.id, completed)) ?? digest);
};

/** A view with its accounts as they are today, though nothing was written since. */
export const withAccountsOfToday = async (
  profile: Table,
  parts: ViewParts,
  customer: string,
  today: string,
): Promise<ViewParts> => {
  const accounts = await Promise.all(
    parts.accounts.map(async (one) => ({ ...one, digest: await ofToday(profile, one, customer, today) })),
  );
  return { ...parts, accounts };
};
