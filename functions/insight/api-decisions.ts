import { SupplyReader } from '#functions/validation/store/supply.ts';
import { notFound } from '#shared/edge/authorise.ts';
import { inLogsOf, keepFacts } from '#shared/edge/keep-facts.ts';
import type { Operations } from '#shared/edge/operation.ts';
import type { PrepareFacts } from '#shared/facts/prepare-facts.ts';
import { whoseAt } from '#shared/profile/store/whose-time.ts';
import { factIdOf } from '#shared/runtime/identify.ts';
import { factIdKey } from '#shared/table/keys.ts';
import type { Table } from '#shared/table/table.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { ownSystem } from '#shared/vocabulary/fact.ts';
import {
  insightEvent,
  insightIdOf,
  readToldInsight,
  type StoredInsight,
  toldInsightWrite,
} from './store/told-insights.ts';

export interface DecideParts {
  readonly profile: Table;
  readonly readings: Table;
  readonly prepare: PrepareFacts;
  /** Milliseconds. */
  readonly now: () => number;
}

/** That an insight was found is said before what becomes of it: one that was found this very moment has to wait. */
const mustBeTold = async (profile: Table, known: StoredInsight): Promise<void> => {
  const first = factIdOf(ownSystem, insightEvent({ ...known, version: 1 }));
  if ((await profile.get(factIdKey(first), { consistent: true })) !== undefined) return;
  throw new DomainError('unavailable', 'commit.busy', 'The insight is being told.', { retryAfterSeconds: 1 });
};

/** What people make of insights. */
export const decisionOperations = (parts: DecideParts) => {
  const supply = new SupplyReader(parts.profile);
  return {
    decideInsight: async (request) => {
      const supplied = request.subjectId === undefined ? undefined : await supply.toldOf(request.subjectId);
      if (supplied === undefined) throw notFound();
      const { point } = supplied;
      const known = await readToldInsight(parts.readings, request.params.insightId ?? '');
      if (known === undefined || known.servicePoint !== point.id) throw notFound();
      await mustBeTold(parts.profile, known);
      const { state, reason } = request.body;
      if (known.state === state) {
        throw new DomainError('conflict', 'insight.decided', 'This was said of the insight before.', {
          extra: { state },
        });
      }
      const { register, version } = known;
      const id = insightIdOf(known);
      const data = {
        servicePoint: point.id,
        register,
        insight: id,
        revision: version + 1,
        state,
        ...(reason === undefined ? {} : { reason }),
      };
      const whose = await whoseAt(parts.profile, supplied, [
        { from: known.from, to: Math.max(known.to, known.from + 1) },
      ]);
      return keepFacts(
        parts,
        inLogsOf(request, whose),
        [{ type: 'metering.insight.decided.v1', data, pointers: { '/reason': '/reason', '/state': '/state' } }],
        ({ facts: [kept] }) => ({
          status: 201,
          body: { id, state, factId: kept?.id ?? '', occurredAt: kept?.occurredAt ?? '' },
        }),
        [toldInsightWrite(known, { ...known, state }, known)],
      );
    },
  } satisfies Partial<Operations>;
};
