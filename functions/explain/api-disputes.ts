import type { AnswerOf } from '#functions/routes.ts';
import { notFound } from '#shared/edge/authorise.ts';
import { keepFacts } from '#shared/edge/keep-facts.ts';
import type { OperationResult, Operations } from '#shared/edge/operation.ts';
import type { Kept } from '#shared/facts/plan-commit.ts';
import type { PrepareFacts } from '#shared/facts/prepare-facts.ts';
import { readStoredFact } from '#shared/facts/stored-fact.ts';
import { disputedBySources as disputedService, supply } from '#shared/profile/rules/agreements.ts';
import { overlaps, type Period } from '#shared/profile/rules/periods.ts';
import { toldAgreements } from '#shared/profile/rules/service-at.ts';
import { disputedBySources as disputedPlaces, readMeter } from '#shared/profile/store/meters.ts';
import { premiseOfServicePoint } from '#shared/profile/store/references.ts';
import { loadSubject } from '#shared/profile/store/subjects.ts';
import type { Table } from '#shared/table/table.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import type { KeptFact } from '#shared/vocabulary/fact.ts';

export interface DisputesParts {
  readonly profile: Table;
  readonly prepare: PrepareFacts;
  readonly now: () => number;
}

interface Dispute extends Period {
  readonly claims: readonly { readonly holder: string }[];
}

/** Nothing is settled that no sources dispute: what one source says wrongly is corrected there. */
const refuseUndisputed = (disputes: readonly Dispute[], holder: string, time: Period, pointer: string): void => {
  const there = disputes.filter((one) => overlaps(one, time));
  if (there.length === 0)
    throw new DomainError('conflict', 'dispute.none', 'No sources say different things of it for that time.');
  if (there.some(({ claims }) => claims.some((claim) => claim.holder === holder))) return;
  throw new DomainError('invalid', 'dispute.not-claimed', 'No source claims that for the time in dispute.', {
    errors: [{ pointer, code: 'field.invalid-value', message: 'must be one of the claims in dispute' }],
  });
};

/** Whether a fact is a decision on this thing that nobody has taken back. */
const isStanding = async (profile: Table, factId: string, type: string, thing: Readonly<Record<string, string>>) => {
  const stored = await readStoredFact(profile, factId);
  if (stored === undefined || stored.retractedBy !== undefined || stored.fact.type !== type) return false;
  const data: KeptFact['data'] = stored.fact.data;
  return Object.entries(thing).every(([field, id]) => data[field] === id);
};

const settledService = 'account.dispute.settled.v1';
const settledPlace = 'metering.dispute.settled.v1';

/** The answer to a decision that was taken back. */
const undone =
  (settlement: string) =>
  ({ facts: [kept] }: Kept): OperationResult<AnswerOf<'unsettleMeter'>> => ({
    status: 201,
    body: { factId: kept?.id ?? '', occurredAt: kept?.occurredAt ?? '', settlement, masked: [] },
  });

/** Operations that decide between sources which account has a point, and which point a meter measures. */
export const disputeOperations = (parts: DisputesParts) => {
  const { profile } = parts;
  return {
    settleServicePoint: async (request) => {
      const { subjectId: servicePoint, body } = request;
      const premise = servicePoint === undefined ? undefined : await premiseOfServicePoint(profile, servicePoint);
      if (servicePoint === undefined || premise === undefined) throw notFound();
      const { accountId: account, from, to, reason } = body;
      const told = toldAgreements((await loadSubject(profile, premise)).states, supply.name);
      const disputes = disputedService(told).filter(({ claims }) => claims[0]?.servicePoint === servicePoint);
      refuseUndisputed(disputes, account, { from, to: to ?? null }, '/accountId');
      const data = { servicePoint, account, from, ...(to === undefined ? {} : { to }), reason };
      const fact = { type: settledService, data, pointers: { '/account': '/accountId' } };
      return keepFacts(parts, request, [fact], ({ facts: [kept] }) => ({
        status: 201,
        body: {
          factId: kept?.id ?? '',
          occurredAt: kept?.occurredAt ?? '',
          servicePointId: servicePoint,
          accountId: account,
          from,
          to: to ?? null,
          masked: [],
        },
        location: `/v1/service-points/${servicePoint}/settlements/${kept?.id ?? ''}`,
      }));
    },

    unsettleServicePoint: async (request) => {
      const { subjectId: servicePoint, params, body } = request;
      const { factId = '' } = params;
      if (servicePoint === undefined || !(await isStanding(profile, factId, settledService, { servicePoint })))
        throw notFound();
      const fact = { type: 'account.dispute.retracted.v1', data: { factId, reason: body.reason } };
      return keepFacts(parts, request, [fact], undone(factId));
    },

    settleMeter: async (request) => {
      const { subjectId: meter, body } = request;
      const item = meter === undefined ? undefined : await readMeter(profile, meter);
      if (meter === undefined || item === undefined) throw notFound();
      const { servicePointId: servicePoint, reason } = body;
      const from = new Date(body.from).toISOString();
      const to = body.to === undefined ? undefined : new Date(body.to).toISOString();
      refuseUndisputed(disputedPlaces(item), servicePoint, { from, to: to ?? null }, '/servicePointId');
      const data = { meter, servicePoint, from, ...(to === undefined ? {} : { to }), reason };
      const fact = { type: settledPlace, data, pointers: { '/servicePoint': '/servicePointId' } };
      return keepFacts(parts, request, [fact], ({ facts: [kept] }) => ({
        status: 201,
        body: {
          factId: kept?.id ?? '',
          occurredAt: kept?.occurredAt ?? '',
          meterId: meter,
          servicePointId: servicePoint,
          from,
          to: to ?? null,
          masked: [],
        },
        location: `/v1/meters/${meter}/settlements/${kept?.id ?? ''}`,
      }));
    },

    unsettleMeter: async (request) => {
      const { subjectId: meter, params, body } = request;
      const { factId = '' } = params;
      if (meter === undefined || !(await isStanding(profile, factId, settledPlace, { meter }))) throw notFound();
      const fact = { type: 'metering.dispute.retracted.v1', data: { factId, reason: body.reason } };
      return keepFacts(parts, request, [fact], undone(factId));
    },
  } satisfies Partial<Operations>;
};
