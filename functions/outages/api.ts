import type { AnswerOf } from '#shared/contracts/api/routes.ts';
import { rangeOfTime } from '#shared/domain/access/told-of.ts';
import { common } from '#shared/domain/metering/ranges.ts';
import { type States, stateOf } from '#shared/domain/profile/families.ts';
import { outage } from '#shared/domain/profile/outages.ts';
import { notFound } from '#shared/edge/authorise.ts';
import { idToBe, keepFacts } from '#shared/edge/keep-facts.ts';
import type { OperationRequest, Operations } from '#shared/edge/operation.ts';
import { countParts } from '#shared/store/area-outages.ts';
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

/** An outage of a premise; a customer is not told which of an area it is taken for a part of, since that one is not theirs. */
const outageView = (
  id: string,
  states: States,
  { self }: Pick<OperationRequest, 'self'>,
  factId?: string,
): AnswerOf<'readOutage'> => {
  const known = stateOf(states, outage).state.outages.find((one) => one.id === id);
  if (known === undefined) throw notFound();
  return {
    id,
    premiseId: known.premise,
    ...(known.areaOutage === undefined || self !== undefined ? {} : { areaOutageId: known.areaOutage }),
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

/**
 * An outage of an area, made of those of its premises: open until each has service again, or was taken back. Undefined where it is
 * none.
 */
const areaView = async (profile: Table, id: string, states: States): Promise<AnswerOf<'readOutage'> | undefined> => {
  const known = stateOf(states, outage).state.area;
  if (known === undefined) return undefined;
  const { isOver, ...parts } = await countParts(profile, id);
  const { kind, value } = known.area;
  return {
    id,
    area: { kind: kind === 'region' ? 'region' : 'postcode', value, ...parts },
    commodity: known.commodity,
    status: isOver ? 'restored' : 'open',
    planned: false,
    startedAt: known.startedAt,
    version: Math.max(1, versionOf(states)),
    masked: [],
  };
};

/** Operations on outages: reporting one at a premise, reading it, saying that service is back. */
export const outageOperations = (parts: OutagesParts) => {
  /** Refuses a customer what is of another's time at the premise, or of a commodity they do not take there. */
  const mustBeTheirs = async ({ own }: Pick<OperationRequest, 'own'>, id: string, states: States): Promise<void> => {
    const known = stateOf(states, outage).state.outages.find((one) => one.id === id);
    if (own === undefined || known === undefined) return;
    const { premise, commodity, startedAt, restoredAt } = known;
    const ranges = await own.pointsOf(premise, 'home');
    const served = (await own.servedPoints(premise, 'home')).filter((point) => point.commodity === commodity);
    const isTheirs = served.some(({ id: point, zone }) => {
      const time = rangeOfTime(zone, { instants: { from: startedAt, to: restoredAt } });
      return common(ranges.get(point) ?? [], [time]).length > 0;
    });
    if (!isTheirs) throw notFound();
  };
  /** A customer tells of what they take at the premise; of a neighbour's supply they know nothing. */
  const mustBeServed = async ({ own }: Pick<OperationRequest, 'own'>, premise: string, commodity: string) => {
    if (own === undefined) return;
    const served = await own.servedPoints(premise, 'report');
    if (!served.some((point) => point.commodity === commodity)) throw notFound();
  };
  const loaded = async (request: Pick<OperationRequest, 'subjectId'>) => {
    if (request.subjectId === undefined) throw notFound();
    const { states } = await loadSubject(parts.profile, request.subjectId);
    return { id: request.subjectId, states };
  };
  return {
    reportOutage: async (request) => {
      const id = idToBe(request, 'outage');
      const premise = request.subjectId ?? request.body.premise;
      if (typeof premise === 'string') await mustBeServed(request, premise, request.body.commodity);
      return keepFacts(
        parts,
        request,
        [{ type: 'service.outage.reported.v1', data: { ...request.body, premise } }],
        (kept, version) => ({
          status: 201,
          body: outageView(id, kept.after.get(id) ?? new Map(), request, kept.facts[0]?.id),
          version,
          location: `/v1/outages/${id}`,
        }),
      );
    },
    readOutage: async (request) => {
      const { id, states } = await loaded(request);
      await mustBeTheirs(request, id, states);
      const area = await areaView(parts.profile, id, states);
      return { body: area ?? outageView(id, states, request), version: versionOf(states) };
    },
    restoreOutage: async (request) => {
      const { id, states } = await loaded(request);
      if (stateOf(states, outage).state.area !== undefined) {
        throw new DomainError(
          'conflict',
          'outage.of-area',
          'This is the outage of an area: its premises are restored.',
        );
      }
      if (outageView(id, states, request).status === 'restored') {
        throw new DomainError('conflict', 'outage.already-restored', 'This outage has been restored already.');
      }
      return keepFacts(
        parts,
        request,
        [{ type: 'service.outage.restored.v1', data: { outage: id, ...request.body } }],
        (kept, version) => ({
          status: 201,
          body: outageView(id, kept.after.get(id) ?? new Map(), request, kept.facts[0]?.id),
          version,
        }),
      );
    },
  } satisfies Partial<Operations>;
};
