import type { AnswerOf } from '#functions/routes.ts';
import { rangeOfTime } from '#shared/access/told-of.ts';
import { notFound } from '#shared/edge/authorise.ts';
import { forStaff, refuseForStaff } from '#shared/edge/for-staff.ts';
import { idToBe, keepFacts } from '#shared/edge/keep-facts.ts';
import type { OperationRequest, Operations } from '#shared/edge/operation.ts';
import type { PrepareFacts } from '#shared/facts/prepare-facts.ts';
import { type States, stateOf } from '#shared/profile/rules/states.ts';
import { loadSubject } from '#shared/profile/store/subjects.ts';
import { versionOf } from '#shared/profile/store/view-writes.ts';
import type { Table } from '#shared/table/table.ts';
import type { Actor } from '#shared/vocabulary/actor.ts';
import { DomainError, type FieldError } from '#shared/vocabulary/errors.ts';
import { common } from '#shared/vocabulary/ranges.ts';
import { isOpenAt, openOutage, outage, standingAt } from './rules/outages.ts';
import { countParts, type OutageReport, reportsSince } from './store/area-outages.ts';

export interface OutagesParts {
  readonly profile: Table;
  readonly prepare: PrepareFacts;
  readonly now: () => number;
}

/** An outage of a premise; a customer is not told which of an area it is taken for a part of, since that one is not theirs. */
const outageView = (
  id: string,
  states: States,
  { self }: Pick<OperationRequest, 'self'>,
  now: string,
  factId?: string,
): AnswerOf<'readOutage'> => {
  const known = stateOf(states, outage).state.outages.find((one) => one.id === id);
  if (known === undefined) throw notFound();
  return {
    id,
    premiseId: known.premise,
    ...(known.areaOutage === undefined || self !== undefined ? {} : { areaOutageId: known.areaOutage }),
    commodity: known.commodity,
    status: isOpenAt(known, now) ? 'open' : 'restored',
    planned: known.planned,
    startedAt: known.startedAt,
    ...standingAt(known, now),
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
const areaView = async (
  profile: Table,
  id: string,
  states: States,
  now: string,
): Promise<AnswerOf<'readOutage'> | undefined> => {
  const known = stateOf(states, outage).state.area;
  if (known === undefined) return undefined;
  const { isOver, ...parts } = await countParts(profile, id, now);
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

/** How far back a customer may say that service went: what lies further back bears on bills, and is for staff to look into. */
const customersMayGoBack = 24 * 3_600_000;

const startsTooEarly = (startedAt: string | undefined, now: number): readonly FieldError[] =>
  startedAt === undefined || Date.parse(startedAt) >= now - customersMayGoBack
    ? []
    : [forStaff('startedAt', 'must be within the last 24 hours')];

const day = 86_400_000;
/** Reports in a day: of a commodity at a premise more say nothing new of an open outage; of one who tells, more are no interruptions. */
const mostReports = 20;

/** Whether a report counts with those of who tells now: however much customers tell, staff and their neighbours may, too. */
const isOfThem =
  ({ kind, id }: Actor) =>
  ({ actor }: OutageReport): boolean =>
    kind === 'customer' ? actor === `customer:${id}` : !actor.startsWith('customer:');

const tooMany = (): DomainError =>
  new DomainError('too-many-requests', 'outage.too-many', 'You have told of too many outages of this premise today.', {
    retryAfterSeconds: 3600,
  });

/** Operations on outages: reporting one at a premise, reading it, saying that service is back. */
export const outageOperations = (parts: OutagesParts) => {
  const instant = (): string => new Date(parts.now()).toISOString();
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
  /** A customer tells of what they take at the premise now; of a neighbour's supply, and of who is there before them, they know nothing. */
  const mustBeServed = async ({ own }: Pick<OperationRequest, 'own'>, premise: string, commodity: string) => {
    if (own === undefined) return;
    const [served, ranges] = [await own.servedPoints(premise, 'report'), await own.pointsOf(premise, 'report')];
    const now = parts.now() / 1000;
    const takes = (point: string): boolean => (ranges.get(point) ?? []).some(({ from, to }) => from <= now && now < to);
    if (!served.some((point) => point.commodity === commodity && takes(point.id))) throw notFound();
  };
  const loaded = async (request: Pick<OperationRequest, 'subjectId'>) => {
    if (request.subjectId === undefined) throw notFound();
    const { states } = await loadSubject(parts.profile, request.subjectId);
    return { id: request.subjectId, states };
  };
  const outagesAt = async (premise: string) =>
    stateOf((await loadSubject(parts.profile, premise)).states, outage).state.outages;
  /** An outage with what its premise knows of it: how many reports came, or which one it is a report of. */
  const wholeView = async (id: string, request: Pick<OperationRequest, 'self'>) => {
    const { states } = await loadSubject(parts.profile, id);
    const view = outageView(id, states, request, instant());
    const there = (await outagesAt(view.premiseId ?? '')).find((one) => one.id === id);
    return {
      ...view,
      reports: there?.reports ?? 1,
      ...(there?.joined === undefined ? {} : { reportOf: there.joined }),
    };
  };
  return {
    reportOutage: async (request) => {
      refuseForStaff(request, startsTooEarly(request.body.startedAt, parts.now()));
      const id = idToBe(request, 'outage');
      const { subjectId: premise } = request;
      if (premise === undefined) throw notFound();
      await mustBeServed(request, premise, request.body.commodity);
      const known = await outagesAt(premise);
      const open = request.body.planned ? undefined : openOutage(known, request.body.commodity, instant());
      const today = await reportsSince(parts.profile, premise, parts.now() - day);
      if (open === undefined && today.filter(isOfThem(request.call.actor)).length >= mostReports) throw tooMany();
      const whole = open === undefined ? undefined : await wholeView(open.id, request);
      const ofCommodity = today.filter(({ commodity }) => commodity === request.body.commodity);
      if (whole !== undefined && ofCommodity.length >= mostReports)
        return { status: 200, body: whole, location: `/v1/outages/${whole.id}` };
      return keepFacts(
        parts,
        request,
        [{ type: 'service.outage.reported.v1', data: { ...request.body, premise } }],
        (kept, version) => {
          const there = stateOf(kept.after.get(premise) ?? new Map(), outage).state.outages;
          const first = there.find((one) => one.id === there.find((own) => own.id === id)?.joined);
          const factId = kept.facts[0]?.id;
          if (first !== undefined && whole?.id === first.id)
            return {
              status: 200,
              body: { ...whole, reports: first.reports ?? 1, ...(factId === undefined ? {} : { factId }) },
              location: `/v1/outages/${first.id}`,
            };
          return {
            status: 201,
            body: outageView(id, kept.after.get(id) ?? new Map(), request, instant(), factId),
            version,
            location: `/v1/outages/${id}`,
          };
        },
      );
    },
    readOutage: async (request) => {
      const { id, states } = await loaded(request);
      await mustBeTheirs(request, id, states);
      const area = await areaView(parts.profile, id, states, instant());
      return { body: area ?? (await wholeView(id, request)), version: versionOf(states) };
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
      if (outageView(id, states, request, instant()).status === 'restored') {
        throw new DomainError('conflict', 'outage.already-restored', 'This outage has been restored already.');
      }
      return keepFacts(
        parts,
        request,
        [{ type: 'service.outage.restored.v1', data: { outage: id, ...request.body } }],
        (kept, version) => ({
          status: 201,
          body: outageView(id, kept.after.get(id) ?? new Map(), request, instant(), kept.facts[0]?.id),
          version,
        }),
      );
    },
  } satisfies Partial<Operations>;
};
