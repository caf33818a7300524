import type { Fact } from '#shared/contracts/facts/fact.ts';
import { orderOfFact, writeFact } from '#shared/profile/store/items.ts';
import { factIdOf, mintedId } from '#shared/runtime/identify.ts';
import { stateKey } from '#shared/table/keys.ts';
import type { ProfileSystem } from './profile-system.ts';

/** Id of an account of which roles alone are known. */
export const lettingId = (n: number): string => mintedId('account', factIdOf('billing', `letting${n}`));

export interface LettingRole {
  readonly n: number;
  readonly from: string;
  readonly to?: string;
}

/**
 * Puts facts of so many roles beside a customer and has the record folded from its facts: telling of thousands of accounts one by one
 * takes minutes.
 */
export const giveRoles = async (
  { profile, committer }: Pick<ProfileSystem, 'profile' | 'committer'>,
  customer: string,
  roles: readonly LettingRole[],
): Promise<void> => {
  const items = roles.map(({ n, from, to }) => {
    const event = `role-${customer}-${n}-${from}`;
    const account = lettingId(n);
    const at = new Date(Date.UTC(2025, 0, 5, 8, 0, 0) + n * 1000).toISOString();
    const fact: Fact = {
      id: factIdOf('billing', event),
      type: 'account.role.granted.v1',
      source: { system: 'billing', actor: 'machine:billing' },
      sourceEventId: event,
      sourceSequence: 0,
      occurredAt: at,
      recordedAt: at,
      data: { account, customer, role: 'agent', from, ...(to === undefined ? {} : { to }) },
      subjects: [account, customer],
      families: ['account', 'roles'],
    };
    const bare = { sealed: undefined, owner: undefined, hides: [], survivor: undefined, retractedBy: undefined };
    return writeFact(customer, 'roles', { ...bare, fact, order: orderOfFact(fact), sequence: undefined });
  });
  for (let at = 0; at < items.length; at += 25) await profile.batchPut(items.slice(at, at + 25));
  // A state as older rules may have left it: without one a refold looks for no facts of the family.
  const b = JSON.stringify({ sources: {}, groundless: { count: 0, latest: [] }, state: {} });
  await profile.batchPut([{ ...stateKey(customer, 'roles'), rules: 0, count: items.length, last: '', b }]);
  await committer.refold(customer);
};
