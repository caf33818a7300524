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

/** Who takes service at a point, and when that is in dispute. */
export const serviceAt = (facts: readonly Told[], servicePoint: string): readonly Stretch[] =>
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

export interface Taken {
  readonly id: string;
  readonly account: string;
  readonly servicePoint: string;
  readonly tariff: string;
  readonly from: string;
  readonly to: string | undefined;
}

/** What an account takes service by, as the points know it. */
export const takenBy = (facts: readonly Told[], account: string): readonly Taken[] => {
  const starts = startsOf(facts, agreementKind);
  const points = [...new Set(starts.map(({ fact }) => text(fact, 'servicePoint') ?? ''))];
  return points.flatMap((servicePoint) =>
    serviceAt(facts, servicePoint).flatMap(({ from, to, ids, isDisputed }) => {
      const start = starts.find(({ id }) => id === ids[0]);
      if (isDisputed || start === undefined || text(start.fact, 'account') !== account) return [];
      return [{ id: start.id, account, servicePoint, tariff: text(start.fact, 'tariff') ?? '', from, to }];
    }),
  );
};

export const differingAgreements = (facts: readonly Told[], account: string): readonly string[] =>
  startsOf(facts, agreementKind)
    .filter(({ fact }) => text(fact, 'account') === account)
    .flatMap((start) => {
      const differing = differingOn(wordsOn(facts, agreementKind, start));
      return differing.length === 0 ? [] : [`${start.id} ${start.from}: ${differing.join(', ')}`];
    });

export const agreementEndsWithoutStart = (facts: readonly Told[], account: string): number =>
  endsWithoutStart(facts, agreementKind).filter((fact) => text(fact, 'account') === account).length;
