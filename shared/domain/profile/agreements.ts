import type { Fact } from '#shared/vocabulary/fact.ts';
import { type Disputed, effectivePeriods } from './effective-periods.ts';
import { flag, text } from './fact-data.ts';
import type { Family } from './fold.ts';
import type { Period } from './periods.ts';
import { type ToldSettled, withSettled } from './settled.ts';
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
export interface ToldAgreements extends ToldList<ToldAgreement> {
  /** Of a premise: which account has which point (`thing`) where sources differ, as people decided. */
  readonly settled?: readonly ToldSettled[];
}

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
  return withStart(kind, list, {
    id: fact.entity,
    account,
    servicePoint,
    premise,
    tariff: text(fact, 'tariff') ?? '',
    source,
    from,
    ends: to === undefined ? [] : [[source, to, 1]],
    ...(flag(fact, 'feedIn') === true ? { feedIn: true } : {}),
  });
};

const ended = (list: ToldAgreements, fact: Fact): ToldAgreements | 'groundless' => {
  const [account, servicePoint, to] = [text(fact, 'account'), text(fact, 'servicePoint'), text(fact, 'to')];
  if (account === undefined || servicePoint === undefined || to === undefined) return 'groundless';
  const thing = thingOf({ account, servicePoint });
  return withEnd(kind, list, { thing, id: text(fact, 'agreement'), source: fact.source.system, to });
};

const settle = (list: ToldAgreements, fact: Fact): ToldAgreements | 'groundless' => {
  const [thing, holder, from] = [text(fact, 'servicePoint'), text(fact, 'account'), text(fact, 'from')];
  if (thing === undefined || holder === undefined || from === undefined) return 'groundless';
  const one: ToldSettled = { thing, holder, from, to: text(fact, 'to') ?? null, fact: fact.id };
  const settled = withSettled(list.settled, one);
  return settled === 'groundless' ? settled : { ...list, settled };
};

const startedOrEnded = (list: ToldAgreements, fact: Fact): ToldAgreements | 'groundless' => {
  if (fact.type === 'account.agreement.started.v1') return started(list, fact);
  if (fact.type === 'account.agreement.ended.v1') return ended(list, fact);
  return 'groundless';
};

/** What an agreement fact makes of a list of agreements; account and premise fold the same rule. */
export const applyAgreement = (list: ToldAgreements, fact: Fact): ToldAgreements | 'groundless' => {
  if (fact.type === 'account.dispute.settled.v1') return settle(list, fact);
  const next = startedOrEnded(list, fact);
  return next === 'groundless' || list.settled === undefined ? next : { ...next, settled: list.settled };
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
export const effectiveAgreements = ({ starts, settled }: ToldAgreements): EffectiveAgreements => {
  const { held, disputed } = effectivePeriods(starts.map(claimOf), ({ servicePoint }) => servicePoint, settled);
  const places = new Map(starts.map(({ id }, index) => [id, index]));
  const byTelling = (one: Agreement, other: Agreement): number =>
    (places.get(one.id) ?? 0) - (places.get(other.id) ?? 0);
  return { agreements: held.toSorted(byTelling).map(plain), disputed };
};

/** What sources dispute of points, whether or not people settled it since. */
export const disputedBySources = (list: ToldAgreements): readonly DisputedService[] =>
  effectiveAgreements({ starts: list.starts }).disputed;

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
