import type { View360 } from '#functions/view.ts';
import type { Right } from '#shared/access/role-rights.ts';
import type { FamilyName } from '#shared/vocabulary/fact.ts';
import type { IdentityView } from './identity-section.ts';
import {
  formerAccounts,
  maxAccounts,
  mayKnow,
  suppliedPremises,
  type ViewParts,
  visibleAccounts,
  visiblePremises,
} from './view-360.ts';

/** Accounts that are a customer's, or are to be, and that their view has no digest of: the digest goes to the first holders alone. */
export interface UnseenAccounts {
  readonly count: number;
  /** Whether the customer holds a role on one of them now. */
  readonly isHeld: boolean;
}

type Usage = View360['usage'][number];
/** Usage of one register, and under which account and at which premise. */
export type UsageRead = Usage & { readonly account: string; readonly premise: string };

/** What a view is composed of, and for which moment. */
export interface Composed {
  readonly customer: string;
  /** Milliseconds: how long ago each source was heard of is told from then. */
  readonly now: number;
  readonly today: string;
  readonly parts: ViewParts;
  readonly identity: IdentityView;
  /** Accounts of which there is no digest. */
  readonly unseen: UnseenAccounts;
  /** Premises left out besides those that an account's digest has no room for. */
  readonly morePremises: number;
}

/** What every section may read: the parts of a view, and what of them is shown to whom. */
export interface ViewBasis extends Composed {
  readonly usage: readonly UsageRead[];
  /** Accounts that are the customer's now or are to be. */
  readonly all: ViewParts['accounts'];
  /** Those of them that there is room for. */
  readonly accounts: ViewParts['accounts'];
  readonly former: ViewParts['accounts'];
  /** Those of now, then those that were the customer's, as long as there is room. */
  readonly shown: ViewParts['accounts'];
  /** Where the accounts take service. */
  readonly supplied: ViewParts['premises'];
  /** Those of them that are a home of the customer's, now or to come. */
  readonly premises: ViewParts['premises'];
}

export const viewBasis = (composed: Composed, usage: readonly UsageRead[]): ViewBasis => {
  const { parts, today } = composed;
  const all = visibleAccounts(parts, today);
  const accounts = all.slice(0, maxAccounts);
  const former = formerAccounts(parts, today);
  return {
    ...composed,
    usage,
    all,
    accounts,
    former,
    shown: [...all, ...former].slice(0, maxAccounts),
    supplied: suppliedPremises(parts, accounts, today),
    premises: visiblePremises(parts, accounts, today),
  };
};

/** Premises of which the customer's roles give a right today. */
export const premisesWith = ({ accounts, premises, today }: ViewBasis, right: Right): ViewParts['premises'] => {
  const through = new Set(accounts.flatMap(({ id, digest }) => (mayKnow(digest, right, today) ? [id] : [])));
  return premises.filter(({ account }) => through.has(account));
};

/** Usage at some premises, as it is shown. */
export const usageAt = ({ usage }: ViewBasis, premises: ViewParts['premises']): Usage[] =>
  usage
    .filter((one) => premises.some((premise) => premise.id === one.premise && premise.account === one.account))
    .map(({ account: _account, premise: _premise, ...one }) => one);

/** Why a section is what it is, where one sentence says it of all its values. */
export interface SectionReason {
  readonly formula: string;
  /** Families of the customer's record that it is made of. */
  readonly of: readonly FamilyName[];
}
