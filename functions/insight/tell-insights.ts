import type { Change } from '#shared/table/table.ts';
import { instantOf } from '#shared/vocabulary/time.ts';
import type { ToldFact } from '#shared/vocabulary/told-fact.ts';
import { insightEvent, insightIdOf, type StoredInsight, toldInsightOf } from './store/told-insights.ts';

const evidenceOf = (value: StoredInsight['value']): Readonly<Record<string, number | string | boolean>> =>
  Object.fromEntries(
    Object.entries(value).flatMap(([name, one]) => (typeof one === 'object' ? [] : [[name, one] as const])),
  );

const isTold = (before: StoredInsight | undefined, after: StoredInsight): boolean =>
  before === undefined ||
  before.foundAt !== after.foundAt ||
  (before.standing !== after.standing && before.standing !== 'standing');

/** The fact that an item of what was told amounts to; undefined where there is nothing to say. A person's word is told by them. */
export const factOfInsight = (
  before: StoredInsight | undefined,
  after: StoredInsight,
): Pick<ToldFact, 'type' | 'data'> | undefined => {
  if (after.state === 'dismissed') return undefined;
  const { servicePoint, register, kind, from, to, headline, text, value, expires, standing, version } = after;
  const common = { servicePoint, register, insight: insightIdOf(after), revision: version };
  if (standing !== 'withdrawn' && isTold(before, after)) {
    return {
      type: 'metering.insight.found.v1',
      data: {
        ...common,
        kind,
        start: instantOf(from),
        ...(standing === 'over' ? { end: instantOf(to) } : {}),
        headline,
        reason: text,
        evidence: evidenceOf(value),
        expires,
      },
    };
  }
  if (before?.standing !== 'standing' || standing === 'standing') return undefined;
  return { type: 'metering.insight.ended.v1', data: { ...common, outcome: standing, end: instantOf(to) } };
};

/** The facts of a change of the readings table: of an insight that was found or is over, for the premise. */
export const toldOfInsight = ({ before, after }: Change): readonly ToldFact[] => {
  const now = after === undefined ? undefined : toldInsightOf(after);
  const told = now && factOfInsight(before === undefined ? undefined : toldInsightOf(before), now);
  if (now === undefined || told === undefined) return [];
  const event = insightEvent(now);
  return [{ ...told, event, occurredAt: new Date(now.at * 1000 + now.version).toISOString() }];
};
