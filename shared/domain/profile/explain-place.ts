import { isErased } from '#shared/vocabulary/fact.ts';
import { account } from './account.ts';
import { computed, creatorOf, type Explanation, explainSlot } from './explain.ts';
import { factOf } from './explain-customer.ts';
import type { OrderedFact } from './fold.ts';
import { effectiveInstallations, type MeteringState, metering } from './installations.ts';
import { type Outage, outage } from './outages.ts';
import { addressLine, premise, type ServicePoint } from './premise.ts';

/** Facts of a premise, by family. */
export interface PremiseFacts {
  readonly premise: readonly OrderedFact[];
  readonly metering: readonly OrderedFact[];
  readonly outage: readonly OrderedFact[];
}

const meterAt = ({ installations }: MeteringState, servicePoint: string) =>
  effectiveInstallations(installations).findLast((one) => one.servicePoint === servicePoint && one.to === null);

/** The meter that measures a service point now, as an input. */
const meterInput = (facts: readonly OrderedFact[], servicePoint: string) => {
  const said = explainSlot(metering, facts, (state) => meterAt(state, servicePoint)?.meter);
  return [{ what: 'meter that measures the service point', ...factOf(said.winner) }];
};

/** Usage comes from readings, which are no facts: it is told from which meter. */
export const explainUsage = (facts: PremiseFacts, servicePoint: string, member: string): Explanation => {
  const formulas: Readonly<Record<string, string>> = {
    months: 'sum of the intervals of each month in the zone of the service point; the share of estimates beside it',
    recentDays: 'sum of the intervals of each day in the zone of the service point; null where one is missing',
    asOf: 'end of the latest interval that was read',
    lastReadingAt: 'end of the latest interval that was read',
  };
  const formula = formulas[member] ?? 'as the register of the meter says, with its readings summed by day and month';
  return computed('usage.readings', formula, [
    ...meterInput(facts.metering, servicePoint),
    { what: 'service point', ...factOf(creatorOf(facts.premise, servicePoint)) },
  ]);
};

const explainMeter = (facts: PremiseFacts, servicePoint: string, member: string): Explanation =>
  member === 'lastReadingAt'
    ? explainUsage(facts, servicePoint, member)
    : explainSlot(metering, facts.metering, (state) => {
        const meter = meterAt(state, servicePoint);
        return member === 'serial' ? (meter?.serial ?? undefined) : meter?.meter;
      });

/**
 * Why a member of a premise in the view is what it is; undefined where there is no such member.
 * @param path names below the premise, e.g. `['servicePoints', 'meter', 'serial']`
 */
export const explainPremise = (
  facts: PremiseFacts & { readonly account: readonly OrderedFact[] },
  named: { readonly premise: string; readonly servicePoint: string | undefined },
  path: readonly string[],
): Explanation | undefined => {
  const [member = '', below = '', deepest = ''] = path;
  const { servicePoint } = named;
  if (member === 'id')
    return {
      rule: { id: 'premise.id', strategy: 'creating-fact', version: premise.rules },
      winner: creatorOf(facts.premise, named.premise),
      losing: [],
    };
  if (member === 'accountId')
    return explainSlot(account, facts.account, ({ agreements }) =>
      agreements.starts.some((one) => one.premise === named.premise) ? named.premise : undefined,
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
      meterInput(facts.metering, servicePoint),
    );
  if (below === 'meter') return explainMeter(facts, servicePoint, deepest);
  return explainSlot(premise, facts.premise, ({ servicePoints }) => {
    const point: ServicePoint | undefined = servicePoints.find(({ id }) => id === servicePoint);
    const members: Readonly<Record<string, unknown>> = { ...point };
    return below === '' ? point : members[below];
  });
};

/** Why an outage is told as it is. */
export const explainOutage = (facts: readonly OrderedFact[], id: string, member: string): Explanation =>
  explainSlot(outage, facts, ({ outages }) => {
    const found: Outage | undefined = outages.find((one) => one.id === id);
    const members: Readonly<Record<string, unknown>> = { ...found, premiseId: found?.premise };
    return member === '' ? found : (members[member] ?? undefined);
  });
