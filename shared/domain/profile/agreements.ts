import type { Fact } from '#shared/vocabulary/fact.ts';
import { type Disputed, effectivePeriods } from './effective-periods.ts';
import { flag, text } from './fact-data.ts';
import type { Family } from './fold.ts';
import type { Period } from './periods.ts';
import { endSaid, type ToldKind, type ToldList, type ToldStart, withEnd, withStart } from './told-ends.ts';

interface Agreed {
  readonly id: string;
  readonly account: string;
  readonly servicePoint: string;
  readonly premise: string;
  readonly tariff: string;
  /** Whether what the point feeds in is agreed, too; left out where it is not. */
  readonly feedIn?: true;
}

/** An account takes service at a service point on a tariff, for as long as it has the point. */
export interface Agreement extends Period, Agreed {}

/** An agreement as it was told, with what was said of its end. */
export interface ToldAgreement extends ToldStart, Agreed {
  readonly source: string;
}
export type ToldAgreements = ToldList<ToldAgreement>;

const thingOf = ({ account, servicePoint }: Pick<Agreed, 'account' | 'servicePoint'>): string =>
  `${account} ${servicePoint}`;
const kind: ToldKind<ToldAgreement> = { thingOf, idOf: ({ id }) => id, maxEnded: 40 };

const started = (list: ToldAgreements, fact: Fact): ToldAgreements | 'groundless' => {
  const [account, servicePoint, from] = [text(fact, 'account'), text(fact, 'servicePoint'), text(fact, 'from')];
  const premise = fact.subjects[1];
  if (
    fact.entity === undefined ||
    account === undefined ||
    servicePoint === undefined ||
    from === undefined ||
    premise === undefined
  ) {
    return 'groundless';
  }
  const [to, source] = [text(fact, 'to'), fact.source.system];
  const agreement: ToldAgreement = {
    id: fact.entity,
    account,
    servicePoint,
    premise,
    tariff: text(fact, 'tariff') ?? '',
    source,
    from,
    ends: [],
    ...(flag(fact, 'feedIn') === true ? { feedIn: true } : {}),
  };
  return withStart(kind, list, agreement, { source, to });
};

const ended = (list: ToldAgreements, fact: Fact): ToldAgreements | 'groundless' => {
  const [account, servicePoint, to] = [text(fact, 'account'), text(fact, 'servicePoint'), text(fact, 'to')];
  if (account === undefined || servicePoint === undefined || to === undefined) return 'groundless';
  const thing = thingOf({ account, servicePoint });
  return withEnd(kind, list, { thing, id: text(fact, 'agreement'), source: fact.source.system, to });
};

/** What an agreement fact makes of a list of agreements; account and premise fold the same rule. */
export const applyAgreement = (list: ToldAgreements, fact: Fact): ToldAgreements | 'groundless' => {
  if (fact.type === 'account.agreement.started.v1') return started(list, fact);
  if (fact.type === 'account.agreement.ended.v1') return ended(list, fact);
  return 'groundless';
};

/** An agreement as a source says it lasts. */
interface ClaimedAgreement extends Agreement {
  readonly holder: string;
  readonly source: string;
}

/** Local dates on which sources say that different accounts take service at one point. */
export type DisputedService = Disputed<ClaimedAgreement>;

/** Who takes service when, at most one account at a point at a time. */
export interface EffectiveAgreements {
  readonly agreements: readonly Agreement[];
  readonly disputed: readonly DisputedService[];
}

const claimOf = ({ ends, ...told }: ToldAgreement): ClaimedAgreement => ({
  ...told,
  holder: told.account,
  to: endSaid({ ends }),
});

const plain = ({ holder: _holder, source: _source, ...agreement }: ClaimedAgreement): Agreement => agreement;

/**
 * Who takes service when, from all agreements that were told of points: computed, never told. Of a premise's agreements that is
 * how it is; an account knows its own alone, and so how its own follow one another.
 */
export const effectiveAgreements = ({ starts }: ToldAgreements): EffectiveAgreements => {
  const { held, disputed } = effectivePeriods(starts.map(claimOf), ({ servicePoint }) => servicePoint);
  const places = new Map(starts.map(({ id }, index) => [id, index]));
  const byTelling = (one: Agreement, other: Agreement): number =>
    (places.get(one.id) ?? 0) - (places.get(other.id) ?? 0);
  return { agreements: held.toSorted(byTelling).map(plain), disputed };
};

/** Who has or claims a point, also while that is in dispute: it is not vacant then. */
export const claimedService = (list: ToldAgreements): readonly Agreement[] => {
  const { agreements, disputed } = effectiveAgreements(list);
  return [
    ...agreements,
    ...disputed.flatMap(({ from, to, claims }) => claims.map((one) => ({ ...plain(one), from, to }))),
  ];
};

/** Who takes service at a premise. */
export interface SupplyState {
  readonly agreements: ToldAgreements;
}

export const supply: Family<SupplyState> = {
  name: 'supply',
  rules: 4,
  empty: () => ({ agreements: { starts: [] } }),
  apply(state, fact) {
    const next = applyAgreement(state.agreements, fact);
    return next === 'groundless' ? next : { agreements: next };
  },
};
