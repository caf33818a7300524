import { atPlace, type Grounds, nobody, row, type SpokenRow, type SpokenTime } from '#shared/access/spoken.ts';
import type { FactOf } from '#shared/contracts/facts/fact.ts';
import { instantOr } from '#shared/profile/rules/fact-data.ts';
import { stateOf } from '#shared/profile/rules/states.ts';
import type { Commodity } from '#shared/vocabulary/statuses.ts';
import { type Outage, outage } from './outages.ts';

type OutageFact = FactOf<'service.outage.reported.v1' | 'service.outage.restored.v1' | 'service.outage.joined.v1'>;
/** The outage that a fact is about, as it is known now. */
const known = ({ subjects }: OutageFact, { outage: states }: Grounds): Outage | undefined =>
  states === undefined ? undefined : stateOf(states, outage).state.outages.find(({ id }) => subjects.includes(id));
const ofOutage = (fact: OutageFact, grounds: Grounds): { readonly commodity: Commodity } | undefined => {
  const said = fact.type === 'service.outage.reported.v1' ? fact.data.commodity : undefined;
  const commodity = said ?? known(fact, grounds)?.commodity;
  return commodity === undefined ? undefined : { commodity };
};
const interrupted = (fact: OutageFact, grounds: Grounds): SpokenTime => {
  const now = known(fact, grounds);
  const said = fact.type === 'service.outage.reported.v1' ? fact.data.startedAt : undefined;
  return { instants: { from: now?.startedAt ?? instantOr(said, fact), to: now?.restoredAt ?? null } };
};

/** What facts of outages speak of. */
export const outageSpoken: readonly SpokenRow[] = [
  row('service.outage.reported.v1', atPlace('home', 'any', interrupted, ofOutage)),
  row('service.outage.restored.v1', atPlace('home', 'any', interrupted, ofOutage)),
  row('service.outage.joined.v1', atPlace('home', 'any', interrupted, ofOutage)),
  row('service.area-outage.proposed.v1', nobody),
];
