import { type AccountDigest, digests, type PremiseDigest } from '#functions/digests.ts';
import { hasRight, isLiableRole, willHaveRight } from '#shared/access/held-rights.ts';
import type { Right } from '#shared/access/role-rights.ts';
import { covers, isOver, overFrom } from '#shared/profile/rules/periods.ts';
import { type IdentityView, identityPlace, readIdentity } from './identity-section.ts';
import { premiseMark } from './premise-mark.ts';

/** VIEW and WAS items of a customer, unpacked: one consistent Query. */
export interface ViewParts {
  readonly identity: IdentityView | undefined;
  /** Packed sections of the customer's own record, by their places. */
  readonly stored: ReadonlyMap<number, Uint8Array>;
  readonly accounts: readonly ShownAccount[];
  readonly premises: readonly { readonly id: string; readonly account: string; readonly digest: PremiseDigest }[];
  readonly usage: readonly {
    readonly account: string;
    readonly premise: string;
    readonly servicePoint: string;
    readonly register: string;
    readonly packed: Uint8Array;
  }[];
}

export interface ShownAccount {
  readonly id: string;
  readonly digest: AccountDigest;
}

/** One VIEW or WAS item by its sort key. */
export interface ViewItem {
  readonly sk: string;
  readonly packed: Uint8Array;
}

/** Accounts on which every role of the customer had ended when they were written. */
const formerAccountsIn = (items: readonly ViewItem[]): readonly ShownAccount[] =>
  items.flatMap(({ sk, packed }) =>
    sk.startsWith('WAS#') ? [{ id: `acc_${sk.slice('WAS#'.length)}`, digest: digests.account.read(packed) }] : [],
  );

/** Unpacks what the query for a view gave. */
export const readViewParts = (items: readonly ViewItem[]): ViewParts => {
  const stored = new Map(
    items.flatMap(({ sk, packed }) =>
      /^VIEW#\d{1,2}$/.test(sk) ? [[Number(sk.slice('VIEW#'.length)), packed] as const] : [],
    ),
  );
  const identity = stored.get(identityPlace);
  const shared = items.flatMap((item) =>
    item.sk.startsWith('VIEW#5#') ? [{ parts: item.sk.split('#').slice(2), packed: item.packed }] : [],
  );
  return {
    identity: identity === undefined ? undefined : readIdentity(identity),
    stored,
    accounts: [
      ...shared.flatMap(({ parts: [account = '', ...rest], packed }) =>
        rest.length === 0 ? [{ id: `acc_${account}`, digest: digests.account.read(packed) }] : [],
      ),
      ...formerAccountsIn(items),
    ],
    premises: shared.flatMap(({ parts: [account, premise, ...rest], packed }) =>
      premise !== undefined && rest.length === 0
        ? [{ id: `prm_${premise}`, account: `acc_${account}`, digest: digests.premise.read(packed) }]
        : [],
    ),
    usage: shared.flatMap(({ parts: [account, premise, servicePoint, register], packed }) =>
      register !== undefined
        ? [
            {
              account: `acc_${account}`,
              premise: `prm_${premise}`,
              servicePoint: `svp_${servicePoint}`,
              register,
              packed,
            },
          ]
        : [],
    ),
  };
};

/** Most accounts the view shows; the rest pages. */
export const maxAccounts = 25;

/** Whether the sections are those that VIEW#0 was written with; `matches` compares bytes with their hash. */
export const isWhole = (
  items: readonly ViewItem[],
  parts: ViewParts,
  matches: (packed: Uint8Array, hash: Uint8Array) => boolean,
): boolean =>
  parts.identity === undefined ||
  parts.identity.hashes.every(({ place, hash }) => {
    const packed = items.find((item) => item.sk === `VIEW#${place}`)?.packed;
    return packed !== undefined && matches(packed, hash);
  });

/** Accounts a customer has to do with now, or is to: not those on which every role of theirs is over, whatever lies in the view. */
export const visibleAccounts = (parts: ViewParts, today: string): ViewParts['accounts'] =>
  parts.accounts.filter(({ digest }) => digest.roles.some((role) => !isOver(role, today)));

/** Whether the customer owed what the account owes, and every role of theirs on it is over. */
export const isFormerOf = ({ roles }: AccountDigest, today: string): boolean =>
  roles.some(isLiableRole) && roles.every((role) => isOver(role, today));

const endOf = ({ roles }: AccountDigest): string => overFrom(roles) ?? '';

/** Accounts that were a customer's own: those on which something is open first, then the last that were left. */
export const formerAccounts = (parts: Pick<ViewParts, 'accounts'>, today: string): ViewParts['accounts'] =>
  parts.accounts
    .filter(({ digest }) => isFormerOf(digest, today))
    .toSorted(
      (a, b) =>
        Number(digests.account.isUnsettled(b.digest)) - Number(digests.account.isUnsettled(a.digest)) ||
        (endOf(a.digest) === endOf(b.digest) ? 0 : endOf(a.digest) < endOf(b.digest) ? 1 : -1),
    );

/** Whether the customer holds a role on the account today. */
export const holdsRole = (digest: AccountDigest, today: string): boolean =>
  digest.roles.some((role) => covers(role, today));

/** Whether the customer's roles on the account give a right today: money shows only so, and what is at a home now. */
export const mayKnow = (digest: AccountDigest, right: Right, today: string): boolean =>
  hasRight(digest.roles, right, today);

/** Premise digests under an account that lists the premise: where the account takes service. */
export const suppliedPremises = (
  parts: ViewParts,
  accounts: ViewParts['accounts'],
  today: string,
): ViewParts['premises'] =>
  parts.premises
    .filter(({ id, account }) =>
      accounts.some((one) => one.id === account && one.digest.premiseMarks.includes(premiseMark(id))),
    )
    .map((one) => ({ ...one, digest: digests.premise.today(one.digest, today) }))
    .filter(({ digest }) => digest.agreements.length > 0);

/** Those of them that the customer's roles show as a home, now or to come. */
export const visiblePremises = (
  parts: ViewParts,
  accounts: ViewParts['accounts'],
  today: string,
): ViewParts['premises'] =>
  suppliedPremises(
    parts,
    accounts.filter(({ digest }) => willHaveRight(digest.roles, 'home', today)),
    today,
  );
