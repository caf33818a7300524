import { atPlace, from, row, type SpokenRow, type SpokenTime, since, thePoint } from '#shared/access/spoken.ts';
import type { FactOf } from '#shared/contracts/facts/fact.ts';
import { instantSaid } from '#shared/profile/rules/fact-data.ts';
import { addMonths, instantOf, secondsOf } from '#shared/vocabulary/time.ts';

const fromStart = ({ data: { start, end } }: FactOf<'metering.exception.raised.v1'>): SpokenTime | undefined =>
  from(start, instantSaid(end));
const sinceException = ({ data }: FactOf<'metering.exception.resolved.v1'>): SpokenTime | undefined =>
  since(data.exception);
const taskTime = (fact: FactOf<'metering.task.opened.v1' | 'metering.task.closed.v1'>): SpokenTime | undefined =>
  from(fact.data.since, fact.type === 'metering.task.opened.v1' ? null : instantSaid(fact.data.until));
const corrected = ({ data }: FactOf<'metering.correction.made.v1'>): SpokenTime | undefined => {
  const { interval, values } = data;
  const begin = instantSaid(data.start);
  if (begin === undefined || interval === undefined || values === undefined) return undefined;
  return { instants: { from: begin, to: instantOf(secondsOf(begin) + interval * values.length) } };
};
const closedMonth = ({ data: { month } }: FactOf<'metering.month.closed.v1'>): SpokenTime | undefined =>
  month === undefined ? undefined : { days: { from: `${month}-01`, to: `${addMonths(month, 1)}-01` } };

/** What facts of judged readings speak of. */
export const readingSpoken: readonly SpokenRow[] = [
  row('metering.correction.made.v1', atPlace('use', 'each', corrected, thePoint)),
  row('metering.month.closed.v1', atPlace('use', 'part', closedMonth, thePoint)),
  row('metering.exception.raised.v1', atPlace('use', 'any', fromStart, thePoint)),
  row('metering.exception.resolved.v1', atPlace('use', 'any', sinceException, thePoint)),
  row('metering.task.opened.v1', atPlace('home', 'any', taskTime, thePoint)),
  row('metering.task.closed.v1', atPlace('home', 'any', taskTime, thePoint)),
];
