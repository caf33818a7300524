import {
  atPlace,
  from,
  row,
  type SpokenRow,
  type SpokenTime,
  second,
  since,
  startNamed,
  thePoint,
} from '#shared/access/spoken.ts';
import type { FactOf } from '#shared/contracts/facts/fact.ts';
import { instantSaid } from '#shared/profile/rules/fact-data.ts';

const fromStart = ({ data: { start, end } }: FactOf<'metering.insight.found.v1'>): SpokenTime | undefined =>
  from(start, instantSaid(end));
const sinceInsight = ({ data }: FactOf<'metering.insight.decided.v1'>): SpokenTime | undefined => since(data.insight);
const ended = ({ data: { insight, end: said } }: FactOf<'metering.insight.ended.v1'>): SpokenTime | undefined => {
  const [start, end] = [startNamed(insight), instantSaid(said)];
  if (start === undefined) return undefined;
  return end === undefined ? second(start) : { instants: { from: start, to: end } };
};

/** What facts of insights speak of. */
export const insightSpoken: readonly SpokenRow[] = [
  row('metering.insight.found.v1', atPlace('use', 'each', fromStart, thePoint)),
  row('metering.insight.ended.v1', atPlace('use', 'each', ended, thePoint)),
  row('metering.insight.decided.v1', atPlace('use', 'each', sinceInsight, thePoint)),
];
