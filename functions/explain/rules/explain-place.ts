import { type Outage, outage, standingAt } from '#functions/outages/rules/outages.ts';
import { pointAhead, pointAt } from '#functions/premises/rules/point-ahead.ts';
import { accountAgreements } from '#shared/profile/rules/account.ts';
import { effectsOf, endOf } from '#shared/profile/rules/effects.ts';
import type { OrderedFact } from '#shared/profile/rules/fold.ts';
import {
  effectiveInstallations,
  type MeteringState,
  metering,
  nowhereElse,
  type ToldElsewhere,
} from '#shared/profile/rules/installations.ts';
import { addressLine, premise, type ServicePoint } from '#shared/profile/rules/premise.ts';
import { isErased } from '#shared/vocabulary/fact.ts';
import { computed, creatorOf, type Explanation, explainSlot } from './explain.ts';
import { factOf } from './explain-customer.ts';

/** Facts of a premise, by family. */
export interface PremiseFacts {
  readonly premise: readonly OrderedFact[];
  readonly metering: readonly OrderedFact[];
  readonly outage: readonly OrderedFact[];
  /** What is told of its meters elsewhere. */
  readonly elsewhere: ToldElsewhere;
}

/** A point as it stands at an instant by the installations of a state. */
const meterAt = ({ installations }: MeteringState, facts: PremiseFacts, servicePoint: string, now: string) => {
  // What was told of a point that was taken back measures nothing.
  const points = new Set(endOf(premise, effectsOf(premise, facts.premise)).servicePoints.map(({ id }) => id));
  const told = { ...installations, starts: installations.starts.filter((one) => points.has(one.servicePoint)) };
  const point = { id: servicePoint, connection: 'connected' as const };
  return pointAt(pointAhead(point, effectiveInstallations(told, facts.elsewhere), now), now);
};

/** The meter that measures a service point now, as an input. */
const meterInput = (facts: PremiseFacts, servicePoint: string, now: string) => {
  // What was read here was of the meter that was told to be here, wherever it is told to be since.
  const here = { ...facts, elsewhere: nowhereElse };
  const said = explainSlot(metering, facts.metering, (state) =>
    [facts, here].map((known) => meterAt(state, known, servicePoint, now).meter?.id).find((id) => id !== undefined),
  );
  return [{ what: 'meter that measures the service point', ...factOf(said.winner) }];
};

/** Usage comes from readings, which are no facts: it is told from which meter. */
export const explainUsage = (facts: PremiseFacts, servicePoint: string, member: string, now: string): Explanation => {
  const formulas: Readonly<Record<string, string>> = {
    months: 'sum of the intervals of each month in the zone of the service point; the share of estimates beside it',
    recentDays: 'sum of the intervals of each day in the zone of the service point; null where one is missing',
    asOf: 'end of the latest interval that was read',
    lastReadingAt: 'end of the latest interval that was read',
  };
  const formula = formulas[member] ?? 'as the register of the meter says, with its readings summed by day and month';
  return computed('usage.readings', formula, [
    ...meterInput(facts, servicePoint, now),
    { what: 'service point', ...factOf(creatorOf(facts.premise, servicePoint)) },
  ]);
};

/** Whether a meter would be at a point now if nothing were told of it at other premises. */
const isElsewhere = (facts: PremiseFacts, servicePoint: string, now: string): boolean => {
  const state = endOf(metering, effectsOf(metering, facts.metering));
  const alone = meterAt(state, { ...facts, elsewhere: nowhereElse }, servicePoint, now).meter;
  return alone !== null && meterAt(state, facts, servicePoint, now).meter === null;
};

const explainMeter = (facts: PremiseFacts, servicePoint: string, member: string, now: string): Explanation => {
  if (member === 'lastReadingAt') return explainUsage(facts, servicePoint, member, now);
  if (isElsewhere(facts, servicePoint, now))
    return computed(
      'metering.one-point',
      'the meter that was installed here last, as long as no other point is told to have it',
      meterInput(facts, servicePoint, now),
    );
  return explainSlot(metering, facts.metering, (state) => {
    const { meter } = meterAt(state, facts, servicePoint, now);
    return member === 'serial' ? (meter?.serial ?? undefined) : meter?.id;
  });
};

/** Why something is planned at a point: `member` is `connection`, `meter` or `removalAt`, and `below` a part of it. */
const explainPlanned = (
  facts: PremiseFacts,
  servicePoint: string,
  [member = '', below = '']: readonly string[],
  now: string,
): Explanation => {
  const partOf = (plan: object | undefined): unknown => {
    const parts: Readonly<Record<string, unknown>> = { ...plan };
    return below === '' ? plan : (parts[below] ?? undefined);
  };
  if (member === 'connection')
    return explainSlot(premise, facts.premise, ({ servicePoints }) => {
      const point = servicePoints.find(({ id }) => id === servicePoint);
      return partOf(point && pointAt(pointAhead(point, [], now), now).planned.connection);
    });
  return explainSlot(metering, facts.metering, (state) => {
    const { planned } = meterAt(state, facts, servicePoint, now);
    return member === 'meter' ? partOf(planned.meter) : planned.removalAt;
  });
};

/**
 * Why a member of a premise in the view is what it is; undefined where there is no such member.
 * @param path names below the premise, e.g. `['servicePoints', 'meter', 'serial']`
 * @param now instant in stored form: what is planned then is not done
 */
export const explainPremise = (
  facts: PremiseFacts & { readonly account: readonly OrderedFact[] },
  named: { readonly premise: string; readonly servicePoint: string | undefined },
  path: readonly string[],
  now: string,
): Explanation | undefined => {
  const [member = '', below = '', ...deepest] = path;
  const { servicePoint } = named;
  if (member === 'id')
    return {
      rule: { id: 'premise.id', strategy: 'creating-fact', version: premise.rules },
      winner: creatorOf(facts.premise, named.premise),
      losing: [],
    };
  if (member === 'accountId')
    return explainSlot(
      accountAgreements.family,
      facts.account.filter(({ fact, retraction }) => !retraction && fact.subjects.includes(named.premise)),
      ({ starts }) => (starts.some((one) => one.premise === named.premise) ? named.premise : undefined),
    );
  if (member === 'address')
    return explainSlot(premise, facts.premise, ({ address }) =>
      address === null || isErased(address) ? undefined : addressLine(address),
    );
  if (member !== 'servicePoints') return undefined;
  if (servicePoint === undefined)
    return computed('premise.service-points', 'points registered at the premise, those supplied first', []);
  if (below === 'attention')
    return computed(
      'readings.attention',
      'exceptions of its readings that stand, gaps left out, and open tasks for its meter',
      meterInput(facts, servicePoint, now),
    );
  if (below === 'meter') return explainMeter(facts, servicePoint, deepest[0] ?? '', now);
  if (below === 'planned') return explainPlanned(facts, servicePoint, deepest, now);
  return explainSlot(premise, facts.premise, ({ servicePoints }) => {
    const point: ServicePoint | undefined = servicePoints.find(({ id }) => id === servicePoint);
    const members: Readonly<Record<string, unknown>> = {
      ...point,
      connection: point && pointAt(pointAhead(point, [], now), now).connection,
    };
    return below === '' ? point : members[below];
  });
};

/** Why an outage is told as it is at an instant. */
export const explainOutage = (facts: readonly OrderedFact[], id: string, member: string, now: string): Explanation =>
  explainSlot(outage, facts, ({ outages }) => {
    const found: Outage | undefined = outages.find((one) => one.id === id);
    const members: Readonly<Record<string, unknown>> = {
      ...found,
      premiseId: found?.premise,
      ...(found && { expectedBy: undefined, restoredAt: undefined, ...standingAt(found, now) }),
    };
    return member === '' ? found : (members[member] ?? undefined);
  });
