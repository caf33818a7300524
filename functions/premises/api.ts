import { meterEventWhole } from '#functions/meters/contract/meter-facts.ts';
import { apartOutages, isOpenAt, type Outage, outage, standingAt } from '#functions/outages/rules/outages.ts';
import { lastRegisterRead } from '#functions/readings/store/register-reads.ts';
import type { AnswerOf } from '#functions/routes.ts';
import { type MeterTask, readMeterTasks } from '#functions/validation/store/meter-tasks.ts';
import { lastReadingOf } from '#functions/validation/store/series.ts';
import { isTold } from '#shared/access/shape.ts';
import { rangeOfTime } from '#shared/access/told-of.ts';
import { notFound } from '#shared/edge/authorise.ts';
import type { Operations } from '#shared/edge/operation.ts';
import { supply } from '#shared/profile/rules/agreements.ts';
import { effectiveInstallations, metering } from '#shared/profile/rules/installations.ts';
import { ownService } from '#shared/profile/rules/own-service.ts';
import { covers } from '#shared/profile/rules/periods.ts';
import { addressLine, premise, type ServicePoint } from '#shared/profile/rules/premise.ts';
import { serviceAt, toldAgreements, toldInstallations } from '#shared/profile/rules/service-at.ts';
import { type States, stateOf } from '#shared/profile/rules/states.ts';
import { attentionAt, needsAttention } from '#shared/profile/rules/view/meter-attention.ts';
import { type MeterItem, readMeter } from '#shared/profile/store/meters.ts';
import { type OwnTime, placeOf } from '#shared/profile/store/own-time.ts';
import { premiseOfServicePoint } from '#shared/profile/store/references.ts';
import { type LoadedSubject, loadSubject } from '#shared/profile/store/subjects.ts';
import { versionOf } from '#shared/profile/store/view-writes.ts';
import type { Table } from '#shared/table/table.ts';
import { isErased } from '#shared/vocabulary/fact.ts';
import { readingTypeOf } from '#shared/vocabulary/measures.ts';
import { common, holds, type Range } from '#shared/vocabulary/ranges.ts';
import { instantOf, localDateAt, secondsOf } from '#shared/vocabulary/time.ts';
import { type PointNow, plannedView, pointAhead, pointAt } from './rules/point-ahead.ts';

export interface PremisesParts {
  readonly profile: Table;
  readonly readings: Table;
  readonly now: () => number;
}

/** A premise as it was read. */
type Place = Pick<LoadedSubject, 'states' | 'head'>;

/** How a point stands at an instant, and what is planned. */
const pointNow = ({ states, head }: Place, point: ServicePoint, now: string): PointNow => {
  const installations = effectiveInstallations(toldInstallations(states), head.elsewhere);
  return pointAt(pointAhead(point, installations, now), now);
};

/** What a customer is told of a premise: the points they take service at, and outages of their own time there. */
interface OwnPart {
  readonly points: ReadonlySet<string>;
  readonly isTold: (outage: Outage) => boolean;
  /** Whether an instant falls into time at a point that is theirs, or is to be. */
  readonly isOwn: (point: Pick<ServicePoint, 'id' | 'zone'>, at: string) => boolean;
}

const isOwnAt = async (own: OwnTime, states: States): Promise<OwnPart['isOwn']> => {
  const { agreements } = placeOf(states);
  const { roles } = await own.ownOn(agreements.map(({ account }) => account));
  return ({ id, zone }, at) => {
    const date = localDateAt(zone, secondsOf(at));
    return ownService(roles, agreements, id).some((period) => covers(period, date));
  };
};

const ownPartOf = async (own: OwnTime, place: string, states: States): Promise<OwnPart> => {
  const points = await own.servedPoints(place, 'home');
  const ranges = await own.pointsOf(place, 'home');
  const isTold = ({ commodity, startedAt, restoredAt }: Outage): boolean =>
    points.some((point) => {
      const time = rangeOfTime(point.zone, { instants: { from: startedAt, to: restoredAt } });
      return point.commodity === commodity && common(ranges.get(point.id) ?? [], [time]).length > 0;
    });
  return { points: new Set(points.map(({ id }) => id)), isTold, isOwn: await isOwnAt(own, states) };
};

/** Days on which sources say that different accounts take service, as staff are told of them. */
const disputedService = (states: States): Pick<AnswerOf<'readPremise'>, 'disputed'> => {
  const { disputed } = serviceAt(states);
  if (disputed.length === 0) return {};
  return {
    disputed: disputed.map(({ from, to, claims }) => ({
      servicePointId: claims[0]?.servicePoint ?? '',
      from,
      to,
      claims: claims.map(({ account, id, tariff, source }) => ({
        accountId: account,
        agreementId: id,
        tariff,
        source,
      })),
    })),
  };
};

/** What people settled of it. */
const settledService = (states: States): Pick<AnswerOf<'readPremise'>, 'settled'> => {
  const { settled = [] } = toldAgreements(states, supply.name);
  if (settled.length === 0) return {};
  return {
    settled: settled.map(({ thing, holder, from, to, fact }) => ({
      servicePointId: thing,
      accountId: holder,
      from,
      to,
      factId: fact,
    })),
  };
};

/** Installations that are over and that there was no room for. */
const forgottenMeters = (states: States): Pick<AnswerOf<'readPremise'>, 'metersForgotten'> => {
  const { endedLeft = 0 } = stateOf(states, metering).state.installations;
  return endedLeft === 0 ? {} : { metersForgotten: endedLeft };
};

const premiseAnswer = (id: string, place: Place, own: OwnPart | undefined, now: string): AnswerOf<'readPremise'> => {
  const { states } = place;
  const { state } = stateOf(states, premise);
  const address = state.address === null || isErased(state.address) ? undefined : state.address;
  return {
    id,
    ...(address === undefined
      ? {}
      : { address: { ...address, lines: [...address.lines] }, addressLine: addressLine(address) }),
    ...(state.region === null ? {} : { region: state.region }),
    references: [...state.references],
    servicePoints: state.servicePoints
      .filter((point) => own === undefined || own.points.has(point.id))
      .map((point) => {
        const { meter, connection, planned } = pointNow(place, point, now);
        const plans = plannedView(planned, (at) => own === undefined || own.isOwn(point, at));
        const attention = attentionAt(stateOf(states, metering).state, point.id);
        return {
          id: point.id,
          commodity: point.commodity,
          connection,
          ...(plans === undefined ? {} : { planned: plans }),
          zone: point.zone,
          references: [...point.references],
          meter: meter === null ? null : { id: meter.id, ...(meter.serial === null ? {} : { serial: meter.serial }) },
          ...(needsAttention(attention) ? { attention: { ...attention, tasks: [...attention.tasks] } } : {}),
        };
      }),
    openOutages: apartOutages(stateOf(states, outage).state.outages)
      .filter((one) => isOpenAt(one, now) && (own === undefined || own.isTold(one)))
      .map((one) => ({
        id: one.id,
        premiseId: id,
        commodity: one.commodity,
        startedAt: one.startedAt,
        planned: one.planned,
        ...standingAt(one, now),
      })),
    ...(own === undefined ? { ...disputedService(states), ...settledService(states), ...forgottenMeters(states) } : {}),
    // How often something was told of others there is nothing for a customer to count.
    version: Math.max(1, own === undefined ? versionOf(states) : (states.get('premise')?.count ?? 1)),
    masked: [],
  };
};

/** Registers of a meter, each with what its dial stood at when it was read last. */
const registersOf = (readings: Table, meter: MeterItem | undefined, used: readonly Range[] | undefined) =>
  Promise.all(
    (meter?.registers ?? []).map(async (register) => {
      const last = meter === undefined ? undefined : await lastRegisterRead(readings, meter.id, register.id);
      return {
        ...register,
        readingType: readingTypeOf(register),
        ...(last === undefined || (used !== undefined && !holds(used, last.at))
          ? {}
          : { lastRead: { at: instantOf(last.at), value: last.value, quality: last.quality } }),
      };
    }),
  );

const taskView = ({ kind, number, isOpen, since, until, evidence }: MeterTask) => ({
  task: kind,
  number,
  state: isOpen ? ('open' as const) : ('closed' as const),
  since: instantOf(since),
  ...(until === null ? {} : { until: instantOf(until) }),
  evidence: [...evidence],
});

/** Operations on premises and service points. */
export const premiseOperations = (parts: PremisesParts) => {
  const instant = (): string => new Date(parts.now()).toISOString();
  return {
    readPremise: async (request) => {
      if (request.subjectId === undefined) throw notFound();
      const loaded = await loadSubject(parts.profile, request.subjectId);
      const { states } = loaded;
      const own = request.own === undefined ? undefined : await ownPartOf(request.own, request.subjectId, states);
      const body = premiseAnswer(request.subjectId, loaded, own, instant());
      // The tag counts what was told of others there, too: customers get none.
      return own === undefined ? { body, version: versionOf(states) } : { body };
    },
    readServicePoint: async (request) => {
      const id = request.subjectId;
      const place = id === undefined ? undefined : await premiseOfServicePoint(parts.profile, id);
      if (id === undefined || place === undefined) throw notFound();
      const loaded = await loadSubject(parts.profile, place);
      const { states } = loaded;
      const point = stateOf(states, premise).state.servicePoints.find((one) => one.id === id);
      if (point === undefined) throw notFound();
      const seen = await request.own?.rangesOf(place, id, 'home');
      const used = await request.own?.rangesOf(place, id, 'use');
      const { meter: placed, connection, planned } = pointNow(loaded, point, instant());
      const meter = placed === null ? undefined : await readMeter(parts.profile, placed.id);
      const isOwn = request.own === undefined ? undefined : await isOwnAt(request.own, states);
      const plans = plannedView(planned, (at) => isOwn === undefined || isOwn(point, at));
      return {
        body: {
          id,
          premiseId: place,
          commodity: point.commodity,
          zone: point.zone,
          connection,
          ...(plans === undefined ? {} : { planned: plans }),
          references: [...point.references],
          meter:
            meter === undefined
              ? null
              : { id: meter.id, serial: meter.serial, lastReadingAt: await lastReadingOf(parts.readings, meter, seen) },
          registers: await registersOf(parts.readings, meter, used),
          events: (stateOf(states, metering).state.events ?? [])
            .filter((one) => one.servicePoint === id && isTold(meterEventWhole, { event: one.event }, request.view))
            .filter((one) => seen === undefined || holds(seen, secondsOf(one.at)))
            .map(({ meter: meterId, event, at, value }) => ({
              meterId,
              event,
              at,
              ...(value === null ? {} : { value }),
            }))
            .toReversed(),
          tasks:
            meter === undefined || seen !== undefined
              ? []
              : (await readMeterTasks(parts.readings, meter.id)).map(taskView),
          masked: [],
        },
      };
    },
  } satisfies Partial<Operations>;
};
