import {
  allPoints,
  atPlace,
  createdPoint,
  row,
  type SpokenRow,
  type SpokenTime,
  second,
  thePoint,
} from '#shared/access/spoken.ts';
import type { FactOf } from '#shared/contracts/facts/fact.ts';
import { instantOr } from '#shared/profile/rules/fact-data.ts';

/** The second at which something at a point changed. */
const at = (fact: FactOf<'premise.service-point.changed.v1'>): SpokenTime => second(instantOr(fact.data.at, fact));
const whole = (): SpokenTime => 'always';

/** What facts of premises and their points speak of. */
export const premiseSpoken: readonly SpokenRow[] = [
  row('premise.premise.registered.v1', atPlace('home', 'any', whole, allPoints)),
  row('premise.service-point.registered.v1', atPlace('home', 'any', whole, createdPoint)),
  row('premise.service-point.changed.v1', atPlace('home', 'any', at, thePoint)),
];
