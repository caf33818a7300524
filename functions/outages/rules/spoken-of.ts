import { atPlace, type Grounds, nobody, row, type SpokenRow, type SpokenTime } from '#shared/access/spoken.ts';
import type { FactOf } from '#shared/contracts/facts/fact.ts';
import { instantOr } from '#shared/profile/rules/fact-data.ts';
import type { Commodity } from '#shared/vocabulary/statuses.ts';

type OutageFact = FactOf<'service.outage.reported.v1' | 'service.outage.restored.v1' | 'service.outage.joined.v1'>;
const ofOutage = (fact: OutageFact, { outage }: Grounds): { readonly commodity: Commodity } | undefined => {
  const said = fact.type === 'service.outage.reported.v1' ? fact.data.commodity : undefined;
  const commodity = said ?? outage?.commodity;
  return commodity === undefined ? undefined : { commodity };
};
const interrupted = (fact: OutageFact, { outage }: Grounds): SpokenTime => {
  const said = fact.type === 'service.outage.reported.v1' ? fact.data.startedAt : undefined;
  return { instants: { from: outage?.startedAt ?? instantOr(said, fact), to: outage?.restoredAt ?? null } };
};

/** What facts of outages speak of. */
export const outageSpoken: readonly SpokenRow[] = [
  row('service.outage.reported.v1', atPlace('home', 'any', interrupted, ofOutage)),
  row('service.outage.restored.v1', atPlace('home', 'any', interrupted, ofOutage)),
  row('service.outage.joined.v1', atPlace('home', 'any', interrupted, ofOutage)),
  row('service.area-outage.proposed.v1', nobody),
];
