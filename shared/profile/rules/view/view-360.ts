import { hasRight, isKept, isLiableRole, keepsRight, willHaveRight } from '#shared/access/held-rights.ts';
import { givesRight, type Right } from '#shared/access/role-rights.ts';
import { covers, isOver, overFrom } from '#shared/profile/rules/periods.ts';
import { type AccountDigest, premiseMark, readAccountDigest } from './account-digest.ts';
import { type DebtTold, debtTold } from './former-money.ts';
import { type IdentityView, identityPlace, readIdentity } from './identity-section.ts';
import { type PremiseDigest, readPremiseDigest } from './premise-digest.ts';

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
    sk.startsWith('WAS#') ? [{ id: `acc_${sk.slice('WAS#'.length)}`, digest: readAccountDigest(packed) }] : [],
  );

/** Unpacks what the query for a view gave. */
export const readViewParts = (items: readonly ViewItem[]): ViewParts => {
  const stored = new Map(
    items.flatMap(({ sk, packed }) =>
      /^VIEW#\d{1,2}$/.test(sk) ? [[Number(sk.slice('VIEW#'.length)), packed] as const] : [],
    ),
  );
  const identity = stored.get(identityPlace);
  const digests = items.flatMap((item) =>
    item.sk.startsWith('VIEW#5#') ? [{ parts: item.sk.split('#').slice(2), packed: item.packed }] : [],
  );
  return {
    identity: identity === undefined ? undefined : readIdentity(identity),
    stored,
    accounts: [
      ...digests.flatMap(({ parts: [account = '', ...rest], packed }) =>
        rest.length === 0 ? [{ id: `acc_${account}`, digest: readAccountDigest(packed) }] : [],
      ),
      ...formerAccountsIn(items),
    ],
    premises: digests.flatMap(({ parts: [account, premise, ...rest], packed }) =>
      premise !== undefined && rest.length === 0
        ? [{ id: `prm_${premise}`, account: `acc_${account}`, digest: readPremiseDigest(packed) }]
        : [],
    ),
    usage: digests.flatMap(({ parts: [account, premise, servicePoint, register], packed }) =>
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

const isUnsettled = ({ balance, due }: AccountDigest): boolean => balance !== 0 || due.days.length > 0;

/** Accounts that were a customer's own: those on which something is open first, then the last that were left. */
export const formerAccounts = (parts: Pick<ViewParts, 'accounts'>, today: string): ViewParts['accounts'] =>
  parts.accounts
    .filter(({ digest }) => isFormerOf(digest, today))
    .toSorted(
      (a, b) =>
        Number(isUnsettled(b.digest)) - Number(isUnsettled(a.digest)) ||
        (endOf(a.digest) === endOf(b.digest) ? 0 : endOf(a.digest) < endOf(b.digest) ? 1 : -1),
    );

/** Whether the customer holds a role on the account today. */
export const holdsRole = (digest: AccountDigest, today: string): boolean =>
  digest.roles.some((role) => covers(role, today));

/** Whether the customer's roles on the account give a right today: money shows only so, and what is at a home now. */
export const mayKnow = (digest: AccountDigest, right: Right, today: string): boolean =>
  hasRight(digest.roles, right, today);

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

/**
 * A digest as it is today, though nothing was written since: without agreements that ended by their dates, the points that none is
 * left of, and outages of what nobody of the account takes there yet, which until then are another's.
 */
const asOfToday = (digest: PremiseDigest, today: string): PremiseDigest => {
  const agreements = digest.agreements.filter((one) => !isOver(one, today));
  const lasting = new Set(agreements.map(({ servicePoint }) => servicePoint));
  const taken = new Set(agreements.flatMap((one) => (covers(one, today) ? [one.servicePoint] : [])));
  const servicePoints = digest.servicePoints.filter(({ id }) => lasting.has(id));
  const commodities = new Set(servicePoints.flatMap(({ id, commodity }) => (taken.has(id) ? [commodity] : [])));
  return {
    ...digest,
    agreements,
    servicePoints,
    outages: digest.outages.filter(({ commodity }) => commodities.has(commodity)),
    insights: digest.insights.filter(({ servicePoint }) => lasting.has(servicePoint)),
  };
};

/** Premise digests under an account that lists the premise (K10): where the account takes service. */
export const suppliedPremises = (
  parts: ViewParts,
  accounts: ViewParts['accounts'],
  today: string,
): ViewParts['premises'] =>
  parts.premises
    .filter(({ id, account }) =>
      accounts.some((one) => one.id === account && one.digest.premiseMarks.includes(premiseMark(id))),
    )
    .map((one) => ({ ...one, digest: asOfToday(one.digest, today) }))
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
