import { differingOn, endOf, endsWithoutStart, isCancelled, type Kind, startsOf, wordsOn } from './ends.ts';
import { type Claim, type Stretch, stretchesOf } from './periods.ts';
import { type Told, text } from './told.ts';

const agreementKind: Kind = {
  started: 'account.agreement.started.v1',
  ended: 'account.agreement.ended.v1',
  thing: (fact) => [fact.data.account, fact.data.servicePoint].join(' '),
  from: (fact) => text(fact, 'from') ?? '',
  to: (fact) => text(fact, 'to'),
  names: (fact) => text(fact, 'agreement'),
};

/** Whether a point stands: what was told of one that was taken back, or never told of, waits for it. */
const stands = (facts: readonly Told[], servicePoint: string): boolean =>
  facts.some(({ makes }) => makes === servicePoint);

/** What is claimed of a point, whether or not it stands. */
const claimedAt = (facts: readonly Told[], servicePoint: string): readonly Stretch[] =>
  stretchesOf(
    startsOf(facts, agreementKind)
      .filter(({ fact }) => text(fact, 'servicePoint') === servicePoint)
      .filter((start) => !isCancelled(facts, agreementKind, start))
      .map(
        (start): Claim => ({
          id: start.id,
          holder: text(start.fact, 'account') ?? '',
          source: start.source,
          from: start.from,
          to: endOf(facts, agreementKind, start),
        }),
      ),
  );

/** Who takes service at a point, and when that is in dispute; of one that was taken back nobody. */
export const serviceAt = (facts: readonly Told[], servicePoint: string): readonly Stretch[] =>
  stands(facts, servicePoint) ? claimedAt(facts, servicePoint) : [];

export interface Taken {
  readonly id: string;
  readonly account: string;
  readonly servicePoint: string;
  readonly tariff: string;
  readonly from: string;
  readonly to: string | undefined;
}

/** Agreements of an account by what is claimed of points. */
const takenAt = (
  facts: readonly Told[],
  account: string,
  at: (facts: readonly Told[], servicePoint: string) => readonly Stretch[],
): readonly Taken[] => {
  const starts = startsOf(facts, agreementKind);
  const points = [...new Set(starts.map(({ fact }) => text(fact, 'servicePoint') ?? ''))];
  return points.flatMap((servicePoint) =>
    at(facts, servicePoint).flatMap(({ from, to, ids, isDisputed }) => {
      const start = starts.find(({ id }) => id === ids[0]);
      if (isDisputed || start === undefined || text(start.fact, 'account') !== account) return [];
      return [{ id: start.id, account, servicePoint, tariff: text(start.fact, 'tariff') ?? '', from, to }];
    }),
  );
};

/** What an account takes service by, as the points know it. */
export const takenBy = (facts: readonly Told[], account: string): readonly Taken[] =>
  takenAt(facts, account, serviceAt);

/** What was agreed of points that do not stand. */
export const takenWithoutPoint = (facts: readonly Told[], account: string): readonly Taken[] =>
  takenAt(facts, account, (all, point) => (stands(all, point) ? [] : claimedAt(all, point)));

export const differingAgreements = (facts: readonly Told[], account: string): readonly string[] =>
  startsOf(facts, agreementKind)
    .filter(({ fact }) => text(fact, 'account') === account)
    .flatMap((start) => {
      const differing = differingOn(wordsOn(facts, agreementKind, start));
      return differing.length === 0 ? [] : [`${start.id} ${start.from}: ${differing.join(', ')}`];
    });

export const agreementEndsWithoutStart = (facts: readonly Told[], account: string): number =>
  endsWithoutStart(facts, agreementKind).filter((fact) => text(fact, 'account') === account).length;
