import type { Sender } from '#shared/store/place-fact.ts';
import type { SubmitFacts } from '#shared/store/submit-facts.ts';
import type { Change } from '#shared/store/table.ts';
import { insightIdOf, type StoredInsight, toldInsightOf } from '#shared/store/told-insights.ts';
import { ownSystem } from '#shared/vocabulary/fact.ts';
import { instantOf } from '#shared/vocabulary/time.ts';

const sender: Sender = { actor: 'system:insight', mayUse: (named) => named === ownSystem, supervisor: false };

interface ToldFact {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const evidenceOf = (value: StoredInsight['value']): Readonly<Record<string, number | string | boolean>> =>
  Object.fromEntries(
    Object.entries(value).flatMap(([name, one]) => (typeof one === 'object' ? [] : [[name, one] as const])),
  );

const isTold = (before: StoredInsight | undefined, after: StoredInsight): boolean =>
  before === undefined ||
  before.foundAt !== after.foundAt ||
  (before.standing !== after.standing && before.standing !== 'standing');

/** The fact that an item of what was told amounts to; undefined where there is nothing to say. A person's word is told by them. */
export const factOfInsight = (before: StoredInsight | undefined, after: StoredInsight): ToldFact | undefined => {
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

/** On a change of the readings table: an insight that was found or is over becomes a fact of the premise. */
export const tellInsight = async (submit: SubmitFacts, { before, after }: Change): Promise<void> => {
  const now = after === undefined ? undefined : toldInsightOf(after);
  if (now === undefined) return;
  const told = factOfInsight(before === undefined ? undefined : toldInsightOf(before), now);
  if (told === undefined) return;
  const fact = {
    ...told,
    source: { system: ownSystem, channel: 'system' },
    sourceEventId: `insights:${insightIdOf(now)}:${now.version}`,
    occurredAt: new Date(now.at * 1000 + now.version).toISOString(),
  };
  const [result] = await submit([fact], sender);
  if (result?.status !== 'accepted' && result?.status !== 'duplicate') {
    throw new Error(`a fact about an insight was not kept: ${result?.status ?? 'no result'}`);
  }
};
