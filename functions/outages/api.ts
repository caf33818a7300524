import type { AnswerOf } from '#shared/contracts/api/routes.ts';
import { type States, stateOf } from '#shared/domain/profile/families.ts';
import { outage } from '#shared/domain/profile/outages.ts';
import { notFound } from '#shared/edge/authorise.ts';
import { idToBe, keepFacts } from '#shared/edge/keep-facts.ts';
import type { OperationRequest, Operations } from '#shared/edge/operation.ts';
import { loadSubject } from '#shared/store/subjects.ts';
import type { SubmitFacts } from '#shared/store/submit-facts.ts';
import type { Table } from '#shared/store/table.ts';
import { versionOf } from '#shared/store/view-writes.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';

export interface OutagesParts {
  readonly profile: Table;
  readonly submit: SubmitFacts;
  readonly now: () => number;
}

const outageView = (id: string, states: States, factId?: string): AnswerOf<'readOutage'> => {
  const known = stateOf(states, outage).state.outages.find((one) => one.id === id);
  if (known === undefined) throw notFound();
  return {
    id,
    premiseId: known.premise,
    commodity: known.commodity,
    status: known.restoredAt === null ? 'open' : 'restored',
    planned: known.planned,
    startedAt: known.startedAt,
    ...(known.expectedBy === null ? {} : { expectedBy: known.expectedBy }),
    ...(known.restoredAt === null ? {} : { restoredAt: known.restoredAt }),
    ...(known.cause === null ? {} : { cause: known.cause }),
    ...(typeof known.description === 'string' ? { description: known.description } : {}),
    ...(factId === undefined ? {} : { factId }),
    version: Math.max(1, versionOf(states)),
    masked: [],
  };
};

/** Operations on outages: reporting one at a premise, reading it, saying that service is back. */
export const outageOperations = (parts: OutagesParts) => {
  const loaded = async (request: Pick<OperationRequest, 'subjectId'>) => {
    if (request.subjectId === undefined) throw notFound();
    const { states } = await loadSubject(parts.profile, request.subjectId);
    return { id: request.subjectId, states };
  };
  return {
    reportOutage: (request) => {
      const id = idToBe(request, 'outage');
      const premise = request.subjectId ?? request.body.premise;
      return keepFacts(
        parts,
        request,
        [{ type: 'service.outage.reported.v1', data: { ...request.body, premise } }],
        (kept, version) => ({
          status: 201,
          body: outageView(id, kept.after.get(id) ?? new Map(), kept.facts[0]?.id),
          version,
          location: `/v1/outages/${id}`,
        }),
      );
    },
    readOutage: async (request) => {
      const { id, states } = await loaded(request);
      return { body: outageView(id, states), version: versionOf(states) };
    },
    restoreOutage: async (request) => {
      const { id, states } = await loaded(request);
      if (outageView(id, states).status === 'restored') {
        throw new DomainError('conflict', 'outage.already-restored', 'This outage has been restored already.');
      }
      return keepFacts(
        parts,
        request,
        [{ type: 'service.outage.restored.v1', data: { outage: id, ...request.body } }],
        (kept, version) => ({
          status: 201,
          body: outageView(id, kept.after.get(id) ?? new Map(), kept.facts[0]?.id),
          version,
        }),
      );
    },
  } satisfies Partial<Operations>;
};
