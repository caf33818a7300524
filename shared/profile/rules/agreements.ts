import type { Fact, FactOf } from '#shared/contracts/facts/fact.ts';
import type { FamilyName } from '#shared/vocabulary/fact.ts';
import { bodyOf, kindOf, type SubjectKind } from '#shared/vocabulary/ids.ts';
import { type Disputed, effectivePeriods } from './effective-periods.ts';
import type { Family, FoldState, GroupSum, OrderedFact, Parts } from './fold.ts';
import { groupCounts } from './fold-parts.ts';
import type { Period } from './periods.ts';
import { type ToldSettled, withSettled } from './settled.ts';
import { endSaid, endsWaiting, type ToldKind, type ToldList, type ToldStart, withEnd, withStart } from './told-ends.ts';

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
/** Of one service point: most that are over, the last, which an item has room for. */
const kind: ToldKind<ToldAgreement> = { thingOf, idOf: ({ id }) => id, maxEnded: 70 };

const started = (list: ToldAgreements, fact: FactOf<'account.agreement.started.v1'>): ToldAgreements | 'groundless' => {
  const { account, servicePoint, from, to, tariff, feedIn } = fact.data;
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
  const source = fact.source.system;
  const agreement: ToldAgreement = {
    id: fact.entity,
    account,
    servicePoint,
    premise,
    tariff: tariff ?? '',
    source,
    from,
    ends: [],
    ...(feedIn === true ? { feedIn: true } : {}),
  };
  return withStart(kind, list, agreement, { source, to });
};

const ended = (list: ToldAgreements, fact: FactOf<'account.agreement.ended.v1'>): ToldAgreements | 'groundless' => {
  const { account, servicePoint, agreement, to } = fact.data;
  if (account === undefined || servicePoint === undefined || to === undefined) return 'groundless';
  const thing = thingOf({ account, servicePoint });
  return withEnd(kind, list, { thing, id: agreement, source: fact.source.system, to });
};

const settle = (list: ToldAgreements, fact: FactOf<'account.dispute.settled.v1'>): ToldAgreements | 'groundless' => {
  const { servicePoint: thing, account: holder, from, to } = fact.data;
  if (thing === undefined || holder === undefined || from === undefined) return 'groundless';
  const one: ToldSettled = { thing, holder, from, to: to ?? null, fact: fact.id };
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

/** Folds the agreements of one point: those of an account and of a premise alike. */
const partFamily = (name: FamilyName, of: SubjectKind, rules: number): Family<ToldAgreements> => ({
  name,
  of,
  rules,
  isPart: true,
  empty: () => ({ starts: [] }),
  apply: applyAgreement,
});

/** Counts of what an account or a premise has agreed. */
const countsOf = (parts: readonly FoldState<ToldAgreements>[]): Readonly<Record<string, number>> => ({
  agreements: parts.reduce((sum, { state: { starts, endedLeft = 0 } }) => sum + starts.length + endedLeft, 0),
  waiting: parts.reduce((sum, { state }) => sum + endsWaiting(state), 0),
});

/** Name of the part of a premise's agreements that one of its points has. */
export const partOfPoint = (servicePoint: string): string => bodyOf(servicePoint);

/** Name of the part of an account's agreements that one point of a premise has. */
export const partOfSupplied = (premise: string, servicePoint: string): string =>
  `${bodyOf(premise)}.${bodyOf(servicePoint)}`;

type Agreeing = FactOf<'account.agreement.started.v1' | 'account.agreement.ended.v1'>;

const isAgreement = (fact: Fact): fact is Agreeing =>
  fact.type === 'account.agreement.started.v1' || fact.type === 'account.agreement.ended.v1';

/** The service point that a fact names. */
const pointOf = ({ data }: Agreeing | FactOf<'account.dispute.settled.v1'>): string | undefined =>
  data.servicePoint !== undefined && kindOf(data.servicePoint) === 'servicePoint' ? data.servicePoint : undefined;

const supplyRules = 4;

export const supplyParts: Parts<ToldAgreements> = {
  of(fact) {
    if (!isAgreement(fact) && fact.type !== 'account.dispute.settled.v1') return undefined;
    const servicePoint = pointOf(fact);
    return servicePoint === undefined ? undefined : partOfPoint(servicePoint);
  },
  sumOf: (parts) => ({ counts: countsOf(parts) }),
  family: partFamily('supply', 'premise', supplyRules),
};

/** Who takes service at a premise, by service point. */
export const supply: Family<Readonly<Record<string, never>>> = {
  name: 'supply',
  of: 'premise',
  rules: supplyRules,
  empty: () => ({}),
  apply: () => 'groundless',
  parts: supplyParts,
};

/** Lists of several points as one. */
export const joinedList = (lists: readonly ToldAgreements[]): ToldAgreements => {
  const [waiting, waitingLeft] = [
    lists.flatMap((list) => list.waiting ?? []),
    lists.reduce((sum, list) => sum + (list.waitingLeft ?? 0), 0),
  ];
  const settled = lists.flatMap((list) => list.settled ?? []);
  return {
    starts: lists.flatMap(({ starts }) => starts),
    ...(settled.length === 0 ? {} : { settled }),
    ...(waiting.length === 0 ? {} : { waiting }),
    ...(waitingLeft === 0 ? {} : { waitingLeft }),
  };
};

/** Facts of the agreement of that id, and of all others of its account at its point. */
export const factsOfAgreement = (parts: Parts, facts: readonly OrderedFact[], id: string): readonly OrderedFact[] => {
  const start = facts.find(({ fact }) => fact.entity === id);
  const part = start === undefined ? undefined : parts.of(start.fact);
  return part === undefined ? [] : facts.filter(({ fact, retraction }) => !retraction && parts.of(fact) === part);
};

/** When an account's service at a premise began, and when it ends by all that was said; undefined where it lasts no time. */
const listedOf = (parts: readonly FoldState<ToldAgreements>[]): GroupSum['listed'] => {
  const all = effectiveAgreements(joinedList(parts.map(({ state }) => state))).agreements;
  const [from] = all.map((one) => one.from).sort();
  if (from === undefined) return undefined;
  const ends = all.map(({ to }) => to);
  return { from, until: ends.includes(null) ? null : (ends.sort().at(-1) ?? null) };
};

/** The agreements of an account, by premise and service point. */
export const agreementParts = (name: FamilyName, of: SubjectKind, rules: number): Parts<ToldAgreements> => ({
  of(fact) {
    if (!isAgreement(fact)) return undefined;
    const [servicePoint, premise] = [pointOf(fact), fact.subjects[1]];
    return servicePoint !== undefined && premise !== undefined ? partOfSupplied(premise, servicePoint) : undefined;
  },
  sumOf(parts) {
    const listed = listedOf(parts);
    const counts = { ...countsOf(parts), ...groupCounts(listed) };
    return listed === undefined ? { counts } : { counts, listed };
  },
  family: partFamily(name, of, rules),
});
