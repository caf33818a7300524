import {
  atPlace,
  type Grounds,
  nobody,
  row,
  type SpokenRow,
  type SpokenTime,
  second,
  thePoint,
  when,
} from '#shared/access/spoken.ts';
import type { FactOf } from '#shared/contracts/facts/fact.ts';
import { instantOr } from '#shared/profile/rules/fact-data.ts';
import { effectiveInstallations } from '#shared/profile/rules/installations.ts';
import { toldInstallations } from '#shared/profile/rules/service-at.ts';

const at = (fact: FactOf<'metering.meter.removed.v1'>): SpokenTime => second(instantOr(fact.data.at, fact));
/** From the day a meter came until it was taken away, whatever is told of that later. */
const installed = (fact: FactOf<'metering.meter.installed.v1'>, { premise }: Grounds): SpokenTime => {
  const begin = instantOr(fact.data.from, fact);
  const { meter, servicePoint } = fact.data;
  const installations = premise === undefined ? [] : effectiveInstallations(toldInstallations(premise));
  const stay = installations.find(
    (one) => one.meter === meter && one.servicePoint === servicePoint && one.from === begin,
  );
  return { instants: { from: begin, to: stay?.to ?? null } };
};

/** What facts of meters speak of. */
export const meterSpoken: readonly SpokenRow[] = [
  // Which point a meter measures tells each of two of the other.
  row('metering.dispute.settled.v1', nobody),
  row('metering.meter.installed.v1', atPlace('home', 'any', installed, thePoint)),
  row('metering.meter.removed.v1', atPlace('home', 'any', at, thePoint)),
  row('metering.event.recorded.v1', atPlace('home', 'any', when, thePoint)),
];
